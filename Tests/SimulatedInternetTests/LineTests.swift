import PacketWire
import SimulatedInternet
import Testing

@Suite("What a line does to packets")
struct LineTests {
  private struct Arrived {
    var octets: [UInt8]
    var due: Int64
    /// Its echo sequence number, which is that of the packet sent, from 0.
    var number: Int
    /// How long after it was sent.
    var after: Int64
  }

  /// Sends echo requests, some nanoseconds apart, over one link, which is all of the path.
  private func send(
    _ count: Int, every gap: Int64 = 1_000_000, seed: UInt64 = 1, payload: Int = 4,
    _ change: (inout LinkProperties) -> Void
  ) throws -> (arrived: [Arrived], counters: SimulatedInternet.Counters) {
    var internet = SimulatedInternet(topology: path(0, change), seed: seed)
    var arrived: [Arrived] = []
    func note(_ effects: [SimulatedInternet.Effect]) {
      for case .deliver(let octets, _, let due) in effects {
        let number = Int(octets[26]) << 8 | Int(octets[27])
        arrived.append(
          Arrived(
            octets: octets, due: due.nanoseconds, number: number,
            after: due.nanoseconds - Int64(number) * gap))
      }
    }
    for number in 0..<count {
      let packet = try self.packet(number, payload: payload)
      let now = MonotonicInstant(nanoseconds: Int64(number) * gap)
      note(internet.step(.packet(packet, from: .client), at: now))
    }
    note(internet.step(.timer, at: MonotonicInstant(nanoseconds: .max)))
    return (arrived, internet.counters)
  }

  private func packet(_ number: Int, payload: Int) throws -> [UInt8] {
    let probe = try Probe(to: "203.0.113.80")
    return try probe.echoRequest(
      sequenceNumber: UInt16(number), payload: [UInt8](repeating: 0xa5, count: payload))
  }

  private func percent(_ value: UInt64) -> Probability { Probability(clamping: value * 10_000) }

  /// So many of `count` with a chance of `share`, within five standard deviations.
  private func isLikely(_ seen: Int, of count: Int, _ share: Double) -> Bool {
    abs(Double(seen) - Double(count) * share)
      < 5 * (Double(count) * share * (1 - share)).squareRoot()
  }

  /// Shares of delays up to some multiple of the jitter, from the distributions' own formulas.
  @Test(
    "jitter is spread as asked",
    arguments: [
      // Φ(-1), Φ(0), Φ(1), Φ(2).
      (JitterShape.normal, [(-1.0, 0.158655), (0, 0.5), (1, 0.841345), (2, 0.977250)]),
      // 1 - e^-x.
      (.exponential, [(0.5, 0.393469), (1, 0.632121), (2, 0.864665), (5, 0.993262)]),
      // 1 - (1 + x)^-2.
      (.pareto, [(0.5, 0.555556), (1, 0.75), (4, 0.96), (9, 0.99)]),
      (.uniform, [(-0.5, 0.25), (0, 0.5), (0.5, 0.75)]),
    ])
  func shapes(shape: JitterShape, shares: [(Double, Double)]) throws {
    let count = 6000
    let (delay, jitter) = (Int64(1_000_000_000), Int64(1_000_000))
    let arrived = try send(count) {
      ($0.delay, $0.jitter) = (Nanoseconds(delay), Nanoseconds(jitter))
      ($0.jitterShape, $0.reorders) = (shape, true)
    }.arrived
    #expect(arrived.count == count)
    for (multiple, share) in shares {
      let seen = arrived.count { Double($0.after - delay) <= multiple * Double(jitter) }
      #expect(isLikely(seen, of: count, share), "\(shape) up to \(multiple): \(seen)")
    }
    if shape == .exponential || shape == .pareto {
      #expect(arrived.allSatisfy { $0.after >= delay })
    }
  }

  @Test("losses come in bursts", arguments: [(100, 20_000), (50, 10_000)])
  func bursts(lossInPercent: UInt64, count: Int) throws {
    let (arrived, counters) = try send(count) {
      $0.bursts = LossBursts(
        entering: percent(1), leaving: percent(20), loss: percent(lossInPercent))
    }
    // Bad for 1 / (1 + 20) of the time; counts of bursts scatter more than those of packets.
    let expected = Double(count) / 21 * Double(lossInPercent) / 100
    #expect(abs(Double(counters.lost) - expected) < 0.2 * expected)
    #expect(arrived.count + counters.lost == count)
    guard lossInPercent == 100 else { return }
    // Five packets each on average.
    let kept = Set(arrived.map(\.number))
    let starts = (1..<count).count { kept.contains($0 - 1) && !kept.contains($0) }
    #expect(abs(Double(counters.lost) / Double(starts) - 5) < 1)
  }

  @Test func copiesAreTheSame() throws {
    let (arrived, counters) = try send(4000) {
      ($0.duplication, $0.delay) = (percent(10), .milliseconds(3))
    }
    #expect(arrived.count == 4000 + counters.duplicated)
    #expect(isLikely(counters.duplicated, of: 4000, 0.1))
    for packet in arrived {
      let sent = try self.packet(packet.number, payload: 4)
      #expect(packet.octets == sent && packet.after == 3_000_000)
    }
    #expect(arrived.map(\.number) == arrived.map(\.number).sorted())
  }

