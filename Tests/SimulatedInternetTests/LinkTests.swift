import PacketWire
import SimulatedInternet
import Testing

@Suite("Links")
struct LinkTests {
  /// Sends `count` packets a millisecond apart over one link, which is all of the path, and gives
  /// back when each came out at the other end, by its sequence number.
  private func send(
    _ count: Int, seed: UInt64 = 1, from side: AttachmentPoint = .client,
    every gap: Int64 = 1_000_000,
    _ change: (inout LinkProperties) -> Void
  ) throws -> [(number: UInt16, due: Int64)] {
    var internet = SimulatedInternet(topology: path(0, change), seed: seed)
    var out: [(number: UInt16, due: Int64)] = []
    func note(_ effects: [SimulatedInternet.Effect]) {
      for case .deliver(let octets, _, let due) in effects {
        guard case .icmpv4(let header) = Answer(octets).frame.transport else { continue }
        out.append((header.sequenceNumber, due.nanoseconds))
      }
    }
    let probe = try Probe(to: "203.0.113.80")
    for number in 0..<count {
      let packet = try probe.echoRequest(sequenceNumber: UInt16(number))
      let now = MonotonicInstant(nanoseconds: Int64(number) * gap)
      note(internet.step(.packet(packet, from: side), at: now))
    }
    note(internet.step(.timer, at: MonotonicInstant(nanoseconds: .max)))
    return out
  }

  @Test("loss keeps within five standard deviations", arguments: [10_000, 250_000, 500_000])
  func loss(perMillion: UInt64) throws {
    let count = 40_000
    let arrived = try send(count) { $0.loss = Probability(clamping: perMillion) }
    let chance = Double(perMillion) / 1e6
    let expected = Double(count) * chance
    let deviation = (Double(count) * chance * (1 - chance)).squareRoot()
    #expect(abs(Double(count - arrived.count) - expected) < 5 * deviation)
  }

  @Test func lossIsIndependent() throws {
    let arrived = Set(
      try send(40_000) { $0.loss = Probability(clamping: 500_000) }.map(\.number))
    let pairs = (0..<39_999).count { arrived.contains($0) && arrived.contains($0 + 1) }
    #expect(abs(Double(pairs) - 10_000) < 5 * 100)
  }

  @Test func certainty() throws {
    #expect(try send(1000) { $0.loss = Probability(clamping: 2_000_000) }.isEmpty)
    #expect(try send(1000) { $0.loss = .never }.count == 1000)
  }

  @Test func lossHasADirection() throws {
    var topology = path(0) { _ in }
    topology.siteLink.homeward.loss = Probability(clamping: 1_000_000)
    var internet = SimulatedInternet(topology: topology)
    let packet = try Probe(to: "203.0.113.80").echoRequest()
    for (side, lost) in [(AttachmentPoint.client, 0), (.server, 1)] {
      _ = internet.step(.packet(packet, from: side), at: .init(nanoseconds: 0))
      #expect(internet.counters.lost == lost)
    }
    #expect(internet.counters.delivered == 1)
  }

  @Test func delayHasADirection() throws {
    var topology = path(0) { _ in }
    topology.siteLink.outward.delay = .milliseconds(2)
    topology.siteLink.homeward.delay = .milliseconds(7)
    var network = VirtualNetwork(topology: topology)
    let request = try Probe(to: "203.0.113.80").echoRequest()
    #expect(answers(to: request, in: &network).map(\.after) == [.milliseconds(9)])
    topology.siteLink.homeward.delay = .milliseconds(2)
    topology.siteLink.outward.delay = .milliseconds(100)
    network = VirtualNetwork(topology: topology)
    #expect(answers(to: request, in: &network).map(\.after) == [.milliseconds(102)])
  }

