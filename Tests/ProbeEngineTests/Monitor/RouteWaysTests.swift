import PacketWire
import SimulatedInternet
import Testing

@testable import ProbeEngine

@Suite("The ways of several flows")
struct RouteWaysTests {
  private static func run(
    _ name: String, flows: Int, rounds: Int = 4
  ) throws -> RouteMonitor {
    let entry = try #require(TopologyGallery.entry(named: name))
    var run = try SimulatedMonitor(
      through: entry.topology, .udp(sourcePort: 40_000, destinationPort: 33_434)
    ) { ($0.rounds, $0.flows, $0.interval) = (rounds, flows, .milliseconds(100)) }
    run.run()
    return run.monitor
  }

  @Test("flows that take one way have one set of figures")
  func diamond() throws {
    let monitor = try Self.run("diamond", flows: 16)
    let ways = RouteWays(monitor.flows)
    #expect(ways.ways.count == 3 && ways.flowCount == 16 && ways.turns.isEmpty)
    #expect(ways.ways.flatMap(\.flows).sorted() == Array(0..<16))
    for way in ways.ways {
      #expect(way.routers.count == 4 && way.loss == LossInterval(lost: 0, of: 4 * way.flows.count))
      #expect(way.delays.count == 4 * way.flows.count)
      for flow in way.flows {
        #expect(monitor.flows[flow].hops.map(\.address) == way.routers)
      }
    }
    #expect(Set(ways.ways.map { $0.routers[1] }).count == 3)
  }

  @Test(
    "as many flows as the stopping rule wants rule out a further router",
    // Six flows for one, eleven for two, sixteen for three (95 %).
    arguments: 2...16)
  func certainty(count: Int) throws {
    let ways = RouteWays(try Self.run("diamond", flows: count).flows)
    try #require(ways.hops.map(\.timeToLive) == [1, 2, 3, 4])
    let seen = ways.ways.count
    #expect(ways.hops.map(\.routers.count) == [1, seen, 1, 1])
    #expect(ways.hops.allSatisfy { $0.flows == count })
    let wanted = [6, 11, 16][seen - 1]
    #expect(ways.hops[1].missing == max(0, wanted - count))
    #expect(ways.hops[0].missing == max(0, 6 - count))
    #expect(ways.isSure == (count >= wanted) && ways.neededFlows == max(count, wanted))
  }

  @Test("at 99 % it takes more")
  func strict() throws {
    let flows = try Self.run("last-mile", flows: 6, rounds: 12).flows
    #expect(RouteWays(flows).isSure && RouteWays(flows).ways.count == 1)
    let strict = RouteWays(flows, failureBound: 0.01)
    #expect(!strict.isSure && strict.neededFlows == 8)
  }

  @Test("where routers take turns, flows keep to no ways")
  func turns() throws {
    let ways = RouteWays(try Self.run("per-packet", flows: 6, rounds: 30).flows)
    #expect(!ways.turns.isEmpty && !ways.isSure)
  }

  @Test("before anything was heard there is nothing, and nothing is sure")
  func nothing() {
    let ways = RouteWays(RouteMonitor(RouteMonitor.Configuration()).flows)
    #expect(ways.ways.isEmpty && ways.hops.isEmpty && !ways.isSure && ways.neededFlows == 1)
  }
}
