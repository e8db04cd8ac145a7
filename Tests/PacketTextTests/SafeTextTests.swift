import PacketTestSupport
import PacketText
import Testing

private func safe(
  _ octets: [UInt8], atMost limit: Int = .max, as repertoire: SafeText.Repertoire = .unicode
) -> String {
  SafeText.escaped(octets.span, atMost: limit, as: repertoire)
}

/// Reads the octets back from safe text that was not cut; nil when it is not safe text.
private func unescaped(_ text: String) -> [UInt8]? {
  var octets: [UInt8] = []
  var rest = Array(text.unicodeScalars)[...]
  while let scalar = rest.popFirst() {
    guard scalar == "\\" else {
      octets += Array(String(scalar).utf8)
      continue
    }
    switch rest.popFirst() {
    case "\\": octets.append(0x5c)
    case "x":
      guard let octet = UInt8(String(String.UnicodeScalarView(rest.prefix(2))), radix: 16) else {
        return nil
      }
      octets.append(octet)
      rest = rest.dropFirst(2)
    case "u":
      guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
        let value = UInt32(String(String.UnicodeScalarView(rest[..<end])), radix: 16),
        let named = Unicode.Scalar(value)
      else { return nil }
      octets += Array(String(named).utf8)
      rest = rest[(end + 1)...]
    default: return nil
    }
  }
  return octets
}

