public import PacketWire

/// What tracing many targets has to tell.
public enum ManyReport: Hashable, Sendable {
  /// The trace to this target begins.
  case began(Int)
  /// A trace is complete.
  case trace(ManyTrace)
}

/// A finished trace to one of many targets.
public struct ManyTrace: Hashable, Sendable {
  /// A hop.
  public enum Hop: Hashable, Sendable {
    /// Probes to this target were sent to it.
    case measured(TraceHop)
    /// Taken over from another trace.
    case known(KnownHop)
  }

  /// Why it went no farther.
  public enum Ending: String, Hashable, Sendable {
    /// The target answered.
    case target
    /// Somebody refused to forward.
    case refusal
    /// So many hops in a row were silent.
    case silence
    /// The same router was met for the third time.
    case loop
    /// The way on is known from another target in the same network.
    case known
    /// The last TTL that is probed.
    case hops
    /// Nothing could be sent.
    case failure
  }

  /// Which target, from zero.
  public var target: Int
  /// From the first TTL on, one each.
  public var hops: [Hop]
  /// Why it went no farther.
  public var ending: Ending
  /// The TTL at which the target or a refusal answered.
  public var finalTTL: Int?
  /// Probes sent for it.
  public var probes: Int
  /// The kernel's error number when nothing could be sent.
  public var sendError: Int32?
}

/// A hop that another trace has found and this one did not ask.
///
/// Both met the same router at the same TTL farther on, so that the way to there should be the same; it need
/// not be where routers balance.
public struct KnownHop: Hashable, Sendable {
  /// The TTL at which it was found.
  public var timeToLive: Int
  /// Who answered there; nil for nobody.
  public var address: IPAddress?
  /// The target of the trace that found it.
  public var target: Int

  /// A hop from its fields.
  public init(timeToLive: Int, address: IPAddress?, target: Int) {
    (self.timeToLive, self.address, self.target) = (timeToLive, address, target)
  }
}

/// What tracing many targets came to.
public struct ManyTotals: Hashable, Sendable {
  /// Traces that are complete.
  public var traces = 0
  /// Targets that answered.
  public var reached = 0
  /// Probes sent.
  public var probes = 0
  /// Probes that the hops would have taken that were taken over.
  public var spared = 0
  /// Probes that went beyond the end of their path, since traces begin in its middle.
  public var beyond = 0

  /// Probes that tracing each path by itself, hop by hop, would have taken more; less than none where beginning
  /// in the middle did not pay.
  public var saved: Int { spared - beyond }
}
