import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeEngine

@Suite("many targets, and what can go wrong with them")
struct ManyHostileTests {
  private typealias Reply = ScriptedMany.Reply

  @Test("a loop ends when a router is met for the third time; one met twice in a row is none")
  func loops() throws {
    var run = ScriptedMany(targets: 3) { target, timeToLive, _ in
      switch target {
      case 0:
        Reply(address: ScriptedMany.router(timeToLive < 4 ? timeToLive : 4 + timeToLive % 2))
      case 1 where timeToLive > 8: Reply(address: ScriptedMany.target(1), kind: .echo)
      // It forwards what it should have dropped: hops 4, 5 and 6 are one router.
      default:
        Reply(address: ScriptedMany.router((4...6).contains(timeToLive) ? 50 : 60 + timeToLive))
      }
    }
    run.run()
    try #require(run.traces.count == 3)
    let endings = run.traces.sorted { $0.target < $1.target }.map(\.ending)
    #expect(endings == [.loop, .target, .hops])
    #expect(run.traces.first { $0.target == 0 }?.hops.count ?? 99 < 14)
  }

  @Test("a router that is met again further on is no loop yet: the way may have changed")
  func metAgain() throws {
    var run = ScriptedMany(targets: 1, { $0.usesStopSets = false }) { target, timeToLive, _ in
      timeToLive < 7
        ? Reply(address: ScriptedMany.router(timeToLive == 5 ? 3 : timeToLive))
        : Reply(address: ScriptedMany.target(target), kind: .echo)
    }
    run.run()
    #expect(run.traces.map(\.ending) == [.target])
  }

  @Test("a network that lies as it likes ends, and takes no more room than it is given")
  func liars() throws {
    var random = SeededRNG(seed: 9)
    var run = ScriptedMany(
      targets: 300,
      {
        ($0.stopSetLimit, $0.parallel) = (500, 20)
        $0.networkLengths.v4 = 24
      }
    ) { target, _, _ in
      switch Int.random(in: 0..<10, using: &random) {
      case 0: nil
      case 1: Reply(address: ScriptedMany.target(target), kind: .port, left: 3)
      case 2: Reply(address: ScriptedMany.router(1), kind: .refused, times: 3)
      case 3: Reply(address: ScriptedMany.router(7), milliseconds: 4_000)
      default:
        Reply(address: ScriptedMany.router(Int.random(in: 0..<100_000, using: &random)))
      }
    }
    run.run()
    #expect(run.engine.isFinished && run.traces.count == 300 && run.engine.traces.isEmpty)
    #expect(run.engine.stopSetCounts.near <= 500 + 20 * 30)
    #expect(run.engine.stopSetCounts.far <= 500)
    for trace in run.traces {
      #expect(trace.timesToLive == Array(1...trace.hops.count) && trace.hops.count <= 30)
    }
  }

