import PacketWire

/// How many columns of a terminal text takes.
///
/// The rule is small on purpose: a scalar takes no column if it is a combining mark, a format character
/// or a control; two if it is in one of the blocks that Unicode Standard Annex #11 gives as wide or
/// full-width, or if it is shown as an emoji by default; else one. Sequences that some terminals draw
/// as one glyph (flags, families) are counted scalar by scalar.
public enum DisplayWidth {
  /// The columns of `text` on one line.
  public static func columns(of text: String) -> Int { columns(of: text.utf8.span) }

  /// The columns of UTF-8 text on one line.
  public static func columns(of text: Span<UInt8>) -> Int {
    // Nearly all text is printable ASCII, and no string has to be made of it.
    for index in text.indices where text[index] &- 0x20 > 0x5e {
      let octets = [UInt8](capacity: text.count) { $0.append(copying: text) }
      return String(decoding: octets, as: UTF8.self).unicodeScalars.reduce(0) { sum, scalar in
        sum + columns(of: scalar)
      }
    }
    return text.count
  }

  /// The columns of one scalar: 0, 1 or 2.
  public static func columns(of scalar: Unicode.Scalar) -> Int {
    if (0x20...0x7e).contains(scalar.value) { return 1 }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator:
      return 0
    default:
      return isWide(scalar.value) || properties.isEmojiPresentation ? 2 : 1
    }
  }

  /// As much of safe text as so many columns hold; a `~` says that there is more.
  public static func clipped(_ text: String, to limit: Int) -> String {
    guard columns(of: text) > limit else { return text }
    guard limit > 0 else { return "" }
    var (clipped, width) = (String.UnicodeScalarView(), 0)
    for scalar in text.unicodeScalars {
      width += columns(of: scalar)
      if width > limit - 1 { break }
      clipped.append(scalar)
    }
    clipped.append("~")
    return String(clipped)
  }

  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115f,  // Hangul leading consonants
      0x2e80...0x303e, 0x3041...0x33ff,  // radicals, CJK punctuation, kana, compatibility
      0x3400...0x4dbf, 0x4e00...0x9fff,  // CJK ideographs
      0xa000...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3,  // Yi, Hangul
      0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f,  // compatibility and vertical forms
      0xff01...0xff60, 0xffe0...0xffe6,  // full-width forms
      0x17000...0x18cff, 0x1b000...0x1b2ff,  // Tangut, Khitan, old kana
      0x20000...0x2fffd, 0x30000...0x3fffd:  // more ideographs
      true
    default: false
    }
  }
}
