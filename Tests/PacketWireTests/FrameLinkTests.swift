import PacketTestSupport
import PacketWire
import Testing

@Suite("Frame: link layers")
struct FrameLinkTests {
  static let macs = hex("020304050607 121314151617")
  static let sll = hex("0000 0001 0006 1213141516170000")
  static let sll2 = hex("0000 00000002 0001 00 06 1213141516170000")

  /// What stands before an IPv4 packet, for each way in which a frame can begin.
  static let beforeIPv4: [(LinkType, [UInt8])] = [
    (.ethernet, macs + hex("0800")),
    (.ethernet, macs + hex("8100 0001 0800")),
    (.ethernet, macs + hex("88a8 0001 8100 0002 0800")),
    (.ethernet, macs + hex("9100 0001 9100 0002 8100 0003 0800")),
    (.linuxSLL, sll + hex("0800")),
    (.linuxSLL, sll + hex("8100 0001 0800")),
    (.linuxSLL2, hex("0800") + sll2),
    (.null, hex("02000000")), (.null, hex("00000002")), (.loop, hex("00000002")),
    (.raw, []), (LinkType(rawValue: 12), []), (LinkType(rawValue: 14), []), (.ipv4, []),
  ]
  /// What stands before an IPv6 packet.
  static let beforeIPv6: [(LinkType, [UInt8])] = [
    (.ethernet, macs + hex("86dd")),
    (.ethernet, macs + hex("8100 0001 86dd")),
    (.linuxSLL, sll + hex("86dd")), (.linuxSLL2, hex("86dd") + sll2),
    (.null, hex("1e000000")), (.null, hex("0000000a")), (.loop, hex("00000018")),
    (.raw, []), (LinkType(rawValue: 12), []), (LinkType(rawValue: 14), []), (.ipv6, []),
  ]

  @Test("IPv4 is found behind every link header", arguments: beforeIPv4)
  func ipv4(linkType: LinkType, prefix: [UInt8]) throws {
    let frame = decode(prefix + KernelPackets.udpOverIPv4, linkType)
    #expect(frame.problem == nil && frame.linkType == linkType)
    #expect(frame.networkOffset == prefix.count && frame.transportOffset == prefix.count + 20)
    let (ip, udp): (IPv4Header, UDPHeader) = try (
      parse(KernelPackets.udpOverIPv4), parse(Array(KernelPackets.udpOverIPv4[20...]))
    )
    #expect(frame.network == .ipv4(ip) && frame.transport == .udp(udp))
    #expect(frame.protocolNumber == .udp && frame.ipv6Fragment == nil)
    #expect(frame.payload == prefix.count + 28..<prefix.count + 37 && frame.payloadLength == 9)
    #expect(frame.addresses?.source == IPAddress("192.0.2.1"))
    #expect(frame.addresses?.destination == IPAddress("192.0.2.2"))
    #expect(frame.ports?.source == 40_001 && frame.ports?.destination == 53)
  }

  @Test("IPv6 is found behind every link header", arguments: beforeIPv6)
  func ipv6(linkType: LinkType, prefix: [UInt8]) throws {
    let frame = decode(prefix + KernelPackets.synOverIPv6, linkType)
    #expect(frame.problem == nil && frame.linkType == linkType)
    #expect(frame.networkOffset == prefix.count && frame.transportOffset == prefix.count + 40)
    let (ip, tcp): (IPv6Header, TCPHeader) = try (
      parse(KernelPackets.synOverIPv6), parse(Array(KernelPackets.synOverIPv6[40...]))
    )
    #expect(frame.network == .ipv6(ip) && frame.transport == .tcp(tcp))
    #expect(frame.protocolNumber == .tcp)
    #expect(frame.payload == prefix.count + 80..<prefix.count + 80 && frame.payloadLength == 0)
    #expect(frame.addresses?.source == IPAddress("2001:db8::1"))
    #expect(frame.addresses?.destination == IPAddress("2001:db8::2"))
    #expect(frame.ports?.source == 40_004 && frame.ports?.destination == 80)
  }