@Suite("SafeText")
struct SafeTextTests {
  @Test(
    "what is printed as it is",
    arguments: [
      "", " ", "discord.test", "Zürich — 東京 €", "~!\"#$%&'()*+,-./:;<=>?@[]^_`{|}", "שלום", "😀",
      "e\u{301}",
    ])
  func unchanged(text: String) { #expect(SafeText.escaped(text) == text) }

  @Test(
    "a message of ours is escaped but for its backslashes, and once for all",
    arguments: [
      ("no such file", "no such file"), (#"a\b\x1b"#, #"a\b\x1b"#), (#"\"#, #"\"#), ("", ""),
      ("\u{1b}[2J\\\u{85}\n", #"\x1b[2J\\u{0085}\x0a"#),
    ])
  func message(text: String, printable: String) {
    #expect(SafeText.printable(text) == printable)
    #expect(SafeText.printable(printable) == printable)
  }

  @Test(
    "what is escaped",
    arguments: [
      ("\u{1b}[31mred\u{1b}[0m", #"\x1b[31mred\x1b[0m"#),
      ("\u{1b}]0;title\u{7}", #"\x1b]0;title\x07"#),
      ("a\r\nb\tc\0", #"a\x0d\x0ab\x09c\x00"#),
      ("\u{7f}", #"\x7f"#),
      (#"C:\x1b"#, #"C:\\x1b"#),
      (#"\u{202e}"#, #"\\u{202e}"#),
      ("\u{85}\u{9b}31m", #"\u{0085}\u{009b}31m"#),
      (
        "a\u{202e}b\u{2066}c\u{2069}\u{61c}\u{200e}\u{200f}",
        #"a\u{202e}b\u{2066}c\u{2069}\u{061c}\u{200e}\u{200f}"#
      ),
      ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#),
      (
        "pay\u{200b}pal\u{200d}\u{2060}\u{feff}\u{ad}",
        #"pay\u{200b}pal\u{200d}\u{2060}\u{feff}\u{00ad}"#
      ),
      ("a\u{a0}b\u{3000}", #"a\u{00a0}b\u{3000}"#),
      ("\u{3164}\u{115f}\u{fe0f}\u{e0041}", #"\u{3164}\u{115f}\u{fe0f}\u{e0041}"#),
      ("\u{e000}\u{10fffd}", #"\u{e000}\u{10fffd}"#),
      ("\u{301}a", #"\u{0301}a"#),
      ("\\\u{301}", #"\\\u{0301}"#),
      ("\u{7}\u{301}\u{302}", #"\x07\u{0301}\u{0302}"#),
      ("\u{93e}\u{915}\u{93e}", "\\u{093e}\u{915}\u{93e}"),
      (
        "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}x",
        "e\u{301}\u{302}\u{303}\u{304}\\u{0305}\\u{0306}x"
      ),
    ])
  func escapes(text: String, expected: String) { #expect(SafeText.escaped(text) == expected) }

  @Test(
    "octets that are no UTF-8 (RFC 3629)",
    arguments: [
      ("9b 33 31 6d", #"\x9b31m"#),  // C1 CSI as one octet
      ("c3", #"\xc3"#), ("c3 28", #"\xc3("#), ("a9", #"\xa9"#),
      ("c0 8a", #"\xc0\x8a"#), ("c1 bf", #"\xc1\xbf"#),  // overlong
      ("e0 80 8a", #"\xe0\x80\x8a"#), ("e0 9f bf", #"\xe0\x9f\xbf"#),
      ("f0 80 80 8a", #"\xf0\x80\x80\x8a"#), ("f0 8f bf bf", #"\xf0\x8f\xbf\xbf"#),
      ("ed a0 80", #"\xed\xa0\x80"#), ("ed bf bf", #"\xed\xbf\xbf"#),  // surrogates
      ("f4 90 80 80", #"\xf4\x90\x80\x80"#), ("f5 80 80 80", #"\xf5\x80\x80\x80"#),
      ("ff", #"\xff"#),
      ("e2 82", #"\xe2\x82"#), ("e2 82 41", #"\xe2\x82A"#), ("f0 9f 98", #"\xf0\x9f\x98"#),
      ("f0 9f 98 41", #"\xf0\x9f\x98A"#), ("f0 9f 41", #"\xf0\x9fA"#),
      ("c3 a9", "é"), ("e0 a4 95", "क"), ("ed 9f bb", "\u{d7fb}"), ("ef b7 90", #"\u{fdd0}"#),
      ("ee 80 80", #"\u{e000}"#),
      ("f0 90 80 80", "\u{10000}"), ("f4 8f bf bf", #"\u{10ffff}"#), ("e2 82 ac", "€"),
    ])
  func malformed(octets: String, expected: String) { #expect(safe(hex(octets)) == expected) }

  @Test("ASCII mode prints nothing else")
  func asciiOnly() {
    #expect(
      SafeText.escaped("Zürich 東 😀\u{1b}\\", as: .ascii)
        == #"Z\u{00fc}rich \u{6771} \u{1f600}\x1b\\"#)
    #expect(safe([0xff, 0x41], as: .ascii) == #"\xffA"#)
  }

  @Test("every scalar is either printable or escaped, and can be read back")
  func everyScalar() {
    var printed = 0
    for value in 0...0x10ffff as ClosedRange<UInt32> {
      guard let scalar = Unicode.Scalar(value), value < 0x3400 || value > 0xfa00 else { continue }
      guard value < 0x20000 || value > 0xdffff else { continue }
      let text = SafeText.escaped(String(scalar))
      if text.unicodeScalars.elementsEqual([scalar]) {
        printed += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse,
          .nonspacingMark, .enclosingMark, .spacingMark:
          Issue.record("U+\(String(value, radix: 16)) reached the terminal")
        case .spaceSeparator where value != 0x20:
          Issue.record("U+\(String(value, radix: 16)) reached the terminal")
        default: break
        }
      } else if !text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
        Issue.record("the escape of U+\(String(value, radix: 16)) is not ASCII")
      }
      if unescaped(text) != Array(String(scalar).utf8) {
        Issue.record("U+\(String(value, radix: 16)) cannot be read back")
      }
    }
    #expect(printed > 40_000)
  }

  @Test(
    "random octets can be read back, and are one printable line", arguments: 0..<4 as Range<UInt64>)
  func readBack(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    let pieces =
      [
        [0x5c], [0x1b], [0x78], [0x75, 0x7b], [0xcc, 0x81], [0xe2, 0x80], [0xae],
        [0xf0, 0x9f, 0x98, 0x80],
        [0xed, 0xa0], [0xc2, 0x9b], [0xe2, 0x80, 0xae], [0x20], [0x0a], [0xf4], [0x8f, 0xbf, 0xbf],
      ] as [[UInt8]]
    for _ in 0..<1500 {
      var octets: [UInt8] = []
      for _ in 0..<Int.random(in: 0...12, using: &rng) {
        octets +=
          Bool.random(using: &rng) ? pieces.randomElement(using: &rng) ?? [] : rng.bytes(count: 1)
      }
      for repertoire in [SafeText.Repertoire.unicode, .ascii] {
        let text = safe(octets, as: repertoire)
        #expect(unescaped(text) == octets)
        #expect(
          text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
        if repertoire == .ascii { #expect(text.utf8.allSatisfy { $0 < 0x7f }) }
      }
    }
  }

  @Test(
    "the limit counts characters, the cut mark is inside it, no escape is cut in two",
    arguments: [
      ("abcdef", 6, "abcdef", "abcdef"), ("abcdef", 5, "abcd…", "ab..."),
      ("abcdef", 1, "…", "."), ("abcdef", 2, "a…", ".."), ("abcdef", 3, "ab…", "..."),
      ("abcdef", 0, "", ""),
      ("", 0, "", ""), ("abcdef", -1, "", ""),
      ("a\u{1b}b", 6, #"a\x1bb"#, #"a\x1bb"#), ("a\u{1b}b", 5, "a…", "a..."),
      ("a\u{1b}", 5, #"a\x1b"#, #"a\x1b"#), ("a\u{1b}", 4, "a…", "a..."),
      ("\\\\", 3, #"\\…"#, "..."), ("éé", 1, "…", "."),
      ("\u{1b}\u{1b}\u{1b}", 9, #"\x1b\x1b…"#, #"\x1b..."#),
      ("\u{1b}\u{1b}\u{1b}", 8, #"\x1b…"#, #"\x1b..."#),
    ])
  func limits(text: String, limit: Int, unicode: String, ascii: String) {
    for (repertoire, expected) in [(SafeText.Repertoire.unicode, unicode), (.ascii, ascii)] {
      var buffer = TextBuffer()
      buffer.append(">")
      let wasCut = buffer.append(untrusted: text, atMost: limit, as: repertoire)
      #expect(buffer.string == ">" + expected)
      #expect(wasCut == (expected != SafeText.escaped(text, as: repertoire)))
      #expect(buffer.string.unicodeScalars.count <= max(limit, 0) + 1)
    }
  }
}
