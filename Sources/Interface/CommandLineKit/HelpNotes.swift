import PacketText
import TerminalText

/// What the help says below the options: the examples, and then the exit codes.
public struct HelpNotes: ~Copyable {
  private var text = TextBuffer(capacity: 0)
  private let columns: Int
  /// The first time the notes are said, the widest exit code is looked for.
  private var isPrinting = false
  private var widestCode = 1
  private var (hasExamples, hasExitCodes) = (false, false)

  init(columns: Int) { self.columns = columns }

  /// A whole command line that does something useful, and what it does, in one sentence.
  public mutating func example(_ command: String, _ explanation: String) {
    guard isPrinting else { return }
    if !hasExamples { text.appendHeading("Examples") }
    hasExamples = true
    text.append("  ")
    text.append(command)
    text.append("\n      ")
    text.append(wrapping: explanation, columns: columns, at: 6, hanging: 6)
    text.newline()
  }

  /// When the tool ends with this code.
  public mutating func exitCode(_ code: Int32, _ meaning: String) {
    let digits = "\(code)"
    guard isPrinting else { return widestCode = max(widestCode, digits.utf8.count) }
    if !hasExitCodes { text.appendHeading("Exit codes") }
    hasExitCodes = true
    text.append("  ")
    text.append(digits)
    text.append(repeating: 0x20, count: widestCode + 2 - digits.utf8.count)
    let margin = widestCode + 4
    text.append(wrapping: meaning, columns: columns, at: margin, hanging: margin)
    text.newline()
  }

  /// From here on what is said follows `text`.
  mutating func print(into text: consuming TextBuffer) {
    self.text = text
    isPrinting = true
  }

  /// All that was printed.
  consuming func takeText() -> TextBuffer { text }
}
