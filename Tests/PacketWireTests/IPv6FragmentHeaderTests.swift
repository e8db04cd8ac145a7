import PacketTestSupport
import PacketWire
import Testing

@Suite("IPv6 fragment header (RFC 8200 §4.5)")
struct IPv6FragmentHeaderTests {
  /// UDP, reserved 2, offset 0x0ab8 octets, reserved bits 2, M, identification.
  static let distinct = hex("11 02 0abd 04050607")

  @Test func fields() throws {
    let header: IPv6FragmentHeader = try parse(Self.distinct)
    #expect(header.nextHeader == .udp && header.reserved == 2)
    #expect(header.fragmentOffset == 0x0ab8 && header.moreFragments)
    #expect(header.identification == 0x0405_0607)
  }

  @Test("offset and flag are read from their own bits")
  func lonelyFields() throws {
    let last: IPv6FragmentHeader = try parse(hex("11 00 fffe 00000000"))
    #expect(last.fragmentOffset == 65_528 && !last.moreFragments)
    let first: IPv6FragmentHeader = try parse(hex("11 00 0007 00000000"))
    #expect(first.fragmentOffset == 0 && first.moreFragments)
    #expect(last.isFragment && first.isFragment)
    let whole: IPv6FragmentHeader = try parse(hex("11 00 0006 00000000"))
    #expect(!whole.isFragment)
  }

  @Test func roundTrip() throws {
    try expectRoundTrip(of: Self.distinct, as: IPv6FragmentHeader.self)
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 4...12, as: IPv6FragmentHeader.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.distinct, takenIn: [8], by: .ipv6Extension, as: IPv6FragmentHeader.self)
  }

  @Test func builtFromFields() {
    var header = IPv6FragmentHeader(
      nextHeader: .udp, fragmentOffset: 0x0abf, moreFragments: true, identification: 0x0405_0607)
    #expect(octets(of: header) == hex("11 00 0ab9 04050607"))
    (header.reserved, header.offsetAndFlags) = (2, header.offsetAndFlags | 4)
    #expect(octets(of: header) == Self.distinct)
    let last = IPv6FragmentHeader(
      nextHeader: .udp, fragmentOffset: 8, moreFragments: false, identification: 1)
    #expect(octets(of: last) == hex("11 00 0008 00000001"))
  }
}
