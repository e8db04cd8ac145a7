import TerminalText

extension ToolDescription {
  /// The help for a terminal of `columns` columns (at least 40 are assumed), with its last newline.
  public func help(columns: Int) -> String {
    let layout = HelpLayout(columns: max(columns, 40), left: options.map { $0.helpSpelling })
    var lines = usageLines(layout) + [""] + Wrapping.lines(of: summary, columns: layout.columns)
    for group in groups {
      lines += ["", "\(group.title):"]
      for option in group.options { lines += layout.entry(option.helpSpelling, option.help) }
    }
    if !examples.isEmpty {
      lines += ["", "Examples:"]
      for example in examples {
        lines.append("  \(example.command)")
        lines += Wrapping.lines(
          of: example.explanation, columns: layout.columns, indent: 6, hanging: 6)
      }
    }
    if !exitCodes.isEmpty {
      lines += ["", "Exit codes:"]
      let margin = (exitCodes.map { "\($0.code)".count }.max() ?? 1) + 4
      for exitCode in exitCodes {
        lines += layout.entry("  \(exitCode.code)", exitCode.meaning, margin: margin)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func usageLines(_ layout: HelpLayout) -> [String] {
    usage.enumerated().flatMap { index, form in
      let start = index == 0 ? "Usage:" : "      "
      let lines = Wrapping.lines(
        of: "\(tool) \(form)", columns: layout.columns, indent: 7, hanging: 8 + tool.count)
      return [start + lines[0].dropFirst(6)] + lines.dropFirst()
    }
  }
}

/// Where the two columns of the option list stand.
private struct HelpLayout {
  let columns: Int
  /// Where the explanations begin.
  let margin: Int

  /// Explanations begin behind the widest spelling, but leave themselves half of the line.
  init(columns: Int, left: [String]) {
    self.columns = columns
    let widest = left.map { DisplayWidth.columns(of: $0) }.max() ?? 0
    margin = min(widest + 2, 30, columns / 2)
  }

  /// One option: explained on its own line where there is room, else from the next line on.
  func entry(_ spelling: String, _ help: String, margin: Int? = nil) -> [String] {
    let margin = margin ?? self.margin
    let explained = Wrapping.lines(of: help, columns: columns, indent: margin, hanging: margin)
    let width = DisplayWidth.columns(of: spelling)
    guard width + 2 <= margin else { return [spelling] + explained }
    return [spelling + explained[0].dropFirst(width)] + explained.dropFirst()
  }
}

extension OptionDescription {
  /// `  -c, --count COUNT`, with the names below each other also where there is no letter.
  var helpSpelling: String {
    let short = letter.map { "-\($0)" } ?? "  "
    let long = name.map { letter == nil ? "  --\($0)" : ", --\($0)" } ?? ""
    return "  \(short)\(long)\(placeholder.map { " \($0)" } ?? "")"
  }
}
