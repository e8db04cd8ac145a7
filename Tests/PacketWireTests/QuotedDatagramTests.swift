import PacketTestSupport
import PacketWire
import Testing

@Suite("Quoted datagram (RFC 792, RFC 4443 §2.4)")
struct QuotedDatagramTests {
  @Test("a whole IPv4 datagram")
  func udpOverIPv4() throws {
    let packet = KernelPackets.udpOverIPv4
    let quoted = try parse(packet)
    #expect(quoted.network == .ipv4(try header(packet)))
    #expect(quoted.transport == .udp(try header(Array(packet[20...]))))
    #expect(quoted.source == IPAddress("192.0.2.1"))
    #expect(quoted.destination == IPAddress("192.0.2.2"))
    #expect(quoted.payload == 128..<137)
  }

  @Test("a whole IPv6 datagram")
  func udpOverIPv6() throws {
    let packet = KernelPackets.udpOverIPv6
    let quoted = try parse(packet)
    #expect(quoted.network == .ipv6(try header(packet)))
    #expect(quoted.transport == .udp(try header(Array(packet[40...]))))
    #expect(quoted.source == IPAddress("2001:db8::1"))
    #expect(quoted.destination == IPAddress("2001:db8::2"))
    #expect(quoted.payload == 148..<151)
  }

  @Test("echo requests, each in its own family")
  func echoes() throws {
    let four = try parse(KernelPackets.echoOverIPv4)
    #expect(four.transport == .icmpv4(try header(Array(KernelPackets.echoOverIPv4[20...]))))
    let six = try parse(KernelPackets.echoOverIPv6)
    #expect(six.transport == .icmpv6(try header(Array(KernelPackets.echoOverIPv6[40...]))))
    #expect(six.payload == 148..<165)
  }

  @Test("ICMP of the other family is not taken for this one's")
  func otherFamily() throws {
    var four = KernelPackets.echoOverIPv4
    four[9] = 58
    #expect(try parse(four).transport == .other(.icmpv6))
    var six = KernelPackets.echoOverIPv6
    six[6] = 1
    #expect(try parse(six).transport == .other(.icmp))
    #expect(try parse(six).payload == 140..<165)
  }

  @Test("options of the quoted header are stepped over")
  func options() throws {
    let packet = KernelPackets.recordRouteHeader + KernelPackets.echoOverIPv4[20..<28]
    let quoted = try parse(packet)
    #expect(quoted.network == .ipv4(try header(packet)))
    #expect(quoted.transport == .icmpv4(try header(Array(packet[60...]))))
    #expect(quoted.payload == 168..<168)
  }

  @Test("a TCP header that is cut gives its first eight octets", arguments: 28..<60)
  func cutTCP(count: Int) throws {
    let quoted = try parse(Array(KernelPackets.synOverIPv4.prefix(count)))
    let start = QuotedDatagram.Transport.tcpStart(
      sourcePort: 40_003, destinationPort: 80, sequenceNumber: 0xcefd_0fdd)
    #expect(quoted.transport == start)
    #expect(quoted.payload == 128..<100 + count)
  }

  @Test("a TCP header that is whole is read whole")
  func wholeTCP() throws {
    let packet = KernelPackets.synOverIPv4 + hex("616263")
    let quoted = try parse(packet)
    #expect(quoted.transport == .tcp(try header(Array(packet[20...]))))
    #expect(quoted.payload == 160..<163)
  }

  @Test("a TCP header without options, and nothing behind it, is read whole")
  func bareTCP() throws {
    var packet = Array(KernelPackets.synOverIPv4.prefix(40))
    packet[32] = 0x50
    let quoted = try parse(packet)
    #expect(quoted.transport == .tcp(try header(Array(packet[20...]))))
    #expect(quoted.payload == 140..<140)
  }

  @Test(
    "a TCP header that cannot be gives its first eight octets",
    arguments: 0...4 as ClosedRange<UInt8>)
  func badDataOffset(words: UInt8) throws {
    var packet = KernelPackets.synOverIPv4
    packet[32] = words << 4
    let quoted = try parse(packet)
    guard case .tcpStart = quoted.transport else {
      Issue.record("\(quoted.transport)")
      return
    }
    #expect(quoted.payload == 128..<160)
  }

  @Test("fewer than eight octets of transport are only a protocol", arguments: 0..<8)
  func shortTransport(count: Int) throws {
    for (packet, length, number) in [
      (KernelPackets.udpOverIPv4, 20, IPProtocol.udp), (KernelPackets.udpOverIPv6, 40, .udp),
      (KernelPackets.echoOverIPv4, 20, .icmp), (KernelPackets.echoOverIPv6, 40, .icmpv6),
      (KernelPackets.synOverIPv4, 20, .tcp),
    ] {
      let quoted = try parse(Array(packet.prefix(length + count)))
      #expect(quoted.transport == .other(number))
      #expect(quoted.payload == 100 + length..<100 + length + count)
    }
  }

