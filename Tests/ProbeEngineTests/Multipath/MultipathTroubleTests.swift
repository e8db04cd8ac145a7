import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

/// Routers that say nothing, or little, or throw dice; lines that lose; and limits of our own.
@Suite struct MultipathTroubleTests {
  // MARK: By packet

  @Test("a router that balances packets is told from a mesh", arguments: 1...10)
  func perPacket(seed: UInt64) {
    let rows = BranchingNetwork.drawn("1", "2 3", "4", "5", "6", "6", "7", seed: seed)
    var harness = MultipathHarness(rows.with { $0.nodes[1].balancesPackets = true }) {
      $0.rule = StoppingRule(failureBound: 0.001)
    }
    harness.run()
    #expect(harness.balancing(of: 1) == .packet)
    #expect(harness.session.graph.diamonds.map(\.balancing) == [.packet])
    #expect(harness.session.graph.vertices.count == 7)
    // Nobody can say which flow takes which way.
    #expect(harness.session.graph.edges.contains { $0.ground == .chance })

    let mesh = BranchingNetwork.drawn("1", "2 3", "4 5", "4 5", "6", "6", "7", seed: seed)
    var other = MultipathHarness(mesh) { $0.rule = StoppingRule(failureBound: 0.001) }
    other.run()
    #expect(other.balancing(of: 1) == .flow)
    #expect(!other.session.graph.edges.contains { $0.ground == .chance })
  }

  @Test("a diamond behind the second hop is always tested", arguments: 2...6)
  func flatPerPacket(width: Int) {
    var nodes = BranchingNetwork.diamond(width: width).nodes.map { node in
      BranchingNetwork.Node(ways: node.ways.map { $0 + 1 })
    }
    nodes.insert(BranchingNetwork.Node(ways: [1]), at: 0)
    for balancesPackets in [true, false] {
      nodes[2].balancesPackets = balancesPackets
      var harness = MultipathHarness(BranchingNetwork(nodes, seed: 5)) {
        $0.rule = StoppingRule(failureBound: 0.001)
      }
      harness.run()
      #expect(harness.balancing(of: 2) == (balancesPackets ? .packet : .flow))
    }
  }

  // MARK: Silence

  @Test("silent routers are stars, and no reason to wait long")
  func silence() {
    let network = BranchingNetwork.straight(8).with {
      for node in [3, 4, 6] { $0.nodes[node].isSilent = true }
    }
    var harness = MultipathHarness(network)
    harness.run()
    #expect(
      harness.links == [
        "1/1: 2", "2/2: *", "3/*: *", "4/*: 5", "5/5: *", "6/*: 7", "7/7: 8", "8/8: 9", "9/9:",
      ])
    #expect(harness.milliseconds < 1_500)
  }

  @Test("a silent target ends it after so many silent hops")
  func deadEnd() {
    let network = BranchingNetwork.straight(3).with {
      $0.nodes[3].isSilent = true
      $0.nodes[4].isSilent = true
      $0.nodes[4].ways = []
    }
    var harness = MultipathHarness(network) { $0.gapLimit = 4 }
    harness.run()
    #expect(harness.session.isFinished)
    #expect(harness.sent.map(\.timeToLive).max() == 6)
    #expect(harness.session.graph.vertices.count == 2)
    #expect(harness.sent.count < 40)
  }

  @Test("one silent router among others is a way of its own", arguments: 1...5)
  func silentBranch(seed: UInt64) {
    var harness = MultipathHarness(
      .drawn("1", "2 3 4", "5", "5", "5", "6", seed: seed).with { $0.nodes[3].isSilent = true })
    harness.run()
    #expect(
      harness.links == ["1/1: * 2 4", "2/*: 5", "2/2: 5", "2/4: 5", "3/5: 6", "4/6:"])
  }

  // MARK: Loss

  @Test("loss invents no routers and hides none", arguments: 1...20)
  func loss(seed: UInt64) {
    let network = BranchingNetwork.drawn(
      "1", "2 3 4", "5", "6", "7", "8", "8", "8", "9", seed: seed)
    var harness = MultipathHarness(network.with { $0.lossPercent = 10 }) {
      $0.rule = StoppingRule(failureBound: 0.001)
    }
    harness.run()
    let graph = harness.session.graph
    #expect(graph.vertices.allSatisfy { $0.address != nil })
    #expect(graph.vertices.count == 9)
    #expect(graph.edges.count == 10)
    #expect(graph.hops.reduce(0) { $0 + $1.probes } <= graph.probes)
    #expect(graph.hops.reduce(0) { $0 + $1.answers } < graph.probes)
  }

  // MARK: Limits of routers

  @Test("the kernel's limit on errors hides nothing", arguments: 2...16)
  func limited(width: Int) {
    var harness = MultipathHarness(BranchingNetwork.diamond(width: width, seed: 3).limited)
    harness.run()
    let graph = harness.session.graph
    var free = MultipathHarness(.diamond(width: width, seed: 3))
    free.run()
    #expect(graph.vertices.allSatisfy { $0.address != nil })
    #expect(graph.vertices.count >= free.session.graph.vertices.count)
    #expect(graph.edges.count == 2 * (graph.vertices.count - 3) + 1)
    #expect(harness.milliseconds < 5_000)
  }

  // MARK: Limits of our own

  @Test func bounds() {
    var harness = MultipathHarness(.diamond(width: 16)) { $0.maximumProbes = 40 }
    harness.run()
    #expect(harness.sent.count == 40)
    #expect(harness.session.limits == [.probes])

    harness = MultipathHarness(.diamond(width: 16)) { $0.maximumFlows = 20 }
    harness.run()
    #expect(Set(harness.sent.map(\.flow)).count == 20)
    #expect(harness.session.limits == [.flows])

    harness = MultipathHarness(.diamond(width: 16)) { $0.maximumWidth = 8 }
    harness.run()
    #expect(harness.session.graph.vertices.count == 11)
    #expect(harness.session.limits.contains(.width))

    harness = MultipathHarness(.diamond(width: 16)) { $0.maximumTTL = 2 }
    harness.run()
    #expect(harness.session.graph.hops.count == 2)

    harness = MultipathHarness(.diamond(width: 16)) { $0.maximumTime = .milliseconds(9) }
    harness.run()
    #expect(harness.session.limits == [.time])
    #expect(harness.milliseconds < 12)

    harness = MultipathHarness(.diamond(width: 16)) { $0.window = 4 }
    harness.run()
    #expect(harness.session.graph.vertices.count == 19)
  }

  @Test("a loop ends")
  func loop() {
    var harness = MultipathHarness(.drawn("1", "2", "3", "2"))
    harness.run()
    #expect(harness.session.isFinished)
    #expect(harness.sent.count < 70)
  }

  @Test("answers to probes that never were mean nothing, and refused ones are not waited for")
  func strangers() {
    var session = MultipathSession(MultipathConfiguration())
    var effects = session.step(.start, at: MonotonicInstant(nanoseconds: 0))
    let now = MonotonicInstant(nanoseconds: 1_000)
    let arrival = Arrival(clock: ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0)))
    for number in [-1, 1, Int.max] {
      let reply = TraceReply(from: BranchingNetwork.address(7), timeToLive: 3, .echo)
      let stranger = TraceArrival(number: number, answer: .reply(reply))
      effects = session.step(.arrived(stranger, arrival), at: now)
      #expect(!effects.contains { if case .send = $0 { true } else { false } })
    }
    for number in 0..<40 {
      _ = session.step(.sendFailed(number: number, errorNumber: 1), at: now)
    }
    #expect(session.isFinished)
    #expect(session.ledger.count < 40)
  }
}
