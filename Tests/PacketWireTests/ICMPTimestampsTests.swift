import PacketTestSupport
import PacketWire
import Testing

@Suite("ICMP timestamps (RFC 792)")
struct ICMPTimestampsTests {
  static let distinct = hex("01020304 05060708 890a0b0c")

  @Test func fields() throws {
    let stamps: ICMPTimestamps = try parse(Self.distinct)
    #expect(stamps.originate.rawValue == 0x0102_0304 && stamps.receive.rawValue == 0x0506_0708)
    #expect(stamps.transmit.rawValue == 0x890a_0b0c)
    #expect(stamps.originate.milliseconds == 0x0102_0304)
    #expect(stamps.receive.milliseconds == 0x0506_0708 && stamps.transmit.milliseconds == nil)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: ICMPTimestamps.self) }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...24, as: ICMPTimestamps.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.distinct, takenIn: [12], by: .icmpv4, as: ICMPTimestamps.self)
  }

  @Test func builtFromFields() {
    let stamps = ICMPTimestamps(originate: ICMPTimestamp(rawValue: 7))
    #expect(octets(of: stamps) == hex("00000007 00000000 00000000"))
  }

  @Test(
    "the time of day in milliseconds",
    arguments: [
      (0, 0), (999_999, 0), (1_000_000, 1), (86_399_999_999_999, 86_399_999),
      (86_400_000_000_000, 0), (1_700_000_000_123_456_789, 80_000_123), (-1_000_000, 86_399_999),
    ] as [(Int64, UInt32)])
  func timeOfDay(nanoseconds: Int64, expected: UInt32) {
    let stamp = ICMPTimestamp(WallInstant(nanoseconds: nanoseconds))
    #expect(stamp.rawValue == expected && stamp.milliseconds == expected)
  }

  @Test func notATimeOfDay() {
    let stamp = ICMPTimestamp(nonStandard: 0x0123_4567_1234_5678)
    #expect(stamp.rawValue == 0x9234_5678 && stamp.milliseconds == nil)
    #expect(ICMPTimestamp(rawValue: 86_400_000).milliseconds == nil)
  }
}

@Suite("ICMP address mask (RFC 950)")
struct ICMPAddressMaskTests {
  @Test(
    arguments: [
      ("00000000", 0), ("80000000", 1), ("ffffff00", 24), ("fffffffe", 31), ("ffffffff", 32),
      ("ffff00ff", nil), ("00ffffff", nil), ("7fffffff", nil),
    ] as [(String, Int?)])
  func masks(text: String, length: Int?) throws {
    let mask: ICMPAddressMask = try parse(hex(text))
    #expect(mask.prefixLength == length)
    try expectRoundTrip(of: hex(text), as: ICMPAddressMask.self)
    if let length { #expect(ICMPAddressMask(prefixLength: length) == mask) }
  }

  @Test func fields() throws {
    let mask: ICMPAddressMask = try parse(hex("01020304"))
    #expect(mask.mask == IPv4Address(1, 2, 3, 4))
    #expect(octets(of: ICMPAddressMask()) == hex("00000000"))
    expectEveryPrefixIsRefused(
      of: hex("01020304"), takenIn: [4], by: .icmpv4, as: ICMPAddressMask.self)
  }
}
