import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A session of any engine through a simulated internet, kept as a recording keeps it: what was sent,
/// refused and answered. Timers come a little late, as those of a machine do.
private struct TapedSession<Engine: ReplayableTraceEngine> {
  enum Happening {
    case sent(TraceRequest, ClockSample)
    case refused(TraceRequest, ClockSample)
    case arrived(TraceArrival, MonotonicInstant)
  }

  private static var tooLong: Int32 { 90 }
  private static var start: MonotonicInstant { MonotonicInstant(nanoseconds: 9_876) }

  private let probe: TraceProbe
  private let linkLength: Int
  private var random: SeededRNG
  private(set) var engine: Engine
  private(set) var reports: [Engine.Report] = []
  private(set) var happenings: [Happening] = []
  private var endedAt = MonotonicInstant(nanoseconds: 0)
  private let isInterrupted: Bool

  init(
    _ engine: Engine, through topology: Topology, seed: UInt64, length: Int = 60,
    interruptedAfter limit: Nanoseconds = .seconds(10_000)
  ) throws {
    self.engine = engine
    var headers = TraceProbe.Headers()
    headers.dontFragment = length > 60
    probe = TraceProbe(
      target: try #require(topology.site.addresses[.v4]),
      source: try #require(topology.client.addresses[.v4]),
      method: .udp(sourcePort: 40_001, destinationPort: 33_434), packetLength: length,
      cookies: KeyedCookie(key: 7, 8), headers: headers)
    linkLength = topology.clientMTU ?? .max
    random = SeededRNG(seed: seed)
    isInterrupted = limit < .seconds(10_000)
    var network = VirtualNetwork(topology: topology, seed: seed, startingAt: Self.start)
    network.run(until: Self.start + limit) { take($0, at: $1) }
    if isInterrupted { endedAt = Self.start + limit }
    if isInterrupted, !self.engine.isFinished { _ = self.engine.step(.interrupted, at: endedAt) }
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    guard !engine.isFinished else { return [] }
    switch event {
    case .start: return step(.start, at: now)
    case .timer: return step(.timer, at: now)
    case .received(let packet):
      guard let arrival = probe.arrival(packet, engine.ledger) else { return [] }
      happenings.append(.arrived(arrival, now))
      return step(.arrived(arrival, Arrival(clock: ClockSample(at: now))), at: now)
    }
  }

  private mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    var effects: [VirtualNetwork.ClientEffect] = []
    for effect in engine.step(event, at: now) {
      switch effect {
      case .send(let request): effects += send(request, at: now)
      case .wake(let time):
        effects.append(.wake(at: time + Nanoseconds(.random(in: 0...90_000, using: &random))))
      case .report(let report): reports.append(report)
      case .finish: endedAt = now
      }
    }
    return effects
  }

  private mutating func send(
    _ request: TraceRequest, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    let clock = ClockSample(at: now)
    _ = engine.step(.sent(number: request.number, clock), at: now)
    guard let octets = try? probe.packet(of: request), octets.count <= linkLength else {
      happenings.append(.refused(request, clock))
      return step(.sendFailed(number: request.number, errorNumber: Self.tooLong), at: now)
    }
    happenings.append(.sent(request, clock))
    return [.send(octets)]
  }

  /// What another engine makes of it.
  func replay(into engine: Engine) -> (engine: Engine, reports: [Engine.Report]) {
    var replayer = TraceReplayer(engine)
    var reports: [Engine.Report] = []
    let tell = { (report: Engine.Report, _: Engine, _: MonotonicInstant) in reports.append(report) }
    replayer.start(at: Self.start, tell)
    for happening in happenings {
      switch happening {
      case .sent(let request, let clock):
        replayer.sent(request, ProbeTiming(clock: clock), tell)
      case .refused(let request, let clock):
        replayer.refused(request, ProbeTiming(clock: clock), errorNumber: Self.tooLong, tell)
      case .arrived(let arrival, let now):
        replayer.arrived(arrival, Arrival(clock: ClockSample(at: now)), tell)
      }
    }
    replayer.end(at: endedAt, isInterrupted: isInterrupted, tell)
    return (replayer.engine, reports)
  }
}

@Suite("A trace that is replayed says what it said")
struct TraceReplayTests {
  private static let bad = SimulatedTopology.Weather(
    loss: 200_000, hasJitter: true, hasSilentRouters: true)

  @Test("hop by hop", arguments: 1...24 as ClosedRange<UInt64>)
  func hops(seed: UInt64) throws {
    var configuration = TraceSession.Configuration()
    configuration.maximumTTL = 45
    let topology = SimulatedTopology(seed: seed, Self.bad).topology
    let taped = try TapedSession(TraceSession(configuration), through: topology, seed: seed)
    try compare(taped, TraceSession(configuration))
    let cut = try TapedSession(
      TraceSession(configuration), through: topology, seed: seed,
      interruptedAfter: .milliseconds(700))
    try compare(cut, TraceSession(configuration))
  }

  @Test("the path MTU", arguments: 1...12 as ClosedRange<UInt64>)
  func pathMTU(seed: UInt64) throws {
    var topology = SimulatedTopology(seed: seed).topology
    var random = SeededRNG(seed: seed)
    for place in topology.routers.indices {
      topology.routers[place].link.outward.mtu =
        place == 0 ? 1_500 : [1_280, 1_400, 1_492, 1_500].randomElement(using: &random)
      topology.routers[place].manners.isSilent = Int.random(in: 0..<6, using: &random) == 0
    }
    let engine = PathMTUTrace(
      TraceSession.Configuration(), .v4, longest: 65_000, tooLongError: 90)
    let taped = try TapedSession(engine, through: topology, seed: seed, length: 65_000)
    #expect(taped.happenings.contains { if case .refused = $0 { true } else { false } })
    try compare(taped, engine)
  }

