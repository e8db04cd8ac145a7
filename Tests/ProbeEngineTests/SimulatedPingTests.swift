import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

@Suite("Ping sessions through a simulated internet")
struct SimulatedPingTests {
  typealias Weather = SimulatedTopology.Weather

  @Test("without jitter every round trip is the sum of the links' delays", arguments: 1...60)
  func exactRoundTrips(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed)
    for family in IPFamily.allCases {
      var ping = try SimulatedPing(through: path, family) { $0.count = 5 }
      ping.hasKernelStamps = seed.isMultiple(of: 2)
      ping.run()
      #expect(ping.session.isFinished)
      #expect(ping.replies.map(\.number) == [1, 2, 3, 4, 5])
      let expected = RoundTripTime(
        path.roundTrip(to: path.hopCount), source: ping.hasKernelStamps ? .kernel : .program)
      for answer in ping.replies {
        #expect(answer.roundTrip == expected)
        #expect(answer.reply.source == path.address(at: path.hopCount, family))
        #expect(answer.reply.timeToLive == UInt8(64 - path.topology.routers.count))
        #expect(answer.reply.isChecksumValid && answer.reply.damage == nil)
      }
      let summary = ping.session.total
      #expect(summary.transmitted == 5 && summary.received == 5 && summary.rejected == 0)
      #expect(summary.rtt.minimum == expected.duration && summary.rtt.maximum == expected.duration)
      #expect(summary.rtt.standardDeviation == 0)
    }
  }

  @Test("a probe is lost exactly where the network lost it or its answer", arguments: 1...60)
  func loss(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed, Weather(loss: 60_000))
    var ping = try SimulatedPing(through: path, seed.isMultiple(of: 2) ? .v4 : .v6) {
      $0.count = 40
      // Many probes are on the way at once.
      $0.pacing = .steady(interval: .milliseconds(20))
      $0.timeout = .seconds(3)
    }
    ping.run()
    let answered = ping.replies.map(\.number)
    #expect(Set(answered + ping.lost) == Set(1...40) && answered.count + ping.lost.count == 40)
    let summary = ping.session.total
    #expect(summary.transmitted == 40 && summary.received == answered.count)
    #expect(summary.duplicates == 0 && summary.errors == 0 && summary.late == 0)
    #expect(summary.transmitted - summary.received == ping.network.internet.counters.lost)
    for answer in ping.replies {
      #expect(answer.roundTrip.duration == path.roundTrip(to: path.hopCount))
    }
  }

  @Test("somewhere in that weather something is lost, and something arrives")
  func lossHappens() throws {
    let ratios = try (1...20 as ClosedRange<UInt64>).map { seed in
      let path = SimulatedTopology(seed: seed, Weather(loss: 60_000))
      var ping = try SimulatedPing(through: path, .v4) { $0.count = 20 }
      ping.run()
      return ping.session.total.lossRatio
    }
    #expect(ratios.contains { $0 > 0.1 } && ratios.contains { $0 < 0.9 })
  }

  @Test("where nothing comes through, the last probe is waited for the whole timeout")
  func blackout() throws {
    var path = SimulatedTopology(seed: 3)
    path.topology.siteLink.homeward.loss = Probability(clamping: 1_000_000)
    var ping = try SimulatedPing(through: path, .v6) {
      $0.count = 3
      $0.timeout = .seconds(4)
    }
    ping.run()
    let start = MonotonicInstant(nanoseconds: 12_345)
    // Sent at 0, 1 and 2 s; each has 4 s.
    let lost = ping.reports.filter { if case .lost = $0.report { true } else { false } }
    #expect(
      lost
        == (1...3 as ClosedRange<UInt64>).map {
          .init(at: start + .seconds(Int64($0) + 3), report: .lost(number: $0))
        })
    #expect(ping.network.internet.counters.lost == 3 && ping.session.total.lossRatio == 1)
    #expect(ping.network.now == start + .seconds(6))
  }

  @Test("a small TTL brings the error of the router that stands there", arguments: 1...60)
  func limitedTimeToLive(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed, Weather(hasSilentRouters: true))
    for family in IPFamily.allCases {
      for hop in Set([1, Int(seed) % path.hopCount + 1, path.hopCount - 1, path.hopCount]) {
        var ping = try SimulatedPing(through: path, family) {
          $0.count = 1
          $0.timeout = .seconds(2)
        }
        ping.timeToLive = UInt8(hop)
        ping.run()
        let error = ICMPErrorReport(
          family: family, type: family == .v4 ? 11 : 3, code: 0,
          source: path.address(at: hop, family), timeToLive: UInt8(64 - hop + 1))
        let isError = hop < path.hopCount && !path.isSilent(at: hop)
        #expect(ping.errors == (isError ? [error] : []), "hop \(hop)")
        #expect(ping.replies.count == (hop == path.hopCount ? 1 : 0))
        #expect(ping.session.total.errors == (isError ? 1 : 0))
        #expect(ping.lost == (path.isSilent(at: hop) ? [1] : []))
        let waited =
          path.isSilent(at: hop) ? Nanoseconds.seconds(2) : path.roundTrip(to: hop)
        #expect(ping.network.now - MonotonicInstant(nanoseconds: 12_345) == waited)
      }
    }
  }

  @Test("jitter stays within what the links allow, and shows", arguments: 1...20)
  func jitter(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed, Weather(hasJitter: true))
    var ping = try SimulatedPing(through: path, .v4) {
      $0.count = 30
      $0.pacing = .steady(interval: .milliseconds(50))
    }
    ping.run()
    #expect(ping.session.total.received == 30)
    let (mean, jitter) = (path.roundTrip(to: path.hopCount), path.jitter(to: path.hopCount))
    // A link that keeps the order can hold a packet back until the one before is through.
    for answer in ping.replies { #expect(answer.roundTrip.duration >= mean - jitter) }
    #expect(ping.session.total.rtt.maximum <= mean + jitter + jitter)
    #expect(ping.session.total.rtt.minimum < ping.session.total.rtt.maximum)
  }

  @Test("the same seed gives the same reports at the same instants", arguments: 1...10)
  func determinism(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed, Weather(loss: 20_000, hasJitter: true))
    func reports(_ seed: UInt64) throws -> [SimulatedPing.Entry] {
      var ping = try SimulatedPing(through: path, .v6, seed: seed) {
        $0.count = 30
        $0.pacing = .steady(interval: .milliseconds(30))
      }
      ping.run()
      return ping.reports
    }
    let first = try reports(seed)
    #expect(!first.isEmpty)
    #expect(try reports(seed) == first)
    #expect(try reports(seed + 1) != first)
  }
}
