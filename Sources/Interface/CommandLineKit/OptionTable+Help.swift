public import PacketText
import TerminalText

extension OptionTable {
  /// The help, with its last newline.
  ///
  /// - Parameters:
  ///   - columns: how wide the terminal is; at least 40 are assumed.
  ///   - options: any; they stay as they are.
  /// - Returns: the text.
  public func help(columns: Int, _ options: Options) -> TextBuffer {
    let columns = max(columns, 40)
    var walk = OptionWalk(options, .measuring)
    sayOptions(&walk)
    walk.guide.sayStandardOptions()
    walk.guide.begin(.printing(HelpLayout(columns: columns, widest: walk.guide.widest)))
    // Room for all of it: a buffer that grows touches pages of memory anew each time.
    walk.guide.help = TextBuffer(capacity: 16_384)
    appendUsage(columns, to: &walk.guide.help)
    sayOptions(&walk)
    walk.guide.sayStandardOptions()
    var notes = HelpNotes(columns: columns)
    sayNotes(&notes)
    notes.print(into: walk.guide.help)
    sayNotes(&notes)
    return notes.takeText()
  }

  private func appendUsage(_ columns: Int, to text: inout TextBuffer) {
    let margin = 8 + DisplayWidth.columns(of: tool)
    for (index, form) in usage.enumerated() {
      text.append(index == 0 ? "Usage: " : "       ")
      text.append(tool)
      text.append(octet: 0x20)
      text.append(wrapping: form, columns: columns, at: margin, hanging: margin)
      text.newline()
    }
    text.newline()
    text.append(wrapping: summary, columns: columns)
    text.newline()
  }
}

/// Where the two columns of the option list stand.
struct HelpLayout {
  private let columns: Int
  /// Where the explanations begin.
  private let margin: Int

  /// Explanations begin behind the widest spelling, but leave themselves half of the line.
  init(columns: Int, widest: Int) {
    (self.columns, margin) = (columns, min(widest + 2, 30, columns / 2))
  }

  /// One option: explained on its own line where there is room, else from the next line on.
  func append(_ spelling: OptionSpelling, _ explanation: String, to text: inout TextBuffer) {
    spelling.append(to: &text)
    var width = spelling.columns
    if width + 2 > margin {
      text.newline()
      width = 0
    }
    text.append(repeating: 0x20, count: margin - width)
    text.append(wrapping: explanation, columns: columns, at: margin, hanging: margin)
    text.newline()
  }
}

extension TextBuffer {
  /// The title of a part of the help.
  mutating func appendHeading(_ title: String) {
    newline()
    append(title)
    append(":\n")
  }
}
