public import PacketWire

/// What became of one probe of a trace.
public struct TraceOutcome: Hashable, Sendable {
  /// Who answered; `nil` for nobody in time.
  public var source: IPAddress?
  /// How long it took, if it was answered.
  public var roundTrip: RoundTripTime?
  /// The ICMP error that answered it; `nil` for an echo reply and for no answer.
  public var error: ICMPErrorReport?
  /// The kernel refused to send it, with this error number.
  public var sendError: Int32?
  /// The answer says that probes with a larger TTL will get no farther.
  public var isFinal = false

  /// No answer.
  public static let lost = TraceOutcome()
}

/// Something that a trace has to say.
public enum TraceReport: Hashable, Sendable {
  /// Probe `query` (from zero) with this TTL was answered; as it comes, in no order.
  case answer(timeToLive: Int, query: Int, TraceOutcome)
  /// All probes of a hop are settled; hops come in order.
  case hop(TraceHop)
}

/// A settled hop.
public struct TraceHop: Hashable, Sendable {
  /// The TTL or hop limit its probes were sent with.
  public var timeToLive: Int
  /// One entry a probe, in the order of sending.
  public var outcomes: [TraceOutcome]
}
