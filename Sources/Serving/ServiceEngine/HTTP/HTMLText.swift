/// Text of others as part of a page.
public enum HTMLText {
  /// The text with all that could end it, or begin something else, written as references; it may
  /// stand between tags and in quoted attributes. Controls, which have no meaning in HTML, are shown
  /// as U+FFFD.
  public static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
