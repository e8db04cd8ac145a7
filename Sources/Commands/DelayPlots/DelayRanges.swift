public import PacketText
import PacketWire
public import ProbeEngine
import TerminalText

/// A histogram in lines of text: a bar for each range of delays.
///
/// Ranges are alike and of a round width. What is far beyond nearly all delays stands in a last row of
/// its own.
///
///     10.0 to 10.5 ms  ████████████████ 81
///     10.5 to 11.0 ms  ███▌ 17
///     11.0 ms or more  ▍ 2
public struct DelayRanges: Sendable {
  private let columns: Int
  private let isASCII: Bool

  /// For lines of at most `columns` columns, 40 at least; drawn with ASCII alone where nothing else can
  /// be shown.
  public init(columns: Int, isASCII: Bool) {
    (self.columns, self.isASCII) = (max(columns, 40), isASCII)
  }

  /// Appends at most `rows` lines (2 or more), each ended; nothing without delays.
  public func append(_ delays: DelayHistogram, rows: Int = 12, to text: inout TextBuffer) {
    guard delays.count > 0, rows > 1 else { return }
    let scale = Scale(delays, rows: rows)
    var counts = [Int](repeating: 0, count: scale.rangeCount + 1)
    delays.forEachBucket { bucket in
      let delay = min(max(bucket.middle, delays.minimum), delays.maximum)
      counts[scale.row(of: delay)] += bucket.count
    }
    if counts.last == 0 { counts.removeLast() }
    let labels = counts.indices.map { scale.label(of: $0) }
    let labelWidth = labels.map(\.utf8.count).max() ?? 0
    let most = counts.max() ?? 0
    let bars = BarText(
      width: max(8, columns - labelWidth - 3 - "\(most)".utf8.count), isASCII: isASCII)
    for (label, count) in zip(labels, counts) {
      let start = text.count
      text.append(label)
      text.padLeft(from: start, to: labelWidth)
      text.append("  ")
      bars.append(count, of: most, &text)
      text.append(" ")
      text.append(decimal: count)
      text.newline()
    }
  }
}

/// Ranges of one width, and one row for all that is beyond them.
private struct Scale {
  let first: Int64
  let step: Int64
  let rangeCount: Int
  let decimals: Int

  /// Covers all delays, or of twenty and more all but the longest twentieth.
  init(_ delays: DelayHistogram, rows: Int) {
    let high = delays.count < 20 ? delays.maximum : delays.quantile(0.95) ?? delays.maximum
    let low = delays.minimum.count
    // Narrower ranges would show the histogram's own buckets.
    let least = max(1, high.count / 64)
    let wanted = max((high.count - low) / Int64(rows - 1) + 1, least)
    var (power, places) = (Int64(1), 6)
    while power * 10 <= wanted {
      power *= 10
      places -= 1
    }
    step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= wanted } ?? wanted
    decimals = max(0, step == 10 * power ? places - 1 : places)
    first = low / step * step
    rangeCount = Int((high.count - first) / step) + 1
  }

  /// Where a delay belongs; the row behind the last range for what is beyond it.
  func row(of delay: Nanoseconds) -> Int { min(Int((delay.count - first) / step), rangeCount) }

  func label(of row: Int) -> String {
    var label = TextBuffer(capacity: 0)
    let start = first + Int64(row) * step
    label.append(Nanoseconds(start), in: .milliseconds, decimals: decimals)
    if row < rangeCount {
      label.append(" to ")
      label.append(Nanoseconds(start + step), in: .milliseconds, decimals: decimals)
      label.append(" ms")
    } else {
      label.append(" ms or more")
    }
    return label.string
  }
}
