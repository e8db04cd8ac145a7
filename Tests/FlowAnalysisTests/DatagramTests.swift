@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("UDP, ICMP and neighbours")
struct DatagramTests {
  static let client = (address: address("198.18.0.2"), port: UInt16(40_001))
  static let server = (address: address("203.0.113.80"), port: UInt16(443))

  @Test("flows of one kind are counted from 1 by first appearance")
  func names() {
    var capture = ConversationBuilder()
    let others = [
      (address("198.18.0.2"), UInt16(40_002)), (address("198.18.0.3"), 40_001), Self.client,
    ]
    for other in others { capture.udp(from: other, to: Self.server, [1]) }
    capture.udp(from: Self.server, to: others[0], [2])
    capture.icmp(
      ICMPv4Header(.echoRequest, identifier: 1, sequenceNumber: 1), from: "198.18.0.2",
      to: "203.0.113.80")
    let flows = follow(capture).map { $0.flow?.description }
    #expect(flows == ["udp:1", "udp:2", "udp:3", "udp:1", "icmp:1"])
  }

  @Test("the same ends on another VLAN are another flow")
  func vlans() {
    var capture = ConversationBuilder()
    capture.udp(from: Self.client, to: Self.server, [1])
    let plain = capture.packets[0].octets
    for tag in [[0x81, 0, 0, 5], [0x81, 0, 0, 6], [0x81, 0, 0x20, 5]] as [[UInt8]] {
      capture.frame(Array(plain[..<12]) + tag + Array(plain[12...]))
    }
    let facts = follow(capture)
    #expect(facts.map(\.flow?.ordinal) == [1, 2, 3, 2])
    #expect(facts.map(\.vlan) == [nil, 5, 6, 5])
  }

