public import PacketWire

extension PingSession {
  /// What the user asked for.
  public struct Configuration: Sendable {
    /// Who is asked, in this order.
    public var targets: [PingTarget]
    /// Builds the probes, and reads what comes, of each family that a target has.
    public var requests: EchoRequests
    /// Ask these instead, and read their answers.
    public var questions: ProbeQuestions?
    /// Stop after so many probes to each target; `nil` for no end.
    public var count: Int?
    /// When to send.
    public var pacing = Pacing.steady(interval: .seconds(1))
    /// Between probes to different targets.
    public var gap = Nanoseconds.zero
    /// How many probes to a target may go out at once, without waiting.
    public var preload = 1
    /// Stop at this time after the start, whatever has come; `count` then counts answers.
    public var deadline: Nanoseconds?
    /// How long an answer may take: to the last probe when none was answered, and to any probe before
    /// it is reported as lost.
    public var timeout = Nanoseconds.seconds(10)
    /// One answer from each target is all that is wanted; instead of `count` and `pacing`.
    public var retries: Retries?
    /// Payload lengths to go through, one a probe.
    public var sweep: PayloadSweep?
    /// The probes were sent before: `PingSession.replay` tells of them, and none are sent.
    public var isReplayed = false
    /// Report answers; otherwise they are counted only.
    public var reportsReplies = true
    /// Report probes that had no answer yet when the target's next one was due.
    public var reportsOutstanding = true
    /// Keep the `ProbeFigures` of each target: for some hundred targets at the most, and not with
    /// `retries`, where each target has one answer.
    public var keepsFigures = false

    /// Defaults for everything but targets and probes.
    public init(targets: [PingTarget], requests: EchoRequests) {
      (self.targets, self.requests) = (targets, requests)
    }

    /// There is an answer to what is sent; otherwise no probe is ever lost.
    public var expectsAnswers: Bool {
      questions != nil || ![requests.v4, requests.v6].contains { $0?.isAnswered == false }
    }

    /// The octets of payload that a probe has.
    public func payloadLength(of probe: PingProbe) -> Int {
      let family = targets[probe.target].address.family
      return sweep?.length(of: probe.number) ?? requests[family]?.payloadLength ?? 0
    }
  }

  /// When probes are sent.
  public enum Pacing: Hashable, Sendable {
    /// Each target's next probe is due one interval after the one before was due.
    case steady(interval: Nanoseconds)
    /// The next probe goes out when an answer is in, at the earliest so long after the one before; and
    /// without an answer after `silence`, or after two of the longest round trips where that is `nil`.
    case onAnswer(atLeast: Nanoseconds, silence: Nanoseconds?)
  }

  /// How a target is asked again that has not answered.
  public struct Retries: Hashable, Sendable {
    /// How often.
    public var count: Int
    /// By how much longer an answer may take each time.
    public var backoff: Double
    /// The time for an answer may shrink to what the answers so far need.
    public var adapts: Bool

    /// Retries from their fields.
    public init(count: Int, backoff: Double = 1.5, adapts: Bool) {
      (self.count, self.backoff, self.adapts) = (max(0, count), max(1, backoff), adapts)
    }
  }

  /// Payload lengths from one to another and from the start again, as macOS ping's sweep has them.
  public struct PayloadSweep: Hashable, Sendable {
    /// The first and the last length, in octets.
    public var lengths: ClosedRange<Int>
    /// From one length to the next.
    public var step: Int

    /// A sweep; a step of at least 1.
    public init(_ lengths: ClosedRange<Int>, step: Int) {
      (self.lengths, self.step) = (lengths, max(1, step))
    }

    /// How many lengths there are.
    public var count: Int { (lengths.upperBound - lengths.lowerBound) / step + 1 }

    /// The length of probe `number`, counted from 1.
    public func length(of number: UInt64) -> Int {
      lengths.lowerBound + Int((number &- 1) % UInt64(count)) * step
    }
  }
}

/// The probes of a session, by family.
public struct EchoRequests: Sendable {
  /// For IPv4 targets, if there are any.
  public var v4: EchoRequest?
  /// For IPv6 targets, if there are any.
  public var v6: EchoRequest?

  /// Either or both.
  public init(v4: EchoRequest? = nil, v6: EchoRequest? = nil) { (self.v4, self.v6) = (v4, v6) }

  /// The one of a family.
  public subscript(family: IPFamily) -> EchoRequest? {
    family == .v4 ? v4 : v6
  }
}
