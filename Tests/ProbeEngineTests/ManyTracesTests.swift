import PacketWire
import SimulatedInternet
import Testing

@testable import ProbeEngine

@Suite("many targets, by doubletree")
struct ManyTracesTests {
  /// All that is claimed of a trace is true of its tree.
  private func check(
    _ run: SimulatedMany, _ tree: ManyTopology, _ family: IPFamily = .v4, loses: Bool = false
  ) {
    let sent = Dictionary(grouping: run.sent, by: \.target)
    for trace in run.traces {
      let way = tree.addresses(to: trace.target, family)
      #expect(trace.timesToLive == Array(1...trace.hops.count), "target \(trace.target)")
      for (address, truth) in zip(trace.addresses, way) where address != nil {
        #expect(address == truth, "target \(trace.target)")
      }
      // With losses a target may be missed where it is, and be met a hop behind.
      #expect(trace.hops.count <= way.count || loses || trace.ending == .silence)
      let asked = Set((sent[trace.target] ?? []).map { Int($0.timeToLive) })
      for hop in trace.known {
        #expect(!asked.contains(hop.timeToLive), "asked, and not taken over")
        let others = Set((sent[hop.target] ?? []).map { Int($0.timeToLive) })
        #expect(hop.target != trace.target && others.contains(hop.timeToLive))
      }
      for hop in trace.measured { #expect(asked.contains(hop.timeToLive)) }
      #expect(trace.probes == sent[trace.target]?.count)
    }
    #expect(run.engine.totals.probes == run.sent.count)
    #expect(Set(run.traces.map(\.target)).count == run.traces.count)
  }

  private func links(_ run: SimulatedMany) -> Set<FoundLink> {
    run.traces.reduce(into: []) { $0.formUnion(FoundLink.links($1.addresses)) }
  }

  @Test(
    "the same links as full traces, with fewer probes",
    arguments: [
      (UInt64(1), IPFamily.v4, TraceMethod.udp(sourcePort: 40_000, destinationPort: 33_434)),
      (2, .v6, .udp(sourcePort: 40_000, destinationPort: 33_434)),
      (3, .v4, .icmp(identifier: 77)), (4, .v6, .icmp(identifier: 78)),
      (5, .v4, .tcp(sourcePort: 40_001, destinationPort: 80)),
      (6, .v6, .tcp(sourcePort: 40_001, destinationPort: 80)),
    ])
  func sameLinks(seed: UInt64, family: IPFamily, method: TraceMethod) throws {
    let tree = ManyTopology(seed: seed, routers: 60, targets: 200)
    var sparing = try SimulatedMany(tree, family, method)
    sparing.run()
    var full = try SimulatedMany(tree, family, method) { $0.usesStopSets = false }
    full.run()
    check(sparing, tree, family)
    check(full, tree, family)
    let truth = tree.ways.indices.reduce(into: Set<FoundLink>()) {
      $0.formUnion(FoundLink.links(tree.addresses(to: $1, family)))
    }
    #expect(links(sparing) == truth)
    #expect(links(full) == truth)
    #expect(sparing.engine.totals.reached == 200 && full.engine.totals.reached == 200)
    #expect(sparing.sent.count < full.sent.count / 2)
    // How far it is, the target, a router that is known; and each link once.
    #expect(sparing.sent.count <= 3 * 200 + truth.count)
    // Whoever traces alone asks each hop once, and that is what the rest is measured against.
    #expect(full.sent.count == tree.ways.reduce(0) { $0 + $1.count + 1 })
    #expect(sparing.engine.totals.saved == full.sent.count - sparing.sent.count)
    print(
      "60 routers, 200 targets, seed \(seed): \(sparing.sent.count) probes, \(full.sent.count) in full;",
      "at least \(truth.count)")
  }

  @Test("each link is asked for little more than once, however many traces begin at once")
  func together() throws {
    let tree = ManyTopology(seed: 11, routers: 100, targets: 500)
    var run = try SimulatedMany(tree) {
      ($0.parallel, $0.rate) = (4_096, 10_000)
    }
    run.run()
    check(run, tree)
    #expect(run.engine.totals.reached == 500)
    let full = tree.ways.reduce(0) { $0 + $1.count + 1 }
    let links = links(run).count
    print(
      "100 routers, 500 targets at once: \(run.sent.count) probes, \(full) in full, \(links) links"
    )
    #expect(run.sent.count < full / 3)
  }

  @Test(
    "silent hops and lost answers change what is known, never what is true",
    arguments: (20...23) as ClosedRange<UInt64>)
  func weather(seed: UInt64) throws {
    let tree = ManyTopology(
      seed: seed, routers: 50, targets: 150,
      .init(loss: Probability(clamping: 20_000), silentOneIn: 6))
    var run = try SimulatedMany(tree)
    run.run()
    check(run, tree, loses: true)
    #expect(run.traces.count == 150 && run.engine.ongoingCount == 0)
    #expect(run.engine.waiting.isEmpty)
    for trace in run.traces {
      for (index, address) in trace.addresses.enumerated()
      where tree.isSilent(at: index + 1, to: trace.target) { #expect(address == nil) }
    }
    #expect(run.engine.totals.reached > 100)
  }

  @Test(
    "silent hops alone: the same links as full traces", arguments: (30...32) as ClosedRange<UInt64>)
  func silence(seed: UInt64) throws {
    let tree = ManyTopology(seed: seed, routers: 50, targets: 150, .init(silentOneIn: 5))
    var sparing = try SimulatedMany(tree) { ($0.gapLimit, $0.parallel) = (30, 10) }
    sparing.run()
    var full = try SimulatedMany(tree) { ($0.gapLimit, $0.usesStopSets) = (30, false) }
    full.run()
    check(sparing, tree)
    #expect(links(sparing) == links(full))
    #expect(sparing.sent.count < full.sent.count * 2 / 3)
  }

  @Test("no more probes than the rate allows, and no fewer", arguments: [7, 100, 1_000, 10_000])
  func rate(rate: Int) throws {
    let tree = ManyTopology(seed: 40, routers: 40, targets: rate < 50 ? 20 : 600)
    var run = try SimulatedMany(tree) { ($0.rate, $0.parallel) = (rate, 4_096) }
    run.run()
    #expect(run.mostProbes(within: .seconds(1)) <= rate)
    #expect(run.mostProbes(within: .milliseconds(100)) <= (rate + 9) / 10)
    let first = try #require(run.sent.first?.at)
    let last = try #require(run.sent.last?.at)
    // But for the last answers that have to be waited for.
    let least = Nanoseconds(Int64(run.sent.count) * 1_000_000_000 / Int64(rate))
    #expect(last - first < least + .seconds(1))
  }

  @Test("no more traces at once than asked for, and each has its turn")
  func fairness() throws {
    let tree = ManyTopology(seed: 41, routers: 40, targets: 300)
    var run = try SimulatedMany(tree) { $0.parallel = 10 }
    run.run()
    #expect(run.began == Array(0..<300))
    var under: Set<Int> = []
    var (last, ended) = ([Int: Int](), Set<Int>())
    let ends = Dictionary(grouping: run.sent.indices, by: { run.sent[$0].target })
      .compactMapValues(\.last)
    for (index, probe) in run.sent.enumerated() {
      under.insert(probe.target)
      #expect(under.count <= 10 && !ended.contains(probe.target))
      last[probe.target] = index
      if ends[probe.target] == index {
        under.remove(probe.target)
        ended.insert(probe.target)
      }
    }
    #expect(run.traces.count == 300)
  }

  @Test("a network is gone to once if one is told that it is one")
  func networks() throws {
    let tree = ManyTopology(seed: 42, routers: 30, targets: 256, neighbours: 16)
    var run = try SimulatedMany(tree) { $0.networkLengths.v4 = 24 }
    run.run()
    check(run, tree)
    var whole = try SimulatedMany(tree)
    whole.run()
    #expect(run.traces.count == 256)
    #expect(run.sent.count < whole.sent.count)
    print("16 networks of 16: \(run.sent.count) probes, \(whole.sent.count) to each target")
    #expect(run.traces.contains { $0.ending == .known })
    // Nothing is said of hops that were not asked behind it.
    for trace in run.traces where trace.ending == .known {
      #expect(trace.finalTTL == nil && trace.hops.count < tree.ways[trace.target].count + 1)
    }
    // No router is lost by it, but targets are.
    let routers = { (run: SimulatedMany) in Set(run.traces.flatMap(\.addresses).compactMap { $0 }) }
    let targets = Set(tree.ways.indices.compactMap { tree.target($0, .v4) })
    #expect(routers(run).subtracting(targets) == routers(whole).subtracting(targets))
  }
}
