import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A trace whose probes cross a simulated internet in virtual time.
struct SimulatedTrace {
  let probe: TraceProbe
  private(set) var session: TraceSession
  private(set) var network: VirtualNetwork
  private(set) var hops: [TraceHop] = []
  private(set) var answers: [TraceReport] = []
  /// The TTL of each probe, by its number.
  private(set) var sent: [UInt8] = []
  /// The probes that something came back for, also after the trace was over.
  private(set) var answered: Set<Int> = []
  /// When the session was over.
  private(set) var finishedAt: MonotonicInstant?

  init(
    through path: SimulatedTopology, _ family: IPFamily, _ method: TraceMethod,
    seed: UInt64? = nil, packetLength: Int = 80,
    _ configure: (inout TraceSession.Configuration) -> Void = { _ in }
  ) throws {
    probe = TraceProbe(
      target: try #require(path.topology.site.addresses[family]),
      source: try #require(path.topology.client.addresses[family]), method: method,
      packetLength: packetLength, cookies: KeyedCookie(key: 7, 8))
    var configuration = TraceSession.Configuration()
    configuration.maximumTTL = 64
    configure(&configuration)
    session = TraceSession(configuration)
    network = VirtualNetwork(
      topology: path.topology, seed: seed, startingAt: MonotonicInstant(nanoseconds: 9_876))
  }

  /// Traces until the session is over and everything has arrived that was still on its way.
  mutating func run() {
    var network = network
    network.run { take($0, at: $1) }
    self.network = network
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: step(.start, at: now)
    case .timer: step(.timer, at: now)
    case .received(let packet):
      note(packet).map { step(.arrived($0, Arrival(clock: ClockSample(at: now))), at: now) } ?? []
    }
  }

  private mutating func note(_ packet: [UInt8]) -> TraceArrival? {
    let arrival = probe.arrival(packet, session.ledger)
    if let arrival { answered.insert(arrival.number) }
    return arrival
  }

  private mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    session.step(event, at: now).compactMap { effect in
      switch effect {
      case .send(let request):
        _ = session.step(.sent(number: request.number, ClockSample(at: now)), at: now)
        sent.append(request.timeToLive)
        return (try? probe.packet(of: request)).map { .send($0) }
      case .wake(let instant): return .wake(at: instant)
      case .report(.hop(let hop)):
        hops.append(hop)
        return nil
      case .report(let report):
        answers.append(report)
        return nil
      case .finish:
        // The network runs on, for what is still on its way.
        finishedAt = now
        return nil
      }
    }
  }
}
