import PacketWire
import SimulatedInternet
import Testing

@testable import ProbeEngine

@Suite("How many errors a hop sends, in virtual time")
struct RateLimitTraceTests {
  private typealias Finding = HopRateLimit.Finding

  private static func path(_ words: [Int: String] = [:], of count: Int = 4) -> String {
    (1...count).map {
      "router r\($0).test 198.18.\($0).1 2001:db8:\($0)::1 delay 3ms \(words[$0] ?? "")"
    }.joined(separator: "\n")
  }

  /// Limits of the second router: words of the lab file, errors a second, at once.
  private static let limits: [(words: String, rate: Double, burst: Int)] = [
    ("limit 0.2/s:3", 0.2, 3), ("limit 0.5/s:2", 0.5, 2), ("limit 1/s:6", 1, 6),
    ("limit 2/s", 2, 1), ("limit 4/s:6", 4, 6), ("limit 10/s:10", 10, 10),
    ("limit 16/s:6", 16, 6), ("limit 50/s:5", 50, 5), ("limit 90/s:10", 90, 10),
  ]

  @Test("limit and burst, where delays vary and nothing is lost", arguments: limits.indices)
  func limit(of index: Int) throws {
    let limit = Self.limits[index]
    for seed in 1...2 as ClosedRange<UInt64> {
      let jitter = seed == 1 ? "" : "jitter 1ms"
      var run = try SimulatedRateLimit(Self.path([1: jitter, 2: limit.words]), seed: seed)
      run.run()
      let fit = try #require(run.fit(2), "\(limit.words), seed \(seed)")
      #expect(abs(fit.rate / limit.rate - 1) < 0.05, "\(fit), seed \(seed)")
      #expect(fit.burst == limit.burst, "\(fit), seed \(seed)")
      #expect(fit.rates.contains(limit.rate) && fit.bursts.contains(limit.burst), "\(fit)")
      #expect(fit.loss < 0.1 && fit.explained > 0.9)
      for place in [0, 2, 3] { #expect(run.hops[place].finding == .unlimited) }
      // The limit hides no more than it has to.
      #expect(run.hops[1].loss.sent < 330)
    }
  }

  @Test(
    "the same where one packet in ten is lost on its way, and one answer",
    arguments: [2, 5, 6])
  func limit(inLossOf index: Int) throws {
    let limit = Self.limits[index]
    var near = 0
    var covered = 0
    for seed in 11...16 as ClosedRange<UInt64> {
      var run = try SimulatedRateLimit(Self.path([1: "loss 10%", 2: limit.words]), seed: seed)
      run.run()
      guard let fit = run.fit(2) else { continue }
      if abs(fit.rate / limit.rate - 1) < 0.1, abs(fit.burst - limit.burst) <= 3 { near += 1 }
      if fit.rates.contains(limit.rate), fit.bursts.contains(limit.burst) { covered += 1 }
    }
    #expect(near >= 5 && covered >= 5, "\(near) near and \(covered) covered, of 6")
  }

  @Test("loss is no limit, wherever it is", arguments: ["loss 2%", "loss 10%", "loss 20%"])
  func lossOnly(words: String) throws {
    for seed in 21...22 as ClosedRange<UInt64> {
      var run = try SimulatedRateLimit(Self.path([2: words]), seed: seed)
      run.run()
      let asked = run.hops.filter { $0.finding != .target }
      #expect(asked.allSatisfy { $0.finding == .unlimited }, "seed \(seed)")
      let losses = HopRateLimit.losses(of: asked)
      #expect(losses.first == HopRateLimit.Loss.none)
      // It goes on to those behind, and nothing is behind the last one.
      #expect(losses.dropFirst().allSatisfy { $0 == .goesOn || $0 == .unclear })
      #expect(losses.last == .unclear)
    }
  }

  @Test("a router that leaves out answers of its own is told from a path that loses")
  func ownLoss() {
    func hop(_ timeToLive: Int, _ lost: Int, _ finding: HopRateLimit.Finding) -> HopRateLimit {
      HopRateLimit(
        timeToLive: timeToLive, addresses: [], loss: LossInterval(lost: lost, of: 200),
        fastest: 100, finding: finding)
    }
    let hops = [
      hop(1, 0, .unlimited), hop(2, 60, .unlimited), hop(3, 180, .silent), hop(4, 20, .unlimited),
      hop(5, 22, .unlimited), hop(6, 1, .unlimited), hop(7, 0, .target),
    ]
    #expect(HopRateLimit.losses(of: hops) == [.none, .own, .none, .own, .own, .none, .none])
    #expect(
      HopRateLimit.losses(of: Array(hops[1...4])) == [.own, .none, .goesOn, .unclear])
  }

