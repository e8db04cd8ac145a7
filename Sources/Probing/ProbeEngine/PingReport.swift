public import PacketWire

/// Something that a ping session has to say.
public enum PingReport: Hashable, Sendable {
  /// A probe was answered.
  case reply(PingReply)
  /// A probe that was no echo request was answered.
  indirect case answer(PingAnswer)
  /// An ICMP error came back for a probe.
  case error(PingProbe, ICMPErrorReport)
  /// The kernel refused to send a probe.
  case sendFailed(PingProbe, errorNumber: Int32)
  /// A probe had no answer yet when the target's next one was due.
  case outstanding(PingProbe)
  /// A probe had no answer within the time allowed, or before the session ended.
  case lost(PingProbe)
  /// A reply with our identifier and this probe's sequence number, but not with its cookie.
  case rejected(PingProbe, EchoReply)
  /// No probe to this target was answered, and no more will be sent.
  case unreachable(target: Int)
  /// Probes one after the other were lost and then one was answered; only where figures are kept.
  case outage(target: Int, Outage)
  /// An answer came back differently than the one before it; only where figures are kept.
  case pathChange(target: Int, ReplyChange)
  /// A target stopped answering, and this is where. Not the session's, but `PingDiagnosis`'.
  indirect case diagnosis(PathDiagnosis)
}

/// An authentic answer.
public struct PingReply: Hashable, Sendable {
  /// Which probe it answers.
  public var probe: PingProbe
  /// What came in.
  public var reply: EchoReply
  /// How long it took.
  public var roundTrip: RoundTripTime
  /// The same probe was answered before; by somebody else, where the target is a group.
  public var isDuplicate: Bool
  /// It came after the time allowed, when the probe had been reported as lost.
  public var isLate: Bool
  /// It came with so many octets less than were sent, or more when negative.
  public var missingOctets: Int

  /// Its number among the probes of its target.
  public var number: UInt64 { probe.number }
}

/// The figures of one target so far, or of all together.
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
  /// First answers whose delay lies between two stamps of a network card.
  public var hardwareTimed = 0
  /// The most probes that were ever on the way at once, as iputils' "pipe" counts them.
  public var pipe = 0

  /// Nothing yet.
  public init() {}

  /// The share of probes without an answer, 0 to 1.
  public var lossRatio: Double {
    transmitted == 0 ? 0 : Double(max(0, transmitted - received)) / Double(transmitted)
  }

  /// Takes in the figures of another target; the times of the two are not put together.
  public mutating func add(_ other: PingSummary) {
    transmitted += other.transmitted
    received += other.received
    duplicates += other.duplicates
    errors += other.errors
    corrupted += other.corrupted
    late += other.late
    rejected += other.rejected
    rtt.add(other.rtt)
    hardwareTimed += other.hardwareTimed
  }
}
