import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeEngine

@Suite("the parts of tracing many targets")
struct ManyPartsTests {
  @Test("the first hop wastes least, and of several it is the middle one", arguments: 0..<50)
  func firstHop(seed: Int) {
    var random = SeededRNG(seed: UInt64(seed))
    var choice = FirstHopChoice()
    var traces: [(shared: Int, end: Int)] = []
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      let shared = Int.random(in: 1...20, using: &random)
      let end = shared + Int.random(in: 0...9, using: &random)
      traces.append((shared, end))
      choice.note(lastShared: shared, end: end, isReached: true)
    }
    let hops = 2...Int.random(in: 2...30, using: &random)
    let waste = hops.map { start in
      traces.reduce(0) { $0 + max(0, $1.shared - start) + max(0, start - $1.end) }
    }
    let best = waste.indices.filter { waste[$0] == waste.min() }
    #expect(choice.best(in: hops) == (best[0] + best[best.count - 1]) / 2 + 2)
    let pays = (waste.min() ?? 0) > traces.count || traces.count < 16
    #expect(choice.asksTarget(in: hops) == pays)
  }

  @Test("old traces count less and less")
  func memory() {
    var choice = FirstHopChoice()
    for _ in 0..<3_000 { choice.note(lastShared: 4, end: 4, isReached: false) }
    #expect(choice.best(in: 1...30) == 4 && !choice.asksTarget(in: 1...30))
    for _ in 0..<1_500 { choice.note(lastShared: 12, end: 12, isReached: true) }
    #expect(choice.best(in: 1...30) == 12)
  }

  @Test("before anything is known it is a guess within bounds, and the target is asked")
  func unknown() {
    let choice = FirstHopChoice()
    #expect(choice.best(in: 1...30) == 6 && choice.best(in: 9...30) == 9)
    #expect(choice.best(in: 1...4) == 4 && choice.asksTarget(in: 1...30))
  }

  @Test("deadlines come in their order")
  func deadlines() {
    var (random, deadlines) = (SeededRNG(seed: 3), ProbeDeadlines())
    let times = (0..<500).map { _ in Int64.random(in: 0..<1_000, using: &random) }
    for (number, time) in times.enumerated() {
      deadlines.add(number, at: MonotonicInstant(nanoseconds: time))
    }
    #expect(deadlines.due?.nanoseconds == times.min())
    var taken: [Int64] = []
    while let number = deadlines.next(at: MonotonicInstant(nanoseconds: 600)) {
      taken.append(times[number])
    }
    #expect(taken == times.filter { $0 <= 600 }.sorted())
    #expect(deadlines.due.map { $0.nanoseconds > 600 } == true)
  }

  @Test("what is late is caught up for two milliseconds at the most")
  func pacer() {
    var pacer = ProbePacer(rate: 1_000)
    func sent(at milliseconds: Int64) -> Int {
      let now = MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
      var count = 0
      while pacer.isDue(at: now) {
        pacer.go(at: now)
        count += 1
      }
      return count
    }
    #expect([0, 1, 2, 500, 501, 503].map(sent) == [1, 1, 1, 3, 1, 2])
    // A rate that does not divide a second is rather missed than exceeded.
    var three = ProbePacer(rate: 3)
    for _ in 0..<3 { three.go(at: MonotonicInstant(nanoseconds: 0)) }
    #expect(three.due?.nanoseconds ?? 0 >= 1_000_000_000 - 4_000_000)
  }

  @Test("a wait is TCP's, three times what the path takes, and between a second and the longest")
  func wait() {
    var wait = WaitEstimate()
    #expect(wait.wait(slowest: nil, atMost: .seconds(5)) == .seconds(5))
    wait.note(.milliseconds(400))
    // 400 ms, and four times half of it.
    #expect(wait.wait(slowest: nil, atMost: .seconds(5)) == .milliseconds(1_200))
    #expect(wait.wait(slowest: .milliseconds(900), atMost: .seconds(5)) == .milliseconds(2_700))
    #expect(wait.wait(slowest: .seconds(4), atMost: .seconds(5)) == .seconds(5))
    for _ in 0..<100 { wait.note(.milliseconds(20)) }
    #expect(wait.wait(slowest: .milliseconds(20), atMost: .seconds(5)) == .seconds(1))
    #expect(wait.wait(slowest: nil, atMost: .milliseconds(300)) == .milliseconds(300))
  }

  @Test("a way is known when its first hop is, and until then it is known who asks")
  func localStopSet() throws {
    var set = LocalStopSet(limit: 3)
    func back(_ router: Int?, _ timeToLive: Int, _ target: Int, _ last: Int?) -> Int? {
      set.add(
        router.map { ScriptedMany.router($0) }, at: timeToLive, target: target, inFrontOf: last)
    }
    func outward(_ router: Int, _ timeToLive: Int, _ place: Int) -> Int? {
      set.add(ScriptedMany.router(router), at: timeToLive, target: 8, behind: place)
    }
    let far = try #require(back(3, 3, 7, nil))
    #expect(set.place(of: ScriptedMany.router(3), at: 3) == far)
    #expect(set.place(of: ScriptedMany.router(3), at: 4) == nil)
    #expect(set.way(to: far) == .asked(by: 7))
    let silent = try #require(back(nil, 2, 7, far))
    let behind = try #require(outward(4, 4, far))
    #expect(set.way(to: behind) == .asked(by: 7))
    #expect(back(9, 4, 9, nil) == nil)
    #expect(outward(9, 5, behind) == nil)
    // A way that was begun is ended, whatever the limit.
    let first = try #require(back(1, 1, 7, silent))
    set.end(first)
    let known = { KnownHop(timeToLive: $0, address: $1, target: 7) }
    #expect(
      set.way(to: behind)
        == .complete([
          known(1, ScriptedMany.router(1)), known(2, nil), known(3, ScriptedMany.router(3)),
        ]))
    #expect(set.count == 4)
  }

  @Test("networks are told by as many bits as were asked for")
  func globalStopSet() throws {
    var lengths = ManyConfiguration.NetworkLengths()
    var none = GlobalStopSet(lengths, limit: 10)
    let router = ScriptedMany.router(1)
    let neighbours = try ["192.0.2.1", "192.0.2.255", "2001:db8::2", "2001:db8::3", "192.0.3.1"]
      .map { try #require(IPAddress($0)) }
    #expect((0..<2).map { _ in none.add(router, at: 2, towards: neighbours[0]) } == [true, true])
    (lengths.v4, lengths.v6) = (24, 127)
    var set = GlobalStopSet(lengths, limit: 3)
    let news = [(0, 2), (1, 2), (1, 3), (2, 2), (3, 2), (4, 2), (4, 2)].map { neighbour, hop in
      set.add(router, at: hop, towards: neighbours[neighbour])
    }
    // Nothing that there was no room for is known later.
    #expect(news == [true, false, true, true, false, true, true] && set.count == 3)
  }
}
