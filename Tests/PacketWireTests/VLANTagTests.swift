import PacketTestSupport
import PacketWire
import Testing

@Suite("VLAN tag (IEEE 802.1Q §9.6)")
struct VLANTagTests {
  /// PCP 5, DEI, VID 0xabc, then IPv4.
  static let distinct = hex("babc 0800")

  @Test func fields() throws {
    let tag: VLANTag = try parse(Self.distinct)
    #expect(tag.control == 0xbabc)
    #expect(tag.priority == 5 && tag.isDropEligible && tag.identifier == 0xabc)
    #expect(tag.type == .ipv4)
  }

  @Test("each field is read from its own bits")
  func lonelyFields() throws {
    let priority: VLANTag = try parse(hex("e000 0000"))
    #expect(priority.priority == 7 && !priority.isDropEligible && priority.identifier == 0)
    let eligible: VLANTag = try parse(hex("1000 0000"))
    #expect(eligible.priority == 0 && eligible.isDropEligible && eligible.identifier == 0)
    let identifier: VLANTag = try parse(hex("0fff 0000"))
    #expect(identifier.priority == 0 && !identifier.isDropEligible)
    #expect(identifier.identifier == 4_095)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: VLANTag.self) }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...8, as: VLANTag.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(of: Self.distinct, takenIn: [4], by: .vlan, as: VLANTag.self)
  }

  @Test func builtFromFields() {
    let tag = VLANTag(identifier: 0xabc, priority: 5, isDropEligible: true, type: .ipv4)
    #expect(octets(of: tag) == Self.distinct)
    #expect(octets(of: VLANTag(identifier: 1, type: .arp)) == hex("0001 0806"))
  }

  @Test("fields keep to their own bits")
  func excessBits() {
    let tag = VLANTag(identifier: 0xf001, priority: 0xfa, type: .ipv4)
    #expect(tag.control == 0x4001)
  }
}
