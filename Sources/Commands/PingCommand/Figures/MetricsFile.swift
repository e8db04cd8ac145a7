import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

/// The file of `--openmetrics`, rewritten as a whole, at most once a second.
struct MetricsFile {
  private var output: MetricsOutput
  private var writtenAt: MonotonicInstant?

  /// Between two times.
  private static let pause = Nanoseconds.seconds(1)

  /// A file that is written with the first probe.
  init(path: String) {
    output = MetricsOutput(path: path, toolName: PingCommand.toolName)
  }

  /// When to write it.
  var wakeAt: MonotonicInstant {
    writtenAt.map { $0 + Self.pause } ?? MonotonicInstant(nanoseconds: 0)
  }

  /// Writes it, if it is time.
  mutating func write(
    _ session: borrowing PingSession, _ targets: PingTargets, at now: MonotonicInstant
  ) {
    guard wakeAt <= now else { return }
    replace(session, targets)
    writtenAt = now
  }

  /// Writes how it was in the end.
  mutating func writeLast(_ session: borrowing PingSession, _ targets: PingTargets) {
    replace(session, targets)
  }

  private mutating func replace(_ session: borrowing PingSession, _ targets: PingTargets) {
    var known: [PingMetrics.Target] = []
    var counts: [PingTargetLabel: Int] = [:]
    for target in 0..<targets.count {
      guard let all = TargetFigures(session, target) else { continue }
      let label = PingTargetLabel(
        name: targets.label(of: target), address: targets.targets[target].address)
      counts[label, default: 0] += 1
      let copy = counts[label, default: 1]
      known.append(
        PingMetrics.Target(
          name: label.name, address: label.address, copy: copy > 1 ? copy : nil,
          counts: all.counts, figures: all.figures))
    }
    var text = TextBuffer()
    PingMetrics(targets: known).append(to: &text)
    output.replace(with: &text)
  }
}

/// What a metric's line names a target by.
private struct PingTargetLabel: Hashable {
  var name: String
  var address: IPAddress
}
