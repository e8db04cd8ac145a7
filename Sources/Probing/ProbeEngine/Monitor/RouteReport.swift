public import PacketWire

/// Something that a monitor has to say.
public enum RouteReport: Hashable, Sendable {
  /// A probe was answered or given up; as it happens, for whoever draws the figures.
  case update(flow: Int, timeToLive: Int)
  /// A round is settled: each of its probes was answered or given up. Rounds are told in order.
  case round(RouteRound)
  /// The path has changed.
  case change(RouteChange)
  /// What can be said about loss is something else than before.
  case verdict(flow: Int, RouteVerdict)
}

/// One probe to each hop.
public struct RouteRound: Hashable, Sendable {
  /// Which one, from 0, over all flows.
  public var number: Int
  /// The flow of its probes, from 0.
  public var flow: Int
  /// The target answered.
  public var isReached: Bool
  /// What became of the probes, by TTL, up to the target.
  public var hops: [Hop]

  /// A probe of a round.
  public struct Hop: Hashable, Sendable {
    /// Its TTL.
    public var timeToLive: Int
    /// What became of it.
    public var outcome: TraceOutcome
  }
}

/// A path that has become another one.
public struct RouteChange: Hashable, Sendable {
  /// Whose path, from 0.
  public var flow: Int
  /// The round that made it clear.
  public var round: Int
  /// When the first round with the new path began, as far as answers tell.
  public var since: MonotonicInstant
  /// Who answers where.
  public var hops: [Hop]

  /// A hop that has become another router's.
  public struct Hop: Hashable, Sendable {
    /// TTL of its probes.
    public var timeToLive: Int
    /// Who answered.
    public var before: IPAddress
    /// Who does now.
    public var after: IPAddress
  }
}