  @Test(
    "all ways", arguments: ["diamond", "nested", "mesh", "wide", "per-packet", "silent-middle"])
  func multipath(name: String) throws {
    let topology = try #require(TopologyGallery.entry(named: name)).topology
    for algorithm in MultipathConfiguration.Algorithm.allCases {
      for seed in 1...3 as ClosedRange<UInt64> {
        var configuration = MultipathConfiguration()
        configuration.algorithm = algorithm
        let engine = MultipathSession(configuration)
        var bad = topology
        // A link that loses makes flows be sent again, parked and given up.
        bad.routers[0].link.homeward.loss = Probability(clamping: seed % 3 * 60_000)
        let taped = try TapedSession(engine, through: bad, seed: seed)
        let replayed = taped.replay(into: engine)
        #expect(replayed.engine.isFinished)
        #expect(replayed.engine.graph == taped.engine.graph, "\(name) \(algorithm) \(seed)")
      }
    }
  }

  @Test("a path under watch", arguments: ["last-mile", "flap", "rude", "diamond"])
  func monitor(name: String) throws {
    let topology = try #require(TopologyGallery.entry(named: name)).topology
    for (flows, addsFlows) in [(1, false), (3, false), (6, true)] {
      var configuration = RouteMonitor.Configuration()
      (configuration.rounds, configuration.flows) = (addsFlows ? 8 : 60, flows)
      configuration.addsFlows = addsFlows
      let engine = RouteMonitor(configuration)
      let taped = try TapedSession(engine, through: topology, seed: 5)
      try compareRounds(taped, engine)
      // How many rounds there were to be is nothing that a replay has to know.
      configuration.rounds = 5
      try compareRounds(taped, RouteMonitor(configuration))
      let cut = try TapedSession(
        engine, through: topology, seed: 6, interruptedAfter: .milliseconds(30_300))
      try compareRounds(cut, engine)
    }
  }

  @Test("the limits of errors", arguments: [1, 2, 3] as [UInt64])
  func limits(seed: UInt64) throws {
    var topology = try #require(TopologyGallery.entry(named: "rude")).topology
    topology.routers[3].manners.errorLimit = ErrorLimit(every: .milliseconds(100), burst: 5)
    if seed == 3 { topology.routers[1].link.outward.loss = Probability(clamping: 50_000) }
    var configuration = RateLimitTrace.Configuration()
    configuration.highestRate = 64
    let engine = RateLimitTrace(configuration)
    let taped = try TapedSession(engine, through: topology, seed: seed)
    let replayed = taped.replay(into: engine)
    #expect(replayed.engine.isFinished && taped.engine.results.count == 5)
    #expect(replayed.engine.results == taped.engine.results)
    let cut = try TapedSession(
      engine, through: topology, seed: seed, interruptedAfter: .milliseconds(5_100))
    #expect(cut.replay(into: engine).engine.results == cut.engine.results)
  }

  private func compare<Engine: HopTracer>(
    _ taped: TapedSession<Engine>, _ engine: Engine
  ) throws {
    let replayed = taped.replay(into: engine)
    // Which of two comes first is chance, where an answer comes when a timer is late.
    #expect(!taped.reports.isEmpty && Set(replayed.reports) == Set(taped.reports))
    func hops(_ reports: [TraceReport]) -> [TraceHop] {
      reports.compactMap { if case .hop(let hop) = $0 { hop } else { nil } }
    }
    #expect(hops(replayed.reports) == hops(taped.reports))
    #expect(replayed.engine.finalTTL == taped.engine.finalTTL)
    #expect(replayed.engine.ledger.count == taped.engine.ledger.count)
  }

  private func compareRounds(
    _ taped: TapedSession<RouteMonitor>, _ engine: RouteMonitor
  ) throws {
    func rounds(_ reports: [RouteReport]) -> [RouteRound] {
      reports.compactMap { if case .round(let round) = $0 { round } else { nil } }
    }
    let replayed = taped.replay(into: engine)
    #expect(replayed.engine.isFinished && rounds(taped.reports).count > 20)
    #expect(rounds(replayed.reports) == rounds(taped.reports))
    #expect(replayed.engine.flows.count == taped.engine.flows.count)
    for (one, other) in zip(replayed.engine.flows, taped.engine.flows) {
      #expect(
        one.loss == other.loss
          && one.changes.values().map(\.hops) == other.changes.values().map(\.hops))
      #expect(one.hops.map(\.answered) == other.hops.map(\.answered))
      #expect(one.verdict.finding == other.verdict.finding)
    }
  }

  @Test("numbers that are missing, known already or out of reach")
  func gaps() throws {
    var ledger = TraceLedger()
    let timing = ProbeTiming(clock: ClockSample(at: MonotonicInstant(nanoseconds: 5)))
    func add(_ number: Int, ttl: UInt8 = 3) -> Bool {
      ledger.add(replayed: TraceRequest(number: number, timeToLive: ttl), timing)
    }
    #expect(add(2) && !add(2) && !add(1) && !add(3, ttl: 0) && !add(68) && add(67))
    #expect(ledger.count == 68 && ledger.waitingCount == 2)
    #expect(ledger[0] == nil && ledger[2]?.request.timeToLive == 3 && ledger[3] == nil)
    #expect(!ledger.settle(3, .lost) && ledger.waitingCount == 2)
  }
}
