import LineFormat
import PacketWire
import Testing

@Suite("Lines of words")
struct WordLineTests {
  /// A line, and its words with their columns; quoted ones stand in brackets.
  static let lines: [(String, [String])] = [
    ("a b", ["1:a", "3:b"]),
    ("  a\tb \r", ["3:a", "5:b"]),
    ("a # b", ["1:a"]),
    ("a#b", ["1:a"]),
    ("\"a # b\" c", ["1:[a # b]", "9:c"]),
    ("\"\"", ["1:[]"]),
    ("a\"b c\"d", ["1:a", "2:[b c]", "7:d"]),
    ("é ü", ["1:é", "3:ü"]),
    ("", []), (" \t\r", []), ("# a", []),
  ]

  @Test("words and columns", arguments: lines)
  func words(text: String, expected: [String]) throws {
    var found: [String] = []
    if var line = try WordLine(text.unicodeScalars, number: 1, source: "x") {
      while let word = line.nextWord {
        found.append("\(word.column):" + (word.isQuoted ? "[\(word.text)]" : word.text))
        _ = try line.take("a word") { $0 }
      }
    }
    #expect(found == expected)
  }

  @Test func allLines() throws {
    var seen: [String] = []
    let count = try WordLine.readAll(of: "one\n\n# two\nthree 3\n", named: "x") {
      line throws(LineError) in
      seen.append(try line.take("a word") { $0 })
      if seen.count == 1 { try line.requireEnd() }
    }
    #expect(count == 5 && seen == ["one", "three"])
  }

  @Test func skippedWords() throws {
    var line = try #require(try WordLine("far \"far\"".unicodeScalars, number: 1, source: "x"))
    // A quoted word is never a keyword.
    let skipped = [line.skip("near"), line.skip("far"), line.skip("far")]
    #expect(skipped == [false, true, false])
  }

  @Test(
    "errors of single words",
    arguments: [
      ("5 ms loss 1", "f:1:1: expected x, found \"5 ms\""),
      ("5 ms", "f:1:1: expected x, found \"5 ms\""),
      ("loss loss", "f:1:1: expected x, found \"loss\""),
      ("\"open", "f:1:6: expected a closing quote, found the end of the line"),
    ])
  func errors(text: String, expected: String) {
    let error = #expect(throws: LineError.self) {
      try WordLine.readAll(of: text, named: "f", keywords: ["loss"]) { line throws(LineError) in
        _ = try line.take("x") { _ in Int?.none }
      }
    }
    #expect(error?.description == expected)
  }

  @Test("whole numbers and names")
  func values() {
    #expect(LineValue.wholeNumber("18446744073709551615") == .max)
    for text in ["", "-1", "+1", "1 ", "18446744073709551616", "١"] {
      #expect(LineValue.wholeNumber(text) == nil, "\(text)")
    }
    #expect(LineValue.name("_dmarc.a-1.Test")?.description == "_dmarc.a-1.Test.")
    for text in ["", ".", "a..b", "é.test", "a b", "a\\.b", String(repeating: "a", count: 64)] {
      #expect(LineValue.name(text) == nil, "\(text)")
    }
  }

  @Test func records() throws {
    var records: [DNSRecord] = []
    try WordLine.readAll(
      of: """
        a.test A 192.0.2.1
        a.test mx 10 m.test
        a.test TXT "x y" z
        a.test SOA ns.test admin.test
        """, named: "f"
    ) { line throws(LineError) in
      records.append(try line.takeRecord(timeToLive: 7))
      try line.requireEnd()
    }
    let (name, exchange) = try (#require(DNSName("a.test")), #require(DNSName("m.test")))
    #expect(records.map(\.timeToLive) == [7, 7, 7, 7])
    #expect(records[0] == DNSRecord(name, .a, timeToLive: 7, .a(IPv4Address(192, 0, 2, 1))))
    #expect(records[1].data == .mx(preference: 10, exchange: exchange))
    #expect(records[2].data == .txt([Array("x y".utf8), Array("z".utf8)]))
  }
}
