import PacketTestSupport
import PacketWire
import Testing

@Suite("MPLS label stack entry (RFC 3032 §2.1)")
struct MPLSLabelTests {
  /// Label 0x12345, traffic class 5, bottom of stack, 0x67 hops.
  static let distinct = hex("12345b67")

  @Test func fields() throws {
    let label: MPLSLabel = try parse(Self.distinct)
    #expect(label.label == 0x12345 && label.trafficClass == 5)
    #expect(label.isBottomOfStack && label.timeToLive == 0x67)
  }

  @Test("each field is read from its own bits")
  func lonelyFields() throws {
    let label: MPLSLabel = try parse(hex("fffff000"))
    #expect(label.label == 0xfffff && label.trafficClass == 0 && !label.isBottomOfStack)
    let rest: MPLSLabel = try parse(hex("00000eff"))
    #expect(rest.label == 0 && rest.trafficClass == 7 && !rest.isBottomOfStack)
    #expect(rest.timeToLive == 0xff)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: MPLSLabel.self) }

  @Test func truncation() {
    expectEveryPrefixIsRefused(of: Self.distinct, takenIn: [4], by: .mpls, as: MPLSLabel.self)
  }

  @Test func builtFromFields() {
    let label = MPLSLabel(
      label: 0xf001_2345, trafficClass: 0xfd, isBottomOfStack: true, timeToLive: 0x67)
    #expect(octets(of: label) == Self.distinct)
    #expect(
      octets(of: MPLSLabel(label: 1, isBottomOfStack: false, timeToLive: 2)) == hex("00001002"))
  }
}