  @Test func answersFollowQuestions() {
    var capture = ConversationBuilder()
    capture.udp(from: Self.client, to: Self.server, [1])
    capture.udp(from: Self.server, to: Self.client, [2, 3])
    capture.udp(from: Self.server, to: Self.client, [4])
    let facts = follow(capture)
    guard case .udp(let first) = facts[0].content, case .udp(let second) = facts[1].content,
      case .udp(let third) = facts[2].content
    else { return #expect(Bool(false), "not UDP") }
    #expect(first == UDPFacts(length: 1, service: .unknown, lastFromPeer: nil))
    #expect(second == UDPFacts(length: 2, service: .unknown, lastFromPeer: facts[0].mark))
    #expect(third.lastFromPeer == facts[0].mark)
  }

  @Test(
    "QUIC is told by its long header",
    arguments: [
      ("c0 00000001 08 0102030405060708 00", UDPFacts.Service.quic(version: 1, type: .initial)),
      ("e0 00000001 00 00 0000", .quic(version: 1, type: .handshake)),
      ("d0 00000001 00 00 0000", .quic(version: 1, type: .zeroRTT)),
      ("f0 00000001 00 00 0000", .quic(version: 1, type: .retry)),
      ("d0 6b3343cf 00 00 0000", .quic(version: 0x6b33_43cf, type: .initial)),
      ("c0 6b3343cf 00 00 0000", .quic(version: 0x6b33_43cf, type: .retry)),
      ("80 00000000 01aa 01bb 00000001 6b3343cf", .quic(version: 0, type: .versionNegotiation)),
      ("80 00000000 01aa 01bb 000001", .unknown), ("40 00000001 00 00 0000", .unknown),
      ("c0 00000009 00 00 0000", .unknown), ("c0 00000001 00", .unknown),
    ])
  func quic(_ octets: String, service: UDPFacts.Service) {
    var capture = ConversationBuilder()
    capture.udp(from: Self.client, to: Self.server, hex(octets))
    guard case .udp(let udp) = follow(capture)[0].content else {
      return #expect(Bool(false), "not UDP")
    }
    #expect(udp.service == service)
  }

  // ICMP

  @Test func echoes() {
    var capture = ConversationBuilder()
    let request = ICMPv4Header(.echoRequest, identifier: 7, sequenceNumber: 3)
    let reply = ICMPv4Header(.echoReply, identifier: 7, sequenceNumber: 3)
    capture.icmp(request, from: "198.18.0.2", to: "203.0.113.80", [1, 2, 3])
    capture.icmp(reply, from: "203.0.113.81", to: "198.18.0.2", [1, 2, 3])
    capture.icmp(reply, from: "203.0.113.80", to: "198.18.0.2", [1, 2, 3])
    capture.icmp(reply, from: "203.0.113.80", to: "198.18.0.2", [1, 2, 3])
    capture.icmp(
      ICMPv4Header(.echoReply, identifier: 7, sequenceNumber: 4), from: "203.0.113.80",
      to: "198.18.0.2")
    let facts = follow(capture)
    let answers = facts[1...].map { facts -> [Int?] in
      guard case .echoReply(_, _, let to, let before)? = facts.icmp?.role else { return [] }
      return [to?.number, before?.number]
    }
    #expect(answers == [[nil, nil], [1, nil], [1, 3], [nil, nil]])
    #expect(facts.map(\.flow?.ordinal) == [1, 2, 1, 1, 1])
    #expect(facts[0].icmp?.bodyLength == 3 && !facts[2].isFromInitiator)
  }

  /// The first `count` octets of an IPv4 packet of the capture.
  static func quotation(_ packet: ConversationBuilder.Packet, _ count: Int) -> [UInt8] {
    Array(packet.octets.dropFirst(14).prefix(count))
  }

  @Test("an error is tied to the datagram that it quotes, by its numbers")
  func errorAboutUDP() throws {
    var capture = ConversationBuilder()
    for data in [[1], [2], [3]] as [[UInt8]] {
      capture.udp(from: Self.client, to: (Self.server.address, 33_434), data)
    }
    let header = ICMPv4Header(.timeExceeded)
    capture.icmp(
      header, from: "192.0.2.1", to: "198.18.0.2", Self.quotation(capture.packets[1], 28))
    var stranger = Self.quotation(capture.packets[1], 28)
    stranger[5] ^= 1  // another identification
    capture.icmp(header, from: "192.0.2.1", to: "198.18.0.2", stranger)
    capture.icmp(header, from: "192.0.2.1", to: "198.18.0.2", Array(stranger.prefix(19)))
    let facts = follow(capture)
    let quoted = try facts[3...4].map { facts -> QuotedPacketFacts in
      guard case .error(let quoted)? = facts.icmp?.role else { throw NotAnError() }
      return try #require(quoted)
    }
    #expect(quoted.map(\.packet?.number) == [2, nil])
    #expect(quoted.map(\.flow) == [FlowID(.udp, 1), FlowID(.udp, 1)])
    #expect(quoted[0].destination == Endpoint(Self.server.address, port: 33_434))
    guard case .error(about: nil)? = facts[5].icmp?.role else {
      return #expect(Bool(false), "19 octets quote nothing")
    }
  }

  struct NotAnError: Error {}

  @Test(
    "an error about a segment names it: the SYN, and data, by eight octets or more",
    arguments: [28, 40])
  func errorAboutTCP(length: Int) {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, [.ack], TCPSequenceTests.ten)
    capture.send(&connection, .client, [.ack], TCPSequenceTests.ten)
    for index in [0, 4] {
      capture.icmp(
        ICMPv4Header(.destinationUnreachable, code: 1), from: "192.0.2.1", to: "198.18.0.2",
        Self.quotation(capture.packets[index], length))
    }
    let numbers = follow(capture)[5...].map { facts -> Int? in
      guard case .error(let quoted)? = facts.icmp?.role else { return nil }
      return quoted?.flow == FlowID(.tcp, 1) ? quoted?.packet?.number : nil
    }
    #expect(numbers == [1, 5])
  }

  @Test func errorAboutEcho() {
    var capture = ConversationBuilder()
    capture.icmp(
      ICMPv4Header(.echoRequest, identifier: 7, sequenceNumber: 3), from: "198.18.0.2",
      to: "203.0.113.80", [1, 2, 3])
    capture.icmp(
      ICMPv4Header(.timeExceeded), from: "192.0.2.1", to: "198.18.0.2",
      Self.quotation(capture.packets[0], 28))
    guard case .error(let quoted?)? = follow(capture)[1].icmp?.role else {
      return #expect(Bool(false), "no error")
    }
    #expect(quoted.packet?.number == 1 && quoted.flow == FlowID(.icmp, 1))
  }

  // Neighbours

  static let mac = (
    a: MACAddress(bits: 0x0200_0000_000a), b: MACAddress(bits: 0x0200_0000_000b)
  )

  static func arp(
    _ operation: ARPPacket.Operation, _ sender: IPv4Address, _ target: IPv4Address
  ) -> ARPPacket {
    ARPPacket(operation, sender: (mac.a, sender), target: (mac.b, target))
  }

