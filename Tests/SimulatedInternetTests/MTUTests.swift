import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("Links that take no longer packets")
struct MTUTests {
  /// Two routers; the link between them, both ways, takes packets of `mtu` octets.
  private func narrow(_ mtu: Int, isSilent: Bool = false) -> Topology {
    var topology = path(2) { _ in }
    topology.routers[1].link.outward.mtu = mtu
    topology.routers[1].link.homeward.mtu = mtu
    topology.routers[0].manners.isSilent = isSilent
    return topology
  }

  /// What comes out at the site after one packet of the client.
  private func delivered(
    _ packet: [UInt8], _ topology: Topology
  ) -> (packets: [[UInt8]], counters: SimulatedInternet.Counters) {
    var internet = SimulatedInternet(topology: topology)
    var packets: [[UInt8]] = []
    for effect in internet.step(.packet(packet, from: .client), at: .init(nanoseconds: 0)) {
      if case .deliver(let octets, .server, _) = effect { packets.append(octets) }
    }
    return (packets, internet.counters)
  }

  private func header(_ octets: [UInt8]) throws -> IPv4Header {
    var reader = PacketReader(octets.span)
    return try IPv4Header(parsing: &reader)
  }

  /// Puts pieces together by their offsets, which must leave no gap.
  private func payload(of pieces: [[UInt8]]) throws -> [UInt8] {
    var whole: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
      let header = try header(piece)
      #expect(header.isChecksumValid && Int(header.totalLength) == piece.count)
      #expect(header.fragmentOffset == whole.count)
      #expect(header.moreFragments == (index < pieces.count - 1))
      #expect(!header.dontFragment && header.identification == 0x1234)
      whole += piece[header.length...]
    }
    return whole
  }

  @Test("a router sends a long packet on in pieces", arguments: [68, 576, 1007, 1399])
  func fragments(mtu: Int) throws {
    let data = (0..<1372).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let packet = try Probe(to: "203.0.113.80", hopLimit: 9).udp(payload: data)
    #expect(packet.count == 1400)
    let (pieces, counters) = delivered(packet, narrow(mtu))
    let room = (mtu - 20) / 8 * 8
    #expect(pieces.count == (1380 + room - 1) / room)
    #expect(pieces.allSatisfy { $0.count <= mtu })
    #expect(pieces.dropLast().allSatisfy { $0.count == 20 + room })
    #expect(try payload(of: pieces) == Array(packet[20...]))
    #expect(try pieces.allSatisfy { try header($0).timeToLive == 7 })
    #expect(counters.fragmented == 1 && counters.tooBig == 0)
  }

  @Test func whatFitsIsLeftAlone() throws {
    let packet = try Probe(to: "203.0.113.80").udp(payload: [UInt8](repeating: 1, count: 1372))
    let (packets, counters) = delivered(packet, narrow(1400))
    #expect(packets.map(\.count) == [1400] && counters.fragmented == 0)
  }

  @Test("a fragment in pieces keeps its place", arguments: [false, true])
  func fragmentOfAFragment(hasMore: Bool) throws {
    var probe = try Probe(to: "203.0.113.80")
    probe.flagsAndOffset = (hasMore ? 0x2000 : 0) | 100
    let packet = try probe.packet(.udp, [UInt8](repeating: 3, count: 1000))
    let pieces = delivered(packet, narrow(576)).packets
    let headers = try pieces.map(header)
    #expect(headers.map(\.fragmentOffset) == [800, 800 + 552])
    #expect(headers.map(\.moreFragments) == [true, hasMore])
    #expect(pieces.map(\.count) == [572, 468])
  }

  @Test func optionsGoWhereTheyBelong() throws {
    // No operation; a loose source route, which is copied; a record route, which is not.
    let options = try #require(OptionOctets(padding: hex("01 83070400000000 07070400000000")))
    var packet = IPv4Header(
      protocolNumber: .udp, from: IPv4Address(198, 18, 0, 2), to: IPv4Address(203, 0, 113, 80))
    (packet.options, packet.identification) = (options, 0x1234)
    let body = [UInt8](repeating: 5, count: 600)
    try packet.fill(payloadLength: body.count)
    let octets = written(packet.length, packet.write) + body
    let pieces = delivered(octets, narrow(300)).packets
    let headers = try pieces.map(header)
    #expect(headers.map { Array(copying: $0.options.span) }.first == Array(copying: options.span))
    for later in headers.dropFirst() {
      #expect(Array(copying: later.options.span) == hex("83070400000000 00"))
    }
    #expect(headers.map(\.length) == [36, 28, 28])
    #expect(try payload(of: pieces) == body)
  }

  @Test("a router says how long packets may be")
  func tooBig() throws {
    var probe = try Probe(to: "203.0.113.80")
    probe.flagsAndOffset = 0x4000
    let ipv4 = try answer(
      to: probe.udp(payload: [UInt8](repeating: 0, count: 1372)), in: narrow(1399))
    #expect(ipv4.typeAndCode == [3, 4] && ipv4.source == IPAddress("198.18.1.1"))
    guard case .icmpv4(let header) = ipv4.frame.transport else { return }
    #expect(header.rest == 1399)
    let long = try Probe(to: "2001:db8:cb::80").udp(payload: [UInt8](repeating: 0, count: 1400))
    let ipv6 = try answer(to: long, in: narrow(1447))
    #expect(ipv6.typeAndCode == [2, 0] && ipv6.source == IPAddress("2001:db8:1::1"))
    guard case .icmpv6(let header) = ipv6.frame.transport else { return }
    #expect(header.rest == 1447)
    #expect(delivered(long, narrow(1448)).packets == [long].map { $0.withHopsLess(2) })
  }

  @Test("IPv6 always has 1280 octets (RFC 8200 §5)")
  func leastOfIPv6() throws {
    let probe = try Probe(to: "2001:db8:cb::80")
    let fits = try probe.udp(payload: [UInt8](repeating: 0, count: 1232))
    #expect(fits.count == 1280)
    #expect(delivered(fits, narrow(600)).packets.count == 1)
    let answer = try answer(
      to: probe.udp(payload: [UInt8](repeating: 0, count: 1233)), in: narrow(600))
    guard case .icmpv6(let header) = answer.frame.transport else { return }
    #expect(answer.typeAndCode == [2, 0] && header.rest == 1280)
  }

  @Test("a silent router is a black hole for long packets")
  func blackHole() throws {
    var probe = try Probe(to: "203.0.113.80")
    probe.flagsAndOffset = 0x4000
    let packet = try probe.udp(payload: [UInt8](repeating: 0, count: 1372))
    let (packets, counters) = delivered(packet, narrow(1399, isSilent: true))
    #expect(packets.isEmpty && counters.tooBig == 1 && counters.errorsSuppressed == 1)
  }

  @Test("a host's packets enter a narrow link in pieces, where IP allows it")
  func entrance() throws {
    let topology = path(0) { $0.mtu = 1000 }
    var probe = try Probe(to: "203.0.113.80")
    let data = [UInt8](repeating: 9, count: 1372)
    let packet = try probe.udp(payload: data)
    let (pieces, counters) = delivered(packet, topology)
    #expect(try payload(of: pieces) == Array(packet[20...]) && counters.fragmented == 1)
    probe.flagsAndOffset = 0x4000
    #expect(delivered(try probe.udp(payload: data), topology).counters.tooBig == 1)
    let ipv6 = try Probe(to: "2001:db8:cb::80").udp(payload: data)
    #expect(delivered(ipv6, topology).counters.tooBig == 1)
    // No packet at all, but long.
    #expect(delivered([UInt8](repeating: 0x45, count: 3000), topology).counters.tooBig == 1)
  }

  @Test("an answer of a router's own goes home in pieces")
  func answers() throws {
    var topology = path(1) { _ in }
    topology.routers[0].link.homeward.mtu = 600
    let request = try Probe(to: "198.18.1.1").echoRequest(
      payload: [UInt8](repeating: 4, count: 1000))
    var network = VirtualNetwork(topology: topology)
    let pieces = SimulatedInternetTests.answers(to: request, in: &network).map(\.octets)
    #expect(pieces.map(\.count) == [596, 452])
    let headers = try pieces.map(header)
    #expect(headers.map(\.fragmentOffset) == [0, 576])
    #expect(headers.map(\.moreFragments) == [true, false])
  }

  @Test("what claims to reach beyond the longest packet is not sent on")
  func beyondTheEnd() throws {
    var probe = try Probe(to: "203.0.113.80")
    probe.flagsAndOffset = 0x1ffe
    let packet = try probe.packet(.udp, [UInt8](repeating: 3, count: 1000))
    let pieces = delivered(packet, narrow(68)).packets
    #expect(try pieces.map { try header($0).fragmentOffset } == [65_520])
  }
}

extension [UInt8] {
  /// An IPv6 packet that routers have forwarded so many times.
  fileprivate func withHopsLess(_ count: UInt8) -> [UInt8] {
    var octets = self
    octets[7] -= count
    return octets
  }
}
