import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// The last delays in the last lines of a terminal, a line a target, below whatever else is printed.
struct RunningGraph {
  private let targets: PingTargets
  private let picture: DelayPicture
  private let settings: TerminalSettings
  /// The terminal can move the cursor, and has room for a line of each target.
  private let isShown: Bool
  private var pacer = RedrawPacer()
  private var lineCount = 0

  /// A name stands before each line where there are several.
  private static let nameWidth = 20

  init(_ targets: PingTargets, _ settings: TerminalSettings, picture: DelayPicture) {
    (self.targets, self.settings, self.picture) = (targets, settings, picture)
    let rows = Terminal.rows(of: StandardStream.output) ?? 24
    let least = targets.count > 1 ? Self.nameWidth + 10 : 10
    isShown =
      settings.isTerminal && FullScreen.isPossible && targets.count <= rows / 2
      && settings.columns >= least
  }

  /// When it has to be drawn anew.
  var wakeAt: MonotonicInstant? { isShown ? pacer.dueAt : nil }

  /// Takes in what happened.
  mutating func take(_ report: PingReport, _ recents: inout [RecentDelays]) {
    recents[report.target].take(report)
    pacer.change()
  }

  /// Takes itself away; the next `draw` brings it back.
  mutating func hide(_ text: inout TextBuffer) {
    guard lineCount > 0 else { return }
    text.append("\r")
    if lineCount > 1 {
      text.append("\u{1b}[")
      text.append(decimal: lineCount - 1)
      text.append("A")
    }
    text.append("\u{1b}[J")
    lineCount = 0
    pacer.change()
  }

  /// Draws itself anew if something has changed and it was not drawn just now.
  mutating func draw(
    _ session: borrowing PingSession, _ recents: inout [RecentDelays], at now: MonotonicInstant,
    _ text: inout TextBuffer
  ) {
    guard isShown, pacer.isDue(at: now), !session.isFinished else { return }
    hide(&text)
    for target in recents.indices {
      recents[target].reach(session.summary(of: target).transmitted)
      if target > 0 { text.newline() }
      // The last column stays empty: there some terminals go on to the next line.
      var width = settings.columns - 1
      if recents.count > 1 {
        let name = SafeText.escaped(targets.label(of: target))
        let start = text.count
        text.append(DisplayWidth.clipped(name, to: Self.nameWidth - 1))
        text.padRight(from: start, to: Self.nameWidth)
        width -= Self.nameWidth
      }
      picture.sparkline(recents[target], width: width, &text)
    }
    lineCount = recents.count
    pacer.drawn(at: now)
  }
}
