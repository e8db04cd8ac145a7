import PacketTestSupport
import PacketWire
import Testing

@Suite("802.11 and radiotap headers (IEEE 802.11 §9.2.3)")
struct IEEE80211HeaderTests {
  /// Duration, three addresses and sequence control.
  static let common = hex("0102 111111111111 222222222222 333333333333 4445")

  @Test func dataBetweenAccessPoints() throws {
    // QoS data, to and from DS, protected, with HT control.
    let octetsOnWire = hex("88c3") + Self.common + hex("666666666666 7778 99aabbcc")
    let header: IEEE80211Header = try parse(octetsOnWire)
    #expect(header.kind == .data && header.subtype == 8 && header.isQoS && !header.isEmptyData)
    #expect(header.isToDistribution && header.isFromDistribution && header.isProtected)
    #expect(header.hasOrder && header.duration == 0x0102)
    #expect(header.address1?.bits == 0x1111_1111_1111 && header.address2?.bits == 0x2222_2222_2222)
    #expect(header.address3?.bits == 0x3333_3333_3333 && header.address4?.bits == 0x6666_6666_6666)
    #expect(header.sequenceControl == 0x4445 && header.qosControl == 0x7778)
    #expect(header.htControl == 0x99aa_bbcc && header.length == 36)
    try expectRoundTrip(of: octetsOnWire, as: IEEE80211Header.self)
    expectEveryPrefixIsRefused(
      of: octetsOnWire, takenIn: [2, 2, 6, 6, 6, 2, 6, 2, 4], by: .ieee80211,
      as: IEEE80211Header.self)
  }

  @Test(
    "what a header holds follows from its type",
    arguments: [
      ("0800", 24), ("0801", 24), ("0803", 30), ("8800", 26), ("8880", 30), ("0880", 24),
      ("8000", 24), ("8080", 28), ("d400", 10), ("c400", 10), ("b400", 16), ("1c00", 2),
    ] as [(String, Int)])
  func lengths(control: String, length: Int) throws {
    let header: IEEE80211Header = try parse(
      hex(control) + [UInt8](repeating: 7, count: 40))
    #expect(header.length == length)
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 2...40, as: IEEE80211Header.self)
    expectRandomRoundTrip(seed: seed, lengths: 4...10, as: RadiotapHeader.self)
  }

  @Test func radiotap() throws {
    let octetsOnWire = hex("01 02 0403 08070605")
    let header: RadiotapHeader = try parse(octetsOnWire)
    #expect(header.version == 1 && header.padding == 2)
    #expect(header.wholeLength == 0x0304 && header.present == 0x0506_0708)
    try expectRoundTrip(of: octetsOnWire, as: RadiotapHeader.self)
    expectEveryPrefixIsRefused(
      of: octetsOnWire, takenIn: [8], by: .radiotap, as: RadiotapHeader.self)
    let built = RadiotapHeader(wholeLength: 9, present: 0x8000_0001)
    #expect(octets(of: built) == hex("00 00 0900 01000080"))
  }
}
