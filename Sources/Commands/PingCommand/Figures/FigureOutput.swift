import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// All that the options of `FigureOptions` print and write, as it happens. There is none of it where
/// none of them is given.
///
/// A class, since the printer that holds it is asked for copies of none of its parts.
final class FigureOutput {
  private let options: FigureOptions
  private let targets: PingTargets
  private let settings: TerminalSettings
  private var start = ClockSample.now()
  private var recents: [RecentDelays]
  private var graph: RunningGraph?
  private var metrics: MetricsFile?

  /// What is needed for these options; nil for nothing.
  init?(_ options: PingOptions, targets: PingTargets) {
    guard options.figures.isAny else { return nil }
    (self.options, self.targets) = (options.figures, targets)
    settings = .current(of: StandardStream.output)
    recents = []
    metrics = self.options.metricsPath.map { MetricsFile(path: $0) }
    guard self.options.printsGraph else { return }
    recents = targets.targets.map { _ in RecentDelays(limit: settings.columns) }
    graph = RunningGraph(targets, settings, picture: picture)
  }

  private var picture: DelayPicture {
    DelayPicture(
      columns: settings.columns, isASCII: !TerminalSettings.showsUnicode, style: settings.style)
  }

  /// When there is something to do that nothing else wakes up for.
  var wakeAt: MonotonicInstant? {
    [graph?.wakeAt, metrics?.wakeAt].compactMap { $0 }.min()
  }

  /// The session begins.
  func begin(_ text: inout TextBuffer) {
    start = .now()
    if options.printsCSV { PingCSV.header(&text) }
  }

  /// Takes in what happened, and says whether that was all that was to be done for it.
  func take(_ report: PingReport, at time: WallInstant, _ text: inout TextBuffer) -> Bool {
    graph?.take(report, &recents)
    guard options.printsCSV else { return false }
    // What is no answer of ours is said beside the table.
    if case .rejected = report { return false }
    if let row = PingCSV.Row(report, targets, at: time) { PingCSV.append(row, &text) }
    return true
  }

  /// Whether a line is wanted for a report that only exists for figures; nil for any other.
  func isWanted(_ report: PingReport) -> Bool? {
    switch report {
    case .outage: options.printsOutages
    case .pathChange: options.printsFigures
    default: nil
    }
  }

  /// What must not stand in the way of a line.
  func makeRoom(_ text: inout TextBuffer) { graph?.hide(&text) }

  /// The line of a report that only exists for figures.
  func line(_ report: PingReport, _ text: inout TextBuffer) {
    switch report {
    case .outage(let target, let outage):
      appendTarget(target, &text)
      text.append("outage: ")
      words(target).outage(outage, &text)
    case .pathChange(let target, let change):
      appendTarget(target, &text)
      words(target).change(change, &text)
    default: break
    }
  }

  /// Does what is due.
  func turn(_ session: borrowing PingSession, _ text: inout TextBuffer) {
    let now = MonotonicClock.now()
    graph?.draw(session, &recents, at: now, &text)
    metrics?.write(session, targets, at: now)
  }

  /// All that stands below iputils' summary.
  func finish(_ session: borrowing PingSession, _ text: inout TextBuffer) {
    metrics?.writeLast(session, targets)
    for target in 0..<targets.count {
      guard let all = TargetFigures(session, target) else { continue }
      summary(target, all, &text)
    }
  }

  private func summary(_ target: Int, _ all: TargetFigures, _ text: inout TextBuffer) {
    if targets.count > 1, options.printsText {
      text.append("\n--- figures of ")
      text.append(SafeText.escaped(targets.label(of: target)))
      text.append(" ---\n")
    }
    if options.printsFigures {
      words(target).summary(all.figures, all.counts, &text)
    } else if options.printsOutages {
      words(target).outages(all.figures.outages, &text)
    }
    if options.printsOutages { words(target).noOutage(all.figures.outages, &text) }
    if options.printsGraph {
      if recents[target].newest > 0 {
        picture.sparkline(recents[target], &text)
        text.newline()
      }
      picture.box(all.figures.delays, &text)
    }
    if options.printsHistogram { picture.histogram(all.figures.delays, &text) }
  }

  private func words(_ target: Int) -> FigureText {
    FigureText(family: targets.targets[target].address.family, start: start)
  }

  private func appendTarget(_ target: Int, _ text: inout TextBuffer) {
    guard targets.count > 1 else { return }
    text.append(SafeText.escaped(targets.label(of: target)))
    text.append(": ")
  }
}
