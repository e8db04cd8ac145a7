import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

@Suite("The figures of a ping session")
struct SessionFiguresTests {
  /// Eleven probes, one a second, each with half a second: what became of each is in `play`.
  private func play(keepsFigures: Bool = true) -> PingHarness {
    var harness = PingHarness {
      $0.timeout = .milliseconds(500)
      $0.keepsFigures = keepsFigures
    }
    let start = harness.now
    func instant(_ milliseconds: Int64) -> MonotonicInstant { start + .milliseconds(milliseconds) }
    harness.feed(.start)
    harness.run(until: instant(10))
    harness.deliver(harness.reply(to: 1))
    // 2 and 3 are lost, 4 is answered twice.
    harness.run(until: instant(3_020))
    harness.deliver(harness.reply(to: 4))
    harness.deliver(harness.reply(to: 4))
    // 5 comes late, behind 6.
    harness.run(until: instant(5_030))
    harness.deliver(harness.reply(to: 6))
    harness.deliver(harness.reply(to: 5))
    // 7 comes corrupted, about 8 comes an error, 9 is not sent, 10 comes another way.
    harness.run(until: instant(6_005))
    harness.deliver(harness.reply(to: 7, change: { $0[20] ^= 1 }))
    harness.run(until: instant(7_005))
    harness.deliver(
      harness.error(
        about: 8, type: .destinationUnreachable, code: 1, from: IPv4Address(198, 51, 100, 1)))
    harness.run(until: instant(8_005))
    harness.feed(.sendFailed(.alone(9), errorNumber: 101))
    harness.run(until: instant(9_040))
    harness.deliver(harness.reply(to: 10, timeToLive: 59))
    // 11 is cut short.
    harness.run(until: instant(10_050))
    harness.feed(.interrupted)
    return harness
  }

  @Test("each fate counts once, where it belongs")
  func fates() throws {
    let harness = play()
    let summary = harness.session.total
    #expect(summary.transmitted == 11 && summary.received == 5 && summary.late == 1)
    #expect(summary.duplicates == 1 && summary.corrupted == 1 && summary.errors == 2)
    let figures = try #require(harness.session.figures(of: 0))
    #expect(figures.delays.count == 5 && figures.delays.minimum == .milliseconds(10))
    #expect(figures.delays.maximum == .milliseconds(1_030))
    // 2, 3, 7, 8 and 9; 5 was among them until it came, and 11 is nobody's.
    #expect(figures.lost == 5 && harness.session.undecidedCount(of: 0) == 1)
    #expect(figures.order.arrived == 5 && figures.order.reordered == 1)
    #expect(figures.outages.outages.values().map(\.firstLost) == [2, 7])
    #expect(figures.outages.outages.values().map(\.lost) == [2, 3])
    #expect(figures.outages.length == .seconds(5) && figures.outages.shortLosses == 1)
    #expect(figures.outages.ongoing == nil && figures.outages.unknown == 0)
    #expect(figures.replyPath.changes.total == 1 && figures.replyPath.timeToLive == 59)
  }

