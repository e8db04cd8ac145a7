import CommandLineKit
import ProbeEngine

extension TracerouteCommand {
  /// Watches a path instead of tracing it once.
  static func watch(
    _ options: TracerouteOptions, host: String, _ channel: consuming TraceChannel
  ) throws -> CInt {
    try options.monitor.check(channel.probe.method)
    let engine = RouteMonitor(options.monitor.configuration(options))
    if options.monitor.mode == .live {
      let reporter = LiveRouteReporter(options, host: host, probe: channel.probe)
      var shell = TraceShell(engine, channel, reporter)
      return try shell.run()
    }
    let reporter = MonitorReporter(options, host: host, probe: channel.probe)
    var shell = TraceShell(engine, channel, reporter)
    return try shell.run()
  }
}
