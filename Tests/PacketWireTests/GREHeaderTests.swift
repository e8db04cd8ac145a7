import PacketTestSupport
import PacketWire
import Testing

@Suite("GRE header (RFC 2784 §2, RFC 2890 §2, RFC 2637 §4.1)")
struct GREHeaderTests {
  @Test func everything() throws {
    let octetsOnWire = hex("b000 6558 0102 0304 05060708 090a0b0c")
    let header: GREHeader = try parse(octetsOnWire)
    #expect(header.protocolType == .transparentBridging && header.version == 0)
    #expect(header.hasChecksum && !header.hasRouting && header.hasKey && header.hasSequenceNumber)
    #expect(header.checksum == 0x0102 && header.routingOffset == 0x0304)
    #expect(header.key == 0x0506_0708 && header.sequenceNumber == 0x090a_0b0c)
    #expect(!header.hasAcknowledgment && header.length == 16)
    try expectRoundTrip(of: octetsOnWire, as: GREHeader.self)
    expectEveryPrefixIsRefused(
      of: octetsOnWire, takenIn: [4, 4, 4, 4], by: .gre, as: GREHeader.self)
  }

  @Test func tunnelOfPPP() throws {
    let octetsOnWire = hex("3081 880b 0010 1234 00000005 00000006")
    let header: GREHeader = try parse(octetsOnWire)
    #expect(header.version == 1 && header.callIdentifier == 0x1234)
    #expect(header.sequenceNumber == 5 && header.acknowledgmentNumber == 6)
    try expectRoundTrip(of: octetsOnWire, as: GREHeader.self)
  }

  @Test(
    "each flag adds its own field",
    arguments: [
      ("0000", 4), ("8000", 8), ("4000", 8), ("c000", 8), ("2000", 8), ("1000", 8), ("0080", 4),
      ("0081", 8), ("b081", 20), ("b087", 4), ("0800", 4), ("0002", 4),
    ] as [(String, Int)])
  func lengths(flags: String, length: Int) throws {
    let header: GREHeader = try parse(hex(flags) + [UInt8](repeating: 1, count: 30))
    #expect(header.length == length)
    #expect(header.isKnownVersion == (flags.last.map { "01".contains($0) } ?? false))
  }

  @Test("fields that are not there are zero")
  func absent() throws {
    for header in [try parse(hex("0000 0800")), GREHeader(.ipv4)] {
      #expect(header.checksum == 0 && header.routingOffset == 0 && header.key == 0)
      #expect(header.sequenceNumber == 0 && header.acknowledgmentNumber == 0)
    }
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 2...24, as: GREHeader.self)
  }

  @Test func builtFromFields() {
    #expect(octets(of: GREHeader(.ipv4)) == hex("0000 0800"))
    #expect(octets(of: GREHeader(.ipv6, key: 7)) == hex("2000 86dd 00000007"))
    let both = GREHeader(.ipv6, key: 7, sequenceNumber: 8)
    #expect(octets(of: both) == hex("3000 86dd 00000007 00000008"))
  }
}

@Suite("VXLAN, Geneve and ESP headers (RFC 7348 §5, RFC 8926 §3.4, RFC 4303 §2)")
struct OverlayHeaderTests {
  @Test func vxlan() throws {
    let octetsOnWire = hex("f7010203 04050607")
    let header: VXLANHeader = try parse(octetsOnWire)
    #expect(header.flags == 0xf7 && !header.hasIdentifier && header.identifier == 0x04_0506)
    try expectRoundTrip(of: octetsOnWire, as: VXLANHeader.self)
    expectEveryPrefixIsRefused(
      of: octetsOnWire, takenIn: [8], by: .vxlan, as: VXLANHeader.self)
    #expect(octets(of: VXLANHeader(identifier: 0xff12_3456)) == hex("08000000 12345600"))
    #expect(VXLANHeader(identifier: 1).hasIdentifier)
  }

  @Test func geneve() throws {
    let octetsOnWire = hex("458f 0800 01020304")
    let header: GeneveHeader = try parse(octetsOnWire)
    #expect(header.version == 1 && header.optionsLength == 20)
    #expect(header.isControl && !header.hasCriticalOptions)
    #expect(header.protocolType == .ipv4 && header.identifier == 0x01_0203)
    #expect(try parse(hex("0040 0000 00000000"), as: GeneveHeader.self).hasCriticalOptions)
    try expectRoundTrip(of: octetsOnWire, as: GeneveHeader.self)
    expectEveryPrefixIsRefused(
      of: octetsOnWire, takenIn: [8], by: .geneve, as: GeneveHeader.self)
    let built = GeneveHeader(.transparentBridging, identifier: 0xff12_3456)
    #expect(octets(of: built) == hex("0000 6558 12345600"))
  }

  @Test func esp() throws {
    let octetsOnWire = hex("01020304 05060708")
    let header: ESPHeader = try parse(octetsOnWire)
    #expect(header.securityParametersIndex == 0x0102_0304 && header.sequenceNumber == 0x0506_0708)
    try expectRoundTrip(of: octetsOnWire, as: ESPHeader.self)
    expectEveryPrefixIsRefused(of: octetsOnWire, takenIn: [8], by: .esp, as: ESPHeader.self)
    let built = ESPHeader(securityParametersIndex: 1, sequenceNumber: 2)
    #expect(octets(of: built) == hex("00000001 00000002"))
  }
}
