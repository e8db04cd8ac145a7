public import PacketText

/// Bars of a plot, in eighths of a character where there are such.
public struct BarText: Hashable, Sendable {
  /// How long the longest bar is, in columns.
  public let width: Int
  /// Only `#`, for terminals that show nothing finer.
  public let isASCII: Bool

  /// Bars of at most `width` columns.
  public init(width: Int, isASCII: Bool) { (self.width, self.isASCII) = (max(width, 1), isASCII) }

  /// Appends a bar as long as `value` is beside `most`; of what there is, something is to be seen.
  public func append(_ value: Int, of most: Int, _ text: inout TextBuffer) {
    guard value > 0, most > 0 else { return }
    let steps = isASCII ? 1 : 8
    let length = max(1, Int((Double(value) / Double(most) * Double(width * steps)).rounded()))
    for _ in 0..<length / steps { text.append(isASCII ? "#" : "█") }
    guard length % steps > 0 else { return }
    text.append(["▏", "▎", "▍", "▌", "▋", "▊", "▉"][length % steps - 1])
  }
}
