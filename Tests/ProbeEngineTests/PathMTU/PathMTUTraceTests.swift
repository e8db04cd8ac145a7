import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A trace for the path MTU through a simulated internet in virtual time.
private struct SimulatedMTUTrace {
  static let tooLong: Int32 = 90

  let probe: TraceProbe
  /// What a router's "too big" is made to say before it comes in.
  var lie: Int?
  /// The probes that are lost on the way, by their numbers.
  var lost: Set<Int> = []
  private let ownLink: Int
  private(set) var hops: [TraceHop] = []
  private(set) var trace: PathMTUTrace
  private var network: VirtualNetwork

  init(
    _ topology: Topology, _ family: IPFamily, _ method: TraceMethod, longest: Int = 65_000
  ) throws {
    var headers = TraceProbe.Headers()
    headers.dontFragment = true
    probe = TraceProbe(
      target: try #require(topology.site.addresses[family]),
      source: try #require(topology.client.addresses[family]), method: method,
      packetLength: longest, cookies: KeyedCookie(key: 7, 8), headers: headers)
    ownLink = topology.clientMTU ?? .max
    trace = PathMTUTrace(
      TraceSession.Configuration(), family, longest: longest, tooLongError: Self.tooLong)
    network = VirtualNetwork(topology: topology)
  }

  mutating func run() {
    var network = network
    network.run(until: MonotonicInstant(nanoseconds: 600_000_000_000)) { take($0, at: $1) }
    self.network = network
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: return step(.start, at: now)
    case .timer: return step(.timer, at: now)
    case .received(let packet):
      guard let arrival = probe.arrival(packet, trace.ledger) else { return [] }
      return step(.arrived(changed(arrival), Arrival(clock: ClockSample(at: now))), at: now)
    }
  }

  private func changed(_ arrival: TraceArrival) -> TraceArrival {
    guard let lie, case .error(var error) = arrival.answer else { return arrival }
    let isTooBig = [(3, 4), (2, 0)].contains { $0 == (error.report.type, error.report.code) }
    if isTooBig { error.report.detail = UInt32(lie) }
    return TraceArrival(number: arrival.number, answer: .error(error))
  }

  private mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    var effects: [VirtualNetwork.ClientEffect] = []
    for effect in trace.step(event, at: now) {
      switch effect {
      case .send(let request): effects += send(request, at: now)
      case .wake(let instant): effects.append(.wake(at: instant))
      case .report(.hop(let hop)): hops.append(hop)
      case .report: break
      case .finish: effects.append(.finish)
      }
    }
    return effects
  }

  private mutating func send(
    _ request: TraceRequest, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    _ = trace.step(.sent(number: request.number, ClockSample(at: now)), at: now)
    guard let octets = try? probe.packet(of: request), octets.count <= ownLink else {
      return step(.sendFailed(number: request.number, errorNumber: Self.tooLong), at: now)
    }
    #expect(octets.count == request.length)
    return lost.contains(request.number) ? [] : [.send(octets)]
  }
}

@Suite("The path MTU, hop by hop")
struct PathMTUTraceTests {
  private static let methods: [TraceMethod] = [
    .udp(sourcePort: 40_001, destinationPort: 33_434), .udpRisingPort(first: 33_434),
    .icmp(identifier: 0x77aa),
  ]
  private static let mtus = [1280, 1281, 1399, 1400, 1454, 1480, 1499, 1500, 1501, 4000, 9000]

  /// A chain whose links take what chance says, and some of whose routers say nothing.
  private func chain(seed: UInt64, silence: Int) -> Topology {
    var path = SimulatedTopology(seed: seed).topology
    var random = SeededRNG(seed: seed)
    path.routers = Array(path.routers.prefix(12))
    for index in path.routers.indices {
      if Bool.random(using: &random) {
        path.routers[index].link.outward.mtu = Self.mtus.randomElement(using: &random)
      }
      path.routers[index].manners.isSilent =
        silence > 0 && Int.random(in: 0..<silence, using: &random) == 0
    }
    return path
  }

  /// The longest packets that come to each hop, 65 000 at the most.
  private func truth(_ topology: Topology, _ longest: Int = 65_000) -> [Int] {
    var longest = longest
    return (topology.routers.map(\.link) + [topology.siteLink]).map { link in
      longest = min(longest, link.outward.mtu ?? longest)
      return longest
    }
  }

