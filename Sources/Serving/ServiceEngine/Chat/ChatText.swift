import PacketText

/// Names and lines of a chat. Both come from strangers and go to others: what is in them is only ever
/// text, on one line, and a line says who said it without any doubt.
enum ChatText {
  /// The longest name, in characters.
  static let longestName = 24
  /// The longest line, in octets.
  static let longestLine = 2000

  /// A name with blanks only between words, and without what could be taken for the end of the name
  /// or for a notice. Nil where nothing is left, or too much.
  static func name(_ text: String) -> String? {
    let name = clean(text).filter { $0 != ":" && $0 != "*" }
      .split(separator: " ").joined(separator: " ")
    return name.isEmpty || name.count > longestName ? nil : name
  }

  /// What somebody says: `Ada: hello`. Nil for nothing, and for too much.
  static func line(_ text: String, by name: String) -> String? {
    guard text.utf8.count <= longestLine else { return nil }
    let words = clean(text)
    guard words.contains(where: { $0 != " " }) else { return nil }
    return "\(name): \(words)"
  }

  /// What the room itself says: `* Ada has come in`. No name begins with a star.
  static func notice(_ words: String) -> String { "* \(words)" }

  /// Without controls of any kind, visible or not; blanks of all kinds and line ends are blanks.
  /// Joiners and selectors stay, since letters and pictures are made with them.
  private static func clean(_ text: String) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case _ where SafeText.isPrintable(scalar): clean.append(scalar)
      case "\u{200c}", "\u{200d}", "\u{fe0e}", "\u{fe0f}": clean.append(scalar)
      case _ where scalar.properties.isWhitespace: clean.append(" ")
      default: clean.append("\u{fffd}")
      }
    }
    return String(clean)
  }
}
