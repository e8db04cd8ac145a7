/// A change to a field of the probes of a trace, and where it was made, as far as the hops tell.
///
/// A router quotes a probe as it arrived, so that what hop 4 quotes was done by hop 3, by what stands
/// between them, or by hop 4 on its input.
public struct PathAlteration: Hashable, Sendable {
  /// Who seems to have done it.
  public enum Cause: Hashable, Sendable {
    /// The path: at least two hops have seen it, and none behind them has seen the field as it was.
    case path
    /// The path, or a router that does not quote faithfully: only one hop has seen it, and none behind it
    /// has seen the field as it was.
    case pathOrQuotation
    /// Routers that do not quote faithfully: hops behind them have seen the field as it was before, or
    /// a packet with such a field would not have come as far.
    case quotation
    /// The path, and not for all packets: congestion is marked when there is some (RFC 3168 §5).
    case congestion
  }

  /// Where a change was made.
  public struct Place: Hashable, Sendable {
    /// The last hop that has seen the field as it was before; 0 is this host.
    public var after: Int
    /// The first hop that has seen the change.
    public var before: Int
    /// Hops between those that did not answer.
    public var silent: [Int] = []
    /// Hops between those that answered and quoted too little, or now this and now that.
    public var untold: [Int] = []

    /// Nobody stands between.
    public var isExact: Bool { before == after + 1 }
  }

  /// Which field.
  public var field: DatagramField
  /// What was sent, what the first hop quotes that has seen the change, and what that means.
  public var comparison: ProbeAlteration.Comparison
  /// What was done.
  public var change: Change
  /// Who seems to have done it.
  public var cause: Cause
  /// Where; of a quotation, which router's.
  public var place: Place
  /// The hops that have seen it, in order.
  public var hops: [Int]
}

/// What a hop of a trace quotes of the probes that it answered.
public struct QuotingHop: Hashable, Sendable {
  /// Its distance: the time to live, or hop limit, of the probes. Counts from 1.
  public var distance: Int
  /// Something came back, be it without a quotation that can be read.
  public var hasAnswered: Bool
  /// What became of the probes, by its quotations.
  public var alterations: [ProbeAlteration]

  /// A hop from its parts. What quotes has answered.
  public init(distance: Int, hasAnswered: Bool = false, alterations: [ProbeAlteration]) {
    (self.distance, self.alterations) = (distance, alterations)
    self.hasAnswered = hasAnswered || !alterations.isEmpty
  }
}

extension Change {
  /// What only a quotation can have: a packet with such a field would have been dropped by the next
  /// router (RFC 1812 §5.2.2), or is how hosts of the other order see it.
  func isOfQuotation(_ field: DatagramField) -> Bool {
    switch self {
    case .byteSwapped, .headerLengthTaken: true
    case .checksumWrong, .checksumNotUpdated: true
    case .checksumCleared: field == .headerChecksum
    default: false
    }
  }
}

extension DatagramField {
  /// All probes of a trace have the same, so that what two hops quote can be compared. What differs from
  /// probe to probe (identification, checksums, …) can only be compared with what was sent.
  var isSteady: Bool {
    switch self {
    case .dscp, .ecn, .flowLabel, .dontFragment, .source, .destination, .options, .tcpOptions,
      .tcpWindow, .tcpFlags:
      true
    default: false
    }
  }
}
