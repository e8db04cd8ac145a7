import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine

/// The file of `--openmetrics`, rewritten as a whole after each round, at most once a second.
struct RouteMetricsFile {
  /// There is something new to write.
  var isDue = false

  private let path: String
  private let host: String
  private let target: IPAddress
  private var writtenAt: MonotonicInstant?
  /// The last attempt failed, and that was said.
  private var hasFailed = false

  init(path: String, host: String, target: IPAddress) {
    (self.path, self.host, self.target) = (path, host, target)
  }

  /// A file that cannot be written does not end the measurement; it is said once, until it can be again.
  mutating func write(_ monitor: RouteMonitor) {
    let now = MonotonicClock.now()
    guard isDue, monitor.isFinished || writtenAt.map({ $0 + .seconds(1) <= now }) ?? true
    else { return }
    (isDue, writtenAt) = (false, now)
    var text = TextBuffer()
    RouteMetrics(host: host, target: target, flows: monitor.flows).append(to: &text)
    do throws(SystemError) {
      try text.withSpan { octets throws(SystemError) in
        try replaceFile(path, with: octets, survivesCrash: false)
      }
      hasFailed = false
    } catch {
      guard !hasFailed else { return }
      hasFailed = true
      TracerouteCommand.printDiagnostic("\(error)")
    }
  }
}
