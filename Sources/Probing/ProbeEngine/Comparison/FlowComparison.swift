public import PacketWire

/// Whether several ways to a target differ by more than chance.
///
/// Delays are compared by ranks, since they follow no normal distribution: the H of Kruskal and Wallis
/// (Use of Ranks in One-Criterion Variance Analysis, JASA 47, 1952), corrected for ties. Losses are
/// compared by Pearson's chi-square test of homogeneity. Both are held against the value that chance
/// exceeds once in a hundred times. Probes are taken to be independent of each other; where delays
/// drift for all flows alike, they are compared with each other at the same times.
public struct FlowComparison: Hashable, Sendable {
  /// What one test says.
  public struct Verdict: Hashable, Sendable {
    /// How far apart the flows are.
    public var statistic: Double
    /// What chance alone exceeds once in a hundred times.
    public var critical: Double
    /// They differ by more than chance.
    public var differs: Bool { statistic > critical }
  }

  /// Of the delays; `nil` where a flow has fewer than `leastDelays`.
  public let delays: Verdict?
  /// Of the losses; `nil` where fewer than `leastExpected` would be expected of a flow.
  public let losses: Verdict?

  /// What H follows chi-square well enough with (Kruskal and Wallis, section 2).
  public static let leastDelays = 5
  /// W. G. Cochran, Some Methods for Strengthening the Common chi-square Tests, Biometrics 10, 1954.
  public static let leastExpected = 5.0

  /// What one flow's probes had.
  public struct Flow: Hashable, Sendable {
    /// Probes that were sent.
    public var sent: Int
    /// Probes that were answered.
    public var received: Int
    /// Of the answers, as many as were kept.
    public var delays: [Nanoseconds]

    /// A flow from its figures.
    public init(sent: Int, received: Int, delays: [Nanoseconds]) {
      (self.sent, self.received, self.delays) = (sent, received, delays)
    }
  }

  /// The comparison of flows; there is nothing to compare of one.
  public init(_ flows: [Flow]) {
    let critical = Self.critical(degreesOfFreedom: flows.count - 1)
    guard flows.count > 1 else {
      (delays, losses) = (nil, nil)
      return
    }
    delays = Self.rankStatistic(flows.map(\.delays)).map {
      Verdict(statistic: $0, critical: critical)
    }
    losses = Self.lossStatistic(flows).map { Verdict(statistic: $0, critical: critical) }
  }

  private static func rankStatistic(_ groups: [[Nanoseconds]]) -> Double? {
    guard groups.allSatisfy({ $0.count >= leastDelays }) else { return nil }
    var all = groups.enumerated().flatMap { group, delays in
      delays.map { (delay: $0.count, group: group) }
    }
    all.sort { $0.delay < $1.delay }
    let count = Double(all.count)
    var rankSums = [Double](repeating: 0, count: groups.count)
    var ties = 0.0
    var first = 0
    while first < all.count {
      var end = first + 1
      while end < all.count, all[end].delay == all[first].delay { end += 1 }
      let rank = Double(first + 1 + end) / 2
      for index in first..<end { rankSums[all[index].group] += rank }
      let same = Double(end - first)
      ties += same * same * same - same
      first = end
    }
    var squares = 0.0
    for (sum, group) in zip(rankSums, groups) { squares += sum * sum / Double(group.count) }
    let statistic = 12 / (count * (count + 1)) * squares - 3 * (count + 1)
    let correction = 1 - ties / (count * count * count - count)
    return correction > 0 ? max(0, statistic / correction) : 0
  }

  private static func lossStatistic(_ flows: [Flow]) -> Double? {
    let sent = flows.reduce(0) { $0 + $1.sent }
    let lost = flows.reduce(0) { $0 + max(0, $1.sent - $1.received) }
    guard sent > 0 else { return nil }
    let ratio = Double(lost) / Double(sent)
    var statistic = 0.0
    for flow in flows {
      let expected = Double(flow.sent) * ratio
      let rest = Double(flow.sent) - expected
      guard expected >= leastExpected, rest >= leastExpected else { return nil }
      let difference = Double(max(0, flow.sent - flow.received)) - expected
      statistic += difference * difference * (1 / expected + 1 / rest)
    }
    return statistic
  }

  /// The 99 % point of chi-square, by the approximation of E. B. Wilson and M. M. Hilferty (The
  /// Distribution of Chi-Square, PNAS 17, 1931): within 1.5 % of the table's value.
  static func critical(degreesOfFreedom count: Int) -> Double {
    let degrees = Double(max(1, count))
    let part = 2 / (9 * degrees)
    let root = 1 - part + 2.3263478740408408 * part.squareRoot()
    return degrees * root * root * root
  }
}
