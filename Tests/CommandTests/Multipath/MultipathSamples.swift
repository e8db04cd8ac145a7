import PacketText
import PacketWire

@testable import ProbeEngine
@testable import TracerouteCommand

/// A discovery of a small network, and what is printed of it.
struct MultipathSamples {
  static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))

  /// Who answers; nil for silence.
  typealias Network =
    @Sendable (_ flow: Int, _ timeToLive: Int) -> (address: IPv4Address, isTarget: Bool)?

  /// A router, three side by side of which one says nothing, one where they meet, and the target.
  static let diamond: Network = { flow, timeToLive in
    switch timeToLive {
    case 1: (IPv4Address(198, 18, 1, 1), false)
    case 2: flow % 3 == 2 ? nil : (IPv4Address(198, 18, 2, UInt8(flow % 3 + 1)), false)
    case 3: (IPv4Address(198, 18, 3, 1), false)
    default: (IPv4Address(203, 0, 113, 80), true)
    }
  }

  /// Two ways, of which one is longer and ends at a router that refuses.
  static let refusal: Network = { flow, timeToLive in
    switch (timeToLive, flow % 2) {
    case (1, _): (IPv4Address(198, 18, 1, 1), false)
    case (2, 0): (IPv4Address(198, 18, 2, 1), false)
    case (2, _), (3, 0): (IPv4Address(198, 18, 3, 1), false)
    default: (IPv4Address(203, 0, 113, 80), true)
    }
  }

  /// The ways of a network, with answers after a millisecond a hop.
  static func graph(
    _ network: Network, _ configure: (inout MultipathConfiguration) -> Void = { _ in }
  ) -> MultipathGraph {
    var configuration = MultipathConfiguration()
    configure(&configuration)
    var session = MultipathSession(configuration)
    var now = MonotonicInstant(nanoseconds: 0)
    func clock(_ now: MonotonicInstant) -> ClockSample {
      ClockSample(monotonic: now, wall: EventSamples.time)
    }
    var effects = session.step(.start, at: now)
    var wake: MonotonicInstant?
    while !session.isFinished {
      guard !effects.isEmpty else {
        guard let due = wake else { break }
        now = max(now, due)
        effects = session.step(.timer, at: now)
        continue
      }
      switch effects.removeFirst() {
      case .send(let request):
        _ = session.step(.sent(number: request.number, clock(now)), at: now)
        let ttl = Int(request.timeToLive)
        guard let answer = network(request.flow, ttl) else { continue }
        let time = Arrival(clock: clock(now + .milliseconds(Int64(ttl))))
        let source = IPAddress.v4(answer.address)
        let error = ICMPErrorReport(
          family: .v4, type: 11, code: 0, source: source, detail: 0, timeToLive: 60)
        let reply = TraceReply(from: source, timeToLive: 60, .echo)
        effects += session.step(
          .arrived(
            TraceArrival(
              number: request.number,
              answer: answer.isTarget ? .reply(reply) : .error(TraceError(error))), time), at: now)
      case .wake(let time): wake = time
      case .report, .finish: continue
      }
    }
    return session.graph
  }

  static var events: MultipathEvents {
    MultipathEvents(
      host: "www.example.test", target: target,
      name: { $0 == target ? "www.example.test" : nil })
  }

  /// Every event, with and without each value.
  static var lines: [String] {
    var lines: [String] = []
    for network in [diamond, refusal] {
      let graph = graph(network) { $0.maximumProbes = 60 }
      lines.append(EventSamples.line { events.graph(graph, at: EventSamples.time, &$0) })
      for diamond in graph.diamonds {
        lines.append(
          EventSamples.line { events.diamond(diamond, of: graph, at: EventSamples.time, &$0) })
      }
      for (number, path) in graph.paths(limit: 10).enumerated() {
        lines.append(
          EventSamples.line {
            events.path(path, of: graph, number: number, at: EventSamples.time, &$0)
          })
      }
    }
    // Ways that part here and never meet.
    let open = graph({ flow, timeToLive in
      timeToLive == 1 ? (IPv4Address(198, 18, 1, UInt8(flow % 2)), false) : nil
    }) { $0.isSourceBalanced = true }
    for diamond in open.diamonds {
      lines.append(
        EventSamples.line { events.diamond(diamond, of: open, at: EventSamples.time, &$0) })
    }
    return lines
  }
}
