import PacketTestSupport
import PacketWire
import Testing

@Suite("Linux cooked header (LINKTYPE_LINUX_SLL)")
struct LinuxSLLHeaderTests {
  static let distinct = hex("0004 0304 0006  08090a0b0c0d0e0f  0806")

  @Test func fields() throws {
    let header: LinuxSLLHeader = try parse(Self.distinct)
    #expect(header.packetType == .outgoing)
    #expect(header.hardwareType == 772)
    #expect(header.address.length == 6)
    #expect(header.address.bits == 0x0809_0a0b_0c0d_0e0f)
    #expect(header.type == .arp)
  }

  @Test("only an address of six octets is a MAC address")
  func mac() {
    let bits: UInt64 = 0x0809_0a0b_0c0d_0e0f
    #expect(LinuxLinkAddress(length: 6, bits: bits).mac == MACAddress(bits: 0x0809_0a0b_0c0d))
    #expect(LinuxLinkAddress(length: 5, bits: bits).mac == nil)
    #expect(LinuxLinkAddress(length: 8, bits: bits).mac == nil)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: LinuxSLLHeader.self) }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...24, as: LinuxSLLHeader.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.distinct, takenIn: [16], by: .linuxSLL, as: LinuxSLLHeader.self)
  }

  @Test func builtFromFields() {
    let header = LinuxSLLHeader(
      packetType: .outgoing, hardwareType: 772,
      address: LinuxLinkAddress(length: 6, bits: 0x0809_0a0b_0c0d_0e0f), type: .arp)
    #expect(octets(of: header) == Self.distinct)
  }
}