  @Test("a protocol without a decoder is only a number")
  func otherProtocol() throws {
    let quoted = try parse(IPv4HeaderTests.withRouterAlert + hex("1600 0904 e0000016"))
    #expect(quoted.transport == .other(.igmp) && quoted.payload == 124..<132)
  }

  @Test("a later fragment holds no transport header")
  func laterFragments() throws {
    var four = KernelPackets.udpOverIPv4
    four[7] = 1
    #expect(try parse(four).transport == .other(.udp))
    #expect(try parse(four).payload == 120..<137)
    four[6...7] = [0x20, 0]
    #expect(try parse(four).transport == .udp(try header(Array(four[20...]))))
    let six = ipv6(44, hex("11 00 0008 01020304") + KernelPackets.udpOverIPv6[40...])
    #expect(try parse(six).transport == .other(.udp))
    #expect(try parse(six).payload == 148..<159)
  }

  @Test("IPv6 extension headers are stepped over, a first fragment's too")
  func extensionHeaders() throws {
    let chain = hex("2c 00 0502 0000 0100  11 00 0001 01020304")
    let packet = ipv6(0, chain + KernelPackets.udpOverIPv6[40...])
    let quoted = try parse(packet)
    #expect(quoted.network == .ipv6(try header(packet)))
    #expect(quoted.transport == .udp(try header(Array(packet[56...]))))
    #expect(quoted.payload == 164..<167)
  }

  @Test("a chain that is cut says what it had come to", arguments: 0..<16)
  func cutChain(count: Int) throws {
    let chain = hex("2c 00 0502 0000 0100  11 00 0001 01020304")
    let quoted = try parse(ipv6(0, Array(chain.prefix(count))))
    #expect(quoted.transport == .other(count < 8 ? .hopByHop : .fragment))
    #expect(quoted.payload == (count < 8 ? 140 : 148)..<140 + count)
    #expect(quoted.destination == IPAddress("2001:db8::2"))
  }

  @Test("an endless chain is not followed")
  func longChain() throws {
    let chain = (0..<20).flatMap { _ in hex("3c 00 0104 00000000") }
    let quoted = try parse(ipv6(60, chain))
    #expect(quoted.transport == .other(.destinationOptions))
    #expect(quoted.payload == 100 + 40 + 128..<100 + 40 + 160)
  }

  @Test("every shorter prefix of the network header is refused, and the error says where")
  func truncation() {
    let nothing = PacketError.Reason.truncated(needed: 1, available: 0)
    #expect(throws: PacketError(.quotedDatagram, at: 100, nothing)) { try parse([]) }
    for count in 1..<60 {
      let (start, needed) = count < 20 ? (0, 20) : (20, 40)
      let reason = PacketError.Reason.truncated(needed: needed, available: count - start)
      #expect(throws: PacketError(.ipv4, at: 100 + start, reason)) {
        try parse(Array(KernelPackets.recordRouteHeader.prefix(count)))
      }
    }
    for count in 1..<40 {
      let reason = PacketError.Reason.truncated(needed: 40, available: count)
      #expect(throws: PacketError(.ipv6, at: 100, reason)) {
        try parse(Array(KernelPackets.udpOverIPv6.prefix(count)))
      }
    }
  }

  @Test("a version of neither family is refused")
  func version() {
    let packet = [0x75] + KernelPackets.udpOverIPv4.dropFirst()
    #expect(throws: PacketError(.ipv4, at: 100, .unexpectedVersion(7))) { try parse(packet) }
  }

  @Test("random changes and cuts never trap and stay in bounds", arguments: 0..<4 as Range<UInt64>)
  func randomOctets(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    let packets = [
      KernelPackets.udpOverIPv4, KernelPackets.synOverIPv4, KernelPackets.echoOverIPv6,
      ipv6(0, hex("2c 00 0502 0000 0100  11 00 0001 01020304") + [UInt8](1...20)),
    ]
    for _ in 0..<1_000 {
      var octets = packets.randomElement(using: &rng) ?? []
      octets[.random(in: 0..<octets.count, using: &rng)] = .random(in: 0...255, using: &rng)
      octets.removeLast(.random(in: 0..<octets.count, using: &rng))
      guard let quoted = try? parse(octets) else { continue }
      #expect(quoted.payload.lowerBound >= 120 && quoted.payload.upperBound == 100 + octets.count)
    }
  }

  /// Reads a quotation to its end; the reader stands at octet 100.
  private func parse(_ octets: [UInt8]) throws(PacketError) -> QuotedDatagram {
    var reader = PacketReader(octets.span, offset: 100)
    let quoted = try QuotedDatagram(parsing: &reader)
    #expect(reader.available == 0)
    return quoted
  }

  private func header<Header: WireValue>(_ octets: [UInt8]) throws(PacketError) -> Header {
    try PacketTestSupport.parse(octets)
  }

  private func ipv6(_ nextHeader: UInt8, _ payload: [UInt8]) -> [UInt8] {
    KernelPackets.udpOverIPv6[..<6] + [nextHeader] + KernelPackets.udpOverIPv6[7..<40] + payload
  }
}
