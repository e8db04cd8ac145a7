public import PacketWire

/// What a packet from the network means for a trace.
public struct TraceArrival: Hashable, Sendable {
  /// Which probe it answers.
  public var number: Int
  /// What came.
  public var answer: TraceAnswer

  /// An arrival from its fields.
  public init(number: Int, answer: TraceAnswer) { (self.number, self.answer) = (number, answer) }
}

/// The ways in which a probe can be answered.
public enum TraceAnswer: Hashable, Sendable {
  /// The target's own answer to what was asked.
  case reply(TraceReply)
  /// An ICMP error, from a router or the target.
  case error(TraceError)

  /// Who answered; nil for this host's own kernel.
  public var source: IPAddress? {
    switch self {
    case .reply(let reply): reply.source
    case .error(let error): error.report.source
    }
  }

  /// What was left of the answer's own TTL or hop limit, if known.
  public var timeToLive: UInt8? {
    switch self {
    case .reply(let reply): reply.timeToLive
    case .error(let error): error.report.timeToLive
    }
  }

  /// It says that probes with a larger TTL will get no farther.
  public var isFinal: Bool {
    switch self {
    case .reply: true
    case .error(let error): !error.report.isTimeExceededInTransit && !error.report.isNotice
    }
  }
}

/// A target's own answer.
public struct TraceReply: Hashable, Sendable {
  /// What kind of answer.
  public enum Kind: Hashable, Sendable {
    /// An echo reply.
    case echo
    /// A TCP segment.
    case segment(TCPHeader)
    /// A datagram with so many octets.
    case datagram(Int)
    /// An SCTP packet with this first chunk (RFC 9260 §3.2).
    case chunk(UInt8)
    /// A DCCP packet of this type (RFC 4340 §5.1).
    case dccp(UInt8)
    /// A packet of another protocol.
    case other(IPProtocol)
  }

  /// Who answered.
  public var source: IPAddress
  /// What was left of its TTL or hop limit, if known.
  public var timeToLive: UInt8?
  /// What came.
  public var kind: Kind

  /// A reply from its fields.
  public init(from source: IPAddress, timeToLive: UInt8?, _ kind: Kind) {
    (self.source, self.timeToLive, self.kind) = (source, timeToLive, kind)
  }
}

/// An ICMP error about a probe.
public struct TraceError: Hashable, Sendable {
  /// Who says what.
  public var report: ICMPErrorReport
  /// Everything beyond type and code; nil where the socket tells the report only.
  public var detail: ICMPErrorDetail?
  /// The probe as it was sent beside what the error quotes of it; nil where that is not known.
  public var alteration: ProbeAlteration?

  /// An error from its fields.
  public init(
    _ report: ICMPErrorReport, detail: ICMPErrorDetail? = nil, alteration: ProbeAlteration? = nil
  ) {
    (self.report, self.detail, self.alteration) = (report, detail, alteration)
  }
}

/// What became of one probe of a trace.
public struct TraceOutcome: Hashable, Sendable {
  /// What came back; nil for nothing in time.
  public var answer: TraceAnswer?
  /// How long it took, if it was answered.
  public var roundTrip: RoundTripTime?
  /// The kernel refused to send it, with this error number.
  public var sendError: Int32?

  /// No answer.
  public static let lost = TraceOutcome()

  /// The kernel did not send it.
  static func refused(_ errorNumber: Int32) -> TraceOutcome {
    var outcome = TraceOutcome()
    outcome.sendError = errorNumber
    return outcome
  }

  /// No answer as yet, or never.
  public init() {}

  /// Who answered.
  public var source: IPAddress? { answer?.source }
  /// The answer says that probes with a larger TTL will get no farther.
  public var isFinal: Bool { answer?.isFinal ?? false }
  /// The ICMP error that answered it; nil for a reply and for no answer.
  public var error: ICMPErrorReport? {
    if case .error(let error) = answer { error.report } else { nil }
  }
}

/// A settled hop.
public struct TraceHop: Hashable, Sendable {
  /// The TTL or hop limit of its probes. The last hop's may have had larger ones: they end there too.
  public var timeToLive: Int
  /// One entry a probe, in the order of sending.
  public var outcomes: [TraceOutcome]
  /// The longest packets that come so far; nil where nobody looked, or nobody answered.
  public var mtu: HopMTU?

  /// A hop from its fields.
  public init(timeToLive: Int, outcomes: [TraceOutcome], mtu: HopMTU? = nil) {
    (self.timeToLive, self.outcomes, self.mtu) = (timeToLive, outcomes, mtu)
  }
}

extension ICMPErrorReport {
  /// The one error that a trace lives on: a router saw the probe's TTL run out.
  public var isTimeExceededInTransit: Bool {
    guard code == 0 else { return false }
    switch family {
    case .v4: return type == ICMPv4Header.MessageType.timeExceeded.rawValue
    case .v6: return type == ICMPv6Header.MessageType.timeExceeded.rawValue
    }
  }
}
