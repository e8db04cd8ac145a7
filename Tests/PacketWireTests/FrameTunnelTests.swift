import PacketTestSupport
import PacketWire
import Testing

@Suite("Frame: tunnels and the rarer transports")
struct FrameTunnelTests {
  static let inner = KernelPackets.udpOverIPv4
  static let ethernet = FrameLinkTests.macs + hex("0800") + inner
  static let wireless = FrameEncapsulationTests.wifi + FrameEncapsulationTests.snap + inner

  static func udp(to port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    let length = UInt16(8 + payload.count)
    let ports: [UInt8] = [0x30, 0x39, UInt8(port >> 8), UInt8(port & 0xff)]
    return CarriedFrameTests.ipv4(
      17, ports + [UInt8(length >> 8), UInt8(length & 0xff), 0, 0] + payload)
  }

  private func carried(_ octets: [UInt8]) -> CarriedFrame? {
    Frame(decoding: octets.span, linkType: .ipv4).carried(in: octets.span)
  }

  /// The packet around, what is within it and where.
  static let tunnels: [([UInt8], LinkType, Int)] = [
    (CarriedFrameTests.ipv4(47, hex("0000 0800") + inner), .ipv4, 24),
    (CarriedFrameTests.ipv4(47, hex("2000 86dd 00000001") + KernelPackets.synOverIPv6), .ipv6, 28),
    (CarriedFrameTests.ipv4(47, hex("0000 6558") + ethernet), .ethernet, 24),
    (CarriedFrameTests.ipv4(47, hex("3001 880b 0000 0001 00000001 0021") + inner), .ppp, 32),
    (CarriedFrameTests.ipv4(47, hex("0000 8200") + wireless), .ieee80211, 24),
    (CarriedFrameTests.ipv4(47, hex("0000 8370") + wireless), .ieee80211, 24),
    (udp(to: 4789, hex("08000000 00000100") + ethernet), .ethernet, 36),
    (udp(to: 6081, hex("0000 6558 00000100") + ethernet), .ethernet, 36),
    (udp(to: 6081, hex("0200 0800 00000100 0102 8001 00000000") + inner), .ipv4, 44),
    (CarriedFrameTests.ipv4(51, hex("2f01 0000 00000001 00000002 0000 0800") + inner), .ipv4, 36),
    (CarriedFrameTests.ipv4(51, hex("0401 0000 00000001 00000002") + inner), .ipv4, 32),
  ]

  @Test("what is within is found", arguments: tunnels.indices)
  func isFound(index: Int) throws {
    let (octets, linkType, start) = Self.tunnels[index]
    let found = try #require(carried(octets))
    #expect(found.role == .tunnelled && found.linkType == linkType)
    #expect(found.octets == start..<octets.count && found.originalLength == octets.count - start)
    let within = decode(Array(octets[found.octets]), linkType)
    #expect(within.problem == nil && within.ports != nil)
  }

  @Test("what is no tunnel, or says too little, carries nothing")
  func carriesNothing() {
    for octets in [
      Self.udp(to: 4789, hex("00000000 00000100") + Self.ethernet),
      Self.udp(to: 4789, hex("08000000 000001")), Self.udp(to: 4789, hex("08000000 00000100")),
      Self.udp(to: 6081, hex("4000 6558 00000100") + Self.ethernet),
      Self.udp(to: 6081, hex("0000 1234 00000100") + Self.ethernet),
      Self.udp(to: 6081, hex("3f00 6558 00000100 00")),
      Self.udp(to: 4790, hex("08000000 00000100") + Self.ethernet),
      CarriedFrameTests.ipv4(47, hex("4000 0800 00000000") + Self.inner),
      CarriedFrameTests.ipv4(47, hex("0002 0800") + Self.inner),
      CarriedFrameTests.ipv4(47, hex("2001 880b 0000 0001") + Self.inner),
      CarriedFrameTests.ipv4(47, hex("0000 8201 aabb")),
      CarriedFrameTests.ipv4(47, hex("0000 8380 aabb")),
    ] { #expect(carried(octets) == nil) }
  }

  @Test("the authentication header is stepped over")
  func authentication() {
    let octets = CarriedFrameTests.ipv4(
      51, hex("1104 0000 00000001 00000002 aabbccdd eeff0011 22334455 0035 0036 0008 0000"))
    let frame = decode(octets, .ipv4)
    #expect(frame.problem == nil && frame.protocolNumber == .udp && frame.transportOffset == 44)
    #expect(frame.ports?.source == 53 && frame.ports?.destination == 54)
    let short = decode(CarriedFrameTests.ipv4(51, hex("1100 0000 00000001")), .ipv4)
    #expect(short.problem == PacketError(.authentication, at: 21, .badHeaderLength(8)))
    let cut = decode(CarriedFrameTests.ipv4(51, hex("1104 0000 00000001")), .ipv4)
    #expect(
      cut.problem
        == PacketError(.authentication, at: 22, .truncated(needed: 22, available: 6)))
    let twice = decode(
      CarriedFrameTests.ipv4(51, hex("3301 0000 00000001 00000002 1101 0000")), .ipv4)
    #expect(twice.problem == PacketError(.authentication, at: 32, .unsupported(51)))
  }

  @Test("the ports of every transport that has some")
  func ports() {
    let body = hex("0102 0304") + [UInt8](repeating: 0, count: 12)
    for (number, length) in [(33, 12), (132, 12), (136, 8)] as [(UInt8, Int)] {
      let frame = decode(CarriedFrameTests.ipv4(number, body), .ipv4)
      #expect(frame.problem == nil && frame.payload == 20 + length..<36)
      #expect(frame.ports?.source == 0x0102 && frame.ports?.destination == 0x0304)
    }
    for (number, layer) in [(2, .igmp), (33, .dccp), (47, .gre), (50, .esp), (132, .sctp)]
      as [(UInt8, Layer)]
    {
      let cut = decode(CarriedFrameTests.ipv4(number, [0, 1]), .ipv4)
      #expect(cut.problem?.layer == layer && cut.ports == nil)
    }
    let igmp = decode(CarriedFrameTests.ipv4(2, hex("1600 0000 e0000001")), .ipv4)
    #expect(igmp.transport == .igmp(IGMPHeader(type: 0x16, group: IPv4Address(bits: 0xe000_0001))))
  }
}
