import DelayPlots
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// Pictures of delays in lines of text.
struct DelayPicture {
  /// How wide a line may be, at least 40.
  var columns: Int
  /// Only ASCII may be drawn with (`TerminalSettings.showsUnicode`).
  var isASCII: Bool
  /// Lost probes are shown in a colour.
  var style: TerminalStyle

  /// Pictures for a terminal or a file.
  init(columns: Int, isASCII: Bool, style: TerminalStyle = .plain) {
    (self.columns, self.isASCII, self.style) = (max(columns, 40), isASCII, style)
  }
}

// MARK: - Sparkline

extension DelayPicture {
  /// A character for each of the last probes, as many as a line holds, or `width`: the higher the longer its answer
  /// took, `×` when it was lost, `·` when that is not known yet. The lowest stands for the shortest of
  /// these delays and the highest for the longest one. The line is not ended.
  func sparkline(_ recent: RecentDelays, width: Int? = nil, _ text: inout TextBuffer) {
    text.append(strip: recent, width: width ?? columns, isASCII: isASCII, style)
  }
}

// MARK: - Histogram

extension DelayPicture {
  /// A bar for each range of delays, at most `rows` (2 or more) of them.
  func histogram(_ delays: DelayHistogram, rows: Int = 12, _ text: inout TextBuffer) {
    DelayRanges(columns: columns, isASCII: isASCII).append(delays, rows: rows, to: &text)
  }
}

// MARK: - Box

extension DelayPicture {
  /// Two lines: where the shortest delay, a quarter, a half, three quarters and the longest lie on one
  /// scale, and what these are. Nothing without delays.
  ///
  ///     ├──▒▒▒┃▒▒▒▒▒▒▒─────────────┤
  ///     min 10.1  p25 11.0  p50 11.9  p75 14.0  max 19.8 ms
  func box(_ delays: DelayHistogram, _ text: inout TextBuffer) {
    let figures: [(name: String, delay: Nanoseconds)] = [
      ("min", 0), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("max", 1),
    ].compactMap { name, share in delays.quantile(share).map { (name, $0) } }
    guard figures.count == 5 else { return }
    let span = Double(max((figures[4].delay - figures[0].delay).count, 1))
    let places = figures.map { _, delay in
      Int((Double((delay - figures[0].delay).count) / span * Double(columns - 1)).rounded())
    }
    for column in 0...places[4] {
      switch column {
      case places[2]: text.append(isASCII ? "M" : "┃")
      case places[1]...places[3]: text.append(isASCII ? "=" : "▒")
      case 0: text.append(isASCII ? "|" : "├")
      case places[4]: text.append(isASCII ? "|" : "┤")
      default: text.append(isASCII ? "-" : "─")
      }
    }
    text.newline()
    for (place, figure) in figures.enumerated() {
      if place > 0 { text.append("  ") }
      text.append(figure.name)
      text.append(" ")
      text.append(milliseconds: figure.delay)
    }
    text.append(" ms\n")
  }
}
