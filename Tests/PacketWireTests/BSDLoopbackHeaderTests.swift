import PacketTestSupport
import PacketWire
import Testing

@Suite("BSD loopback header (LINKTYPE_NULL, LINKTYPE_LOOP)")
struct BSDLoopbackHeaderTests {
  @Test(
    "the family is read in either order from a null header, in network order from a loop one",
    arguments: [
      ("1e000000", LinkType.null, 30 as UInt32, false),
      ("0000001e", .null, 30, true),
      ("0000ffff", .null, 0xffff, true),
      ("00000100", .null, 0x100, true),
      ("00010000", .null, 0x100, false),
      ("01020304", .null, 0x0403_0201, false),
      ("01020304", .loop, 0x0102_0304, true),
      ("02000000", .loop, 0x0200_0000, true),
    ])
  func fields(text: String, linkType: LinkType, family: UInt32, isBigEndian: Bool) throws {
    let header = try parse(hex(text), linkType)
    #expect(header == BSDLoopbackHeader(family: family, isBigEndian: isBigEndian))
    #expect(octets(of: header) == hex(text))
  }

  @Test("random octets are written back unchanged", arguments: [LinkType.null, .loop])
  func randomRoundTrip(linkType: LinkType) throws {
    var rng = SeededRNG(seed: 1)
    for _ in 0..<1_000 {
      let input = rng.bytes(count: 4)
      #expect(octets(of: try parse(input, linkType)) == input)
    }
  }

  @Test("families of every system", arguments: 0..<40 as Range<UInt32>)
  func families(number: UInt32) {
    let expected: [UInt32: IPFamily] = [2: .v4, 10: .v6, 24: .v6, 28: .v6, 30: .v6]
    #expect(BSDLoopbackHeader(family: number).ipFamily == expected[number])
  }

  @Test(arguments: 0..<4)
  func truncation(count: Int) {
    let reason = PacketError.Reason.truncated(needed: 4, available: count)
    #expect(throws: PacketError(.bsdLoopback, at: 100, reason)) {
      try parse(Array(hex("1e000000").prefix(count)), .null)
    }
  }

  @Test func builtFromFields() {
    #expect(octets(of: BSDLoopbackHeader(family: 2)) == hex("00000002"))
    #expect(octets(of: BSDLoopbackHeader(family: 30, isBigEndian: false)) == hex("1e000000"))
  }

  private func parse(
    _ octets: [UInt8], _ linkType: LinkType
  ) throws(PacketError) -> BSDLoopbackHeader {
    var reader = PacketReader(octets.span, offset: 100)
    return try BSDLoopbackHeader(parsing: &reader, linkType: linkType)
  }

  private func octets(of header: BSDLoopbackHeader) -> [UInt8] {
    [UInt8](capacity: BSDLoopbackHeader.length) { header.write(to: &$0) }
  }
}
