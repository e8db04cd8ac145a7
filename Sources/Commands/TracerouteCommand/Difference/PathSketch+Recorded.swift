import HostNaming
import LinuxSystem
import PacketWire
import ProbeEngine

extension RecordedTrace {
  /// The path that the trace found.
  func sketch() throws -> PathSketch {
    let names = HostNames(known: [:])
    let scene = TraceScene(
      options: options, host: host, source: source, probe: probe, names: names, origins: nil,
      clock: TraceClock(), explainer: nil)
    let stage = ReplayStage(self, scene)
    let draft = Draft()
    if options.monitor.mode != nil {
      _ = try stage.perform(
        RouteMonitor(options.monitor.configuration(options)),
        Sketcher<RouteMonitor> { draft.sketch = $0.flows.first.map { PathSketch($0) } })
    } else if options.multipath.algorithm != nil {
      _ = try stage.perform(
        MultipathSession(options.multipath.configuration(options)),
        Sketcher<MultipathSession> { [probe] in
          draft.sketch = PathSketch($0.graph, target: probe.target)
        })
    } else if options.pathMTU.isWanted {
      _ = try stage.perform(
        PathMTUTrace(options, probe), Self.sketcher(PathMTUTrace.self, probe.target, draft))
    } else {
      _ = try stage.perform(
        TraceSession(options.configuration),
        Self.sketcher(TraceSession.self, probe.target, draft))
    }
    return draft.sketch ?? PathSketch(hops: [], isReached: false)
  }

  private static func sketcher<Engine: HopTracer>(
    _ engine: Engine.Type, _ target: IPAddress, _ draft: Draft
  ) -> Sketcher<Engine> {
    Sketcher {
      draft.sketch = PathSketch(draft.hops, isReached: $0.isReached(target))
    } take: {
      if case .hop(let hop) = $0 { draft.hops.append(hop) }
    }
  }
}

/// What comes of a replay that prints nothing.
private final class Draft {
  var hops: [TraceHop] = []
  var sketch: PathSketch?
}

/// Prints nothing, and keeps what an engine has found.
private struct Sketcher<Engine: TraceEngine>: TraceReporter, ~Copyable {
  private let finish: (Engine) -> Void
  private let take: (Engine.Report) -> Void

  init(_ finish: @escaping (Engine) -> Void, take: @escaping (Engine.Report) -> Void = { _ in }) {
    (self.finish, self.take) = (finish, take)
  }

  var wakeAt: MonotonicInstant? { nil }
  var isOpen: Bool { true }

  mutating func begin(_ engine: Engine, _ poller: inout Poller) {}
  mutating func take(_ report: Engine.Report, of engine: Engine, at now: MonotonicInstant) {
    take(report)
  }
  mutating func turn(_ engine: Engine, at now: MonotonicInstant) -> Bool { false }
  mutating func end(_ engine: Engine) -> CInt {
    finish(engine)
    return 0
  }
}
