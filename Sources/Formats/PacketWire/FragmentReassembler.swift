/// Puts packets together from their fragments (RFC 791 §3.2, RFC 8200 §4.5).
///
/// A value without a clock: each fragment comes with the time at which it was seen. It is bounded in
/// packets, octets, pieces and age, and counts what it forgets.
///
/// Where fragments contradict each other:
/// - Those of IPv4 may overlap, and the octets stay that came first. The example of RFC 791 §3.2 has
///   the last copy win, by which a later fragment rewrites ports that were judged already (RFC 1858
///   §4); and to discard the packet, as Linux does, would hide from a reader what was sent.
/// - What becomes of an IPv6 packet whose fragments overlap says `Overlap`. Exact duplicates are left
///   out either way (RFC 8200 §4.5).
/// - A packet with two ends, or with octets behind its end, is discarded.
///
/// A packet that was discarded stays known until it is too old, so that the rest of it begins no new
/// one.
public struct FragmentReassembler: Sendable {
  /// What becomes of an IPv6 packet whose fragments overlap.
  public enum Overlap: Hashable, Sendable {
    /// It is discarded together with what is still to come of it, as receivers have to (RFC 5722 §3).
    case discards
    /// The octets stay that came first, so that a reader sees what was sent.
    case keepsFirst
  }

  /// What bounds it.
  public struct Limits: Hashable, Sendable {
    /// How many packets wait.
    public var packets = 64
    /// How many octets they hold together.
    public var octets = 64 * 65_536
    /// In how many pieces one packet comes: a link of 68 octets, the least of RFC 791 §3.2, makes
    /// 1366 of the longest one.
    public var pieces = 2_048
    /// How long a packet waits from its first fragment on (RFC 8200 §4.5; RFC 1122 §3.3.2).
    public var age = Nanoseconds.seconds(60)

    /// The usual limits.
    public init() {}
  }

  /// What a fragment did.
  public enum Outcome: Hashable, Sendable {
    /// Its packet waits for more.
    case waiting
    /// All of it had come before.
    case duplicate
    /// Its packet is whole.
    case whole(Payload)
    /// It is left out, or its whole packet with it.
    case refused(Refusal)
  }

  /// What a whole packet carries.
  public struct Payload: Hashable, Sendable {
    /// What it begins with, as its first fragment says (RFC 8200 §4.5).
    public var protocolNumber: IPProtocol
    /// All of it.
    public var octets: [UInt8]

    /// A payload from its parts.
    public init(_ protocolNumber: IPProtocol, octets: [UInt8]) {
      (self.protocolNumber, self.octets) = (protocolNumber, octets)
    }
  }

  /// Why a fragment was not taken.
  public enum Refusal: Hashable, Sendable {
    /// It carries nothing.
    case empty
    /// The packet would be longer than 65 535 octets (RFC 791 §3.1, RFC 8200 §4.5).
    case tooLong
    /// More follows in IPv6, but not at a multiple of eight octets (RFC 8200 §4.5).
    case oddLength
    /// It overlaps others of an IPv6 packet, which is discarded.
    case overlap
    /// It ends where the packet does not, or stands behind its end. The packet is discarded.
    case contradictoryLength
    /// It comes in more pieces than the limit allows. The packet is discarded.
    case tooManyPieces
    /// Its packet was discarded before.
    case discarded
  }

  /// What became of packets that were never whole.
  public struct Counts: Hashable, Sendable {
    /// They made room for younger ones.
    public var evicted = 0
    /// They had waited long enough.
    public var expired = 0
    /// Their fragments contradicted each other, or were too many.
    public var discarded = 0

    /// Nothing was forgotten.
    public init() {}
  }

