import PacketWire
import ProbeEngine
import Testing

@Suite("Trace sessions")
struct TraceSessionTests {
  static let udp = TraceMethod.udp(sourcePort: 50_000, destinationPort: 33_434)

  private func router(_ index: UInt8) -> IPv4Address { IPv4Address(198, 18, index, 1) }

  private func path(_ count: UInt8, milliseconds: Int64 = 10) -> [TraceHarness.Hop?] {
    (1...count).map { index in
      var hop = TraceHarness.Hop(
        address: router(index), milliseconds: milliseconds * Int64(index))
      if index == count {
        hop.address = TraceHarness.target
        (hop.type, hop.code) = (.destinationUnreachable, 3)
      }
      return hop
    }
  }

  @Test func everyHopInOrder() {
    var harness = TraceHarness(Self.udp, path: path(5))
    harness.run()
    #expect(harness.hops.map(\.timeToLive) == [1, 2, 3, 4, 5])
    for hop in harness.hops {
      let address = hop.timeToLive == 5 ? TraceHarness.target : router(UInt8(hop.timeToLive))
      #expect(hop.outcomes.count == 3)
      for outcome in hop.outcomes {
        #expect(outcome.source == .v4(address))
        #expect(outcome.roundTrip?.duration == .milliseconds(10 * Int64(hop.timeToLive)))
        #expect(outcome.isFinal == (hop.timeToLive == 5))
      }
    }
    #expect(harness.session.finalTTL == 5 && harness.session.hasAnswer)
    #expect(harness.session.isReached(.v4(TraceHarness.target)))
  }

  @Test("hops are probed in parallel: a trace takes little more than its longest round trip")
  func parallel() {
    var harness = TraceHarness(Self.udp, path: path(5))
    harness.run()
    let first16 = harness.sent.prefix(16)
    #expect(first16.map(\.timeToLive) == Array(1...16))
    #expect(first16.allSatisfy { $0.at == harness.sent[0].at })
    // Hop 4 gets its second and third probe when hop 3 has answered, after 30 ms.
    #expect(harness.now - harness.sent[0].at == .milliseconds(70))
  }

  @Test("what was sent beyond the target stands for its own probes")
  func beyond() {
    var harness = TraceHarness(Self.udp, path: path(3))
    harness.run()
    // 18 first probes, for the first two answers let two more go ahead; two more for each of the two
    // routers, and two for what might have been a third.
    #expect(harness.sent.count == 18 + 6)
    #expect(harness.hops[2].outcomes.count == 3)
  }

  @Test("a target that is asked one by one answers each probe by itself")
  func singly() {
    var harness = TraceHarness(Self.udp, path: path(3)) { $0.asksTargetSingly = true }
    harness.run()
    let toTarget = harness.sent.filter { $0.timeToLive == 3 }.map(\.at)
    #expect(zip(toTarget, toTarget.dropFirst()).allSatisfy { $1 - $0 == .milliseconds(30) })
    #expect(toTarget.count == 3 && harness.hops[2].outcomes.allSatisfy(\.isFinal))
  }

  @Test("step by step, one probe after the other")
  func stepByStep() {
    var harness = TraceHarness(Self.udp, path: path(3)) { $0.window = 1 }
    harness.run()
    #expect(harness.sent.map(\.timeToLive) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
    #expect(harness.now - harness.sent[0].at == .milliseconds(180))
  }

