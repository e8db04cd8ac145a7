public import PacketWire

/// Something that a ping session has to say.
public enum PingReport: Hashable, Sendable {
  /// A probe was answered.
  case reply(PingReply)
  /// An ICMP error came back for probe `number`.
  case error(number: UInt64, ICMPErrorReport)
  /// The kernel refused to send probe `number`.
  case sendFailed(number: UInt64, errorNumber: Int32)
  /// Probe `number` had no answer yet when the next one was due.
  case outstanding(number: UInt64)
  /// Probe `number` had no answer within the time allowed, or before the session ended.
  case lost(number: UInt64)
  /// A reply with our identifier and a sequence number that we used, but not with the right cookie.
  case rejected(EchoReply)
}

/// An authentic answer.
public struct PingReply: Hashable, Sendable {
  /// Which probe it answers, counted from one.
  public var number: UInt64
  /// What came in.
  public var reply: EchoReply
  /// How long it took.
  public var roundTrip: RoundTripTime
  /// The same probe was answered before.
  public var isDuplicate: Bool
  /// It came after the time allowed, when the probe had been reported as lost.
  public var isLate: Bool
}

/// The figures of a session so far.
public struct PingSummary: Hashable, Sendable {
  /// Probes handed to the kernel.
  public var transmitted = 0
  /// Probes answered at least once.
  public var received = 0
  /// Further answers to probes already answered.
  public var duplicates = 0
  /// ICMP errors and failed sends.
  public var errors = 0
  /// Answers with a wrong checksum, which count as no answer.
  public var corrupted = 0
  /// Answers that came after their probe had been given up; they count as received too.
  public var late = 0
  /// Replies that were not to our probes though they looked like it.
  public var rejected = 0
  /// From the first probe to the last one.
  public var elapsed = Nanoseconds.zero
  /// Over first answers.
  public var rtt = RTTStatistics()
  /// The most probes that were ever on the way at once, as iputils' "pipe" counts them.
  public var pipe = 0

  /// Nothing yet.
  public init() {}

  /// The share of probes without an answer, 0 to 1.
  public var lossRatio: Double {
    transmitted == 0 ? 0 : Double(max(0, transmitted - received)) / Double(transmitted)
  }
}
