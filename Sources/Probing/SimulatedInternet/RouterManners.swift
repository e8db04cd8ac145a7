public import PacketWire

/// What a router sends of its own, and how it differs from what RFC 1812 and RFC 4443 ask of it.
public struct RouterManners: Hashable, Sendable {
  /// It forwards, but sends nothing of its own.
  public var isSilent = false
  /// How many errors it sends; without one, all of them.
  public var errorLimit: ErrorLimit?
  /// How many octets of a packet its errors quote at the most; without one as many as may be.
  public var quotedLength: Int?
  /// It forwards packets whose hops are used up, with none left: the next router complains of them,
  /// and is seen twice by a traceroute.
  public var forwardsExhausted = false
  /// Where its errors seem to come from.
  public var errorSource = ErrorSource.nearInterface

  /// Its errors have extensions without telling how long the quotation before them is, as before RFC
  /// 4884: they stand 128 octets behind the ICMP header (RFC 4884 §5.5).
  public var extendsOldStyle = false
  /// It tells who asks the state of its interfaces ("PROBE", RFC 8335), which is off by default there too.
  public var answersProbes = false
  /// How far its clock is ahead of UT, which it tells who asks (RFC 792); `nil`: it does not tell.
  public var clockOffset: Nanoseconds?
  /// The prefix length of its network, which it tells who asks for its mask (RFC 950).
  public var maskLength: Int?
  /// It answers information requests (RFC 792), which it should not (RFC 1812 §4.3.3.7).
  public var answersInformationRequests = false
  /// It tells who asks its name and its addresses (RFC 4620).
  public var answersInformation = false
  /// How it chooses where several ways lead on.
  public var balancing = Balancing.flow

  /// The MPLS labels that packets bear when they come to it, the top one first; its errors tell them
  /// (RFC 4950).
  public var labels: [UInt32] = []
  /// The name of the interface that looks to the client; with one, errors tell by which interface a
  /// packet came in (RFC 5837). That which looks away from the client has this name with `-far` behind
  /// it, and further ones on the same side a number: `-2`, `-far-2`.
  public var interfaceName: String?

  /// As the RFCs ask.
  public init() {}
}

/// The source address of a router's errors.
public enum ErrorSource: Hashable, Sendable {
  /// Of the interface that the packet came in by, which is what every traceroute relies on (RFC 1812
  /// §4.3.2.4 would rather have the one that the error leaves by; most routers do this).
  case nearInterface
  /// Of the interface that the packet would have left by.
  case farInterface
  /// Another one, which may be anybody's.
  case address(NodeAddresses)
}

/// So many errors a second (RFC 1812 §4.3.2.8, RFC 4443 §2.4 (f)).
public struct ErrorLimit: Hashable, Sendable {
  /// The time that each error uses up.
  public var interval: Nanoseconds
  /// How many may be sent at once after a pause.
  public var burst: Int

  /// One each `interval`, and after a pause `burst` at once; at least one.
  public init(every interval: Nanoseconds, burst: Int = 1) {
    (self.interval, self.burst) = (interval, max(burst, 1))
  }
}

/// Keeps a limit: the generic cell rate algorithm (ITU-T I.371), which needs one instant.
struct ErrorMeter: Sendable {
  private let limit: ErrorLimit
  private var due = MonotonicInstant(nanoseconds: .min)

  init(_ limit: ErrorLimit) { self.limit = limit }

  /// Whether an error may be sent at `now`; then it counts.
  mutating func takes(at now: MonotonicInstant) -> Bool {
    let tolerance = Nanoseconds(limit.interval.count &* Int64(limit.burst - 1))
    guard now + tolerance >= due else { return false }
    due = max(now, due) + limit.interval
    return true
  }
}