  @Test("a silent target: five silent hops, each asked twice, and nothing behind them")
  func silence() throws {
    var run = ScriptedMany(targets: 1) { _, timeToLive, _ in
      timeToLive <= 8 ? Reply(address: ScriptedMany.router(timeToLive)) : nil
    }
    run.run()
    let trace = try #require(run.traces.first)
    #expect(trace.ending == .silence && trace.hops.count == 13 && trace.finalTTL == nil)
    #expect(
      trace.measured.map(\.outcomes.count)
        == [Int](repeating: 1, count: 8) + [Int](repeating: 2, count: 5))
    // And one that asked the target how far it is.
    #expect(run.sent.count == 8 + 10 + 1 && run.sent.first?.timeToLive == 30)
  }

  @Test("it begins beyond a silent target: what is behind five silent hops is not asked")
  func beginsBeyond() throws {
    var run = ScriptedMany(targets: 40, { $0.parallel = 1 }) { target, timeToLive, _ in
      if target < 39 {
        return ScriptedMany.path(routers: 14, own: 2, left: 50)(target, timeToLive, 0)
      }
      return timeToLive <= 3 ? Reply(address: ScriptedMany.router(timeToLive)) : nil
    }
    run.run()
    let trace = try #require(run.traces.last)
    #expect(trace.target == 39 && trace.ending == .silence)
    #expect(Array(trace.addresses.prefix(3)) == (1...3).map { ScriptedMany.router($0) })
    #expect(trace.known.map(\.timeToLive) == [1, 2])
    #expect(trace.addresses.dropFirst(3).allSatisfy { $0 == nil })
  }

  @Test("a refusal is the end, and is not the target")
  func refusal() throws {
    var run = ScriptedMany(targets: 2) { _, timeToLive, _ in
      Reply(
        address: ScriptedMany.router(min(timeToLive, 4)),
        kind: timeToLive < 4 ? .exceeded : .refused)
    }
    run.run()
    #expect(run.traces.map(\.ending) == [.refusal, .refusal])
    #expect(run.traces.map(\.finalTTL) == [4, 4] && run.traces.map(\.hops.count) == [4, 4])
    #expect(run.engine.totals.reached == 0)
  }

  @Test(
    "a target that lies about how far it is costs probes and nothing else",
    arguments: [1, 35, 55, 60, 64, 120, 255] as [UInt8])
  func distance(left: UInt8) throws {
    var run = ScriptedMany(targets: 20, reply: ScriptedMany.path(routers: 5, own: 1, left: left))
    run.run()
    #expect(run.traces.count == 20 && run.engine.totals.reached == 20)
    for trace in run.traces {
      let own = ScriptedMany.router(5 + 1_000 * (trace.target + 1))
      #expect(
        trace.addresses == (1...4).map { ScriptedMany.router($0) }
          + [own, ScriptedMany.target(trace.target)])
      #expect(trace.finalTTL == 6)
    }
  }

  @Test(
    "an answer that comes late counts while its trace is under way, and one that comes twice once")
  func lateAndTwice() throws {
    var run = ScriptedMany(targets: 1, { $0.usesStopSets = false }) { target, timeToLive, attempt in
      switch timeToLive {
      case 1: Reply(address: ScriptedMany.router(1), times: 5)
      // After both attempts were given up, and before the trace ends.
      case 2: attempt == 1 ? Reply(address: ScriptedMany.router(2), milliseconds: 2_300) : nil
      case 3: nil
      default: Reply(address: ScriptedMany.target(target), kind: .echo, times: 2)
      }
    }
    run.run()
    let trace = try #require(run.traces.first)
    #expect(
      trace.addresses == [
        ScriptedMany.router(1), ScriptedMany.router(2), nil, ScriptedMany.target(0),
      ])
    #expect(trace.measured[1].outcomes.count == 2 && trace.measured[1].outcomes[1] == .lost)
    #expect(trace.measured[0].outcomes.map { $0.roundTrip?.duration } == [.milliseconds(10)])
    #expect(run.engine.totals.reached == 1 && trace.probes == 6)
  }

  @Test("what cannot be sent at all ends its trace and no other")
  func sendFailures() throws {
    var run = ScriptedMany(targets: 4, reply: ScriptedMany.path(routers: 3, left: 61))
    run.refuses = { target, timeToLive in target == 1 || target == 2 && timeToLive == 2 }
    run.run()
    let traces = run.traces.sorted { $0.target < $1.target }
    try #require(traces.count == 4)
    #expect(traces.map(\.ending) == [.target, .failure, .target, .target])
    #expect(traces[1].sendError == 113 && traces[1].hops.isEmpty && traces[1].probes == 0)
    #expect(traces[3].addresses.count == 4 && run.engine.totals.reached == 3)
    #expect(run.engine.totals.probes == run.sent.count)
  }

  @Test("an interrupt ends it")
  func interrupt() {
    var run = ScriptedMany(targets: 100, reply: ScriptedMany.path(routers: 10, left: 54))
    run.run(events: 50)
    let count = run.sent.count
    run.feed(.interrupted)
    run.feed(.timer)
    #expect(run.engine.isFinished && run.sent.count == count && count < 100)
  }

  @Test("probes are not sent where their numbers could mean others")
  func wireLimit() {
    var run = ScriptedMany(targets: 50, { $0.wireLimit = 10 }) { _, _, _ in nil }
    run.run()
    #expect(run.traces.count == 50 && run.mostWaiting == 10)
  }

  @Test("without room in the stop set every trace goes back by itself")
  func noRoom() {
    var run = ScriptedMany(
      targets: 30, { $0.stopSetLimit = 0 }, reply: ScriptedMany.path(routers: 6, left: 58))
    run.run()
    #expect(run.traces.count == 30 && run.engine.stopSetCounts.near == 0)
    #expect(run.traces.allSatisfy { $0.known.isEmpty && $0.hops.count == 7 })
  }

  @Test("first and last TTL and probes a hop are as asked for")
  func bounds() {
    var run = ScriptedMany(
      targets: 30,
      { ($0.firstTTL, $0.maximumTTL, $0.queries) = (3, 6, 3) },
      reply: ScriptedMany.path(routers: 8, own: 4, left: 56))
    run.run()
    #expect(run.sent.allSatisfy { (3...6).contains($0.timeToLive) })
    for trace in run.traces {
      #expect(trace.timesToLive == [3, 4, 5, 6] && trace.ending == .hops)
      #expect(trace.measured.allSatisfy { $0.outcomes.count == 3 })
    }
    #expect(run.traces.contains { $0.known.count == 1 })
  }

  @Test("a target that answers late is reached all the same, and ends its path where it is")
  func lateTarget() throws {
    var run = ScriptedMany(targets: 1, { $0.usesStopSets = false }) { target, timeToLive, attempt in
      switch timeToLive {
      case 1, 2: Reply(address: ScriptedMany.router(timeToLive))
      // Given up twice, and then answered; behind it there is nobody.
      case 3 where attempt == 1:
        Reply(address: ScriptedMany.target(target), kind: .port, milliseconds: 2_500)
      default: nil
      }
    }
    run.run()
    let trace = try #require(run.traces.first)
    #expect(trace.ending == .target && trace.finalTTL == 3 && trace.hops.count == 3)
    #expect(run.engine.totals.reached == 1 && run.engine.totals.beyond == 1)
  }

  @Test("what a trace outward has found is taken over whole, with its silent hops")
  func outward() throws {
    let silent: Set = [7, 9, 10]
    var run = ScriptedMany(targets: 2, { $0.parallel = 1 }) { target, timeToLive, _ in
      if silent.contains(timeToLive) { return nil }
      if timeToLive <= 12 { return Reply(address: ScriptedMany.router(timeToLive)) }
      // The first target keeps silent, so that its trace begins with the guess. The second tells how far it is.
      return target == 0 ? nil : Reply(address: ScriptedMany.target(1), kind: .echo, left: 52)
    }
    run.run()
    try #require(run.traces.count == 2)
    let trace = run.traces[1]
    #expect(trace.known.map(\.timeToLive) == Array(1...11) && trace.measured.count == 2)
    #expect(
      trace.known.map(\.address)
        == (1...11).map { silent.contains($0) ? nil : ScriptedMany.router($0) })
    #expect(trace.known.allSatisfy { $0.target == 0 })
    #expect(run.sent.count { $0.target == 1 } == 3)
  }

  @Test("when it is known where a path ends nothing behind it is asked any more")
  func nothingBehind() throws {
    var run = ScriptedMany(targets: 1, { $0.longestWait = .seconds(2) }) { target, timeToLive, _ in
      // It answers only what comes with few hops left; and the way back is long, for two routers are silent.
      (3...5).contains(timeToLive)
        ? Reply(address: ScriptedMany.target(target), kind: .echo) : nil
    }
    run.run()
    let trace = try #require(run.traces.first)
    #expect(trace.ending == .target && trace.finalTTL == 3 && trace.hops.count == 3)
    // Once, beside the hop before the first, before it was known; and never again.
    #expect(run.sent.count { $0.timeToLive == 7 } == 1)
    #expect(run.sent.allSatisfy { $0.timeToLive < 8 || $0.timeToLive == 30 })
  }
}
