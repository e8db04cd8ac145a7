import PacketWire
import SimulatedInternet
import Testing

@testable import ProbeEngine

@Suite("A path under watch, in virtual time")
struct RouteMonitorTests {
  private static let five = (1...5).map {
    "router r\($0).test 198.18.\($0).1 2001:db8:\($0)::1 delay 1ms"
  }

  private static func path(_ changes: [Int: String] = [:]) -> String {
    five.enumerated().map { $1 + " " + (changes[$0 + 1] ?? "") }.joined(separator: "\n")
  }

  private static func address(_ hop: Int) -> IPAddress {
    .v4(hop == 6 ? IPv4Address(203, 0, 113, 80) : IPv4Address(198, 18, UInt8(hop), 1))
  }

  @Test("ten rounds over five routers: one probe a hop and round, exact delays, no loss")
  func rounds() throws {
    var run = try SimulatedMonitor(Self.path()) { $0.rounds = 10 }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(flow.finalTTL == 6 && flow.hops.count == 6)
    for (place, hop) in flow.hops.enumerated() {
      #expect(hop.sent == 10 && hop.answered == 10 && hop.lost == 0 && hop.waiting == 0)
      #expect(hop.sources.map(\.address) == [Self.address(place + 1)])
      let delay = Nanoseconds.milliseconds(Int64(2 * min(place + 1, 5)))
      #expect(hop.delays.minimum == delay && hop.delays.maximum == delay && hop.last == delay)
    }
    #expect(run.rounds.map(\.number) == Array(0..<10))
    #expect(run.rounds.allSatisfy { $0.isReached && $0.hops.map(\.timeToLive) == Array(1...6) })
    #expect(
      flow.verdict.finding == .noLoss && flow.verdict.hops == .init(repeating: .none, count: 6))
    #expect(flow.loss == LossInterval(lost: 0, of: 10))
    #expect(run.changes.isEmpty)
    // Behind the target nothing is probed once it is known.
    #expect(run.sent.count <= 60 + RouteFlow.lookahead)
    #expect(run.sent.dropFirst(20).allSatisfy { $0.timeToLive <= 6 })
    // Nine intervals, and what the last round takes.
    let length = try #require(run.finishedAt) - SimulatedMonitor.start
    #expect(length > .seconds(9) && length < .seconds(10))
  }

  @Test("the probes of a round are spread over the time to the next")
  func spread() throws {
    var run = try SimulatedMonitor(Self.path()) { $0.rounds = 4 }
    run.run()
    let last = run.sent.suffix(6)
    for (probe, next) in zip(last, last.dropFirst()) {
      #expect(next.at - probe.at == Nanoseconds(800_000_000 / 6))
    }
    let first = try #require(run.sent.first { $0.timeToLive == 6 })
    // The first picture is there at once.
    #expect(first.at - SimulatedMonitor.start < .milliseconds(60))
  }

  @Test("the last round's probes are not lost before their time is up")
  func lastRound() throws {
    var run = try SimulatedMonitor("router r1.test 198.18.1.1 2001:db8:1::1 delay 400ms") {
      ($0.rounds, $0.interval) = (3, .milliseconds(100))
    }
    run.run()
    for hop in run.monitor.flows[0].hops {
      #expect(hop.sent == 3 && hop.answered == 3 && hop.lost == 0 && hop.late == 0)
    }
    #expect(run.monitor.flows[0].hops.count == 2)
    #expect(run.rounds.count == 3 && run.rounds.allSatisfy(\.isReached))
  }

  @Test("an answer behind its time is late, and not lost")
  func late() throws {
    var run = try SimulatedMonitor("router r1.test 198.18.1.1 2001:db8:1::1 delay 700ms") {
      $0.rounds = 5
    }
    run.run()
    let flow = run.monitor.flows[0]
    for hop in flow.hops { #expect(hop.answered == 5 && hop.lost == 0 && hop.sent == 5) }
    // What came in 1.4 s was given up after one, until it was known how long it takes.
    #expect(flow.hops.first.map { (1...2).contains($0.late) } ?? false)
    #expect(flow.loss == LossInterval(lost: 0, of: 5))
    #expect(flow.verdict.finding == .noLoss)
  }

  @Test("routers that say nothing are silent, and hide nobody")
  func silentMiddle() throws {
    var run = try SimulatedMonitor(Self.path([2: "silent", 3: "silent"])) { $0.rounds = 10 }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(flow.verdict.hops == [.none, .silent, .silent, .none, .none, .none])
    #expect(flow.verdict.finding == .noLoss)
    #expect(flow.hops.map(\.answered) == [10, 0, 0, 10, 10, 10])
    #expect(flow.hops.map(\.lost) == [0, 10, 10, 0, 0, 0])
  }

  @Test("a target that never answers: the last router that does, and a few hops behind it")
  func silentTarget() throws {
    var run = try SimulatedMonitor(Self.path([5: "silent"])) {
      ($0.rounds, $0.maximumTTL) = (4, 5)
    }
    run.run()
    #expect(run.monitor.flows[0].verdict.finding == .unreached(last: 4))
    #expect(run.monitor.flows[0].hops.count == 4)
    #expect(run.sent.count == 4 * 5)
  }

  @Test("loss that goes on to the target is real, and where it begins is known", arguments: 1...8)
  func realLoss(seed: UInt64) throws {
    var run = try SimulatedMonitor(Self.path([4: "loss 20%"]), seed: seed) {
      ($0.rounds, $0.interval) = (300, .milliseconds(100))
    }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(flow.verdict.finding == .loss(from: 4, to: 4))
    #expect(flow.verdict.hops == [.none, .none, .none, .real, .real, .real])
    // Lost on the way there or back.
    #expect((0.28...0.44).contains(flow.loss.ratio))
  }

  @Test("a router that limits its answers loses nothing", arguments: 1...4)
  func limitedRouter(seed: UInt64) throws {
    var run = try SimulatedMonitor(Self.path([2: "limit 2/s:2"]), seed: seed) {
      ($0.rounds, $0.interval) = (100, .milliseconds(100))
    }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(flow.verdict.hops == [.none, .own, .none, .none, .none, .none])
    #expect(flow.verdict.finding == .noLoss)
    #expect(flow.hops.dropFirst().first.map { $0.loss.ratio > 0.5 } ?? false)
  }

  @Test("a balancer of packets is no path that changes", arguments: 1...10)
  func perPacket(seed: UInt64) throws {
    var run = try SimulatedMonitor(
      """
      router r1.test 198.18.1.1 2001:db8:1::1 balance packet delay 1ms
      path 1 as a behind r1.test delay 1ms
      path 1 as b behind r1.test delay 1ms
      router r2.test 198.18.6.1 2001:db8:6::1 behind a b
      """, seed: seed
    ) { $0.rounds = 100 }
    run.run()
    let flow = run.monitor.flows[0]
    // Of ten tossed coins one in seventy looks like a path that has changed.
    #expect(run.changes.count <= (seed == 6 ? 1 : 0))
    let hop = try #require(flow.hops.dropFirst().first)
    #expect(hop.sources.count == 2 && hop.owner.alternates)
    #expect(hop.sources.reduce(0) { $0 + $1.delays.count } == 100)
    #expect(flow.verdict.finding == .noLoss)
  }

  @Test("a route that flaps is told each time, and is no loss")
  func flap() throws {
    let entry = try #require(TopologyGallery.entry(named: "flap"))
    var run = try SimulatedMonitor(through: entry.topology) { $0.rounds = 65 }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(run.changes.count == 6)
    for (place, change) in run.changes.enumerated() {
      let seconds = Double((change.since - MonotonicInstant(nanoseconds: 0)).count) / 1e9
      #expect((seconds - Double(place + 1) * 10).magnitude <= 1.01, "\(seconds)")
      let second = try #require(change.hops.first)
      #expect(second.timeToLive == 2 && second.before != second.after)
      // And back again.
      if place > 0 { #expect(run.changes[place - 1].hops.first?.after == second.before) }
    }
    #expect(flow.verdict.finding == .noLoss)
    #expect(flow.loss.lost == 0 && flow.loss.sent == 65)
    for hop in flow.hops { #expect(hop.lost == 0 && hop.waiting == 0) }
  }

  @Test("a route that changes in the middle of a round is told once, with all of its hops")
  func flapWithinRound() throws {
    let entry = try #require(TopologyGallery.entry(named: "flap"))
    let text = entry.text.replacing("flap:10s", with: "flap:10300ms")
    var run = try SimulatedMonitor(through: Topology(parsing: text, named: "flap.lab")) {
      $0.rounds = 65
    }
    run.run()
    #expect(run.changes.count == 6)
    for change in run.changes { #expect(change.hops.map(\.timeToLive) == [2, 3, 4]) }
    #expect(run.monitor.flows[0].verdict.finding == .noLoss)
  }

  @Test("a round that ends before a target that has moved is asked does not count against it")
  func cutRounds() throws {
    let entry = try #require(TopologyGallery.entry(named: "flap"))
    var run = try SimulatedMonitor(through: entry.topology) {
      ($0.rounds, $0.interval) = (350, .milliseconds(100))
    }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(flow.loss.lost == 0 && (340..<350).contains(flow.loss.sent), "\(flow.loss)")
  }

  @Test("a target that has moved behind a router that says nothing is found again")
  func movedTarget() throws {
    var run = try SimulatedMonitor(
      """
      router r1.test 198.18.1.1 2001:db8:1::1 balance flap:30s delay 1ms
      router s1.test 198.18.2.1 2001:db8:2::1 behind r1.test delay 1ms
      router l1.test 198.18.3.1 2001:db8:3::1 behind r1.test delay 1ms
      router l2.test 198.18.4.1 2001:db8:4::1 delay 1ms
      router r6.test 198.18.6.1 2001:db8:6::1 behind s1.test l2.test balance flap:30s silent
      """
    ) { $0.rounds = 60 }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(flow.finalTTL == 5)
    #expect(run.rounds.suffix(20).allSatisfy { $0.isReached })
    #expect((3...4).contains(flow.loss.lost), "\(flow.loss.lost)")
  }

  @Test("a path that changes to a silent router loses nothing there")
  func flapToSilence() throws {
    var run = try SimulatedMonitor(
      """
      router r1.test 198.18.1.1 2001:db8:1::1 balance flap:15s delay 1ms
      router s1.test 198.18.2.1 2001:db8:2::1 behind r1.test delay 1ms
      router s2.test 198.18.3.1 2001:db8:3::1 delay 1ms
      router l1.test 198.18.4.1 2001:db8:4::1 behind r1.test delay 1ms silent
      router l2.test 198.18.5.1 2001:db8:5::1 delay 1ms
      router r6.test 198.18.6.1 2001:db8:6::1 behind s2.test l2.test balance flap:15s
      """
    ) { $0.rounds = 60 }
    run.run()
    let flow = run.monitor.flows[0]
    #expect(run.changes.count == 3)
    #expect(run.changes.first?.hops.map(\.timeToLive) == [3])
    let second = try #require(flow.hops.dropFirst().first)
    #expect(second.lost <= 1 && second.silent >= 25 && second.answered >= 25)
    #expect(flow.verdict.finding == .noLoss)
  }

  @Test("each flow has its own path, and the way it takes")
  func flows() throws {
    let entry = try #require(TopologyGallery.entry(named: "diamond"))
    var run = try SimulatedMonitor(
      through: entry.topology, .udp(sourcePort: 40_000, destinationPort: 33_434)
    ) { ($0.rounds, $0.flows, $0.interval) = (5, 12, .milliseconds(100)) }
    run.run()
    #expect(run.monitor.flows.count == 12 && run.rounds.count == 60)
    var ways: Set<IPAddress> = []
    for flow in run.monitor.flows {
      let hop = try #require(flow.hops.dropFirst().first)
      #expect(hop.sources.count == 1 && hop.answered == 5)
      #expect(flow.finalTTL == 4)
      ways.formUnion(hop.sources.map(\.address))
    }
    #expect(ways.count == 3)
    #expect(run.rounds.prefix(13).map(\.flow) == Array(0..<12) + [0])
  }

  @Test(
    "flows are added as long as the stopping rule asks for more, and all have as many rounds",
    // One way, two, three, and more than flows can be.
    arguments: [("last-mile", 6...6), ("diamond", 16...16), ("wide", 16...16)])
  func addedFlows(name: String, counts: ClosedRange<Int>) throws {
    let entry = try #require(TopologyGallery.entry(named: name))
    for seed in 1...5 as ClosedRange<UInt64> {
      var run = try SimulatedMonitor(
        through: entry.topology, .udp(sourcePort: 40_000, destinationPort: 33_434), seed: seed
      ) {
        ($0.rounds, $0.flows, $0.interval) = (4, RouteMonitor.Configuration.leastFlows, .seconds(1))
        $0.addsFlows = true
      }
      run.run()
      let flows = run.monitor.flows
      #expect(counts.contains(flows.count), "\(name) \(flows.count)")
      #expect(
        run.rounds.count == 4 * flows.count
          && run.rounds.map(\.number) == Array(0..<run.rounds.count))
      for flow in flows { #expect(run.rounds.count { $0.flow == flow.number } == 4) }
      // The first turn is that of the first six; then those come that were added.
      #expect(run.rounds.prefix(6).map(\.flow) == Array(0..<6))
      #expect(flows.count == 6 || run.rounds[6].flow == 6)
    }
  }

  @Test("two ways ask for eleven flows, and a silent or a turning hop for none")
  func fewAddedFlows() throws {
    func count(_ routers: String) throws -> Int {
      var run = try SimulatedMonitor(routers) {
        ($0.rounds, $0.flows, $0.addsFlows) = (3, RouteMonitor.Configuration.leastFlows, true)
      }
      run.run()
      return run.monitor.flows.count
    }
    let edge = "router edge.test 198.18.1.1 balance flow delay 2ms\n"
    #expect(try count(edge + "row 2 as middle\nrouter core.test 198.18.3.1") == 11)
    #expect(try count(edge + "router core.test 198.18.3.1 silent delay 2ms") == 6)
    let turns = edge.replacing("flow", with: "packet")
    #expect((6...16).contains(try count(turns + "row 2 as middle\nrouter core.test 198.18.3.1")))
  }

  @Test("rounds that are minutes apart are counted, though they are forgotten")
  func slowRounds() throws {
    var run = try SimulatedMonitor(Self.path()) { ($0.rounds, $0.interval) = (4, .seconds(300)) }
    run.run(for: .seconds(4_000))
    #expect(run.rounds.map(\.number) == [0, 1, 2, 3] && run.monitor.isFinished)
    #expect(run.finishedAt.map { $0 < SimulatedMonitor.start + .seconds(1_200) } ?? false)
  }

  @Test("what it keeps does not grow with the rounds")
  func bounded() throws {
    var run = try SimulatedMonitor(Self.path()) {
      ($0.rounds, $0.interval) = (3_000, .milliseconds(100))
    }
    run.run()
    #expect(run.monitor.ledger.count > 18_000)
    #expect(run.monitor.ledger.numbers.count < 6_000)
    #expect(run.monitor.flows[0].hops.allSatisfy { $0.answered == 3_000 })
  }

  @Test("held it sends nothing, and set back it forgets figures but not the path")
  func pauseAndReset() throws {
    var run = try SimulatedMonitor(Self.path())
    run.run(for: .milliseconds(5_500))
    let before = run.sent.count
    run.change { $0.pause(true, at: SimulatedMonitor.start + .milliseconds(5_500)) }
    run.run(for: .seconds(20))
    #expect(run.sent.count == before)
    run.change {
      $0.reset()
      $0.pause(false, at: SimulatedMonitor.start + .seconds(20))
    }
    run.run(for: .milliseconds(22_900))
    let flow = run.monitor.flows[0]
    #expect(flow.finalTTL == 6)
    #expect(flow.hops.allSatisfy { (3...4).contains($0.answered) && $0.lost == 0 })
    #expect(flow.hops.map(\.address) == (1...6).map { Self.address($0) })
  }

  @Test("ports that rise begin anew behind the last one")
  func risingPorts() {
    var ledger = TraceLedger()
    let method = TraceMethod.udpRisingPort(first: 33_434)
    let now = MonotonicInstant(nanoseconds: 0)
    for number in 0..<70_000 {
      let request = ledger.add(timeToLive: 1, at: now)
      let port = method.ports(of: request)?.destination ?? 0
      #expect(port >= 33_434)
      #expect(ledger.number(onPort: port, from: 33_434) == number)
      if number % 1_000 == 999 { ledger.forget(before: number - 500) }
    }
    #expect(ledger.number(onPort: 33_433, from: 33_434) == nil)
  }
}
