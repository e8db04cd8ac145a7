public import PacketWire

/// One probe, as an engine asks for it.
public struct TraceRequest: Hashable, Sendable {
  /// Which one: counted from zero, over all of an engine's probes.
  public var number: Int
  /// TTL or hop limit.
  public var timeToLive: UInt8
  /// Which of the flows that the probes can be of, from zero; routers that balance by the flow send all
  /// of one flow the same way.
  public var flow: Int
  /// Of the whole IP packet, in octets; nil for what the probes have if nothing is said.
  public var length: Int?
  /// Which of the targets it is for, from zero, where an engine has several.
  public var target: Int

  /// A request from its fields.
  public init(
    number: Int, timeToLive: UInt8, flow: Int = 0, length: Int? = nil, target: Int = 0
  ) {
    (self.number, self.timeToLive, self.flow) = (number, timeToLive, flow)
    (self.length, self.target) = (length, target)
  }
}

/// What a shell tells an engine that traces.
public enum TraceEvent: Sendable {
  /// Begin.
  case start
  /// A time that was asked for has come.
  case timer
  /// The probe is about to be handed to the kernel.
  case sent(number: Int, ClockSample)
  /// The kernel gave the probe to the device.
  case transmitted(number: Int, WallInstant)
  /// The kernel refused it.
  case sendFailed(number: Int, errorNumber: Int32)
  /// Something came in for one of the probes.
  case arrived(TraceArrival, Arrival)
  /// The user has had enough.
  case interrupted
}

/// What an engine that traces wants done.
public enum TraceEffect<Report: Hashable & Sendable>: Hashable, Sendable {
  /// Send this probe, then tell with `sent` or `sendFailed`.
  case send(TraceRequest)
  /// Come back with `timer` at this time, unless a later effect says another.
  case wake(at: MonotonicInstant)
  /// Tell the user.
  case report(Report)
  /// Nothing more will come.
  case finish
}

/// Something that sends probes of many time-to-live values and learns from what comes back: one shell
/// serves them all.
public protocol TraceEngine: Sendable {
  /// What it has to tell.
  associatedtype Report: Hashable & Sendable

  /// The probes that were sent, and what became of them.
  var ledger: TraceLedger { get }
  /// The engine has said `finish`.
  var isFinished: Bool { get }

  /// The error number of probes that this host's own link does not take, where such are sent on purpose.
  var expectedSendError: Int32? { get }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  mutating func step(_ event: TraceEvent, at now: MonotonicInstant) -> [TraceEffect<Report>]
}

extension TraceEngine {
  /// None.
  public var expectedSendError: Int32? { nil }
}

/// One that can be given the probes and answers of a session that is over, and then says the same again.
///
/// In a replay it sends nothing: what it would have sent was sent, and is told by `replay`. Times are those of
/// the session; the shell lets the timers between them run.
public protocol ReplayableTraceEngine: TraceEngine {
  /// It sends nothing itself. To be set before anything else.
  var isReplay: Bool { get set }

  /// A probe was sent, long ago. Numbers that are left out are of probes of which nothing is known.
  mutating func replay(_ request: TraceRequest, _ timing: ProbeTiming) -> [TraceEffect<Report>]
  /// The session ended here as it was to.
  mutating func endReplay(at now: MonotonicInstant) -> [TraceEffect<Report>]
}

/// Traces a path once, hop by hop.
public protocol HopTracer: ReplayableTraceEngine where Report == TraceReport {
  /// What the user asked for.
  var configuration: TraceSession.Configuration { get }
  /// The target itself, or a refusal to go on, answered at this TTL.
  var finalTTL: Int? { get }
}