  private func expectTruth(_ trace: SimulatedMTUTrace, _ topology: Topology) {
    let truth = truth(topology, trace.probe.packetLength)
    #expect(trace.trace.isFinished && trace.trace.finalTTL == truth.count)
    #expect(trace.hops.map(\.timeToLive) == Array(1...truth.count))
    var previous: Int?
    for hop in trace.hops {
      #expect(hop.outcomes.count == 3)
      let isSilent =
        hop.timeToLive < truth.count && topology.routers[hop.timeToLive - 1].manners.isSilent
      guard !isSilent else {
        #expect(hop.mtu == nil && hop.outcomes.allSatisfy { $0.source == nil })
        continue
      }
      #expect(hop.mtu?.octets == truth[hop.timeToLive - 1], "hop \(hop.timeToLive)")
      #expect((hop.mtu?.change != nil) == (hop.mtu?.octets != previous))
      #expect(hop.mtu?.change.map { $0.previous == previous } ?? true)
      previous = hop.mtu?.octets
    }
  }

  @Test("routers that say it: the truth at each hop", arguments: 1...40)
  func honest(seed: UInt64) throws {
    let topology = chain(seed: seed, silence: 0)
    for family in IPFamily.allCases {
      var trace = try SimulatedMTUTrace(topology, family, Self.methods[Int(seed % 3)])
      trace.run()
      expectTruth(trace, topology)
      for hop in trace.hops.dropFirst() where hop.mtu?.change != nil {
        #expect(hop.mtu?.change?.limit == .router && hop.mtu?.change?.after == hop.timeToLive - 1)
        let before = topology.routers[hop.timeToLive - 2].node.addresses[family]
        #expect(hop.mtu?.change?.router == before)
      }
    }
  }

  @Test("silent routers: still the truth where somebody answers", arguments: 1...40)
  func silent(seed: UInt64) throws {
    let topology = chain(seed: seed, silence: 3)
    for family in IPFamily.allCases {
      var trace = try SimulatedMTUTrace(topology, family, Self.methods[Int(seed % 3)])
      trace.run()
      expectTruth(trace, topology)
    }
  }

  @Test("routers that name nothing, or nonsense", arguments: [0, 67, 65_000, 65_535], 1...8)
  func nonsense(lie: Int, seed: UInt64) throws {
    let topology = chain(seed: seed, silence: 0)
    for family in IPFamily.allCases {
      var trace = try SimulatedMTUTrace(topology, family, Self.methods[2])
      trace.lie = lie
      trace.run()
      expectTruth(trace, topology)
    }
  }

  @Test("a black hole is between the last hop that long packets came to and the next that answers")
  func blackHole() throws {
    let topology = try #require(TopologyGallery.all.first { $0.name == "black-hole" }).topology
    for family in IPFamily.allCases {
      var trace = try SimulatedMTUTrace(topology, family, Self.methods[0], longest: 1_500)
      trace.run()
      expectTruth(trace, topology)
      let change = trace.hops[2].mtu?.change
      #expect(change == HopMTU.Change(.blackHole, previous: 1_500, after: 1))
      #expect(trace.hops[0].mtu == HopMTU(1_500, .init(.none, previous: nil, after: 0)))
    }
  }

  @Test("probes lost by chance are no black hole", arguments: 0..<24)
  func loss(number: Int) throws {
    let topology = chain(seed: 3, silence: 0)
    var trace = try SimulatedMTUTrace(topology, .v4, Self.methods[0], longest: 1_500)
    // A hop's first two of full length, or one of each of two hops.
    trace.lost = [number, number + 3]
    trace.run()
    let truth = truth(topology, 1_500)
    for hop in trace.hops { #expect(hop.mtu?.octets == truth[hop.timeToLive - 1]) }
    #expect(trace.hops.allSatisfy { $0.mtu?.change?.limit != .blackHole })
  }

  @Test("a router that names less each time keeps nobody busy for long")
  func hostile() {
    var configuration = TraceSession.Configuration()
    configuration.maximumTTL = 1
    var trace = PathMTUTrace(
      configuration, .v4, longest: 65_000, tooLongError: 90)
    var now = MonotonicInstant(nanoseconds: 1)
    var queue = trace.step(.start, at: now)
    var sent = 0
    while !queue.isEmpty, sent < 1_000 {
      switch queue.removeFirst() {
      case .send(let request):
        sent += 1
        let report = ICMPErrorReport(
          family: .v4, type: 3, code: 4, source: nil, detail: UInt32((request.length ?? 1) - 1))
        queue += trace.step(
          .arrived(
            TraceArrival(number: request.number, answer: .error(TraceError(report))),
            Arrival(clock: ClockSample(at: now))), at: now)
      case .wake(let time):
        if queue.isEmpty {
          now = max(now, time)
          queue = trace.step(.timer, at: now)
        }
      default: break
      }
    }
    #expect(trace.isFinished && sent < 140, "\(sent)")
  }

  @Test("an interrupt ends it")
  func interrupt() {
    var trace = PathMTUTrace(
      TraceSession.Configuration(), .v6, longest: 1_500, tooLongError: 90)
    let now = MonotonicInstant(nanoseconds: 1)
    _ = trace.step(.start, at: now)
    #expect(trace.step(.interrupted, at: now) == [.finish] && trace.isFinished)
  }
}