  @Test("the link header is kept as it was")
  func linkHeaders() throws {
    let ethernet: EthernetHeader = try parse(Self.macs + hex("0800"))
    #expect(decode(Self.macs + hex("0800"), .ethernet).link == .ethernet(ethernet))
    let sll: LinuxSLLHeader = try parse(Self.sll + hex("0800"))
    #expect(decode(Self.sll + hex("0800"), .linuxSLL).link == .linuxSLL(sll))
    let sll2: LinuxSLL2Header = try parse(hex("0800") + Self.sll2)
    #expect(decode(hex("0800") + Self.sll2, .linuxSLL2).link == .linuxSLL2(sll2))
    let loopback = BSDLoopbackHeader(family: 2, isBigEndian: false)
    #expect(decode(hex("02000000"), .null).link == .bsdLoopback(loopback))
    #expect(decode(KernelPackets.udpOverIPv4, .raw).link == .none)
  }

  @Test("the two outer tags are kept, the type is the innermost one")
  func tags() {
    let plain = decode(Self.macs + hex("0800") + KernelPackets.udpOverIPv4, .ethernet)
    #expect(plain.vlan == nil && plain.innerVLAN == nil && plain.etherType == .ipv4)
    let tagged = decode(Self.macs + hex("8100 0001 86dd") + KernelPackets.synOverIPv6, .ethernet)
    #expect(tagged.vlan == VLANTag(identifier: 1, type: .ipv6))
    #expect(tagged.innerVLAN == nil && tagged.etherType == .ipv6)
    let three = decode(
      Self.macs + hex("9100 0001 88a8 0002 8100 0003 0800") + KernelPackets.udpOverIPv4, .ethernet)
    #expect(three.vlan == VLANTag(identifier: 1, type: .serviceVLAN))
    #expect(three.innerVLAN == VLANTag(identifier: 2, type: .vlan))
    #expect(three.etherType == .ipv4)
  }

  @Test("eight tags are walked, a ninth is refused")
  func tagLimit() {
    let eight = [1, 2, 3, 4, 5, 6, 7, 8].flatMap { [0x81, 0x00, 0x00, $0] as [UInt8] }
    let accepted = decode(
      Self.macs + eight + hex("0800") + KernelPackets.udpOverIPv4, .ethernet)
    #expect(accepted.problem == nil && accepted.networkOffset == 46)
    let refused = decode(
      Self.macs + eight + hex("8100 0009 0800") + KernelPackets.udpOverIPv4, .ethernet)
    #expect(refused.problem == PacketError(.vlan, at: 46, .tooMany(limit: 8)))
    #expect(refused.network == .none && refused.payload.lowerBound == 46)
  }

  @Test("what has no decoder is payload")
  func unknown() {
    let lldp = decode(Self.macs + hex("88cc 0207"), .ethernet, originalLength: 60)
    #expect(lldp.problem == nil && lldp.network == .none && lldp.transport == .none)
    #expect(lldp.etherType?.rawValue == 0x88cc && lldp.networkOffset == 14)
    #expect(lldp.payload == 14..<16 && lldp.payloadLength == 46)
    #expect(lldp.addresses == nil && lldp.ports == nil && lldp.protocolNumber == nil)

    let wifi = decode(hex("08000000"), LinkType(rawValue: 147), originalLength: 7)
    #expect(wifi.problem == nil && wifi.link == .none && wifi.etherType == nil)
    #expect(wifi.payload == 0..<4 && wifi.payloadLength == 7)
  }

  @Test("ARP is no payload, nor is the padding behind it")
  func arp() throws {
    let packet: ARPPacket = try parse(ARPPacketTests.distinct)
    let padding = [UInt8](repeating: 0, count: 18)
    let frame = decode(Self.macs + hex("0806") + ARPPacketTests.distinct + padding, .ethernet)
    #expect(frame.network == .arp(packet) && frame.problem == nil && frame.etherType == .arp)
    #expect(frame.networkOffset == 14 && frame.payload == 42..<42 && frame.payloadLength == 0)
    #expect(frame.addresses == nil && frame.ports == nil && frame.transport == .none)
  }