  @Test("an outage is told when its end is sure, and another way back with its answer")
  func reports() {
    let harness = play()
    let told = harness.reports.filter {
      switch $0 {
      case .outage, .pathChange: true
      default: false
      }
    }
    let start = MonotonicInstant(nanoseconds: 7_000)
    #expect(
      told == [
        .outage(
          target: 0,
          Outage(
            firstLost: 2, lastLost: 3, lost: 2, start: start + .seconds(1),
            end: start + .seconds(3))),
        .pathChange(
          target: 0, ReplyChange(number: 10, kind: .timeToLive(from: 61, to: 59))),
        .outage(
          target: 0,
          Outage(
            firstLost: 7, lastLost: 9, lost: 3, start: start + .seconds(6),
            end: start + .seconds(9))),
      ])
  }

  @Test("a session that was not asked for them keeps and tells none")
  func unasked() {
    let harness = play(keepsFigures: false)
    #expect(harness.session.figures(of: 0) == nil)
    #expect(harness.session.undecidedCount(of: 0) == nil)
    #expect(!harness.reports.contains { if case .outage = $0 { true } else { false } })
    #expect(harness.session.total.received == 5)
  }

  @Test("where one answer is wanted there are none")
  func sweep() {
    var harness = PingHarness {
      $0.keepsFigures = true
      $0.retries = .init(count: 1, adapts: false)
    }
    harness.feed(.start)
    harness.deliver(harness.reply(to: 1))
    #expect(harness.isFinished && harness.session.figures(of: 0) == nil)
  }

  @Test("at the end a probe is lost if it was waited for as long as the last one of a run is")
  func theEnd() {
    for (milliseconds, lost) in [(999 as Int64, 1), (1_000, 2)] {
      var harness = PingHarness { $0.keepsFigures = true }
      harness.feed(.start)
      harness.deliver(harness.reply(to: 1))
      // 2 and 3 are sent; 3 is the young one.
      harness.run(for: .milliseconds(2_000 + milliseconds))
      #expect(harness.sent.count == 3 || milliseconds == 1_000)
      harness.feed(.interrupted)
      let figures = harness.session.figures(of: 0)
      #expect(figures?.lost == lost && figures?.outages.ongoing?.lost == (lost > 1 ? 2 : nil))
      #expect(
        harness.session.undecidedCount(of: 0) == harness.session.total.transmitted - 1 - lost)
    }
  }

  @Test("a probe that has to make room for others in the table is lost")
  func pushedOut() {
    var harness = PingHarness(payloadLength: 0) {
      $0.keepsFigures = true
      $0.pacing = .steady(interval: .milliseconds(1))
      $0.timeout = .seconds(1_000)
    }
    harness.feed(.start)
    harness.run(for: .milliseconds(65_535))
    #expect(harness.session.total.transmitted == 65_536)
    #expect(harness.session.figures(of: 0)?.lost == 0)
    harness.run(for: .milliseconds(4))
    #expect(harness.session.figures(of: 0)?.lost == 4)
    #expect(harness.session.undecidedCount(of: 0) == 65_536)
  }

  @Test("targets have their own figures")
  func targets() {
    let addresses = [1, 2].map { IPAddress.v4(IPv4Address(192, 0, 2, $0)) }
    var harness = PingHarness(addresses) {
      $0.count = 2
      $0.keepsFigures = true
      $0.timeout = .milliseconds(300)
    }
    harness.feed(.start)
    // Of each round the first one is answered.
    for serial in [1, 3] as [UInt64] {
      harness.run(for: .milliseconds(20))
      harness.deliver(harness.reply(to: serial, from: addresses[0]))
      harness.run(for: .milliseconds(980))
    }
    harness.run(for: .seconds(1))
    #expect(harness.isFinished)
    #expect(harness.session.figures(of: 0)?.delays.count == 2)
    #expect(harness.session.figures(of: 0)?.lost == 0)
    #expect(harness.session.figures(of: 1)?.delays.count == 0)
    #expect(harness.session.figures(of: 1)?.lost == 2)
    #expect(harness.session.figures(of: 1)?.outages.ongoing?.lost == 2)
  }
}

@Suite("The figures of a ping through a simulated internet")
struct SimulatedFiguresTests {
  /// Loss in bursts, copies, latecomers and damage, both ways.
  private func weather(_ seed: UInt64) -> SimulatedTopology {
    var path = SimulatedTopology(seed: seed, .init(loss: 2_000, hasJitter: true))
    for way in [\Topology.Link.outward, \.homeward] {
      path.topology.siteLink[keyPath: way].bursts = LossBursts(
        entering: Probability(clamping: 30_000), leaving: Probability(clamping: 300_000))
      path.topology.siteLink[keyPath: way].duplication = Probability(clamping: 30_000)
      path.topology.siteLink[keyPath: way].lateness = Lateness(
        Probability(clamping: 30_000), by: .milliseconds(2_500))
      path.topology.siteLink[keyPath: way].corruption = Probability(clamping: 20_000)
    }
    return path
  }

