public import PacketWire

/// What was done to a probe on its way, as far as an ICMP error tells: the fields that were sent beside
/// those that the error quotes.
///
/// A router quotes the datagram as it arrived (RFC 1812 §4.3.2.3, RFC 4443 §2.4), so a difference says
/// that somebody before it has changed the field, or that the router itself does not quote faithfully.
public struct ProbeAlteration: Hashable, Sendable {
  /// What a field holds.
  public enum Value: Hashable, Sendable {
    case number(UInt64)
    case address(IPAddress)
    case octets([UInt8])
  }

  /// What came out of comparing a field.
  public enum Finding: Hashable, Sendable {
    /// Quoted as it was sent.
    case same
    /// Nobody knows what was sent: the kernel filled the field in.
    case unknown
    /// It differs as it should, hops having been counted or checksums having followed other changes.
    case expected
    /// It was changed.
    case altered(Change)
  }

  /// One field, sent and quoted.
  public struct Comparison: Hashable, Sendable {
    /// Which one.
    public var field: DatagramField
    /// As it left this host; nil if not known.
    public var sent: Value?
    /// As the error quotes it.
    public var quoted: Value
    /// What that means.
    public var finding: Finding

    /// What was changed, if something was.
    public var change: Change? { if case .altered(let change) = finding { change } else { nil } }
  }

  /// What the quoted time to live, or hop limit, says.
  public enum HopsLeft: Hashable, Sendable {
    /// 1 in "time exceeded": as it arrived at the router that had to drop it.
    case asArrived
    /// 0 in "time exceeded": the router quotes after taking its own hop, or the one before it has
    /// forwarded what was used up.
    case none
    /// More than 1 in "time exceeded": hops were hidden from the header (a tunnel, MPLS), or the router
    /// drops too early.
    case left(UInt8)
    /// In another error: so many routers have taken their hop.
    case taken(Int)
    /// More than was sent.
    case raised
  }

  /// The fields that both have, in the order of the wire.
  public internal(set) var comparisons: [Comparison] = []
  /// What the quoted time to live says.
  public internal(set) var hopsLeft = HopsLeft.asArrived

  /// The fields that were changed.
  public var changes: [Comparison] { comparisons.filter { $0.change != nil } }
  /// The comparison of that field, if both have it.
  public subscript(field: DatagramField) -> Comparison? {
    comparisons.first { $0.field == field }
  }

  /// Compares a probe with what an error quotes.
  ///
  /// - Parameters:
  ///   - sent: the probe.
  ///   - quotation: the quoted datagram from its IP header on, extensions behind it left out.
  ///   - isTimeExceeded: the error says that the probe's hops were used up.
  /// - Throws: when one of them has no IP header that can be read.
  public init(
    sent: SentDatagram, quotation: Span<UInt8>, isTimeExceeded: Bool
  ) throws(PacketError) {
    var sentReader = PacketReader(sent.octets.span)
    var quotedReader = PacketReader(quotation)
    let before = try QuotedDatagram(parsing: &sentReader)
    let after = try QuotedDatagram(parsing: &quotedReader)
    var meter = AlterationMeter(unknown: sent.unknown)
    meter.compareNetwork(before, after, isTimeExceeded: isTimeExceeded)
    meter.comparePayload(
      sent.octets.span.extracting(before.payload), quotation.extracting(after.payload),
      isSameTransport: before.hasHeader(like: after))
    meter.compareTransport(before, after)
    comparisons = meter.comparisons.sorted { $0.field.rawValue < $1.field.rawValue }
    hopsLeft = meter.hopsLeft
  }
}

/// What somebody on the way did to a field.
public enum Change: Hashable, Sendable {
  /// Another code point (RFC 2474 §3).
  case dscpRemarked
  /// The code point was set to zero.
  case dscpBleached
  /// The three bits of the old precedence were set to zero, and the others left.
  case precedenceBleached
  /// An ECN-capable packet was made one that is not, which RFC 3168 §5 forbids.
  case ecnBleached
  /// Congestion was marked, as it may be (RFC 3168 §5).
  case congestionMarked
  /// A packet that is not ECN-capable got a mark, or one code point became the other.
  case ecnRewritten
  /// The two octets stand in the wrong order: the quoting router's host order.
  case byteSwapped
  /// The header's length was taken off the total length, as old BSD kernels did.
  case headerLengthTaken
  /// The field has another value, and nothing better can be said.
  case rewritten
  /// DF was cleared, so that routers may fragment.
  case dontFragmentCleared
  /// DF was set.
  case dontFragmentSet
  /// The packet was fragmented.
  case fragmented
  /// No router has taken a hop although some should have.
  case notDecremented
  /// There are more hops left than were sent.
  case raised
  /// An address, port or identifier was translated (RFC 3022).
  case translated
  /// The checksum is not the one that the quoted header asks for.
  case checksumWrong
  /// The checksum is that of the header before the last hop was taken (RFC 1624 tells how to update it).
  case checksumNotUpdated
  /// The checksum was set to zero.
  case checksumCleared
  /// The checksum differs, and not because of the changes to other fields.
  case checksumRewritten
  /// Options that were sent are not there any more.
  case optionsStripped
  /// The largest segment size was lowered ("MSS clamping").
  case segmentSizeClamped
}
