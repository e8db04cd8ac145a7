import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

/// The file of `--openmetrics`, rewritten as a whole after each round, at most once a second.
struct RouteMetricsFile {
  /// There is something new to write.
  var isDue = false

  private var output: MetricsOutput
  private let host: String
  private let target: IPAddress
  private var writtenAt: MonotonicInstant?

  init(path: String, host: String, target: IPAddress) {
    output = MetricsOutput(path: path, toolName: TracerouteCommand.toolName)
    (self.host, self.target) = (host, target)
  }

  /// Writes it, if it is time.
  mutating func write(_ monitor: RouteMonitor) {
    let now = MonotonicClock.now()
    guard isDue, monitor.isFinished || writtenAt.map({ $0 + .seconds(1) <= now }) ?? true
    else { return }
    (isDue, writtenAt) = (false, now)
    var text = TextBuffer()
    RouteMetrics(host: host, target: target, flows: monitor.flows).append(to: &text)
    output.replace(with: &text)
  }
}
