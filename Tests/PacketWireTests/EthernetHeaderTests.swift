import PacketTestSupport
import PacketWire
import Testing

@Suite("Ethernet II header (IEEE 802.3 §3.2)")
struct EthernetHeaderTests {
  static let distinct = hex("020304050607  121314151617  86dd")

  @Test func fields() throws {
    let header: EthernetHeader = try parse(Self.distinct)
    #expect(header.destination == MACAddress(bits: 0x0203_0405_0607))
    #expect(header.source == MACAddress(bits: 0x1213_1415_1617))
    #expect(header.type == .ipv6)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: EthernetHeader.self) }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...20, as: EthernetHeader.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.distinct, takenIn: [14], by: .ethernet, as: EthernetHeader.self)
  }

  @Test func builtFromFields() {
    let header = EthernetHeader(
      from: MACAddress(bits: 0x1213_1415_1617), to: MACAddress(bits: 0x0203_0405_0607), type: .ipv6)
    #expect(octets(of: header) == Self.distinct)
  }
}
