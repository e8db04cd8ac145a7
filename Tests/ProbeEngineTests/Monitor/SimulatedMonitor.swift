import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A monitor whose probes cross a simulated internet in virtual time.
struct SimulatedMonitor {
  let probe: TraceProbe
  private(set) var monitor: RouteMonitor
  private(set) var rounds: [RouteRound] = []
  private(set) var changes: [RouteChange] = []
  private(set) var verdicts: [RouteVerdict] = []
  /// TTL and time of each probe, by its number.
  private(set) var sent: [(timeToLive: UInt8, flow: Int, at: MonotonicInstant)] = []
  private(set) var finishedAt: MonotonicInstant?
  private var network: VirtualNetwork
  private let topology: Topology

  static let start = MonotonicInstant(nanoseconds: 9_876)

  init(
    through topology: Topology, _ method: TraceMethod = .icmp(identifier: 0x4242),
    seed: UInt64? = nil, _ configure: (inout RouteMonitor.Configuration) -> Void = { _ in }
  ) throws {
    self.topology = topology
    let target = try #require(topology.serverAddresses.first { $0.family == .v4 })
    probe = TraceProbe(
      target: target, source: try #require(topology.client.addresses[.v4]), method: method,
      packetLength: 60, cookies: KeyedCookie(key: 7, 8))
    var configuration = RouteMonitor.Configuration()
    configure(&configuration)
    monitor = RouteMonitor(configuration)
    network = VirtualNetwork(topology: topology, seed: seed, startingAt: Self.start)
  }

  /// Lab lines between the client and the site.
  init(
    _ routers: String, seed: UInt64? = nil,
    _ configure: (inout RouteMonitor.Configuration) -> Void = { _ in }
  ) throws {
    let text =
      "client laptop.home.test 198.18.0.2 2001:db8:0::2\n" + routers
      + "\nsite www.discord.test 203.0.113.80 2001:db8:cb::80\n"
    try self.init(
      through: Topology(parsing: text, named: "test.lab"), seed: seed, configure)
  }

  /// Runs until the monitor is over, or until `end`.
  mutating func run(for length: Nanoseconds = .seconds(1_000_000)) {
    var network = network
    network.run(until: Self.start + length) { take($0, at: $1) }
    self.network = network
  }

  /// Changes something of the monitor in the middle of a run.
  mutating func change(_ body: (inout RouteMonitor) -> Void) { body(&monitor) }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: step(sent.isEmpty ? .start : .timer, at: now)
    case .timer: step(.timer, at: now)
    case .received(let packet):
      note(packet).map { step(.arrived($0, Arrival(clock: ClockSample(at: now))), at: now) } ?? []
    }
  }

  private func note(_ packet: [UInt8]) -> TraceArrival? {
    probe.arrival(packet, monitor.ledger)
  }

  private mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    monitor.step(event, at: now).compactMap { effect in
      switch effect {
      case .send(let request):
        _ = monitor.step(.sent(number: request.number, ClockSample(at: now)), at: now)
        sent.append((request.timeToLive, request.flow, now))
        return (try? probe.packet(of: request)).map { .send($0) }
      case .wake(let instant): return .wake(at: instant)
      case .report(.round(let round)): rounds.append(round)
      case .report(.change(let change)): changes.append(change)
      case .report(.verdict(_, let verdict)): verdicts.append(verdict)
      case .report(.update): break
      case .finish:
        finishedAt = now
        return .finish
      }
      return nil
    }
  }
}