  @Test("every figure is what the reports add up to", arguments: 1...60 as ClosedRange<UInt64>)
  func figures(seed: UInt64) throws {
    var ping = try SimulatedPing(through: weather(seed), seed.isMultiple(of: 2) ? .v4 : .v6) {
      $0.count = 300
      $0.pacing = .steady(interval: .milliseconds(50))
      $0.timeout = .milliseconds(2_000)
      $0.keepsFigures = true
    }
    ping.run()
    let figures = try #require(ping.session.figures(of: 0))
    let summary = ping.session.total
    let answers = ping.replies.filter { !$0.isDuplicate && $0.reply.isChecksumValid }
    let numbers = answers.map(\.number)
    #expect(summary.received == numbers.count && figures.delays.count == numbers.count)
    #expect(figures.delays.maximum == answers.map(\.roundTrip.duration).max() ?? .zero)
    // RFC 4737 §3.3, word for word.
    var (next, reordered) = (0 as UInt64, 0)
    for number in numbers {
      if number >= next { next = number + 1 } else { reordered += 1 }
    }
    #expect(figures.order.reordered == reordered)
    let timesToLive = answers.compactMap(\.reply.timeToLive)
    #expect(
      figures.replyPath.changes.total
        == zip(timesToLive, timesToLive.dropFirst()).count { $0 != $1 })
    // The last probe was waited for as long as it takes, so that nothing is undecided.
    #expect(ping.session.undecidedCount(of: 0) == 0)
    #expect(figures.lost == 300 - numbers.count)
    #expect(outages(in: ping, answered: Set(numbers)) == told(in: ping))
    #expect(told(in: ping) == figures.outages.outages.values().map(\.firstLost))
  }

  /// The first probes of all runs of two and more that were given up and not answered in time, but the
  /// last one.
  private func outages(in ping: SimulatedPing, answered: Set<UInt64>) -> [UInt64] {
    let lost = Set(ping.lost + ping.errorNumbers)
    var (first, found): (UInt64?, [UInt64]) = (nil, [])
    for number in 1...300 as ClosedRange<UInt64> {
      if lost.contains(number) {
        first = first ?? number
      } else {
        if let first, number - first > 1 { found.append(first) }
        first = nil
      }
    }
    return found
  }

  private func told(in ping: SimulatedPing) -> [UInt64] {
    ping.reports.compactMap {
      if case .outage(_, let outage) = $0.report { outage.firstLost } else { nil }
    }
  }

  @Test("in that weather there is something of everything")
  func somethingOfEverything() throws {
    var (outages, reordered, late) = (0, 0, 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      var ping = try SimulatedPing(through: weather(seed), .v4) {
        $0.count = 300
        $0.pacing = .steady(interval: .milliseconds(50))
        $0.timeout = .milliseconds(2_000)
        $0.keepsFigures = true
      }
      ping.run()
      let figures = try #require(ping.session.figures(of: 0))
      outages += figures.outages.outages.total
      reordered += figures.order.reordered
      late += ping.session.total.late
    }
    #expect(outages > 10 && reordered > 10 && late > 10)
  }

  @Test("a route that flaps is told at the answers where it did")
  func pathChanges() throws {
    let entry = try #require(TopologyGallery.entry(named: "flap"))
    var path = SimulatedTopology(seed: 1)
    path.topology = entry.topology
    var ping = try SimulatedPing(through: path, .v4) {
      $0.count = 25
      $0.keepsFigures = true
    }
    ping.run()
    let changes = try #require(ping.session.figures(of: 0)).replyPath.changes.values()
    let hops = zip(ping.replies, ping.replies.dropFirst()).compactMap {
      before, now -> ReplyChange? in
      guard let from = before.reply.timeToLive, let to = now.reply.timeToLive, from != to else {
        return nil
      }
      return ReplyChange(number: now.number, kind: .timeToLive(from: from, to: to))
    }
    #expect(changes == hops && changes.count == 2)
  }
}

extension SimulatedPing {
  /// Probes that met an error.
  fileprivate var errorNumbers: [UInt64] {
    reports.compactMap { if case .error(let probe, _) = $0.report { probe.number } else { nil } }
  }
}