  /// What fragments of one packet have in common: RFC 791 §3.2 counts the protocol in, RFC 8200 §4.5
  /// does not.
  private struct Key: Hashable, Sendable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    var protocolNumber: IPProtocol?
    var network: UInt64
  }

  /// What becomes of an IPv6 packet whose fragments overlap.
  public let overlap: Overlap
  /// What bounds it.
  public let limits: Limits
  /// What it forgot.
  public private(set) var counts = Counts()
  private var packets: [Key: FragmentedPacket] = [:]
  /// How many packets were begun, which orders them.
  private var begun = 0
  /// No packet that waits was begun before this.
  private var earliest = WallInstant(nanoseconds: .max)

  /// Nothing waits yet.
  public init(overlap: Overlap = .discards, limits: Limits = Limits()) {
    (self.overlap, self.limits) = (overlap, limits)
  }

  /// How many packets wait, those counted in that were discarded and are not yet too old.
  public var waiting: Int { packets.count }
  /// How many octets they hold.
  public private(set) var heldOctets = 0

  /// Takes in what a fragment of an IPv4 packet carries. Of a packet that is no fragment it gives
  /// back a copy, and nothing else happens.
  ///
  /// - Parameters:
  ///   - payload: what stands behind the header.
  ///   - header: the fragment's.
  ///   - network: what tells networks with the same addresses apart, such as VLANs and tunnels.
  ///   - now: when it was seen.
  /// - Returns: what it did.
  public mutating func add(
    _ payload: Span<UInt8>, of header: IPv4Header, on network: UInt64 = 0, at now: WallInstant
  ) -> Outcome {
    guard header.isFragment else {
      return .whole(Payload(header.protocolNumber, octets: Array(copying: payload)))
    }
    let key = Key(
      source: .v4(header.source), destination: .v4(header.destination),
      identification: UInt32(header.identification), protocolNumber: header.protocolNumber,
      network: network)
    let fragment = FragmentedPacket.Fragment(
      protocolNumber: header.protocolNumber, offset: header.fragmentOffset, count: payload.count,
      moreFragments: header.moreFragments)
    return add(payload, fragment, of: key, headers: header.length, at: now)
  }

  /// Takes in what a fragment of an IPv6 packet carries. A fragment that is a whole packet is given
  /// back alone, whatever waits (RFC 6946 §4).
  ///
  /// - Parameters:
  ///   - payload: what stands behind the fragment header.
  ///   - fragment: that header.
  ///   - header: the packet's.
  ///   - extensions: how many octets of extension headers stand before the fragment header.
  ///   - network: what tells networks with the same addresses apart, such as VLANs and tunnels.
  ///   - now: when it was seen.
  /// - Returns: what it did.
  public mutating func add(
    _ payload: Span<UInt8>, of fragment: IPv6FragmentHeader, in header: IPv6Header,
    behind extensions: Int = 0, on network: UInt64 = 0, at now: WallInstant
  ) -> Outcome {
    guard fragment.isFragment else {
      return .whole(Payload(fragment.nextHeader, octets: Array(copying: payload)))
    }
    guard !fragment.moreFragments || payload.count.isMultiple(of: 8) else {
      return .refused(.oddLength)
    }
    let key = Key(
      source: .v6(header.source), destination: .v6(header.destination),
      identification: fragment.identification, network: network)
    let piece = FragmentedPacket.Fragment(
      protocolNumber: fragment.nextHeader, offset: fragment.fragmentOffset, count: payload.count,
      moreFragments: fragment.moreFragments)
    return add(payload, piece, of: key, headers: extensions, at: now)
  }

  /// `headers` is how many octets the field that says a packet's length counts beside its payload.
  private mutating func add(
    _ payload: Span<UInt8>, _ fragment: FragmentedPacket.Fragment, of key: Key, headers: Int,
    at now: WallInstant
  ) -> Outcome {
    guard !payload.isEmpty else { return .refused(.empty) }
    guard fragment.end &+ headers <= Int(UInt16.max) else { return .refused(.tooLong) }
    expire(at: now)
    // Taken out and put back, so that its octets are not copied.
    var packet = packets.removeValue(forKey: key) ?? begin(at: now)
    heldOctets &-= packet.octets.count
    let refusesOverlaps = overlap == .discards && key.protocolNumber == nil
    if let refusal = packet.refusal(
      of: fragment, overlaps: refusesOverlaps, limit: limits.pieces)
    {
      if refusal != .discarded {
        counts.discarded &+= 1
        packet.discard()
      }
      packets[key] = packet
      return .refused(refusal)
    }
    let isNew = packet.take(payload, fragment)
    if let whole = packet.whole { return .whole(whole) }
    heldOctets &+= packet.octets.count
    packets[key] = packet
    while heldOctets > limits.octets { evict(but: key) }
    return isNew ? .waiting : .duplicate
  }

  private mutating func begin(at now: WallInstant) -> FragmentedPacket {
    if packets.count >= max(limits.packets, 1) { evict() }
    begun &+= 1
    earliest = min(earliest, now)
    return FragmentedPacket(number: begun, begun: now)
  }

  /// Forgets the packet that was begun first; `kept` only when there is no other.
  private mutating func evict(but kept: Key? = nil) {
    let oldest = packets.filter { $0.key != kept }.min { $0.value.number < $1.value.number }
    guard let key = oldest?.key ?? kept, let packet = packets.removeValue(forKey: key) else {
      return
    }
    heldOctets &-= packet.octets.count
    counts.evicted &+= 1
  }

  /// Forgets packets that are too old. None is while the clock is set back.
  private mutating func expire(at now: WallInstant) {
    guard !packets.isEmpty, now - earliest > limits.age else { return }
    let before = packets.values.count { !$0.isDiscarded }
    packets = packets.filter { now - $0.value.begun <= limits.age }
    counts.expired &+= before &- packets.values.count { !$0.isDiscarded }
    heldOctets = packets.values.reduce(0) { $0 &+ $1.octets.count }
    earliest = packets.values.map(\.begun).min() ?? WallInstant(nanoseconds: .max)
  }
}
