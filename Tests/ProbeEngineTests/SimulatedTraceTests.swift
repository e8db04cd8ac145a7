import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

@Suite("Traces through a simulated internet")
struct SimulatedTraceTests {
  typealias Weather = SimulatedTopology.Weather

  private static let methods: [TraceMethod] = [
    .udp(sourcePort: 40_001, destinationPort: 33_434), .udpRisingPort(first: 33_434),
    .icmp(identifier: 0x77aa),
  ]

  /// Each of 60 paths is traced by one of the methods, in both families.
  private static func method(_ seed: UInt64) -> TraceMethod {
    methods[Int(seed % UInt64(methods.count))]
  }

  @Test("every hop is the topology's, and its delays are to the nanosecond", arguments: 1...60)
  func exactPaths(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed)
    let method = Self.method(seed)
    for family in IPFamily.allCases {
      var trace = try SimulatedTrace(through: path, family, method)
      trace.run()
      expectHops(1...path.hopCount, of: trace, path, family, method)
      #expect(trace.session.finalTTL == path.hopCount)
      #expect(trace.session.isFinished && trace.session.isReached(trace.probe.target))
      // Everything was answered: what came too late belongs to TTLs behind the target.
      #expect(trace.answered == Set(trace.sent.indices))
    }
  }

  /// Compares all hops of a trace, on a path that loses nothing.
  private func expectHops(
    _ range: ClosedRange<Int>, of trace: SimulatedTrace, _ path: SimulatedTopology,
    _ family: IPFamily, _ method: TraceMethod
  ) {
    #expect(trace.hops.map(\.timeToLive) == Array(range))
    for hop in trace.hops {
      #expect(hop.outcomes.count == 3)
      for outcome in hop.outcomes { expect(outcome, at: hop.timeToLive, path, family, method) }
    }
  }

  /// Compares with what the session should say of a probe that is not lost.
  private func expect(
    _ outcome: TraceOutcome, at timeToLive: Int, _ path: SimulatedTopology, _ family: IPFamily,
    _ method: TraceMethod
  ) {
    guard !path.isSilent(at: timeToLive) else {
      #expect(outcome == .lost)
      return
    }
    let isTarget = timeToLive == path.hopCount
    let source = path.address(at: timeToLive, family)
    #expect(outcome.source == source, "hop \(timeToLive)")
    #expect(outcome.roundTrip == RoundTripTime(path.roundTrip(to: timeToLive), source: .program))
    #expect(outcome.isFinal == isTarget)
    let (type, code): (UInt8, UInt8) =
      switch (family, isTarget) {
      case (.v4, false): (11, 0)
      case (.v6, false): (3, 0)
      case (.v4, true): (3, 3)
      case (.v6, true): (1, 4)
      }
    if case .icmp = method, isTarget {
      #expect(outcome.error == nil)
      return
    }
    // What a router sends itself begins with 64.
    #expect(
      outcome.error
        == ICMPErrorReport(
          family: family, type: type, code: code, source: source,
          timeToLive: UInt8(64 - timeToLive + 1)))
    guard case .error(let error) = outcome.answer else { return }
    #expect(error.alteration?.changes == [] && error.detail?.isTimeExceeded == !isTarget)
  }

  @Test("a silent router is a hop without an answer, and hides nobody behind it", arguments: 1...60)
  func silentRouters(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed, Weather(hasSilentRouters: true))
    let method = Self.method(seed)
    for family in IPFamily.allCases {
      var trace = try SimulatedTrace(through: path, family, method)
      trace.run()
      expectHops(1...path.hopCount, of: trace, path, family, method)
      let counters = trace.network.internet.counters
      #expect(trace.sent.count - trace.answered.count == counters.errorsSuppressed)
    }
  }

  @Test("exactly the probes that the network lost have no answer", arguments: 1...60)
  func loss(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed, Weather(loss: 30_000, hasSilentRouters: true))
    let method = Self.method(seed)
    let family: IPFamily = seed.isMultiple(of: 2) ? .v4 : .v6
    var trace = try SimulatedTrace(through: path, family, method)
    trace.run()
    #expect(trace.session.isFinished)
    let counters = trace.network.internet.counters
    #expect(
      trace.sent.count - trace.answered.count == counters.lost + counters.errorsSuppressed)
    for hop in trace.hops {
      let isLast = hop.timeToLive == trace.session.finalTTL
      let own = trace.sent.indices.filter { trace.sent[$0] == hop.timeToLive }
      let beyond = trace.sent.indices.filter { isLast && trace.sent[$0] > hop.timeToLive }
      for (number, outcome) in zip((own + beyond).sorted().prefix(3), hop.outcomes) {
        #expect((outcome.source != nil) == trace.answered.contains(number), "probe \(number)")
        guard let round = outcome.roundTrip else { continue }
        let place = min(hop.timeToLive, path.hopCount)
        #expect(outcome.source == path.address(at: place, family))
        #expect(round.duration == path.roundTrip(to: place))
      }
    }
    #expect(trace.hops.map(\.timeToLive) == Array(1...trace.hops.count))
  }

  @Test("where everything is lost, each probe is waited for as long as allowed, and no longer")
  func blackout() throws {
    var path = SimulatedTopology(seed: 5)
    path.topology.routers[0].link.outward.loss = Probability(clamping: 1_000_000)
    var trace = try SimulatedTrace(through: path, .v4, Self.methods[0]) {
      $0.maximumTTL = 30
      $0.wait.maximum = .seconds(2)
    }
    trace.run()
    #expect(
      trace.hops.count == 30 && trace.hops.allSatisfy { $0.outcomes == [.lost, .lost, .lost] })
    #expect(!trace.session.hasAnswer && trace.session.finalTTL == nil)
    #expect(trace.network.internet.counters.lost == 90 && trace.sent.count == 90)
    // One to each of 16 hops; a second later the other hops' first ones and some of the others; when the
    // first are given up, the rest.
    #expect(trace.finishedAt == MonotonicInstant(nanoseconds: 9_876) + .seconds(5))
  }

  @Test("the first and the last TTL cut the path", arguments: IPFamily.allCases)
  func window(family: IPFamily) throws {
    let path = SimulatedTopology(seed: 3)
    try #require(path.hopCount == 6)
    var trace = try SimulatedTrace(through: path, family, Self.methods[2]) {
      ($0.firstTTL, $0.maximumTTL) = (2, 5)
    }
    trace.run()
    expectHops(2...5, of: trace, path, family, Self.methods[2])
    #expect(!trace.session.isReached(trace.probe.target))
  }

  @Test("the same seed gives the same reports", arguments: 1...10)
  func determinism(seed: UInt64) throws {
    let path = SimulatedTopology(seed: seed, Weather(loss: 20_000, hasJitter: true))
    func trace(_ seed: UInt64) throws -> (hops: [TraceHop], answers: [TraceReport]) {
      var trace = try SimulatedTrace(through: path, .v4, Self.methods[0], seed: seed)
      trace.run()
      return (trace.hops, trace.answers)
    }
    let first = try trace(seed)
    let (again, other) = (try trace(seed), try trace(seed + 1))
    #expect(again.hops == first.hops && again.answers == first.answers)
    #expect(other.answers != first.answers)
  }
}