  @Test("jitter is spread evenly over its range, both ends included")
  func jitter() throws {
    let arrived = try send(20_000) {
      ($0.delay, $0.jitter, $0.reorders) = (Nanoseconds(10), Nanoseconds(2), true)
    }
    var histogram: [Int64: Int] = [:]
    for (number, due) in arrived { histogram[due - Int64(number) * 1_000_000, default: 0] += 1 }
    #expect(histogram.keys.sorted() == [8, 9, 10, 11, 12])
    for count in histogram.values { #expect(abs(count - 4000) < 5 * 57) }
  }

  @Test func jitterNeverGoesBackInTime() throws {
    let arrived = try send(1000) {
      ($0.delay, $0.jitter, $0.reorders) = (Nanoseconds(1), Nanoseconds(100), true)
    }
    #expect(arrived.allSatisfy { $0.due >= Int64($0.number) * 1_000_000 })
    #expect(arrived.contains { $0.due == Int64($0.number) * 1_000_000 })
  }

  @Test("packets keep their order unless asked", arguments: [false, true])
  func order(reorders: Bool) throws {
    let arrived = try send(1000, every: 1000) {
      ($0.delay, $0.jitter) = (.milliseconds(10), .milliseconds(5))
      $0.reorders = reorders
    }
    #expect(arrived.count == 1000)
    let isSorted = arrived.map(\.number) == (0..<1000).map { UInt16($0) }
    #expect(isSorted == !reorders)
    #expect(arrived.map(\.due) == arrived.map(\.due).sorted())
  }

  @Test func packetsDueAtOnceKeepTheirOrder() throws {
    let arrived = try send(300, every: 0) { $0.delay = .milliseconds(1) }
    #expect(arrived.map(\.number) == (0..<300).map { UInt16($0) })
  }

  @Test("the same seed gives the same packets at the same instants")
  func determinism() throws {
    func run(_ seed: UInt64) throws -> [[Int64]] {
      try send(500, seed: seed) {
        $0.delay = .milliseconds(10)
        ($0.jitter, $0.reorders) = (.milliseconds(5), true)
        $0.loss = Probability(clamping: 300_000)
      }.map { [Int64($0.number), $0.due] }
    }
    #expect(try run(7) == run(7))
    #expect(try run(7) != run(8))
  }

  @Test("what one link does hangs on its own traffic alone")
  func streams() throws {
    func arrivals(noise: Bool) throws -> [SimulatedInternet.Effect] {
      var internet = SimulatedInternet(topology: path(0) { $0.loss = .init(clamping: 500_000) })
      var delivered: [SimulatedInternet.Effect] = []
      for number in 0..<200 {
        let now = MonotonicInstant(nanoseconds: Int64(number))
        let packet = try Probe(to: "203.0.113.80").echoRequest(sequenceNumber: UInt16(number))
        delivered += internet.step(.packet(packet, from: .client), at: now)
        if noise { _ = internet.step(.packet(packet, from: .server), at: now) }
      }
      return delivered
    }
    #expect(try arrivals(noise: true) == arrivals(noise: false))
  }

  @Test("the directions of a link do not draw the same numbers")
  func directionsDiffer() throws {
    func lost(from side: AttachmentPoint) throws -> [UInt16] {
      try send(200, from: side) { $0.loss = .init(clamping: 500_000) }.map(\.number)
    }
    #expect(try lost(from: .client) != lost(from: .server))
  }

  @Test func theCallersLatenessDoesNotAddUp() throws {
    var internet = SimulatedInternet(topology: .default)
    let probe = try Probe(to: "203.0.113.80").udp()
    _ = internet.step(.packet(probe, from: .client), at: .init(nanoseconds: 0))
    let effects = internet.step(.timer, at: .init(nanoseconds: 99_000_000_000))
    guard case .deliver(_, .server, let due)? = effects.first else {
      Issue.record("nothing delivered")
      return
    }
    #expect(due.nanoseconds == 12_000_000)
    #expect(effects.count == 1)
  }

  @Test func wakesSayWhenTheNextPacketIsDue() throws {
    var internet = SimulatedInternet(topology: path(0) { $0.delay = .milliseconds(5) })
    let probe = try Probe(to: "203.0.113.80").udp()
    let first = internet.step(.packet(probe, from: .client), at: .init(nanoseconds: 100))
    #expect(first == [.wake(at: .init(nanoseconds: 5_000_100))])
    let second = internet.step(.packet(probe, from: .client), at: .init(nanoseconds: 300))
    #expect(second == [.wake(at: .init(nanoseconds: 5_000_100))])
    let third = internet.step(.timer, at: .init(nanoseconds: 5_000_100))
    #expect(
      third == [
        .deliver(probe, to: .server, due: .init(nanoseconds: 5_000_100)),
        .wake(at: .init(nanoseconds: 5_000_300)),
      ])
    // An instant before the last one counts as the last one.
    let late = internet.step(.packet(probe, from: .client), at: .init(nanoseconds: 0))
    #expect(late == [.wake(at: .init(nanoseconds: 5_000_300))])
    let all = internet.step(.timer, at: .init(nanoseconds: .max))
    #expect(all.last == .deliver(probe, to: .server, due: .init(nanoseconds: 10_000_100)))
  }
}
