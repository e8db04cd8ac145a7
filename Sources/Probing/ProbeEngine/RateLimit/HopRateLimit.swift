public import PacketWire

/// How many errors a second a hop sends, as far as it was asked.
public struct HopRateLimit: Hashable, Sendable {
  /// TTL of the probes.
  public var timeToLive: Int
  /// Who answered, in the order of their first answers.
  public var addresses: [IPAddress]
  /// Probes, and how many of them were answered.
  public var loss: LossInterval
  /// The fastest train that was sent, in probes a second; nil for none.
  public var fastest: Double?
  /// What follows.
  public var finding: Finding

  /// What trains say of a hop.
  public enum Finding: Hashable, Sendable {
    /// It sends so many errors and no more.
    case limited(TokenBucketFit)
    /// The fastest train was answered as the slowest was.
    case unlimited
    /// It answers less when it is asked more, but no bucket explains how: so many a second at most.
    case irregular(Double)
    /// It answered nobody.
    case silent
    /// The target itself, or who refuses to go on: trains are not sent there.
    case target
    /// The time or the probes were spent before it was known.
    case unfinished
  }

  /// What is to be said of the loss of a hop without a limit.
  public enum Loss: Hashable, Sendable {
    /// None, or too little to tell.
    case none
    /// A hop behind it surely loses less: it is the router's own.
    case own
    /// The next hop that can be compared loses as much: packets are lost on the way to it, or from it.
    case goesOn
    /// There is no hop behind it that could tell.
    case unclear
  }
}

extension HopRateLimit {
  /// Of each hop: shares are compared by their 95 % intervals, and only of hops without a limit.
  public static func losses(of hops: [HopRateLimit]) -> [Loss] {
    hops.indices.map { place in
      let hop = hops[place]
      guard hop.finding == .unlimited, RouteVerdict.isLoss(hop.loss) else { return .none }
      let behind = hops[(place + 1)...].filter { $0.finding == .unlimited }.map(\.loss)
      if behind.contains(where: { $0.upper < hop.loss.lower }) { return .own }
      return behind.isEmpty ? .unclear : .goesOn
    }
  }
}

/// Something that a search for limits has to say.
public enum RateLimitReport: Hashable, Sendable {
  /// Somebody answered, for the first time at that hop: for whoever looks up names.
  case heard(IPAddress)
  /// All is known of a hop that will be; hops come in order.
  case hop(HopRateLimit)
}
