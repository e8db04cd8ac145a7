import PacketTestSupport
import PacketWire
import Testing

@Suite("Multipath TCP options (RFC 8684 §3, RFC 6824 §3)")
struct MultipathOptionTests {
  typealias Option = MultipathOption

  /// Values, every field of which has a value of its own, and what they say; nil with a length that is
  /// not theirs.
  static let forms: [(String, Option.Content?)] = [
    ("01 a1", .capable(.init(version: 1, flags: 0xa1))),
    ("02 81 0102030405060708", .capable(.init(version: 2, flags: 0x81, senderKey: first))),
    (
      "00 01 0102030405060708 1112131415161718",
      .capable(.init(version: 0, flags: 1, senderKey: first, receiverKey: second))
    ),
    (
      "01 01 0102030405060708 1112131415161718 2122",
      .capable(
        .init(version: 1, flags: 1, senderKey: first, receiverKey: second, dataLength: 0x2122))
    ),
    (
      "01 01 0102030405060708 1112131415161718 2122 3132",
      .capable(
        .init(
          version: 1, flags: 1, senderKey: first, receiverKey: second, dataLength: 0x2122,
          checksum: 0x3132))
    ),
    ("01", nil), ("01 01 01", nil), ("01 01 0102030405060708 11", nil),
    (
      "11 05 01020304 05060708",
      .join(.request(isBackup: true, identifier: 5, token: 0x0102_0304, nonce: 0x0506_0708))
    ),
    (
      "10 06 0102030405060708 090a0b0c",
      .join(.response(isBackup: false, identifier: 6, code: first, nonce: 0x090a_0b0c))
    ),
    (
      "10 00 0102030405060708090a0b0c0d0e0f1011121314",
      .join(.confirmation(code: Array(1...20)))
    ),
    ("11 05 01020304 050607", nil),
    ("20 00", .sequence(.init(isLast: false))),
    ("20 11 01020304", .sequence(.init(isLast: true, acknowledgment: .short(0x0102_0304)))),
    (
      "20 03 0102030405060708",
      .sequence(.init(isLast: false, acknowledgment: .long(first)))
    ),
    // The width of what is not there means nothing.
    ("20 0a", .sequence(.init(isLast: false))),
    (
      "20 04 01020304 05060708 090a",
      .sequence(
        .init(isLast: false, mapping: mapping(.short(0x0102_0304), 0x0506_0708, 0x090a)))
    ),
    (
      "20 1d 01020304 1112131415161718 05060708 090a 0b0c",
      .sequence(
        .init(
          isLast: true, acknowledgment: .short(0x0102_0304),
          mapping: mapping(.long(second), 0x0506_0708, 0x090a, 0x0b0c)))
    ),
    (
      "20 0f 0102030405060708 1112131415161718 05060708 090a",
      .sequence(
        .init(
          isLast: false, acknowledgment: .long(first),
          mapping: mapping(.long(second), 0x0506_0708, 0x090a)))
    ),
    ("20", nil), ("20 01 010203", nil), ("20 01 01020304 0506", nil), ("20 03 01020304", nil),
    ("20 04 01020304 05060708 090a 0b", nil), ("20 00 0102", nil),
    ("34 03 c0000201", .addAddress(added(0, "192.0.2.1"))),
    ("34 03 c0000201 0050", .addAddress(added(0, "192.0.2.1", port: 80))),
    (
      "36 03 20010db8000000000000000000000001 0051",
      .addAddress(added(0, "2001:db8::1", port: 81))
    ),
    ("30 03 c0000201 0102030405060708", .addAddress(added(1, "192.0.2.1", code: first))),
    (
      "30 03 20010db8000000000000000000000001 0051 0102030405060708",
      .addAddress(added(1, "2001:db8::1", port: 81, code: first))
    ),
    ("31 03 c0000201", .addAddress(added(1, "192.0.2.1", isEcho: true))),
    (
      "36 03 20010db8000000000000000000000001", .addAddress(added(0, "2001:db8::1"))
    ),
    (
      "30 03 20010db8000000000000000000000001 0102030405060708",
      .addAddress(added(1, "2001:db8::1", code: first))
    ),
    ("34 03 20010db8000000000000000000000001", nil), ("36 03 c0000201", nil),
    ("30 03 c0000201", nil), ("31 03 c00002", nil), ("31", nil),
    ("40 03", .removeAddresses(identifiers: [3])),
    ("40 03 05 04", .removeAddresses(identifiers: [3, 5, 4])), ("40", nil),
    ("50", .priority(isBackup: false, identifier: nil)),
    ("51 07", .priority(isBackup: true, identifier: 7)), ("51 07 08", nil),
    ("60 00 0102030405060708", .fail(first)), ("60 00 01020304050607", nil),
    ("70 00 0102030405060708", .fastClose(key: first)), ("70 00 01020304050607 0809", nil),
    ("80 00", nil), ("f0", nil),
  ]

  static let first: UInt64 = 0x0102_0304_0506_0708
  static let second: UInt64 = 0x1112_1314_1516_1718

  static func mapping(
    _ number: Option.DataSequence.Number, _ subflow: UInt32, _ length: UInt16,
    _ checksum: UInt16? = nil
  ) -> Option.DataSequence.Mapping {
    .init(
      sequenceNumber: number, subflowSequenceNumber: subflow, dataLength: length,
      checksum: checksum)
  }

  static func added(
    _ version: UInt8, _ address: String, port: UInt16? = nil, code: UInt64? = nil,
    isEcho: Bool = false
  ) -> Option.AddAddress {
    .init(
      version: version, isEcho: isEcho, identifier: 3,
      address: IPAddress(address) ?? .v4(IPv4Address(bits: 0)), port: port, code: code)
  }

  @Test("what each says", arguments: forms)
  func content(text: String, expected: Option.Content?) throws {
    let wire = hex(text)
    let option: Option = try parse(wire)
    #expect(option.subtype == wire[0] >> 4 && option.length == wire.count)
    #expect(option.content == expected)
    try expectRoundTrip(of: wire, as: Option.self)
  }

  @Test("no value, and one that no header has room for")
  func lengths() throws {
    #expect(throws: PacketError(.tcp, at: 4, .truncated(needed: 1, available: 0))) {
      try parse([], at: 4, as: Option.self)
    }
    try expectRoundTrip(of: [UInt8](repeating: 0x40, count: 38), as: Option.self)
    #expect(throws: PacketError(.tcp, at: 4, .badOptionLength(kind: 30, length: 41))) {
      try parse([UInt8](repeating: 0x40, count: 39), at: 4, as: Option.self)
    }
  }

  @Test("random octets are written back, and never trap", arguments: 0..<4 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    for _ in 0..<2_000 {
      var wire = rng.bytes(count: Int.random(in: 1...38, using: &rng))
      wire[0] = wire[0] & 0x7f
      let option: Option = try parse(wire)
      #expect(octets(of: option) == wire)
      _ = option.content
    }
  }
}
