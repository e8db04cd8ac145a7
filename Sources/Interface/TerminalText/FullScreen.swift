import LinuxSystem
public import PacketText

/// Lines that fill a terminal, on its other screen, so that what stood there before is there again
/// afterwards.
public enum FullScreen {
  /// The terminal can move its cursor, as far as TERM says.
  public static var isPossible: Bool {
    let kind = Privileges.environment("TERM") ?? ""
    return !kind.isEmpty && kind != "dumb"
  }

  /// Turns to the other screen, which is empty, and hides the cursor (xterm's private modes 1049 and
  /// 25).
  public static func enter(_ text: inout TextBuffer) { text.append("\u{1b}[?1049h\u{1b}[?25l") }

  /// Turns back to the ordinary screen.
  public static func leave(_ text: inout TextBuffer) { text.append("\u{1b}[?25h\u{1b}[?1049l") }

  /// Draws lines from the top on, and clears what stood there (ECMA-48 §8.3.21, §8.3.39, §8.3.41).
  ///
  /// Lines are safe text, styled or not, none wider than the terminal, and no more than it has rows.
  public static func draw(_ lines: [String], _ text: inout TextBuffer) {
    text.append("\u{1b}[H")
    for (place, line) in lines.enumerated() {
      if place > 0 { text.append("\r\n") }
      // Before the line: behind one of full width some terminals would clear its last character.
      text.append("\u{1b}[K")
      text.append(line)
    }
    text.append("\u{1b}[0m\u{1b}[J")
  }
}