  @Test func addressResolution() {
    var capture = ConversationBuilder()
    let (one, two) = (IPv4Address(198, 18, 0, 1), IPv4Address(198, 18, 0, 2))
    capture.arp(Self.arp(.request, two, one))
    capture.arp(Self.arp(.request, two, one))
    capture.arp(Self.arp(.reply, one, two))
    capture.arp(Self.arp(.reply, one, two))
    capture.arp(Self.arp(.request, .any, two))
    capture.arp(Self.arp(.request, two, two))
    let facts = follow(capture)
    let roles = facts.map { facts -> ARPFacts.Role? in
      if case .arp(let arp) = facts.content { arp.role } else { nil }
    }
    #expect(
      roles == [
        .request(repeats: nil), .request(repeats: facts[0].mark), .reply(to: facts[1].mark),
        .reply(to: nil), .probe, .announcement,
      ])
    #expect(facts[...3].map(\.flow?.description) == Array(repeating: "arp:1", count: 4))
    #expect(facts[...3].map(\.isFromInitiator) == [true, true, false, false])
  }

  @Test func neighborDiscovery() {
    var capture = ConversationBuilder()
    func v6(_ text: String) -> IPv6Address { IPv6Address(text) ?? .any }
    let (one, two) = (v6("2001:db8::1"), v6("2001:db8::2"))
    func body(_ target: IPv6Address, option: UInt8) -> [UInt8] {
      (0..<16).map { UInt8(truncatingIfNeeded: target.bits >> (120 - 8 * $0)) }
        + [option, 1, 2, 0, 0, 0, 0, 0x0a]
    }
    capture.icmp(
      ICMPv6Header(.neighborSolicitation), from: two, to: v6("ff02::1:ff00:1"), body(one, option: 1)
    )
    capture.icmp(ICMPv6Header(.neighborAdvertisement), from: one, to: two, body(one, option: 2))
    capture.icmp(
      ICMPv6Header(.neighborSolicitation), from: .any, to: v6("ff02::1:ff00:2"),
      Array(body(two, option: 1).prefix(16)))
    capture.icmp(ICMPv6Header(.routerSolicitation), from: two, to: v6("ff02::2"))
    capture.icmp(
      ICMPv6Header(.routerAdvertisement, rest: 0x4000_0708), from: one, to: v6("ff02::1"),
      [UInt8](repeating: 0, count: 8) + [1, 1, 2, 0, 0, 0, 0, 0x0b])
    capture.icmp(ICMPv6Header(.neighborSolicitation), from: two, to: one, [1, 2, 3])
    let facts = follow(capture)
    let neighbors = facts.map { facts -> NeighborFacts? in
      if case .neighbor(let neighbor) = facts.content { neighbor } else { nil }
    }
    #expect(
      neighbors == [
        NeighborFacts(role: .solicitation(target: one, repeats: nil), linkAddress: Self.mac.a),
        NeighborFacts(
          role: .advertisement(target: one, to: facts[0].mark), linkAddress: Self.mac.a),
        NeighborFacts(role: .duplicateAddressDetection(target: two), linkAddress: nil),
        NeighborFacts(role: .routerSolicitation, linkAddress: nil),
        NeighborFacts(
          role: .routerAdvertisement(lifetime: 1800, to: facts[3].mark), linkAddress: Self.mac.b),
        nil,
      ])
    #expect(facts[0].flow == facts[1].flow && facts[0].flow?.kind == .neighborDiscovery)
  }

  @Test func unreadable() {
    var capture = ConversationBuilder()
    capture.udp(from: Self.client, to: Self.server, [1])
    let whole = capture.packets[0].octets
    capture.frame(Array(whole.prefix(14 + 20 + 3)))
    capture.frame(Array(whole.prefix(10)))
    capture.frame(Array(whole.prefix(12)) + [0x88, 0xcc, 1, 2])
    let facts = follow(capture)
    guard case .unreadable(let udp) = facts[1].content,
      case .unreadable(let link) = facts[2].content, case .link(let type) = facts[3].content
    else { return #expect(Bool(false), "read") }
    #expect(udp.layer == .udp && facts[1].source?.address == Self.client.address)
    #expect(link.layer == .ethernet && facts[2].source == nil && facts[2].flow == nil)
    #expect(type == EtherType(rawValue: 0x88cc))
  }
}
