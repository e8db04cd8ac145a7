import PacketTestSupport
import PacketWire
import Testing

@Suite("Frame Relay header (RFC 2427 §3)")
struct FrameRelayHeaderTests {
  typealias Encapsulation = FrameRelayHeader.Encapsulation

  static let forms: [(String, Int, UInt32, Encapsulation)] = [
    ("48e1 86dd", 2, 0x48e1, .etherType(.ipv6)),
    ("1841 03cc", 2, 0x1841, .multiprotocol(isPadded: false, .ipv4)),
    ("1841 0300 80", 2, 0x1841, .multiprotocol(isPadded: true, .snap)),
    ("80ea9d 0800", 3, 0x80ea9d, .etherType(.ipv4)),
    ("b0003a01 038e", 4, 0xb000_3a01, .multiprotocol(isPadded: false, .ipv6)),
  ]

  @Test("addresses of two to four octets, and what follows", arguments: forms)
  func fields(text: String, addressLength: Int, address: UInt32, follows: Encapsulation) throws {
    let header: FrameRelayHeader = try parse(hex(text) + hex("aabb"))
    #expect(header.addressLength == addressLength && header.address == address)
    #expect(header.encapsulation == follows)
    #expect(header.length == hex(text).count)
    try expectRoundTrip(of: hex(text), as: FrameRelayHeader.self)
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...9, as: FrameRelayHeader.self) { octets, rng in
      if Bool.random(using: &rng), octets.count > 3 { octets.insert(contentsOf: [3, 0], at: 2) }
    }
  }

  @Test func truncation() {
    for (text, offset, needed, available) in [
      ("", 100, 1, 0), ("10", 101, 1, 0), ("1841", 102, 2, 0), ("184103", 102, 2, 1),
      ("18410300", 104, 1, 0), ("80ea9d08", 103, 2, 1),
    ] {
      #expect(
        throws: PacketError(
          .frameRelay, at: offset, .truncated(needed: needed, available: available))
      ) { try parse(hex(text), at: 100, as: FrameRelayHeader.self) }
    }
  }

  @Test func addressesThatCannotBe() {
    #expect(throws: PacketError(.frameRelay, at: 7, .badHeaderLength(1))) {
      try parse(hex("11 0800"), at: 7, as: FrameRelayHeader.self)
    }
    #expect(throws: PacketError(.frameRelay, at: 7, .tooMany(limit: 4))) {
      try parse(hex("10 20 30 40 51 0800"), at: 7, as: FrameRelayHeader.self)
    }
  }

  @Test func builtFromFields() throws {
    let header = FrameRelayHeader(connection: 0x2a5, encapsulation: .etherType(.ipv4))
    #expect(octets(of: header) == hex("a851 0800"))
    #expect(header.connection == 0x2a5)
    let parsed: FrameRelayHeader = try parse(hex("48e1 86dd"))
    #expect(parsed.connection == 0x12e)
    // Each of the ten bits.
    for bit in 0..<10 {
      let one = FrameRelayHeader(connection: 1 << bit, encapsulation: .etherType(.ipv4))
      #expect(one.connection == 1 << bit)
      #expect(octets(of: one)[0] == (bit < 4 ? 0 : 4 << (bit - 4)))
    }
  }
}
