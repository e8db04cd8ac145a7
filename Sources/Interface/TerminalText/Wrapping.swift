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