  @Test("probes keep their distance")
  func gap() {
    var harness = TraceHarness(Self.udp, path: path(2)) { $0.gap = .milliseconds(3) }
    harness.run()
    #expect(
      zip(harness.sent, harness.sent.dropFirst()).allSatisfy { $1.at - $0.at >= .milliseconds(3) })
    #expect(harness.hops.map(\.timeToLive) == [1, 2])
  }

  @Test("an answer that comes late is taken until its hop is told")
  func late() {
    var hops = path(3)
    hops[0]?.milliseconds = 1
    hops[1]?.milliseconds = 95
    var harness = TraceHarness(Self.udp, path: hops)
    harness.run()
    // The third hop's 30 ms justify 80 ms for the second.
    #expect(harness.hops[1].outcomes == [.lost, .lost, .lost])
    // While a silent first hop is waited for, the second cannot be told.
    hops[0] = nil
    harness = TraceHarness(Self.udp, path: hops)
    harness.run()
    #expect(harness.hops[1].outcomes.first?.source == .v4(router(2)))
  }

  @Test("a redirect is no answer")
  func notice() {
    var hops = path(2)
    hops[0]?.type = .redirect
    var harness = TraceHarness(Self.udp, path: hops)
    harness.run()
    #expect(harness.hops[0].outcomes == [.lost, .lost, .lost])
  }

  @Test func theWindowIsKept() {
    var harness = TraceHarness(Self.udp, path: []) { $0.window = 4 }
    harness.feed(.start)
    #expect(harness.sent.map(\.timeToLive) == [1, 2, 3, 4])
  }

  @Test("an echo reply ends the trace at its hop")
  func icmpTarget() {
    var hops = path(3)
    hops[2]?.type = .echoReply
    var harness = TraceHarness(.icmp(identifier: 9), path: hops)
    harness.run()
    #expect(harness.hops.map(\.timeToLive) == [1, 2, 3])
    #expect(harness.hops[2].outcomes.allSatisfy { $0.isFinal && $0.error == nil })
  }

  @Test("a refusal ends the trace at its hop", arguments: [1, 9, 10, 13] as [UInt8])
  func refusal(code: UInt8) {
    var hops = path(6)
    hops[3]?.type = .destinationUnreachable
    hops[3]?.code = code
    hops[4] = nil
    hops[5] = nil
    var harness = TraceHarness(Self.udp, path: hops)
    harness.run()
    #expect(harness.hops.map(\.timeToLive) == [1, 2, 3, 4])
    #expect(harness.hops[3].outcomes[0].error?.code == code)
    #expect(!harness.session.isReached(.v4(TraceHarness.target)) && harness.session.hasAnswer)
  }

  @Test("a silent hop is waited for no longer than the answers behind it justify")
  func silentHop() {
    var hops = path(4)
    hops[1] = nil
    var harness = TraceHarness(Self.udp, path: hops)
    harness.run()
    #expect(harness.hops[1].outcomes == [.lost, .lost, .lost])
    // Sent at 10 ms, when the first hop answered; 50 ms more than the third hop's 30.
    #expect(harness.now - harness.sent[0].at == .milliseconds(90))
  }

  @Test("one lost answer of a hop is waited for little longer than its neighbours'")
  func lostAnswer() {
    var hops = path(2)
    hops[0]?.answers = 2
    var harness = TraceHarness(Self.udp, path: hops)
    harness.run()
    #expect(harness.hops[0].outcomes.map { $0.source != nil } == [true, true, false])
    #expect(harness.now - harness.sent[0].at == .milliseconds(70))
  }

  @Test("traceroute's own factors are heeded")
  func factors() {
    var hops = path(2)
    hops[0]?.answers = 2
    var harness = TraceHarness(Self.udp, path: hops) { $0.wait.hereFactor = 3 }
    harness.run()
    // Sent at 10 ms; three times 10 ms plus one.
    #expect(harness.now - harness.sent[0].at == .milliseconds(43))
    hops = path(4)
    hops[1] = nil
    harness = TraceHarness(Self.udp, path: hops) { $0.wait.nearFactor = 10 }
    harness.run()
    #expect(harness.now - harness.sent[0].at == .milliseconds(320))
  }

  @Test("a target that never answers ends at the last hop")
  func silence() {
    var harness = TraceHarness(Self.udp, path: []) {
      ($0.maximumTTL, $0.queries, $0.wait.maximum) = (7, 1, .milliseconds(100))
    }
    harness.run()
    #expect(harness.hops.count == 7 && !harness.session.hasAnswer)
    #expect(harness.now - harness.sent[0].at == .milliseconds(100))
  }

  @Test("the first hop can be left out", arguments: [2, 5, 9])
  func firstTTL(first: Int) {
    var harness = TraceHarness(Self.udp, path: path(5)) { $0.firstTTL = first }
    harness.run()
    #expect(harness.hops.map(\.timeToLive) == Array(first...max(first, 5)))
    #expect(harness.sent.first?.timeToLive == UInt8(first))
  }

  @Test("an answer that comes twice, or after its time, changes nothing")
  func secondAnswer() {
    var harness = TraceHarness(Self.udp, path: path(1)) { $0.queries = 1 }
    harness.feed(.start)
    let packet = harness.pending[0].packet
    harness.deliver(packet)
    harness.deliver(packet)
    #expect(harness.answers.count == 1)
  }

  @Test func failedSendsAreTold() {
    var harness = TraceHarness(Self.udp, path: []) { ($0.queries, $0.maximumTTL) = (1, 1) }
    harness.feed(.start)
    harness.feed(.sendFailed(number: 0, errorNumber: 101))
    #expect(harness.isFinished && harness.hops[0].outcomes[0].sendError == 101)
  }

  @Test func interruption() {
    var harness = TraceHarness(Self.udp, path: [])
    harness.feed(.start)
    harness.feed(.interrupted)
    #expect(harness.isFinished)
  }

  @Test("the farthest hop of all can be probed")
  func manyHops() {
    var harness = TraceHarness(Self.udp, path: []) {
      ($0.maximumTTL, $0.queries, $0.wait.maximum) = (255, 10, .milliseconds(10))
    }
    harness.run()
    #expect(harness.sent.count == 2550 && harness.sent.last?.timeToLive == 255)
    #expect(harness.hops.count == 255)
  }
}
