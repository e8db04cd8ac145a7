import PacketTestSupport
import PacketWire
import Testing

@Suite("PPP, PPPoE and Cisco HDLC headers (RFC 1661 §2, RFC 2516 §4)")
struct PPPHeaderTests {
  @Test(
    "address and control, and the protocol's first octet, may be left out",
    arguments: [
      ("ff03c021", true, false, 0xc021, 4), ("c021", false, false, 0xc021, 2),
      ("21", false, true, 0x21, 1), ("ff0321", true, true, 0x21, 3),
    ] as [(String, Bool, Bool, UInt16, Int)])
  func forms(
    text: String, hasAddress: Bool, isCompressed: Bool, number: UInt16, length: Int
  ) throws {
    let header: PPPHeader = try parse(hex(text) + hex("aabb"))
    #expect(header.hasAddressAndControl == hasAddress)
    #expect(header.isProtocolCompressed == isCompressed)
    #expect(header.protocolNumber == PPPProtocol(rawValue: number) && header.length == length)
    try expectRoundTrip(of: hex(text), as: PPPHeader.self)
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...5, as: PPPHeader.self) { octets, rng in
      if Bool.random(using: &rng) { octets.insert(contentsOf: [0xff, 0x03], at: 0) }
    }
  }

  @Test func truncation() {
    let needsOne = PacketError.Reason.truncated(needed: 1, available: 0)
    for (text, offset) in [("", 100), ("ff03", 102), ("c0", 101), ("ff03c0", 103)] {
      #expect(throws: PacketError(.ppp, at: offset, needsOne)) {
        try parse(hex(text), at: 100, as: PPPHeader.self)
      }
    }
  }

  @Test func builtFromFields() {
    #expect(octets(of: PPPHeader(.ipv4)) == hex("ff030021"))
    #expect(octets(of: PPPHeader(.lcp, hasAddressAndControl: false)) == hex("c021"))
  }

  /// Version 2, type 3, code 4, session 0x5678, length 0x9abc.
  static let pppoe = hex("23 04 5678 9abc")

  @Test func pppoeFields() throws {
    let header: PPPoEHeader = try parse(Self.pppoe)
    #expect(header.version == 2 && header.type == 3 && header.code.rawValue == 4)
    #expect(header.session == 0x5678 && header.payloadLength == 0x9abc)
    try expectRoundTrip(of: Self.pppoe, as: PPPoEHeader.self)
    expectEveryPrefixIsRefused(of: Self.pppoe, takenIn: [6], by: .pppoe, as: PPPoEHeader.self)
    let built = PPPoEHeader(.confirmation, session: 7, payloadLength: 8)
    #expect(octets(of: built) == hex("1165 0007 0008"))
  }

  @Test func ciscoFields() throws {
    let octetsOnWire = hex("8f 12 3456")
    let header: CiscoHDLCHeader = try parse(octetsOnWire)
    #expect(header.address == 0x8f && header.control == 0x12 && header.type.rawValue == 0x3456)
    try expectRoundTrip(of: octetsOnWire, as: CiscoHDLCHeader.self)
    expectEveryPrefixIsRefused(
      of: octetsOnWire, takenIn: [4], by: .ciscoHDLC, as: CiscoHDLCHeader.self)
    #expect(octets(of: CiscoHDLCHeader(type: .ipv6)) == hex("0f00 86dd"))
  }
}
