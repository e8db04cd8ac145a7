public import PacketText

extension TextBuffer {
  /// Appends sentences broken into lines, each at most `columns` wide where its words allow it.
  ///
  /// Lines break at blanks, and at each `\n`. A word that is wider than a line stays whole on a line of
  /// its own: an address or a command that was cut could not be copied. Text is measured before it is
  /// styled. The last line is not ended.
  ///
  /// - Parameters:
  ///   - text: ours, or safe text.
  ///   - columns: how wide a line may be.
  ///   - column: how many columns of the first line are taken already.
  ///   - hanging: how many blanks stand before every other line.
  public mutating func append(
    wrapping text: String, columns: Int, at column: Int = 0, hanging: Int = 0
  ) {
    let octets = text.utf8.span
    if Self.isPlain(octets) {
      append(plain: octets, columns: columns, at: column, hanging: hanging)
    } else {
      append(words: octets, columns: columns, at: column, hanging: hanging)
    }
  }

  /// Printable ASCII with one blank between two words, which is as wide as it is long.
  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    var before: UInt8 = 0x20
    for index in text.indices {
      let octet = text[index]
      guard octet &- 0x20 <= 0x5e, octet | before != 0x20 else { return false }
      before = octet
    }
    return before != 0x20 || text.isEmpty
  }

  /// A line ends at the last blank that has room on it: of plain text no other octet is looked at.
  private mutating func append(
    plain text: Span<UInt8>, columns: Int, at column: Int, hanging: Int
  ) {
    var (start, room) = (0, columns - column)
    while text.count - start > room {
      var end = start + max(room, 0)
      while end > start, text[end] != 0x20 { end -= 1 }
      if end == start {
        while end < text.count, text[end] != 0x20 { end += 1 }
        if end == text.count { break }
      }
      append(text.extracting(start..<end))
      newline()
      append(repeating: 0x20, count: hanging)
      (start, room) = (end + 1, columns - hanging)
    }
    append(text.extracting(start...))
  }

  private mutating func append(
    words octets: Span<UInt8>, columns: Int, at column: Int, hanging: Int
  ) {
    var line = WrappedLine(width: column)
    var start = 0
    // One step beyond the end, where the last word ends.
    for index in 0...octets.count {
      let octet = index < octets.count ? octets[index] : 0x20
      guard octet == 0x20 || octet == 0x0a else { continue }
      if index > start {
        let word = octets.extracting(start..<index)
        append(word, on: &line, columns: columns, hanging: hanging)
      }
      if octet == 0x0a {
        newline()
        line = WrappedLine(margin: hanging)
      }
      start = index + 1
    }
  }

  private mutating func append(
    _ word: Span<UInt8>, on line: inout WrappedLine, columns: Int, hanging: Int
  ) {
    let wordWidth = DisplayWidth.columns(of: word)
    if line.hasWords, line.width + 1 + wordWidth > columns {
      newline()
      line = WrappedLine(margin: hanging)
    }
    append(repeating: 0x20, count: line.hasWords ? 1 : line.margin)
    append(word)
    line.width += wordWidth + (line.hasWords ? 1 : line.margin)
    (line.hasWords, line.margin) = (true, 0)
  }
}

/// How far a line has come.
private struct WrappedLine {
  var width = 0
  /// Blanks that come before the first word, if one comes.
  var margin = 0
  var hasWords = false
}
