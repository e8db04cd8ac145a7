import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("Octets that nobody should send")
struct HostileTests {
  /// Every packet that went in came to exactly one end, or a new one was made of it.
  private func expectBalance(_ counters: SimulatedInternet.Counters) {
    let ends =
      counters.delivered + counters.lost + counters.overflowed + counters.malformed
      + counters.badChecksum + counters.unroutable + counters.ignored + counters.errorsSuppressed
    #expect(ends == counters.entered)
  }

  @Test("random octets", arguments: 0..<4 as Range<UInt64>)
  func randomOctets(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var internet = SimulatedInternet(topology: .default)
    for _ in 0..<5000 {
      let packet = random.bytes(count: Int.random(in: 0...120, using: &random))
      let side = Bool.random(using: &random) ? AttachmentPoint.client : .server
      _ = internet.step(.packet(packet, from: side), at: .init(nanoseconds: 0))
    }
    _ = internet.step(.timer, at: .init(nanoseconds: .max))
    expectBalance(internet.counters)
  }

  @Test("good packets with damage behind the checked header", arguments: 0..<4 as Range<UInt64>)
  func damagedPackets(seed: UInt64) throws {
    var random = SeededRNG(seed: seed)
    var network = VirtualNetwork(topology: .default)
    let targets = PathTests.v4Hops + PathTests.v6Hops
    for _ in 0..<1500 {
      let target = targets.randomElement(using: &random) ?? ""
      let probe = try Probe(to: target, hopLimit: .random(in: 0...14, using: &random))
      let body = random.bytes(count: Int.random(in: 0...60, using: &random))
      let number = IPProtocol(
        rawValue: [0, 1, 6, 17, 43, 44, 51, 58, 59, 60].randomElement(using: &random) ?? 0)
      var packet = try probe.packet(number, body)
      if packet[0] >> 4 == 6, Bool.random(using: &random) {
        packet[Int.random(in: 0..<packet.count, using: &random)] ^= 0xff
      }
      for answer in answers(to: packet, in: &network) { _ = Answer(answer.octets) }
    }
    expectBalance(network.internet.counters)
  }

  @Test(
    "damage on every kind of router, from both ends: what comes out is a packet",
    arguments: TopologyGallery.all.map(\.name))
  func damageEverywhere(name: String) throws {
    var random = SeededRNG(seed: 7)
    let topology = try #require(TopologyGallery.entry(named: name)).topology
    var internet = SimulatedInternet(topology: topology)
    var now = MonotonicInstant(nanoseconds: 0)
    let ends = topology.client.addresses.all + topology.serverAddresses
    let routers = topology.routers.flatMap { $0.node.addresses.all + ($0.farAddresses?.all ?? []) }
    for _ in 0..<600 {
      let target = try #require((ends + routers).randomElement(using: &random))
      let source = try #require(
        ends.filter { $0.family == target.family }.randomElement(using: &random))
      var probe = try Probe(from: source.description, to: target.description)
      probe.hopLimit = .random(in: 0...14, using: &random)
      probe.flagsAndOffset = [0, 0, 0, 0x2000, 0x2001, 0x0002].randomElement(using: &random) ?? 0
      let body = random.bytes(count: Int.random(in: 0...90, using: &random))
      // Types of ICMP that somebody answers, and errors that quote nonsense.
      let kinds: [UInt8] = [0, 3, 8, 11, 12, 42, 43, 1, 128, 160]
      let start = Bool.random(using: &random) ? [kinds.randomElement(using: &random) ?? 0] : []
      let number = IPProtocol(rawValue: [1, 6, 17, 47, 58].randomElement(using: &random) ?? 0)
      let packet = try probe.packet(number, start + body)
      now = now + Nanoseconds(1_000_000)
      let side =
        source == topology.client.addresses[source.family] ? AttachmentPoint.client : .server
      for case .deliver(let octets, _, _) in internet.step(.packet(packet, from: side), at: now) {
        let frame = Frame(decoding: octets.span, linkType: .raw)
        #expect(frame.addresses != nil)
        if case .ipv4(let header) = frame.network { #expect(header.isChecksumValid) }
      }
    }
    #expect(internet.counters.entered == 600)
  }

  @Test func whatIsUnderWayIsBounded() throws {
    var limits = SimulatedInternet.Limits()
    (limits.packets, limits.octets) = (100, 1 << 20)
    var internet = SimulatedInternet(
      topology: path(1) { $0.delay = .seconds(1) }, limits: limits)
    let small = try Probe(to: "203.0.113.80").udp()
    for _ in 0..<150 {
      _ = internet.step(.packet(small, from: .client), at: .init(nanoseconds: 0))
    }
    #expect(internet.counters.overflowed == 50)
    _ = internet.step(.timer, at: .init(nanoseconds: .max))
    #expect(internet.counters.delivered == 100)
    // What has gone makes room, for octets as for packets.
    limits.octets = small.count * 10
    internet = SimulatedInternet(topology: path(1) { $0.delay = .seconds(1) }, limits: limits)
    for round in 1...3 {
      let now = MonotonicInstant(nanoseconds: Int64(round) * 10_000_000_000)
      for _ in 0..<15 { _ = internet.step(.packet(small, from: .client), at: now) }
      #expect(internet.counters.overflowed == 5 * round)
    }
  }

  @Test func instantsAtTheEndOfTime() throws {
    var internet = SimulatedInternet(topology: .default)
    let packet = try Probe(to: "203.0.113.80").udp()
    for nanoseconds in [Int64.min, 0, .max - 1, .max] {
      _ = internet.step(.packet(packet, from: .client), at: .init(nanoseconds: nanoseconds))
    }
    #expect(internet.counters.delivered == 4)
  }
}
