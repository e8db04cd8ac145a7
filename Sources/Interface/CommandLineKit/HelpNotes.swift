import PacketText
import TerminalText

/// What the help says below the options: the commands, the examples, and then the exit codes.
public struct HelpNotes: ~Copyable {
  private var text = TextBuffer(capacity: 0)
  private let columns: Int
  /// The first time the notes are said, the widest exit code and command are looked for.
  private var isPrinting = false
  private var widestCode = 1
  private var widestCommand = 0
  private var (hasCommands, hasExamples, hasExitCodes) = (false, false, false)

  init(columns: Int) { self.columns = columns }

  /// A word that says what the tool is to do, and a phrase for it in lower case without a full stop.
  public mutating func command(_ name: String, _ explanation: String) {
    let width = DisplayWidth.columns(of: name)
    guard isPrinting else { return widestCommand = max(widestCommand, width) }
    if !hasCommands { text.appendHeading("Commands") }
    hasCommands = true
    text.append("  ")
    text.append(name)
    text.append(repeating: 0x20, count: widestCommand + 2 - width)
    let margin = widestCommand + 4
    text.append(wrapping: explanation, columns: columns, at: margin, hanging: margin)
    text.newline()
  }

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
    guard isPrinting else {
      return widestCode = max(widestCode, code < 10 ? 1 : code < 100 ? 2 : 3)
    }
    if !hasExitCodes { text.appendHeading("Exit codes") }
    hasExitCodes = true
    text.append("  ")
    let start = text.count
    text.append(decimal: code)
    let margin = widestCode + 4
    text.padRight(from: start, to: margin - 2)
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
