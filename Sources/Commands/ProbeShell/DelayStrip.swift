public import PacketText
import PacketWire
public import ProbeEngine
public import TerminalText

extension TextBuffer {
  /// Appends a character for each of the last `width` probes: the higher the longer its answer took, `×` when it was
  /// lost, `·` when that is not known yet. The lowest stands for the shortest of these delays and the highest
  /// for the longest one. Lost probes have a colour, where there are any.
  public mutating func append(
    strip recent: RecentDelays, width: Int, isASCII: Bool, _ style: TerminalStyle
  ) {
    let outcomes = recent.last(width)
    var delays: [Nanoseconds] = []
    for case .answered(let delay) in outcomes { delays.append(delay) }
    let (shortest, longest) = (delays.min() ?? .zero, delays.max() ?? .zero)
    for outcome in outcomes {
      switch outcome {
      case .waiting: append(isASCII ? "_" : "·")
      case .lost: append(isASCII ? "x" : "×", as: .bad, style)
      case .answered(let delay):
        append(level(of: delay, from: shortest, to: longest, isASCII: isASCII))
      }
    }
  }
}

private func level(
  of delay: Nanoseconds, from shortest: Nanoseconds, to longest: Nanoseconds, isASCII: Bool
) -> String {
  let span = Double((longest - shortest).count)
  let share = span > 0 ? Double((delay - shortest).count) / span : 0
  let level = min(max(Int(share * 8), 0), 7)
  if isASCII { return [".", ":", "-", "=", "+", "*", "%", "#"][level] }
  return ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][level]
}
