/// How many probes it takes to say that a router has no more ways than those seen: the stopping rule
/// of multipath discovery (Augustin, Friedman and Teixeira, "Measuring load-balanced paths in the
/// Internet", IMC 2007; Veitch et al., "Failure control in multipath route tracing", INFOCOM 2009).
///
/// It holds for routers that give each way an equal share of the flows.
public struct StoppingRule: Hashable, Sendable {
  /// The largest share of routers with a way missed that is asked for, between 0 and 1.
  public let failureBound: Double
  /// n_1, n_2 and so on, as far as they were needed.
  private var table: [Int] = []

  /// A rule that misses a way of at most so many routers: 0.05 for a confidence of 95 %. What is not
  /// between 10⁻⁶ and 0.5 counts as the nearer of both.
  public init(failureBound: Double) {
    self.failureBound = failureBound >= 1e-6 ? min(failureBound, 0.5) : 1e-6
  }

  /// The rule that misses a way in at most `failureBound` of whole traces, if they pass at most
  /// `balancers` routers that balance (Augustin, Friedman and Teixeira, IEEE/ACM Transactions on
  /// Networking 19(3), 2011): the bound of one router is then lower.
  public init(traceFailureBound failureBound: Double, balancers: Int) {
    // The chance that none of them fails is the product of their chances.
    let share = failureBound / Double(max(balancers, 1))
    self.init(failureBound: share)
  }

  /// n_k: so many flows through a router that go `successors` ways rule out one way more.
  public mutating func probes(ruling successors: Int) -> Int {
    let wanted = max(successors, 1)
    while table.count < wanted {
      let ways = table.count + 2
      var occupancy = Occupancy(ways: ways)
      while occupancy.missing > failureBound { occupancy.draw() }
      table.append(occupancy.draws)
    }
    return table[wanted - 1]
  }

  /// How many repetitions of a flow tell a router that sends each packet any of `successors` ways
  /// from one that sends all of a flow the same way.
  public func repetitions(among successors: Int) -> Int {
    var (chance, count) = (1.0, 0)
    while chance > failureBound, count < 20 {
      chance /= Double(max(successors, 2))
      count += 1
    }
    return count
  }

  /// The chance to have missed one of `successors` + 1 ways with so many flows.
  public static func failure(after probes: Int, seeing successors: Int) -> Double {
    guard successors > 0 else { return 1 }
    var occupancy = Occupancy(ways: successors + 1)
    for _ in 0..<max(probes, 0) { occupancy.draw() }
    return occupancy.missing
  }
}

/// How many of equally likely ways were seen, as chances, after so many flows.
private struct Occupancy {
  /// The chance that exactly so many were seen.
  private var chances: [Double]
  private(set) var draws = 0

  init(ways: Int) {
    chances = [Double](repeating: 0, count: ways + 1)
    chances[0] = 1
  }

  /// The chance that not all were seen.
  var missing: Double { max(0, 1 - chances[chances.count - 1]) }

  /// One more flow. Adding chances loses no digits, which the closed form with its alternating sum
  /// does from some twenty ways on.
  mutating func draw() {
    let ways = chances.count - 1
    for seen in stride(from: min(ways, draws + 1), through: 1, by: -1) {
      let stays = chances[seen] * Double(seen) / Double(ways)
      let comes = chances[seen - 1] * Double(ways - seen + 1) / Double(ways)
      chances[seen] = stays + comes
    }
    chances[0] = 0
    draws += 1
  }
}
