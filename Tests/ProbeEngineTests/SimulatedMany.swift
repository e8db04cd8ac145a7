import PacketWire
import SimulatedInternet
import Testing

@testable import ProbeEngine

/// Traces to all targets of a tree, through a simulated internet in virtual time.
struct SimulatedMany {
  struct Sent: Hashable {
    var target: Int
    var timeToLive: UInt8
    var at: MonotonicInstant
  }

  private(set) var engine: ManyTraces
  private(set) var probes: ManyProbes
  private(set) var network: VirtualNetwork
  private(set) var sent: [Sent] = []
  private(set) var traces: [ManyTrace] = []
  private(set) var began: [Int] = []
  private(set) var finishedAt: MonotonicInstant?
  /// Done to what arrives.
  var edit: (([UInt8]) -> [UInt8]?)?
  private let source: IPAddress
  private let method: TraceMethod

  init(
    _ tree: ManyTopology, _ family: IPFamily = .v4,
    _ method: TraceMethod = .udp(sourcePort: 40_000, destinationPort: 33_434),
    targets: [Int]? = nil, _ configure: (inout ManyConfiguration) -> Void = { _ in }
  ) throws {
    source = try #require(tree.topology.client.addresses[family])
    self.method = method
    let indices = targets ?? Array(tree.ways.indices)
    let addresses = indices.map { tree.target($0, family) ?? .v4(.any) }
    var configuration = ManyConfiguration()
    (configuration.rate, configuration.maximumTTL) = (1_000, 64)
    configure(&configuration)
    engine = ManyTraces(configuration, targetCount: addresses.count) { addresses[$0] }
    probes = ManyProbes(family)
    network = VirtualNetwork(
      topology: tree.topology, startingAt: MonotonicInstant(nanoseconds: 12_345))
    self.addresses = addresses
  }

  private let addresses: [IPAddress]

  mutating func run(until end: MonotonicInstant = MonotonicInstant(nanoseconds: .max)) {
    var network = network
    network.run(until: end) { take($0, at: $1) }
    self.network = network
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: step(.start, at: now)
    case .timer: step(.timer, at: now)
    case .received(let packet):
      arrival(packet).map {
        step(.arrived($0, Arrival(clock: ClockSample(at: now))), at: now)
      } ?? []
    }
  }

  private func arrival(_ packet: [UInt8]) -> TraceArrival? {
    guard let packet = edit.map({ $0(packet) }) ?? packet, let received = SocketPacket(packet)
    else { return nil }
    let fields = ArrivalFields(source: received.source, timeToLive: received.timeToLive)
    return probes.decode(
      received.octets.span, framing: received.framing, fields: fields, ledger: engine.ledger)
      ?? probes.decode(
        answer: received.octets.span, framing: received.framing, fields: fields,
        ledger: engine.ledger)
  }

  mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    engine.step(event, at: now).compactMap { effect in
      switch effect {
      case .send(let request):
        _ = engine.step(.sent(number: request.number, ClockSample(at: now)), at: now)
        sent.append(Sent(target: request.target, timeToLive: request.timeToLive, at: now))
        return (try? probes[request.target]?.packet(of: request)).map { .send($0) }
      case .wake(let instant): return .wake(at: instant)
      case .report(.began(let target)):
        began.append(target)
        probes[target] = TraceProbe(
          target: addresses[target], source: source, method: method, packetLength: 60,
          cookies: KeyedCookie(key: 5, 6))
        return nil
      case .report(.trace(let trace)):
        traces.append(trace)
        probes[trace.target] = nil
        return nil
      case .finish:
        finishedAt = now
        return nil
      }
    }
  }

  /// The most probes that were sent within so long.
  func mostProbes(within time: Nanoseconds) -> Int {
    var (most, first) = (0, 0)
    for index in sent.indices {
      while sent[index].at - sent[first].at >= time { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }
}

extension ManyTrace {
  /// Who answered, hop by hop; nil for silence.
  var addresses: [IPAddress?] {
    hops.map { hop in
      switch hop {
      case .measured(let hop): hop.outcomes.lazy.compactMap(\.source).first
      case .known(let hop): hop.address
      }
    }
  }

  var measured: [TraceHop] {
    hops.compactMap { if case .measured(let hop) = $0 { hop } else { nil } }
  }

  var known: [KnownHop] { hops.compactMap { if case .known(let hop) = $0 { hop } else { nil } } }

  /// The TTL of each hop, which must be 1, 2, 3 and so on.
  var timesToLive: [Int] {
    hops.map { hop in
      switch hop {
      case .measured(let hop): hop.timeToLive
      case .known(let hop): hop.timeToLive
      }
    }
  }
}
