import LinuxSystem
import PacketText
import PacketWire
import TerminalText

/// How many packets there are so far, once a second, on a terminal that shows nothing else: `-v` with
/// `-w`.
struct StatusLine: ~Copyable {
  private static let interval = Nanoseconds.seconds(1)

  private var output = LineOutput(to: StandardStream.error, flushing: .eachLine)
  private var isShown = false
  /// When the next one is due; nil where there is none at all.
  private(set) var due: MonotonicInstant?

  init(_ options: SniffOptions) {
    let isWanted =
      options.verbose > 0 && options.writeFile != nil && !options.prints
      && StandardStream.isTerminal(StandardStream.error)
    due = isWanted ? MonotonicClock.now() + Self.interval : nil
  }

  /// It is time to show the counts.
  func isDue(at now: MonotonicInstant) -> Bool { due.map { $0 <= now } ?? false }

  /// Shows the counts.
  mutating func show(_ counts: CaptureCounts, at now: MonotonicInstant) {
    due = now + Self.interval
    isShown = true
    output.text.append("\(counts.status)   \r")
    output.flush()
  }

  /// Leaves the line to what follows.
  mutating func finish() {
    if isShown { output.endLine() }
    output.flush()
  }
}
