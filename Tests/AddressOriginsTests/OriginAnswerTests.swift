import AddressOrigins
import PacketTestSupport
import PacketWire
import Testing

/// An answer with one TXT record a text.
func answer(_ texts: [String]) -> DNSMessage {
  var message = DNSMessage(query: .root, .txt, identifier: 1)
  message.flags = 0x8180
  message.answers = texts.map {
    DNSRecord(.root, .txt, timeToLive: 1, .txt([Array($0.utf8)]))
  }
  return message
}

@Suite("Origins in answers of the DNS")
struct OriginAnswerTests {
  static let cases: [([String], String)] = [
    (["64500 | 198.18.0.0/15 | ZZ | arin | 2001-01-01"], "[64500] 198.18.0.0/15 ZZ"),
    (["64500 64501 64500 | 198.18.0.0/15 | ZZ | arin |"], "[64500, 64501] 198.18.0.0/15 ZZ"),
    (["64500|198.18.0.0/15|zz"], "[64500] 198.18.0.0/15 -"),
    (["64500 | 198.18.0.0/15"], "[64500] 198.18.0.0/15 -"),
    // The longest prefix, in whatever order.
    (
      ["64500 | 198.18.0.0/15 | AA", "64501 | 198.18.1.0/24 | BB", "64502 | 198.18.0.0/16 | CC"],
      "[64501] 198.18.1.0/24 BB"
    ),
    (
      ["64500 | 198.18.1.0/24 | AA", "64501 | 198.18.1.0/24 | BB"],
      "[64500, 64501] 198.18.1.0/24 AA"
    ),
    // What is about another address, or about nothing.
    (["64500 | 192.0.2.0/24 | AA"], "nil"), (["64500 | 2001:db8::/32 | AA"], "nil"),
    (["NA | 198.18.0.0/15 | ZZ"], "nil"), (["64500"], "nil"), ([""], "nil"), ([], "nil"),
    (["4294967296 | 198.18.0.0/15 | ZZ"], "nil"), (["64500 | 198.18.0.0/33 | ZZ"], "nil"),
    (["||||"], "nil"), (["64500 x | 198.18.0.0/15 | ZZ"], "nil"),
  ]

  @Test("who runs 198.18.1.9", arguments: cases)
  func origin(texts: [String], expected: String) throws {
    let address = try #require(IPAddress("198.18.1.9"))
    let origin = OriginAnswer.origin(of: address, in: answer(texts))
    #expect(origin.map { "\($0.numbers) \($0.block) \($0.country ?? "-")" } ?? "nil" == expected)
  }

  @Test(
    "names",
    arguments: [
      ("64500 | ZZ | arin | 2001-01-01 | EXAMPLE-AS An example, ZZ", "EXAMPLE-AS An example, ZZ"),
      ("64500|ZZ|arin|2001-01-01|A | B ", "A | B"), ("64500 | ZZ | arin | 2001-01-01 | ", nil),
      ("64501 | ZZ | arin | 2001-01-01 | OTHER", nil), ("64500 | ZZ | arin", nil),
    ])
  func name(text: String, expected: String?) {
    #expect(OriginAnswer.name(of: 64_500, in: answer([text])) == expected)
  }

  @Test("the strings of a record are one text, and no name is longer than it may be")
  func longName() {
    var message = answer([])
    let long = [UInt8](repeating: 0x41, count: 255)
    message.answers = [
      DNSRecord(
        .root, .txt, timeToLive: 1,
        .txt([Array("64500 | ZZ | arin | 2001-".utf8), Array("01-01 | ".utf8), long, long]))
    ]
    #expect(OriginAnswer.name(of: 64_500, in: message)?.utf8.count == OriginAnswer.longestName)
  }

  @Test("many systems are cut, and noise says nothing")
  func hostile() throws {
    let address = try #require(IPAddress("198.18.1.9"))
    let many = (1...60).map { "\($0)" }.joined(separator: " ") + " | 198.18.0.0/15"
    let more = (61...99).map { "\($0)" }.joined(separator: " ") + " | 198.18.0.0/15"
    let origin = OriginAnswer.origin(of: address, in: answer([many, more]))
    #expect(origin?.numbers.count == AddressOrigin.maximumNumbers)
    var random = SeededRNG(seed: 3)
    let alphabet = Array("0123456789./ |AS\u{1b}".utf8)
    for _ in 0..<3000 {
      let text = (0..<40).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      var message = answer([])
      message.answers = [DNSRecord(.root, .txt, timeToLive: 1, .txt([text]))]
      if let origin = OriginAnswer.origin(of: address, in: message) {
        #expect(origin.block.contains(address) && !origin.numbers.isEmpty)
      }
      _ = OriginAnswer.name(of: 64_500, in: message)
    }
  }
}
