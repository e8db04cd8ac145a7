import PacketTestSupport
import PacketWire
import Testing

@Suite("ARP packet (RFC 826)")
struct ARPPacketTests {
  static let distinct = hex(
    """
    0001 0800 06 04 0002            # Ethernet, IPv4, 6, 4, reply
    08090a0b0c0d c0000201           # sender, 192.0.2.1
    121314151617 c6336402           # target, 198.51.100.2
    """)

  @Test func fields() throws {
    let packet: ARPPacket = try parse(Self.distinct)
    #expect(packet.hardwareType == 1 && packet.protocolType == .ipv4)
    #expect(packet.operation == .reply)
    #expect(packet.senderMAC == MACAddress(bits: 0x0809_0a0b_0c0d))
    #expect(packet.senderAddress == IPv4Address(192, 0, 2, 1))
    #expect(packet.targetMAC == MACAddress(bits: 0x1213_1415_1617))
    #expect(packet.targetAddress == IPv4Address(198, 51, 100, 2))
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: ARPPacket.self) }

  @Test("random octets are refused or written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 20...40, as: ARPPacket.self) { octets, _ in
      (octets[4], octets[5]) = (6, 4)  // or nearly all would fail on the address lengths
    }
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.distinct, takenIn: [8, 20], by: .arp, as: ARPPacket.self)
  }

  @Test(
    "addresses of other lengths than 6 and 4 are refused", arguments: [0x0806, 0x0605, 0x0704])
  func otherLengths(lengths: UInt16) {
    var packet = Self.distinct
    (packet[4], packet[5]) = (UInt8(lengths >> 8), UInt8(lengths & 0xff))
    #expect(throws: PacketError(.arp, at: 104, .unsupported(UInt32(lengths)))) {
      try parse(packet, at: 100, as: ARPPacket.self)
    }
  }

  @Test func builtFromFields() {
    let packet = ARPPacket(
      .reply, sender: (MACAddress(bits: 0x0809_0a0b_0c0d), IPv4Address(192, 0, 2, 1)),
      target: (MACAddress(bits: 0x1213_1415_1617), IPv4Address(198, 51, 100, 2)))
    #expect(octets(of: packet) == Self.distinct)
  }

  @Test("what is not Ethernet and IPv4 is kept too")
  func otherTypes() throws {
    var packet: ARPPacket = try parse([0x11, 0x12, 0x13, 0x14] + Self.distinct.dropFirst(4))
    #expect(packet.hardwareType == 0x1112 && packet.protocolType.rawValue == 0x1314)
    (packet.hardwareType, packet.protocolType) = (1, .ipv4)
    #expect(octets(of: packet) == Self.distinct)
  }
}
