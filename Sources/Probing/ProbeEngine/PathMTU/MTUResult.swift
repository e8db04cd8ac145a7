public import PacketWire

/// What became of one size.
public struct MTUStep: Hashable, Sendable {
  /// What became of it.
  public enum Outcome: Hashable, Sendable {
    /// It was answered whole.
    case passed(Nanoseconds)
    /// A router did not forward it and named what its next link takes; 0 where it named nothing.
    case tooBig(says: Int, from: IPAddress?)
    /// This host's own link does not take it; nothing was sent.
    case refused
    /// Nothing came back.
    case silent
  }

  /// The whole packet, in octets.
  public var packetLength: Int
  /// What became of it.
  public var outcome: Outcome
  /// How many probes it took.
  public var tries: Int

  /// A step from its fields.
  public init(packetLength: Int, outcome: Outcome, tries: Int) {
    (self.packetLength, self.outcome, self.tries) = (packetLength, outcome, tries)
  }
}

/// What a search found.
public struct MTUResult: Hashable, Sendable {
  /// Why longer packets do not pass.
  public enum Limit: String, Hashable, Sendable {
    /// A router said so.
    case router
    /// This host's own link.
    case ownLink = "own_link"
    /// They vanish, and no router says so: a black hole (RFC 2923).
    case blackHole = "black_hole"
    /// No packet of IP, or of those that were to be tried, is longer.
    case none
  }

  /// The largest packet that passed, in octets; `nil` where none did.
  public var passing: Int?
  /// The smallest one that did not; `nil` where all did.
  public var failing: Int?
  /// Why that one did not; `nil` where nothing passed.
  public var limit: Limit?
  /// Who named a size that was not the right one.
  public var misleading: [IPAddress]
  /// How many packets were sent.
  public var probes: Int
  /// The two sizes are next to each other; otherwise the search was ended before.
  public var isExact: Bool

  /// A result from its fields.
  public init(
    passing: Int?, failing: Int?, limit: Limit?, misleading: [IPAddress], probes: Int,
    isExact: Bool
  ) {
    (self.passing, self.failing, self.limit) = (passing, failing, limit)
    (self.misleading, self.probes, self.isExact) = (misleading, probes, isExact)
  }
}
