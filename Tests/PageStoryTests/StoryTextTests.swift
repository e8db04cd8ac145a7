import PacketTestSupport
import PacketText
import PacketWire
import Testing

@testable import PageStory

@Suite("The printed form")
struct StoryTextTests {
  @Test("no line is longer than the width", arguments: [60, 61, 72, 80, 99, 100, 120, 200])
  func width(_ width: Int) {
    for line in text(Scenario.page(), width: width).split(separator: "\n") {
      #expect(line.count <= width, "\(line.count): \(line)")
      #expect(line.last != " ", "\(line)|")
    }
  }

  @Test("long words are cut and nothing is lost", arguments: [20, 33, 79, 400])
  func wrapping(_ width: Int) {
    let words = "begin \(String(repeating: "x", count: 150)) end. #12 (#34), 5#x #"
    var buffer = TextBuffer()
    TextWrap.append(words, width: width, indent: 3, StoryText(width: 80), &buffer)
    let lines = buffer.string.split(separator: "\n")
    #expect(lines.enumerated().allSatisfy { $0 == 0 || $1.hasPrefix("   ") })
    #expect(lines.enumerated().allSatisfy { $1.count <= width + ($0 == 0 ? 0 : 3) })
    let joined = lines.map { $0.filter { $0 != " " } }.joined()
    #expect(joined == words.filter { $0 != " " })
  }

  @Test("colours change nothing but colours")
  func styles() {
    let style = StoryStyle(
      open: { role in if case .plain = role { "" } else { "\u{1}" } },
      close: { role in if case .plain = role { "" } else { "\u{2}" } })
    for width in [80, 120] {
      var printer = StoryText(width: width, style: style)
      var buffer = TextBuffer()
      let (steps, summary) = tell(Scenario.page())
      printer.appendTitles(to: &buffer)
      for step in steps { printer.append(step, to: &buffer) }
      printer.append(summary, to: &buffer)
      let coloured = buffer.string
      #expect(
        coloured.filter { $0 != "\u{1}" && $0 != "\u{2}" } == text(Scenario.page(), width: width))
      #expect(coloured.filter { $0 == "\u{1}" }.count == coloured.filter { $0 == "\u{2}" }.count)
      #expect(coloured.contains("\u{1}#5\u{2}, \u{1}#6\u{2}"))
    }
  }

  @Test("a phase has a heading when a flow enters it first, and look-ups when they begin again")
  func headings() {
    let lines = text(Trouble.twoPages(), width: 120).split(separator: "\n")
    let headings = lines.filter { $0.hasPrefix("──") }.map { $0.split(separator: " ─")[0] }
    #expect(
      headings == [
        "── Name look-up", "── Handshake, tcp:1", "── Handshake, tcp:2",
        "── Request and wait, tcp:1",
        "── Request and wait, tcp:2", "── Transfer, tcp:2", "── Transfer, tcp:1", "── Summary",
      ])
  }

  @Test("the time of a long capture does not touch the packet's number", arguments: [60, 120])
  func longTimes(width: Int) {
    var capture = Scenario.page()
    capture.wait(.seconds(123_456))
    Scenario.lookUp("www.discord.test", is: Scenario.server, in: &capture)
    let line = text(capture, width: width).split(separator: "\n").last { $0.contains(" 7 DNS ") }
    #expect(line?.contains(" 1234") == true, "\(line ?? "")")
  }

  @Test("long lists end with what was left out")
  func omittedRows() {
    var capture = ConversationBuilder()
    for port in 1...60 as ClosedRange<UInt16> {
      Scenario.lookUp("a\(port).test", is: "203.0.113.\(port)", in: &capture, port: 50_000 + port)
    }
    let lines = text(capture, width: 100).split(separator: "\n")
    #expect(lines.filter { $0 == "  and 20 more" }.count == 3)
  }

  @Test func nothingAtAll() {
    #expect(
      text(ConversationBuilder(), width: 80, usesUnicode: false) == """
        -- Summary ---------------------------------------------------------------------
        0 packets, 0 bytes on the wire.

        """)
  }
}

@Suite("Words")
struct WordsTests {
  @Test(
    arguments: [
      (0, "0 ms"), (1, "1 ns"), (999, "999 ns"), (1_000, "1.0 us"), (9_949, "9.9 us"),
      (12_345, "12 us"), (99_499, "99 us"), (100_000, "0.10 ms"), (1_234_567, "1.23 ms"),
      (9_999_999, "10.00 ms"), (24_149_999, "24.1 ms"), (24_150_000, "24.2 ms"),
      (1_000_000_000, "1.00 s"), (59_994_999_999, "59.99 s"), (100_500_000_000, "101 s"),
      (-24_100_000, "-24.1 ms"), (.max, "9223372037 s"), (.min, "-9223372037 s"),
    ] as [(Int64, String)])
  func duration(_ count: Int64, text: String) {
    #expect(Words.duration(Nanoseconds(count)) == text)
  }

  @Test(
    arguments: [
      ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
      (["a", "b", "c", "d"], "a, b and 2 more"),
    ] as [([String], String)])
  func list(_ items: [String], text: String) { #expect(Words.list(items) == text) }

  @Test func shortList() {
    #expect(Words.list(["a", "b", "c"], limit: 1) == "a and 2 more")
    #expect(Words.list(["a", "b", "c"], limit: 2) == "a and 2 more")
  }

  @Test func numbers() {
    #expect(Words.count(1, "byte") == "1 byte" && Words.count(0, "byte") == "0 bytes")
    #expect(Words.bytes(5..<6) == "byte 5" && Words.bytes(1..<79) == "bytes 1-78")
  }

  @Test(
    arguments: [
      ("80.113.0.203.in-addr.arpa", "203.0.113.80"), ("80.113.0.203.IN-ADDR.ARPA", "203.0.113.80"),
      ("113.0.203.in-addr.arpa", nil), ("256.113.0.203.in-addr.arpa", nil), ("in-addr.arpa", nil),
      (
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::1"
      ),
      ("1.ip6.arpa", nil), ("www.discord.test", nil),
    ] as [(String, String?)])
  func reverseNames(_ text: String, address: String?) {
    #expect(name(text).reverseAddress?.description == address)
  }
}
