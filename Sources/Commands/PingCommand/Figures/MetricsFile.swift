import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine

/// The file of `--openmetrics`, rewritten as a whole, at most once a second.
struct MetricsFile {
  private let path: String
  private var writtenAt: MonotonicInstant?
  /// The last attempt failed, and that was said.
  private var hasFailed = false

  /// Between two times.
  private static let pause = Nanoseconds.seconds(1)

  /// A file that is written with the first probe.
  init(path: String) { self.path = path }

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

  /// A file that cannot be written does not end the ping; it is said once, until it can be again.
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
    do throws(SystemError) {
      // Whoever reads it sees one state or the next, which is all that it is for; to wait for the disk
      // would hold up the probes.
      try text.withSpan { octets throws(SystemError) in
        try replaceFile(path, with: octets, survivesCrash: false)
      }
      hasFailed = false
    } catch {
      guard !hasFailed else { return }
      hasFailed = true
      Tool.printDiagnostic("\(PingCommand.toolName): \(error)")
    }
  }
}

/// What a metric's line names a target by.
private struct PingTargetLabel: Hashable {
  var name: String
  var address: IPAddress
}
