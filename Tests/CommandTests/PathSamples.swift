import PacketWire

@testable import LinuxNet
@testable import PingCommand
@testable import ProbeEngine

/// Events of probes by two ways, and of sizes.
enum PathSamples {
  static let events: PingEvents = {
    var events = EventSamples.pingEvents
    events.targets = PingTargets(flows: 2)
    for flow in 0..<2 as Range<UInt16> {
      events.targets.append(
        Endpoint(PingTextTests.target), typed: "www.example.test", flow: flow)
    }
    return events
  }()

  static let lines: [String] = {
    let time = EventSamples.time
    func line(_ lane: Int, _ events: PingEvents) -> String {
      EventSamples.line {
        events.sizes(
          lane, .init(0...9, step: 1),
          [
            .init(lengths: 0...5, outcome: .answered), .init(lengths: 6...6, outcome: .partly),
            .init(lengths: 7...9, outcome: .unanswered),
          ], at: time, &$0)
      }
    }
    func compare(_ flows: [FlowComparison.Flow]) -> String {
      EventSamples.line { events.flows(0, FlowComparison(flows), at: time, &$0) }
    }
    let reports = EventSamples.reports.map(\.report) + QuestionSamples.reports
    var table = ResponderTable()
    _ = table.take(PingTextTests.answer { $0.probe.target = 0 })
    let some = (1...20).map { Nanoseconds(Int64($0)) }
    return [
      EventSamples.line { events.start(1, at: time, &$0) },
      EventSamples.line { events.summary(1, PingSummary(), at: time, &$0) },
      line(0, EventSamples.pingEvents), line(1, events),
      EventSamples.line { events.responder(table.rows[0], at: time, &$0) },
      EventSamples.line {
        EventSamples.pingEvents.responder(table.rows[0], at: time, &$0)
      },
      compare([.init(sent: 0, received: 0, delays: []), .init(sent: 0, received: 0, delays: [])]),
      compare([
        .init(sent: 40, received: 20, delays: some), .init(sent: 40, received: 20, delays: some),
      ]),
    ]
      + reports.map { report in EventSamples.line { events.report(report, at: time, &$0) } }
  }()
}