  @Test func whatIsLostHasNoCopy() throws {
    let (arrived, counters) = try send(100) {
      ($0.duplication, $0.loss) = (.always, .always)
    }
    #expect(arrived.isEmpty && counters.duplicated == 0 && counters.lost == 100)
  }

  @Test("one bit of a damaged packet is flipped, any of them")
  func corruption() throws {
    let (arrived, counters) = try send(8000) { $0.corruption = percent(50) }
    #expect(isLikely(counters.corrupted, of: 8000, 0.5) && arrived.count == 8000)
    var (damaged, places) = (0, Set<Int>())
    for (index, packet) in arrived.enumerated() {
      let sent = try self.packet(index, payload: 4)
      var flipped: [Int] = []
      for bit in 0..<8 * sent.count {
        let mask: UInt8 = 0x80 >> UInt8(bit % 8)
        if sent[bit / 8] & mask != packet.octets[bit / 8] & mask { flipped.append(bit) }
      }
      #expect(flipped.count <= 1 && sent.count == packet.octets.count)
      damaged += flipped.count
      places.formUnion(flipped)
    }
    #expect(damaged == counters.corrupted)
    // About 4000 draws of 256 bits leave none out.
    #expect(places.count == 8 * (20 + 8 + 4))
  }

  @Test func latecomersAreOvertaken() throws {
    let (arrived, counters) = try send(5000) {
      ($0.delay, $0.lateness) = (.milliseconds(10), Lateness(percent(5), by: .milliseconds(7)))
    }
    #expect(isLikely(counters.late, of: 5000, 0.05))
    #expect(arrived.count { $0.after == 17_000_000 } == counters.late)
    #expect(arrived.count { $0.after == 10_000_000 } == 5000 - counters.late)
    #expect(arrived.map(\.due) == arrived.map(\.due).sorted())
  }

  @Test("packets go out at the link's rate")
  func rate() throws {
    // 28 octets of headers and 972 of payload: 1000, a millisecond at 8 Mbit/s.
    let arrived = try send(10, every: 0, payload: 972) {
      $0.rate = BitRate(clamping: 8_000_000)
      $0.delay = .milliseconds(5)
    }.arrived
    #expect(arrived.map(\.due) == (1...10).map { Int64($0) * 1_000_000 + 5_000_000 })
    // Slower than they come, they do not wait for one another.
    let apart = try send(10, every: 2_000_000, payload: 972) {
      $0.rate = BitRate(clamping: 8_000_000)
    }.arrived
    #expect(apart.allSatisfy { $0.after == 1_000_000 })
  }

  @Test("a full queue drops", arguments: [QueueLimit.time(.milliseconds(4)), .octets(4000)])
  func queue(limit: QueueLimit) throws {
    let (arrived, counters) = try send(10, every: 0, payload: 972) {
      ($0.rate, $0.queue) = (BitRate(clamping: 8_000_000), limit)
    }
    // One is going out, and four wait.
    #expect(arrived.map(\.number) == [0, 1, 2, 3, 4])
    #expect(counters.dropped == 5 && counters.lost == 0)
    // Half a millisecond apart, every second one finds room once the queue is full.
    let flood = try send(100, every: 500_000, payload: 972) {
      ($0.rate, $0.queue) = (BitRate(clamping: 8_000_000), limit)
    }
    #expect(flood.arrived.count + flood.counters.dropped == 100)
    #expect((53...56).contains(flood.arrived.count))
    #expect(flood.arrived.allSatisfy { $0.after <= 5_000_000 })
  }

  @Test func timesOfRatesAreRoundedUp() {
    #expect(BitRate(clamping: 3).time(for: 1) == Nanoseconds(2_666_666_667))
    #expect(BitRate(clamping: 1_000_000_000_000).time(for: 1) == Nanoseconds(1))
    #expect(BitRate(clamping: 0).bitsPerSecond == 1)
    #expect(BitRate(clamping: .max).bitsPerSecond == 1_000_000_000_000)
    #expect(BitRate(clamping: 1).time(for: .max) == Nanoseconds(.max))
  }

  @Test("to change one property changes no other chance")
  func chancesAreIndependent() throws {
    func lost(_ change: (inout LinkProperties) -> Void) throws -> Set<Int> {
      let arrived = try send(2000, payload: 20) {
        ($0.loss, $0.delay) = (percent(30), .seconds(1))
        change(&$0)
      }.arrived
      return Set(arrived.map(\.number))
    }
    let plain = try lost { _ in }
    #expect(try plain == lost { ($0.jitter, $0.jitterShape) = (.milliseconds(1), .pareto) })
    #expect(try plain == lost { $0.duplication = percent(20) })
    #expect(try plain == lost { $0.lateness = Lateness(percent(9), by: .milliseconds(1)) })
    #expect(try plain == lost { $0.rate = BitRate(clamping: 1_000_000_000) })
    #expect(
      try plain.isSuperset(
        of: lost { $0.bursts = LossBursts(entering: percent(5), leaving: percent(5)) }))
  }
}
