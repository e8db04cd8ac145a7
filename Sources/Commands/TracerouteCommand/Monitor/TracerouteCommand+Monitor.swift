import CommandLineKit
import ProbeEngine

extension TracerouteCommand {
  /// Watches a path instead of tracing it once.
  static func watch<Stage: TraceStage & ~Copyable>(
    _ scene: TraceScene, on stage: consuming Stage
  ) throws -> CInt {
    let options = scene.options
    try options.monitor.check(scene.probe.method)
    let engine = RouteMonitor(options.monitor.configuration(options))
    if options.monitor.mode == .live {
      return try stage.perform(
        engine, LiveRouteReporter(options, host: scene.host, probe: scene.probe))
    }
    return try stage.perform(engine, MonitorReporter(scene))
  }
}