  @Test("no two probes are closer than the highest rate has them", arguments: [5, 100, 1_000])
  func cap(rate: Int) throws {
    let words = [1: "limit 1/s:6", 3: "limit 20/s:5", 4: "limit 2/s"]
    var run = try SimulatedRateLimit(Self.path(words, of: 6)) { $0.highestRate = rate }
    run.run()
    #expect(run.finishedAt != nil)
    let gaps = zip(run.sent, run.sent.dropFirst()).map { $1.at - $0.at }
    #expect(gaps.allSatisfy { $0 >= Nanoseconds(1_000_000_000 / Int64(rate)) })
    for hop in run.hops { #expect(hop.loss.sent <= 4 * rate + 200) }
    // The target answers the search for the path, and no train.
    #expect(run.sent.count { $0.timeToLive >= 7 } <= 3 + 16)
    #expect(run.hops.last?.finding == .target && run.hops.count == 7)
  }

  @Test("a higher rate finds higher limits; below it there is none")
  func higher() throws {
    let words = [2: "limit 300/s:40"]
    var run = try SimulatedRateLimit(Self.path(words)) { $0.highestRate = 1_000 }
    run.run()
    let fit = try #require(run.fit(2))
    #expect(abs(fit.rate - 300) < 15 && abs(fit.burst - 40) <= 1, "\(fit)")
    run = try SimulatedRateLimit(Self.path(words))
    run.run()
    #expect(run.hops[1].finding == .unlimited && run.hops[1].fastest == 100)
  }

  @Test("silence, the target and a single hop")
  func others() throws {
    var run = try SimulatedRateLimit(Self.path([2: "silent"]))
    run.run()
    #expect(run.hops.map(\.finding) == [.unlimited, .silent, .unlimited, .unlimited, .target])
    #expect(run.hops[1].loss == LossInterval(lost: 3, of: 3) && run.hops[1].addresses.isEmpty)

    run = try SimulatedRateLimit(Self.path([3: "limit 1/s:6"])) { $0.hop = 3 }
    run.run()
    #expect(run.hops.map(\.timeToLive) == [3] && run.fit(3)?.burst == 6)
    #expect(run.sent.allSatisfy { $0.timeToLive == 3 })

    // The target sends errors about UDP, and echo replies are none.
    run = try SimulatedRateLimit(Self.path()) { $0.hop = 5 }
    run.run()
    #expect(run.hops.map(\.finding) == [.unlimited])
    run = try SimulatedRateLimit(Self.path(), .icmp(identifier: 9)) { $0.hop = 5 }
    run.run()
    #expect(run.hops.map(\.finding) == [.target] && run.sent.count == 3)

    run = try SimulatedRateLimit(Self.path([2: "silent"])) { $0.hop = 2 }
    run.run()
    #expect(run.hops.isEmpty && run.finishedAt != nil)
  }

  @Test(
    "any probes will do",
    arguments: [
      TraceMethod.icmp(identifier: 77),
      .tcp(sourcePort: 61_000, destinationPort: 80, TraceMethod.SegmentForm()),
      .udpRisingPort(first: 33_434, sourcePort: 40_000),
    ])
  func methods(method: TraceMethod) throws {
    for family in [IPFamily.v4, .v6] {
      var run = try SimulatedRateLimit(Self.path([2: "limit 10/s:6"]), method, family)
      run.run()
      let fit = try #require(run.fit(2))
      #expect(abs(fit.rate - 10) < 0.5 && fit.burst == 6)
    }
  }

  @Test("an interrupt leaves what is known so far")
  func interrupt() throws {
    var run = try SimulatedRateLimit(Self.path([1: "limit 2/s:4"]))
    run.interruptsAt = SimulatedRateLimit.start + .milliseconds(4_500)
    run.run()
    #expect(run.hops.isEmpty)
    let results = run.trace.results
    try #require(results.count == 5)
    guard case .limited(let fit) = results[0].finding else {
      Issue.record("\(results[0].finding)")
      return
    }
    #expect(fit.burst == 4 && abs(fit.rate - 2) < 1)
    #expect(results[2...3].allSatisfy { $0.finding == .unfinished })
  }

  @Test("when the time or the probes are spent, it ends and says what it does not know")
  func bounds() throws {
    let words = [1: "limit 1/s:6"]
    var run = try SimulatedRateLimit(Self.path(words)) { $0.longest = .seconds(6) }
    run.run()
    #expect(try #require(run.finishedAt) - SimulatedRateLimit.start < .milliseconds(6_500))
    try #require(run.hops.count == 5)
    #expect(run.fit(1)?.burst == 6 && run.hops[1].finding == .unlimited)
    #expect(run.hops[3].finding == .unfinished)

    run = try SimulatedRateLimit(Self.path(words)) { $0.probeLimit = 150 }
    run.run()
    #expect(run.sent.count == 150 && run.hops.count == 5)
    #expect(run.hops[1...3].allSatisfy { $0.finding == .unfinished })
    let usual = RateLimitTrace.Configuration()
    #expect(usual.longest == .seconds(300) && usual.probeLimit == 20_000)
  }
}
