import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

/// A network that does one bad thing to each answer, and keeps count of what it did.
private struct HostileNetwork {
  enum Fault: CaseIterable {
    case none, loss, duplicate, late, reordered, corruptedCookie, corruptedPayload, altered
    case truncated, forged, forgedShort, otherSource, foreignIdentifier, quotedElsewhere, error
  }

  var rng: SeededRNG
  var faults = Fault.allCases
  var counts: [Fault: Int] = [:]
  /// What is under way, and when it arrives.
  var packets: [(at: MonotonicInstant, octets: [UInt8])] = []

  static let roundTrip = Nanoseconds.milliseconds(10)
  static let stranger = IPAddress.v4(IPv4Address(198, 51, 100, 66))

  mutating func answer(_ number: UInt64, _ harness: PingHarness) {
    guard let fault = faults.randomElement(using: &rng) else { return }
    counts[fault, default: 0] += 1
    let soon = harness.now + Self.roundTrip
    func change(_ body: @escaping (inout [UInt8]) -> Void) -> [UInt8] {
      harness.reply(to: number, change: body)
    }
    func forge(_ body: @escaping (inout [UInt8]) -> Void) -> [UInt8] {
      harness.reply(to: number, forged: body)
    }
    let honest = harness.reply(to: number)
    switch fault {
    case .none: send(honest, soon)
    case .loss: break
    case .duplicate:
      send(honest, soon)
      send(honest, soon + Nanoseconds(1))
    case .late: send(honest, harness.now + .milliseconds(700))
    case .reordered: send(honest, harness.now + .milliseconds(250))
    case .corruptedCookie: send(change { $0[9] ^= 0x10 }, soon)
    case .corruptedPayload: send(change { $0[8 + 40] ^= 0x01 }, soon)
    case .altered: send(forge { $0[8 + 40] ^= 0x01 }, soon)
    case .truncated: send(forge { $0.removeLast(20) }, soon)
    case .forged: send(forge { $0[8] ^= 0x80 }, soon)
    case .forgedShort: send(forge { $0.removeLast($0.count - 12) }, soon)
    case .otherSource: send(harness.reply(to: number, from: Self.stranger), soon)
    case .foreignIdentifier: send(forge { $0[4] ^= 0xff }, soon)
    case .quotedElsewhere:
      // The quoted destination is not the probe's.
      var packet = harness.error(about: number, type: .timeExceeded, code: 0, from: .loopback)
      packet[20 + 8 + 19] ^= 1
      send(packet, soon)
    case .error:
      send(
        harness.error(about: number, type: .destinationUnreachable, code: 1, from: .loopback),
        soon)
    }
  }

  private mutating func send(_ octets: [UInt8], _ time: MonotonicInstant) {
    packets.append((time, octets))
  }

  mutating func next(until time: MonotonicInstant) -> (at: MonotonicInstant, octets: [UInt8])? {
    guard let index = packets.indices.min(by: { packets[$0].at < packets[$1].at }),
      packets[index].at <= time
    else { return nil }
    return packets.remove(at: index)
  }

  func count(_ faults: Fault...) -> Int { faults.reduce(0) { $0 + counts[$1, default: 0] } }
}

@Suite("What a network can do to answers, each counted exactly")
struct FaultInjectionTests {
  private static let count = 3_000

  private func run(
    seed: UInt64, faults: [HostileNetwork.Fault] = HostileNetwork.Fault.allCases,
    _ clock: (inout PingHarness, Int) -> Void = { _, _ in }
  ) -> (PingHarness, HostileNetwork) {
    var network = HostileNetwork(rng: SeededRNG(seed: seed), faults: faults)
    var harness = PingHarness {
      $0.count = Self.count
      $0.pacing = .steady(interval: .milliseconds(100))
      $0.timeout = .milliseconds(500)
    }
    harness.feed(.start)
    var turn = 0
    while !harness.isFinished {
      turn += 1
      while network.counts.values.reduce(0, +) < harness.sent.count {
        let done = network.counts.values.reduce(0, +)
        network.answer(harness.sent[done].number, harness)
      }
      clock(&harness, turn)
      let end = min(harness.wakeAt ?? harness.now + .seconds(1), harness.now + .seconds(1))
      if let packet = network.next(until: end) {
        harness.now = max(harness.now, packet.at)
        harness.deliver(packet.octets)
      } else {
        harness.run(until: end)
      }
    }
    return (harness, network)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func everyFault(seed: UInt64) {
    let (harness, network) = run(seed: seed)
    let summary = harness.session.total
    #expect(summary.transmitted == Self.count)
    #expect(network.counts.count == HostileNetwork.Fault.allCases.count)
    #expect(
      summary.received
        == network.count(.none, .duplicate, .late, .reordered, .altered, .truncated, .otherSource))
    #expect(summary.late == network.count(.late))
    #expect(summary.duplicates == network.count(.duplicate))
    #expect(summary.corrupted == network.count(.corruptedCookie, .corruptedPayload))
    #expect(summary.rejected == network.count(.forged, .forgedShort))
    #expect(summary.errors == network.count(.error))
    let replies = harness.reports.compactMap { report -> PingReply? in
      if case .reply(let reply) = report { reply } else { nil }
    }
    #expect(replies.count { $0.missingOctets == 20 } == network.count(.truncated))
    #expect(
      replies.count { $0.reply.damage?.offset == 40 }
        == network.count(.altered, .corruptedPayload))
    #expect(
      replies.count { $0.reply.source == HostileNetwork.stranger }
        == network.count(.otherSource))
    let lost = harness.reports.count { if case .lost = $0 { true } else { false } }
    #expect(
      lost
        == network.count(
          .loss, .late, .corruptedCookie, .corruptedPayload, .forged, .forgedShort,
          .foreignIdentifier, .quotedElsewhere))
    #expect(summary.rtt.minimum == HostileNetwork.roundTrip)
  }

  @Test("an hour's step of the wall clock between packets changes no round trip")
  func clockSteps() {
    let (harness, network) = run(seed: 7, faults: [.none, .loss, .duplicate]) { harness, turn in
      if turn.isMultiple(of: 3) { harness.wallOffset += turn.isMultiple(of: 2) ? 3_600 : -5_400 }
    }
    let rtt = harness.session.total.rtt
    #expect(rtt.count == network.count(.none, .duplicate) && rtt.count > 1_000)
    #expect(rtt.minimum == HostileNetwork.roundTrip && rtt.maximum == HostileNetwork.roundTrip)
  }
}
