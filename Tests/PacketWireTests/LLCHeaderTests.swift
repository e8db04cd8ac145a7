import PacketTestSupport
import PacketWire
import Testing

@Suite("LLC and SNAP headers (IEEE 802.2 §5.2, IEEE 802 §9.2.3)")
struct LLCHeaderTests {
  @Test func unnumbered() throws {
    let header: LLCHeader = try parse(hex("1021 73 ff"))
    #expect(header.destination == 0x10 && header.source == 0x21)
    #expect(header.control == 0x73 && header.isUnnumbered && header.length == 3)
    #expect(!header.carriesSNAP)
  }

  @Test("information and supervisory frames have a second octet of control", arguments: [0, 1, 2])
  func numbered(low: UInt8) throws {
    let header: LLCHeader = try parse([0x10, 0x21, 0x40 | low, 0x35])
    #expect(header.control == 0x4035 | UInt16(low) << 8)
    #expect(!header.isUnnumbered && header.length == 4)
  }

  @Test("SNAP follows 0xaa, 0xaa, UI and nothing else")
  func announcesSNAP() throws {
    #expect(try parse(hex("aaaa03"), as: LLCHeader.self).carriesSNAP)
    for other in ["abaa03", "aaab03", "aaaa13", "aaaa0003"] {
      #expect(!(try parse(hex(other), as: LLCHeader.self).carriesSNAP), "\(other)")
    }
  }

  @Test func roundTrip() throws {
    try expectRoundTrip(of: hex("102173"), as: LLCHeader.self)
    try expectRoundTrip(of: hex("1021 4035"), as: LLCHeader.self)
    try expectRoundTrip(of: hex("00000c 2004"), as: SNAPHeader.self)
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...6, as: LLCHeader.self)
    expectRandomRoundTrip(seed: seed, lengths: 3...8, as: SNAPHeader.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(of: hex("102173"), takenIn: [3], by: .llc, as: LLCHeader.self)
    #expect(
      throws: PacketError(.llc, at: 103, .truncated(needed: 1, available: 0))
    ) { try parse(hex("102142"), at: 100, as: LLCHeader.self) }
    expectEveryPrefixIsRefused(
      of: hex("00000c2004"), takenIn: [5], by: .llc, as: SNAPHeader.self)
  }

  @Test func builtFromFields() {
    #expect(octets(of: LLCHeader(to: 0xaa, from: 0xaa, unnumbered: 3)) == hex("aaaa03"))
    #expect(octets(of: LLCHeader(to: 1, from: 2, unnumbered: 0x60)) == hex("010263"))
    #expect(octets(of: SNAPHeader(protocolNumber: 0x0806)) == hex("000000 0806"))
    let wide = SNAPHeader(organization: 0x1234_5679, protocolNumber: 1)
    #expect(wide.organization == 0x34_5679 && octets(of: wide) == hex("345679 0001"))
    let other = SNAPHeader(organization: 0xff12_3456, protocolNumber: 0x789a)
    #expect(octets(of: other) == hex("123456 789a"))
  }

  @Test("the number is an EtherType for two organizations")
  func types() {
    #expect(SNAPHeader(protocolNumber: 0x0800).type == .ipv4)
    #expect(SNAPHeader(organization: 0xf8, protocolNumber: 0x86dd).type == .ipv6)
    #expect(SNAPHeader(organization: 0x0c, protocolNumber: 0x0800).type == nil)
  }
}
