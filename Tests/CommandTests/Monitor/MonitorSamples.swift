import PacketWire

@testable import ProbeEngine
@testable import TracerouteCommand

/// The events of a path under watch, every field with and without a value.
enum MonitorSamples {
  static let lines: [String] = {
    let events = MonitorEvents(
      host: "www.example.test", probe: ScriptedMonitor.probe,
      name: { $0 == ScriptedMonitor.router(1) ? "r1.example.test" : nil })
    let time = EventSamples.time
    func line(_ run: ScriptedMonitor) -> [String] {
      let flow = run.monitor.flows[0]
      return [
        EventSamples.line { events.start(run.monitor.configuration, method: "icmp", at: time, &$0) }
      ]
        + run.rounds.prefix(2).map { round in
          EventSamples.line { events.round(round, at: time, &$0) }
        }
        + run.changes.map { change in
          EventSamples.line { events.change(change, since: time, at: time, &$0) }
        } + [EventSamples.line { events.verdict(flow, at: time, &$0) }]
        + zip(flow.hops, flow.verdict.hops).map { hop, kind in
          EventSamples.line { events.figures(hop, kind, of: flow, at: time, &$0) }
        } + [EventSamples.line { events.end(flow, at: time, &$0) }]
    }
    let several = ScriptedMonitor(rounds: 3, flows: 4) { ttl, round in
      guard ttl < 4 else { return (ScriptedMonitor.target, 4_000) }
      guard ttl != 2 else { return nil }
      return (ScriptedMonitor.router(ttl == 3 ? 100 + round % 4 % 2 : ttl), Int64(ttl) * 1_000)
    }
    let ways = [several, .nobody].map { run in
      EventSamples.line { events.ways(RouteWays(run.monitor.flows), at: time, &$0) }
    }
    let endless = ScriptedMonitor(rounds: nil, for: .milliseconds(1_500)) { _, _ in nil }
    let once = ScriptedMonitor(rounds: 1) { _, _ in (ScriptedMonitor.target, 700) }
    return [ScriptedMonitor.usual, .changed, .nobody, endless, once].flatMap { line($0) } + ways
  }()
}
