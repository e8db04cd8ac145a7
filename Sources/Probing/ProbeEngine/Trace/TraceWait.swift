public import PacketWire

/// How long a trace waits for an answer, by what other answers took.
public struct TraceWait: Hashable, Sendable {
  /// No longer than this.
  public var maximum = Nanoseconds.seconds(5)
  /// No longer than this many times the slowest answer from the same hop, as traceroute's HERE; 0 for no such
  /// limit; nil for our own rule.
  public var hereFactor: Double?
  /// No longer than this many times an answer from the next later hop, as traceroute's NEAR; 0 for no
  /// such limit; nil for our own rule.
  public var nearFactor: Double?

  /// Five seconds, and our own rule.
  public init() {}

  /// How long to wait, at most, for a hop whose slowest answer took `here`, and that of the hop behind it
  /// `near`.
  public func limit(here: Nanoseconds?, near: Nanoseconds?) -> Nanoseconds {
    if let here, hereFactor != 0 { return min(maximum, Self.wait(here, hereFactor)) }
    if let near, nearFactor != 0 { return min(maximum, Self.wait(near, nearFactor)) }
    return maximum
  }

  /// A quarter more, and 50 ms at the least: the routers between here and one that has answered need no longer
  /// than it did, but for what they need to write an error.
  static func stretched(_ wait: Nanoseconds) -> Nanoseconds {
    max(wait + Nanoseconds(wait.count / 4), wait + .milliseconds(50))
  }

  private static func wait(_ wait: Nanoseconds, _ factor: Double?) -> Nanoseconds {
    guard let factor else { return stretched(wait) }
    // A millisecond is added first, so that a hop that answers in microseconds is not held to them.
    let scaled = Double((wait + .milliseconds(1)).count) * factor
    return Nanoseconds(Int64(min(scaled, 1e18)))
  }
}
