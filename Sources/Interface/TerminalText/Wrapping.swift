/// Sentences broken into lines.
public enum Wrapping {
  /// The lines of `text`, each at most `columns` wide where its words allow it.
  ///
  /// Lines break at blanks, and at each `\n`. A word that is wider than a line stays whole on a line of
  /// its own: an address or a command that was cut could not be copied. Text is measured before it is
  /// styled. `indent` blanks stand before the first line and `hanging` before every other.
  public static func lines(
    of text: String, columns: Int, indent: Int = 0, hanging: Int = 0
  ) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      var width = 0
      for word in paragraph.split(separator: " ") {
        let wordWidth = DisplayWidth.columns(of: word)
        if !line.isEmpty, width + 1 + wordWidth > columns {
          lines.append(line)
          line = ""
        }
        if line.isEmpty {
          let margin = lines.isEmpty ? indent : hanging
          line = String(repeating: " ", count: margin) + word
          width = margin + wordWidth
        } else {
          line += " \(word)"
          width += 1 + wordWidth
        }
      }
      lines.append(line)
    }
    return lines
  }
}
