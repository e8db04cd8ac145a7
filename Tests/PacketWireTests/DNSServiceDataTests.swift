import PacketTestSupport
import PacketWire
import Testing

@Suite("DNS records of services (RFC 2782, RFC 3403, RFC 8659, RFC 9460) and options (RFC 6891)")
struct DNSServiceDataTests {
  static let name = DNSName(labels: [[0x61], [0x62]]) ?? .root

  static let fitting: [(DNSType, String, DNSRecordData)] = [
    (
      .srv, "0102 0304 0506 0161 0162 00",
      .service(DNSService(priority: 0x0102, weight: 0x0304, port: 0x0506, target: name))
    ),
    (
      .naptr, "0102 0304 0155 02 3031 03 414243 0161 0162 00",
      .rewriteRule(
        DNSRewriteRule(
          order: 0x0102, preference: 0x0304, flags: [0x55], services: [0x30, 0x31],
          expression: [0x41, 0x42, 0x43], replacement: name))
    ),
    (
      .caa, "80 05 6973737565 0102",
      .certificateIssuer(
        DNSCertificateIssuer(flags: 0x80, tag: Array("issue".utf8), value: [1, 2]))
    ),
    (
      .caa, "00 00",
      .certificateIssuer(DNSCertificateIssuer(flags: 0, tag: [], value: []))
    ),
    (.https, "0001 00", .serviceBinding(DNSServiceBinding(priority: 1, target: .root))),
    (
      .svcb, "0102 0161 0162 00 0003 0002 01bb 0005 0000",
      .serviceBinding(
        DNSServiceBinding(
          priority: 0x0102, target: name,
          parameters: [.init(key: 3, value: [1, 0xbb]), .init(key: 5, value: [])]))
    ),
    (
      .opt, "000a 0003 010203 000f 0000",
      .options([EDNSOption(.cookie, [1, 2, 3]), EDNSOption(.extendedError, [])])
    ),
  ]

  @Test("content that fits its type", arguments: fitting)
  func fits(type: DNSType, text: String, expected: DNSRecordData) throws {
    #expect(try DNSContent.read(type, hex(text)) == expected)
  }

  @Test("every shorter content is kept as it was, or means something shorter", arguments: fitting)
  func prefixes(type: DNSType, text: String, expected: DNSRecordData) throws {
    let whole = hex(text)
    for count in 0..<whole.count {
      #expect(try DNSContent.read(type, Array(whole.prefix(count))) != expected)
    }
  }

  @Test(
    "content that does not fit its type is kept as it was",
    arguments: [
      (.srv, "0102 0304 05"), (.srv, "0102 0304 0506"), (.srv, "0102 0304 0506 00 00"),
      (.naptr, "0102 03"), (.naptr, "0102 0304 0255"), (.naptr, "0102 0304 00 00 00"),
      (.caa, ""), (.caa, "80"), (.caa, "80 03 6162"),
      (.https, "00"), (.https, "0001"), (.https, "0001 00 0003 0002 01"), (.svcb, "0001 00 00"),
      (.opt, "00"), (.opt, "000a 00"), (.opt, "000a 0002 01"),
    ] as [(DNSType, String)])
  func opaque(type: DNSType, text: String) throws {
    #expect(try DNSContent.read(type, hex(text)) == .opaque(hex(text)))
  }

  @Test("random content is written back", arguments: [DNSType.srv, .naptr, .caa, .svcb, .opt])
  func random(type: DNSType) throws {
    var rng = SeededRNG(seed: UInt64(type.rawValue))
    for _ in 0..<300 {
      _ = try DNSContent.read(type, rng.bytes(count: Int.random(in: 0...40, using: &rng)))
    }
  }
}

/// Reads the content of the only answer to a question for "b", which stands at octet 12.
enum DNSContent {
  /// Expects that the message is written back, and that the content says its length.
  static func read(_ type: DNSType, _ content: [UInt8]) throws -> DNSRecordData {
    let length = UInt16(content.count)
    let message =
      hex("0102 8180 0001 0001 0000 0000  0162 00 0001 0001 00")
      + [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xff)] + hex("0001 00000000")
      + [UInt8(length >> 8), UInt8(length & 0xff)] + content
    let parsed: DNSMessage = try parse(message)
    #expect(octets(of: parsed) == message)
    let data = try #require(parsed.answers.first).data
    #expect(data.length == content.count)
    return data
  }
}
