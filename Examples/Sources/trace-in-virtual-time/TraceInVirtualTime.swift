import ExampleShell
import PacketText
import PacketWire
import ProbeEngine
import SimulatedInternet

/// Traces the path to a host through one of the simulated internets of the gallery: no socket, no
/// root, no waiting, and every run the same.
///
/// `TraceSession` is the engine of traceroute-swift: it is told what happens and at which instant, and
/// says what is to be done. Here a simulated network does it; in the tool the kernel does.
@main
struct TraceInVirtualTime {
  static func main() {
    let command = Command(usage: "trace-in-virtual-time TOPOLOGY", arguments: 1...1)
    guard let entry = TopologyGallery.entry(named: command.arguments[0]) else {
      let names = TopologyGallery.all.map(\.name).joined(separator: ", ")
      command.refuse("there is no topology '\(command.arguments[0])'; there are: \(names)")
    }
    print("\(entry.name): \(entry.summary)")
    var network = VirtualNetwork(topology: entry.topology)
    var trace = Trace(across: entry.topology)
    network.run { event, now in trace.handle(event, at: now) }
    print("took \(milliseconds(network.now - MonotonicInstant(nanoseconds: 0))) of virtual time")
  }
}

/// The shell around the engine: it does what the session asks for, and tells it what happens.
private struct Trace {
  private let probe: TraceProbe
  private var session = TraceSession(TraceSession.Configuration())

  init(across topology: Topology) {
    probe = TraceProbe(
      target: topology.site.addresses.all[0], source: topology.client.addresses.all[0],
      method: .udp(sourcePort: 50_000, destinationPort: 33_434), packetLength: 60,
      // Outside of a simulation a random key, so that nobody can forge an answer.
      cookies: KeyedCookie(key: 1, 2))
  }

  mutating func handle(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: step(.start, at: now)
    case .timer: step(.timer, at: now)
    case .received(let packet): receive(packet, at: now)
    }
  }

  private mutating func receive(
    _ packet: [UInt8], at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    guard let arrival = probe.decode(packet: packet.span, ledger: session.ledger) else { return [] }
    return step(.arrived(arrival, Arrival(clock: clock(now))), at: now)
  }

  private mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    session.step(event, at: now).compactMap { effect in
      switch effect {
      case .send(let request):
        _ = session.step(.sent(number: request.number, clock(now)), at: now)
        return (try? probe.packet(of: request)).map { .send($0) }
      case .wake(let instant): return .wake(at: instant)
      case .report(.hop(let hop)):
        show(hop)
        return nil
      case .report(.answer): return nil  // Its hop tells of it.
      case .finish: return .finish
      }
    }
  }

  /// As traceroute does: an address once, if several probes in a row meet it.
  private func show(_ hop: TraceHop) {
    var line = "\(hop.timeToLive)"
    var latest: IPAddress?
    for outcome in hop.outcomes {
      guard let source = outcome.source, let roundTrip = outcome.roundTrip else {
        line += "  *"
        continue
      }
      if source != latest { line += "  \(source)" }
      line += "  \(milliseconds(roundTrip.duration))"
      latest = source
    }
    print(line)
  }

  /// Both clocks of a host run at one pace here.
  private func clock(_ now: MonotonicInstant) -> ClockSample {
    ClockSample(monotonic: now, wall: WallInstant(nanoseconds: now.nanoseconds))
  }
}
