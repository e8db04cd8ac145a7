public import PacketWire

/// Where answers stop on the way to a target, as probes with small times to live have shown it.
public struct PathDiagnosis: Hashable, Sendable {
  /// What became of the probes.
  public enum Finding: Hashable, Sendable {
    /// Nobody answers behind the last hop of `hops`.
    case silence
    /// The last hop of `hops` says that the probes go no further.
    case refusal
    /// Some hops come again and again, the last one of `hops` among them.
    case loop
    /// The target itself has answered: its hop is the last of `hops`.
    case answer
  }

  /// Somebody who answered.
  public struct Hop: Hashable, Sendable {
    /// The time to live, or hop limit, of the probe.
    public var timeToLive: UInt8
    /// Who; `nil` when it was this host's own kernel.
    public var address: IPAddress?
    /// What it said; `nil` for an echo reply.
    public var error: ICMPErrorReport?
    /// How long that took, by this program's clock.
    public var roundTrip: Nanoseconds

    /// A hop from its fields.
    public init(
      timeToLive: UInt8, address: IPAddress?, error: ICMPErrorReport?, roundTrip: Nanoseconds
    ) {
      (self.timeToLive, self.address) = (timeToLive, address)
      (self.error, self.roundTrip) = (error, roundTrip)
    }
  }

  /// The index in the session's targets.
  public var target: Int
  /// What became of the probes.
  public var finding: Finding
  /// Who answered, nearest first.
  public var hops: [Hop]
  /// So many probes were sent.
  public var probeCount: Int
  /// The target's own hop as its earlier answers tell it; `nil` when they do not.
  public var expectedHop: Int?

  /// A diagnosis from its fields.
  public init(
    target: Int, finding: Finding, hops: [Hop], probeCount: Int, expectedHop: Int?
  ) {
    (self.target, self.finding, self.hops) = (target, finding, hops)
    (self.probeCount, self.expectedHop) = (probeCount, expectedHop)
  }

  /// The first hop that has no answer, where all answers stop.
  public var silentFrom: Int? {
    finding == .silence ? (hops.last.map { Int($0.timeToLive) } ?? 0) + 1 : nil
  }

  /// How far away a target seems to be whose answer came with this TTL, by what hosts begin with; the
  /// way back may be another one than the way there, and so this is about.
  static func hop(ofAnswerWith timeToLive: UInt8) -> Int? {
    ReturnPathMeaning.initialTimeToLive(of: timeToLive).map { Int($0) - Int(timeToLive) + 1 }
  }
}
