import PacketTestSupport
import PacketWire
import Testing

@Suite("Linux cooked header, version 2 (LINKTYPE_LINUX_SLL2)")
struct LinuxSLL2HeaderTests {
  static let distinct = hex("86dd 0203  04050607  0304 02 06  0c0d0e0f10111213")

  @Test func fields() throws {
    let header: LinuxSLL2Header = try parse(Self.distinct)
    #expect(header.type == .ipv6)
    #expect(header.reserved == 0x0203)
    #expect(header.interfaceIndex == 0x0405_0607)
    #expect(header.hardwareType == 772)
    #expect(header.packetType == .multicast)
    #expect(header.address.length == 6)
    #expect(header.address.bits == 0x0c0d_0e0f_1011_1213)
    #expect(header.address.mac == MACAddress(bits: 0x0c0d_0e0f_1011))
  }

  @Test func roundTrip() throws {
    try expectRoundTrip(of: Self.distinct, as: LinuxSLL2Header.self)
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...28, as: LinuxSLL2Header.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.distinct, takenIn: [20], by: .linuxSLL2, as: LinuxSLL2Header.self)
  }

  @Test("built from fields; of packet type and address length the low octet counts")
  func builtFromFields() {
    var header = LinuxSLL2Header(
      type: .ipv6, interfaceIndex: 0x0405_0607, hardwareType: 772,
      packetType: LinuxPacketType(rawValue: 0xff02),
      address: LinuxLinkAddress(length: 0xff06, bits: 0x0c0d_0e0f_1011_1213))
    #expect(header.reserved == 0)
    header.reserved = 0x0203
    #expect(octets(of: header) == Self.distinct)
  }
}