  @Test("an ARP packet of other address lengths is a problem, and shown")
  func otherARP() {
    let frame = decode(Self.macs + hex("0806 0001 0800 08 04 0001 0102"), .ethernet)
    #expect(frame.problem == PacketError(.arp, at: 18, .unsupported(0x0804)))
    #expect(frame.network == .none && frame.payload == 14..<24 && frame.payloadLength == 10)
  }

  @Test(
    "a family that nobody has named is a problem",
    arguments: [
      (LinkType.null, "07000000", 7), (.loop, "00000007", 7), (.loop, "02000000", 0x0200_0000),
    ] as [(LinkType, String, UInt32)])
  func unknownFamily(linkType: LinkType, header: String, family: UInt32) {
    let frame = decode(hex(header) + KernelPackets.udpOverIPv4, linkType)
    #expect(frame.problem == PacketError(.bsdLoopback, at: 0, .unsupported(family)))
    #expect(frame.network == .none && frame.payload == 4..<41)
  }

  @Test("raw octets of no IP version, or none at all, are a problem")
  func rawVersions() {
    for version in 0...15 as ClosedRange<UInt8> where version != 4 && version != 6 {
      let frame = decode([version << 4 | 5, 1], .raw)
      #expect(frame.problem == PacketError(.ipv4, at: 0, .unexpectedVersion(version)))
      #expect(frame.payload == 0..<2)
    }
    let empty = decode([], .raw)
    #expect(empty.problem == PacketError(.ipv4, at: 0, .truncated(needed: 1, available: 0)))
  }

  @Test("a type that says one version before a header of the other is a problem")
  func otherVersion() {
    let four = decode(Self.macs + hex("0800") + KernelPackets.synOverIPv6, .ethernet)
    #expect(four.problem == PacketError(.ipv4, at: 14, .unexpectedVersion(6)))
    let six = decode(Self.macs + hex("86dd") + KernelPackets.synOverIPv4, .ethernet)
    #expect(six.problem == PacketError(.ipv6, at: 14, .unexpectedVersion(4)))
  }

  @Test("a link of one version may carry the other, but no third one")
  func otherVersionOnLink() {
    #expect(
      decode(KernelPackets.synOverIPv6, .ipv4).network
        == decode(KernelPackets.synOverIPv6, .raw).network)
    #expect(
      decode(KernelPackets.synOverIPv4, .ipv6).network
        == decode(KernelPackets.synOverIPv4, .raw).network)
    let third = [0x35] + [UInt8](repeating: 0, count: 59)
    #expect(decode(third, .ipv4).problem == PacketError(.ipv4, at: 0, .unexpectedVersion(3)))
    #expect(decode(third, .ipv6).problem == PacketError(.ipv6, at: 0, .unexpectedVersion(3)))
  }

  @Test(
    "a cut link header is a problem of its own layer",
    arguments: [
      (.ethernet, 14, .ethernet), (.linuxSLL, 16, .linuxSLL), (.linuxSLL2, 20, .linuxSLL2),
      (.null, 4, .bsdLoopback), (.loop, 4, .bsdLoopback),
    ] as [(LinkType, Int, Layer)])
  func cutLink(linkType: LinkType, length: Int, layer: Layer) {
    for count in 0..<length {
      let frame = decode([UInt8](repeating: 0x10, count: count), linkType, originalLength: 100)
      let reason = PacketError.Reason.truncated(needed: length, available: count)
      #expect(frame.problem == PacketError(layer, at: 0, reason))
      #expect(frame.link == .none && frame.payload == 0..<count && frame.payloadLength == 100)
    }
  }

  @Test("a cut tag is a problem", arguments: 14..<18)
  func cutTag(count: Int) {
    let tagged = Self.macs + hex("8100 0001 0800")
    let frame = decode(Array(tagged.prefix(count)), .ethernet)
    let reason = PacketError.Reason.truncated(needed: 4, available: count - 14)
    #expect(frame.problem == PacketError(.vlan, at: 14, reason))
    #expect(frame.payload == 14..<count)
  }
}

/// Decodes in one call.
func decode(_ octets: [UInt8], _ linkType: LinkType, originalLength: Int? = nil) -> Frame {
  Frame(decoding: octets.span, linkType: linkType, originalLength: originalLength)
}
