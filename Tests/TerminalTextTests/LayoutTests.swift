import PacketTestSupport
import PacketText
import TerminalText
import Testing

@Suite("Layout")
struct LayoutTests {
  @Test(
    "display width",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("東京", 4), ("한", 2), ("😀", 2), ("Ａ", 2),
      ("ｱ", 1),
      ("→", 1), ("\u{200b}", 0), ("\u{7}", 0), ("µs…", 3), ("कि", 2),
    ])
  func width(text: String, columns: Int) { #expect(DisplayWidth.columns(of: text) == columns) }

  @Test(
    "wrapping",
    arguments: [
      ("", 10, 0, 0, [""]), ("one", 10, 0, 0, ["one"]),
      ("one two three", 7, 0, 0, ["one two", "three"]),
      ("one two three", 6, 0, 0, ["one", "two", "three"]),
      ("one two three", 13, 0, 0, ["one two three"]),
      ("one two three", 12, 0, 0, ["one two", "three"]),
      ("one two three", 9, 1, 3, [" one two", "   three"]),
      ("one two three", 7, 1, 3, [" one", "   two", "   three"]),
      ("a  b   c", 80, 0, 0, ["a b c"]), (" a ", 80, 2, 0, ["  a"]),
      ("see 2001:db8::1234:5678 there", 8, 0, 2, ["see", "  2001:db8::1234:5678", "  there"]),
      ("first\nsecond one", 8, 0, 2, ["first", "  second", "  one"]),
      ("a\n\nb", 8, 0, 0, ["a", "", "b"]),
      ("東京 東京", 9, 0, 0, ["東京 東京"]), ("東京 東京", 8, 0, 0, ["東京", "東京"]),
      ("e\u{301}e\u{301} x", 4, 0, 0, ["e\u{301}e\u{301} x"]), ("a b", 0, 0, 0, ["a", "b"]),
    ])
  func wrapping(text: String, columns: Int, indent: Int, hanging: Int, expected: [String]) {
    var buffer = TextBuffer()
    buffer.append(repeating: 0x20, count: indent)
    buffer.append(wrapping: text, columns: columns, at: indent, hanging: hanging)
    let lines = buffer.string.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.map { String($0) } == expected)
  }

  @Test("lines of plain text break where those of other text do")
  func plain() {
    // Two blanks between words are one on a line, but take the longer way to it.
    var generator = SeededRNG(seed: 7)
    for _ in 0..<2_000 {
      let words = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        String(repeating: "w", count: Int.random(in: 1...12, using: &generator))
      }
      let columns = Int.random(in: 0...40, using: &generator)
      let indent = Int.random(in: 0...columns, using: &generator)
      let hanging = Int.random(in: 0...10, using: &generator)
      let texts = [" ", "  "].map { blanks in
        var buffer = TextBuffer()
        buffer.append(
          wrapping: words.joined(separator: blanks), columns: columns, at: indent, hanging: hanging)
        return buffer.string
      }
      #expect(texts[0] == texts[1], "\(words), \(columns) columns, \(indent), \(hanging)")
    }
  }

  @Test func table() {
    var table = TextTable([.right, .left, .right, .left])
    table.append(headings: ["hop", "name", "ms", ""])
    table.append([
      .init("1"), .init("東京.test", as: .network), .init("0.120"), .init("ok", as: .good),
    ])
    table.append([.init("10"), .init("r"), .init(""), .init("")])
    table.append([.init(""), .init(""), .init("12.5"), .init("late")])
    #expect(
      table.lines(.plain) == [
        "hop  name          ms",
        "  1  東京.test  0.120  ok",
        " 10  r",
        "                 12.5  late",
      ])
    let coloured = table.lines(.coloured)
    #expect(coloured[1] == "  1  \u{1b}[36m東京.test\u{1b}[0m  0.120  \u{1b}[32mok\u{1b}[0m")
    #expect(coloured[2] == " 10  r")
    table.gap = 1
    #expect(table.lines(.plain)[1] == "  1 東京.test 0.120 ok")
    #expect(TextTable([]).lines(.plain) == [])
  }
}
