import PacketTestSupport
import PacketWire
import Testing

@Suite("Neighbor discovery options (RFC 4861 §4.6)")
struct NeighborOptionTests {
  static func address(_ low: UInt128) -> IPv6Address { IPv6Address(bits: 0x2001_0db8 << 96 | low) }

  static let prefix = NeighborOption.Prefix(
    address(7), length: 64, flags: 0xa5, validLifetime: 0x0102_0304, preferredLifetime: 0x0506_0708)

  /// Options, every field of which has a value of its own, and what they say.
  static let known: [(String, NeighborOption.Content?)] = [
    ("01 01 020304050607", .sourceLinkAddress(MACAddress(bits: 0x0203_0405_0607))),
    ("02 01 020304050608", .targetLinkAddress(MACAddress(bits: 0x0203_0405_0608))),
    (
      "03 04 40 a5 01020304 05060708 090a0b0c 20010db8 00000000 00000000 00000007",
      .prefix(prefix)
    ),
    ("04 02 010203040506 0708090a0b0c0d0e", .redirected(Array(7...14))),
    ("05 01 0102 00000500", .mtu(1280)),
    ("07 01 0102 00000501", .advertisementInterval(1281)),
    ("08 01 0102 0304 0506", .homeAgent(preference: 0x0304, lifetime: 0x0506)),
    ("0e 01 010203040506", .nonce(Array(1...6))),
    (
      "18 01 00 08 01020304",
      .route(IPv6Address(bits: 0), length: 0, flags: 8, lifetime: 0x0102_0304)
    ),
    (
      "18 02 30 18 01020304 20010db8 00050006",
      .route(address(0x5_0006 << 64), length: 48, flags: 0x18, lifetime: 0x0102_0304)
    ),
    (
      "18 03 80 18 01020304 20010db8 00000000 00000000 00000009",
      .route(address(9), length: 128, flags: 0x18, lifetime: 0x0102_0304)
    ),
    (
      "19 03 0102 01020304 20010db8 00000000 00000000 00000009",
      .nameServers([address(9)], lifetime: 0x0102_0304)
    ),
    (
      "19 06 0102 01020304 20010db8 00000000 00000000 00000009"
        + "20010db8 00000000 00000000 0000000a 0102030405060708",
      .nameServers([address(9), address(10)], lifetime: 0x0102_0304)
    ),
    (
      "26 02 0b3d 20010db8 00000001 00000002",
      .translation(address(1 << 64 | 2 << 32), lengthCode: 5, lifetime: 0x0b38)
    ),
    // Lengths that are not theirs, and kinds without a form.
    ("01 02 0203040506070809 0a0b0c0d0e0f", nil), ("03 01 010203040506", nil),
    ("05 02 0203040506070809 0a0b0c0d0e0f", nil), ("19 02 0203040506070809 0a0b0c0d0e0f", nil),
    ("26 01 010203040506", nil), ("fd 01 010203040506", nil),
    ("18 04 0102030405060708 090a0b0c0d0e0f10 1112131415161718 191a1b1c1d1e", nil),
  ]

  @Test("what each says", arguments: known)
  func content(text: String, expected: NeighborOption.Content?) throws {
    let wire = hex(text)
    let option: NeighborOption = try parse(wire)
    #expect(
      option.kind == wire[0] && option.length == wire.count && option.value[...] == wire[2...])
    #expect(option.content == expected)
    try expectRoundTrip(of: wire, as: NeighborOption.self)
    expectEveryPrefixIsRefused(
      of: wire, takenIn: [2, wire.count - 2], by: .icmpv6, as: NeighborOption.self)
    #expect(NeighborOption(kind: wire[0], value: Array(wire[2...])) == option)
  }

  @Test func flagsOfAPrefix() {
    #expect(Self.prefix.isOnLink && !Self.prefix.isAutonomous)
    var other = Self.prefix
    other.flags = 0x40
    #expect(!other.isOnLink && other.isAutonomous)
  }

  @Test("a length of none is refused")
  func noLength() {
    let error = PacketError(.icmpv6, at: 9, .badOptionLength(kind: 5, length: 0))
    #expect(throws: error) { try parse(hex("05 00 010203040506"), at: 9, as: NeighborOption.self) }
  }

  @Test("a length that cannot be said", arguments: [0, 5, 7, 13, 15, 2_038, 2_039, 2_046])
  func lengths(count: Int) {
    let option = NeighborOption(kind: 1, value: [UInt8](repeating: 1, count: count))
    #expect((option != nil) == (count == 2_038))
    if let option { #expect(octets(of: option).prefix(2) == [1, 255]) }
  }

  @Test("random octets are refused or written back", arguments: 0..<4 as Range<UInt64>)
  func random(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...80, as: NeighborOption.self) { input, rng in
      if input.count > 1 { input[1] = UInt8.random(in: 0...9, using: &rng) }
    }
    var rng = SeededRNG(seed: seed)
    for _ in 0..<1_000 {
      let count = 8 * Int.random(in: 1...9, using: &rng) - 2
      _ =
        NeighborOption(
          kind: UInt8.random(in: 0...40, using: &rng), value: rng.bytes(count: count))?.content
    }
  }
}
