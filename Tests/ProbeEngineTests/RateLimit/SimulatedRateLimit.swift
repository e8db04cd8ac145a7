import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A search for limits whose probes cross a simulated internet in virtual time.
struct SimulatedRateLimit {
  let probe: TraceProbe
  private(set) var trace: RateLimitTrace
  private(set) var hops: [HopRateLimit] = []
  /// TTL and time of each probe, by its number.
  private(set) var sent: [(timeToLive: Int, at: MonotonicInstant)] = []
  private(set) var finishedAt: MonotonicInstant?
  private(set) var network: VirtualNetwork
  /// The search is interrupted at the first event behind this time.
  var interruptsAt: MonotonicInstant?

  static let start = MonotonicInstant(nanoseconds: 9_876)

  /// Lab lines between the client and the site.
  init(
    _ routers: String, _ method: TraceMethod = .udp(sourcePort: 50_000, destinationPort: 33_434),
    _ family: IPFamily = .v4, site: String = "", seed: UInt64? = nil,
    _ configure: (inout RateLimitTrace.Configuration) -> Void = { _ in }
  ) throws {
    let topology = try Topology(
      parsing: "client laptop.home.test 198.18.0.2 2001:db8:0::2\n" + routers
        + "\nsite www.discord.test 203.0.113.80 2001:db8:cb::80 \(site)\n", named: "test.lab")
    probe = TraceProbe(
      target: try #require(topology.site.addresses[family]),
      source: try #require(topology.client.addresses[family]), method: method,
      packetLength: 80, cookies: KeyedCookie(key: 7, 8))
    var configuration = RateLimitTrace.Configuration()
    configure(&configuration)
    trace = RateLimitTrace(configuration)
    network = VirtualNetwork(topology: topology, seed: seed, startingAt: Self.start)
  }

  /// Runs until the search is over.
  mutating func run() {
    var network = network
    network.run(until: Self.start + .seconds(1_000)) { take($0, at: $1) }
    self.network = network
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    if let interruptsAt, interruptsAt <= now { return step(.interrupted, at: now) }
    switch event {
    case .start: return step(.start, at: now)
    case .timer: return step(.timer, at: now)
    case .received(let packet):
      guard let arrival = probe.arrival(packet, trace.ledger) else { return [] }
      return step(.arrived(arrival, Arrival(clock: ClockSample(at: now))), at: now)
    }
  }

  private mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    trace.step(event, at: now).compactMap { effect in
      switch effect {
      case .send(let request):
        _ = trace.step(.sent(number: request.number, ClockSample(at: now)), at: now)
        sent.append((Int(request.timeToLive), now))
        return (try? probe.packet(of: request)).map { .send($0) }
      case .wake(let instant): return .wake(at: instant)
      case .report(.hop(let hop)): hops.append(hop)
      case .report(.heard): break
      case .finish:
        finishedAt = now
        return .finish
      }
      return nil
    }
  }

  /// The bucket of the hop at a TTL.
  func fit(_ timeToLive: Int) -> TokenBucketFit? {
    guard case .limited(let fit) = hops.first(where: { $0.timeToLive == timeToLive })?.finding
    else { return nil }
    return fit
  }
}
