public import PacketWire

/// The ways that several flows of a monitor take, and how sure it is that there is no other.
///
/// Where flows are spread evenly over n + 1 routers of a hop, so many of them meet all, but for the failure
/// bound (`StoppingRule`): flows that meet n routers rule out one more when there are as many. Hops are taken as
/// MDA-Lite takes them, whatever router leads to which.
public struct RouteWays: Hashable, Sendable {
  /// A way from here to the end, and the flows that take it.
  public struct Way: Hashable, Sendable {
    /// Their numbers, from 0.
    public var flows: [Int]
    /// Who answers at the hops, from the first TTL on; nil where nobody does.
    public var routers: [IPAddress?]
    /// Rounds of all its flows without an answer of the target's.
    public var loss: LossInterval
    /// Of the last hop's answers, of all its flows.
    public var delays: RTTStatistics
  }

  /// The routers that flows meet at a TTL.
  public struct Hop: Hashable, Sendable {
    /// The TTL.
    public var timeToLive: Int
    /// Who answers there, in the order of the flows.
    public var routers: [IPAddress]
    /// The flows that have an answer there.
    public var flows: Int
    /// How many more it takes to rule out one router more; 0 where it is ruled out.
    public var missing: Int
  }

  /// The ways, in the order of their first flows.
  public let ways: [Way]
  /// The hops where somebody answers, in order.
  public let hops: [Hop]
  /// Hops at which routers take turns whatever the flow is: there flows do not keep to ways.
  public let turns: [Int]
  /// How many flows there are.
  public let flowCount: Int
  /// How many of them have had a turn.
  public let askedCount: Int

  /// The ways of flows that have been watched for a while.
  ///
  /// - Parameters:
  ///   - flows: those of a monitor.
  ///   - failureBound: the share of routers of which a way may be missed.
  public init(_ flows: [RouteFlow], failureBound: Double = 0.05) {
    flowCount = flows.count
    askedCount = flows.count { $0.begunRounds > 0 }
    let routes = flows.map { flow in
      // Routers that take turns belong to no flow's way.
      flow.hops.map { $0.owner.alternates ? nil : $0.address }
    }
    let turning = flows.flatMap { $0.hops.filter(\.owner.alternates).map(\.timeToLive) }
    turns = Set(turning).sorted()
    ways = Self.ways(flows, routes)
    hops = Self.hops(
      routes, first: flows.first?.hops.first?.timeToLive ?? 1,
      StoppingRule(failureBound: failureBound))
  }

  private static func ways(_ flows: [RouteFlow], _ routes: [[IPAddress?]]) -> [Way] {
    var ways: [Way] = []
    for (flow, route) in zip(flows, routes) where route.contains(where: { $0 != nil }) {
      let delays = flow.hops.last?.delays ?? RTTStatistics()
      guard let place = ways.firstIndex(where: { $0.routers == route }) else {
        ways.append(Way(flows: [flow.number], routers: route, loss: flow.loss, delays: delays))
        continue
      }
      let loss = ways[place].loss
      ways[place].flows.append(flow.number)
      ways[place].loss = LossInterval(
        lost: loss.lost + flow.loss.lost, of: loss.sent + flow.loss.sent)
      ways[place].delays.add(delays)
    }
    return ways
  }

  private static func hops(
    _ routes: [[IPAddress?]], first: Int, _ rule: StoppingRule
  ) -> [Hop] {
    var rule = rule
    return (0..<(routes.map(\.count).max() ?? 0)).compactMap { place in
      let met = routes.compactMap { place < $0.count ? $0[place] : nil }
      guard !met.isEmpty else { return nil }
      var routers: [IPAddress] = []
      for router in met where !routers.contains(router) { routers.append(router) }
      return Hop(
        timeToLive: first + place, routers: routers, flows: met.count,
        missing: max(0, rule.probes(ruling: routers.count) - met.count))
    }
  }

  /// All flows that it takes for every hop; no more than there are where it is sure already.
  public var neededFlows: Int { hops.map { askedCount + $0.missing }.reduce(flowCount, max) }

  /// No hop that was seen has a router that was not, at the confidence that was asked for.
  public var isSure: Bool {
    !hops.isEmpty && turns.isEmpty && hops.allSatisfy { $0.missing == 0 }
  }
}
