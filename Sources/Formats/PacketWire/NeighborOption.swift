/// One option of a neighbor discovery message (RFC 4861 §4.6).
///
///      0             8             16
///     +-------------+-------------+----------------------------+
///     |    type     |   length    |   8 × length - 2 octets …  |
///     +-------------+-------------+----------------------------+
public struct NeighborOption: Hashable, Sendable {
  /// What it is (IANA "IPv6 Neighbor Discovery Option Formats").
  public var kind: UInt8
  /// Everything behind the length, padding and reserved bits too: two octets short of a multiple of
  /// eight.
  public private(set) var value: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int { 2 + value.count }

  /// An option from its fields; `nil` unless the whole is a length that it can say.
  public init?(kind: UInt8, value: [UInt8]) {
    guard (value.count + 2).isMultiple(of: 8), (8...255 * 8).contains(value.count + 2) else {
      return nil
    }
    (self.kind, self.value) = (kind, value)
  }

  /// Reads one option.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let fixed = try ahead.take(2, for: .icmpv6)
    // RFC 4861 §4.6: a packet with such an option is to be discarded.
    guard fixed[1] > 0 else {
      throw PacketError(.icmpv6, at: reader.offset, .badOptionLength(kind: fixed[0], length: 0))
    }
    kind = fixed[0]
    value = Array(copying: try ahead.take(Int(fixed[1]) * 8 - 2, for: .icmpv6))
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(kind)
    out.append(UInt8(truncatingIfNeeded: length / 8))
    out.append(copying: value.span)
  }
}

extension NeighborOption {
  /// What an option says whose length is its kind's.
  public enum Content: Hashable, Sendable {
    /// Where frames for the sender go (RFC 4861 §4.6.1, RFC 2464 §6).
    case sourceLinkAddress(MACAddress)
    /// Where frames for the target go.
    case targetLinkAddress(MACAddress)
    /// A prefix of this link (RFC 4861 §4.6.2).
    case prefix(Prefix)
    /// The packet that a redirect is about, as far as there is room (RFC 4861 §4.6.3).
    case redirected([UInt8])
    /// The largest packet of this link, in octets (RFC 4861 §4.6.4).
    case mtu(UInt32)
    /// How often the router advertises itself at most, in milliseconds (RFC 6275 §7.3).
    case advertisementInterval(UInt32)
    /// Of a home agent, the lifetime in seconds (RFC 6275 §7.4).
    case homeAgent(preference: UInt16, lifetime: UInt16)
    /// Noise that an answer repeats (RFC 3971 §5.3.2).
    case nonce([UInt8])
    /// A way to a prefix (RFC 4191 §2.3); the lifetime in seconds.
    case route(IPv6Address, length: UInt8, flags: UInt8, lifetime: UInt32)
    /// DNS servers (RFC 8106 §5.1); the lifetime in seconds.
    case nameServers([IPv6Address], lifetime: UInt32)
    /// The prefix by which IPv4 addresses are translated (RFC 8781 §4): its length as a code, its
    /// lifetime in seconds.
    case translation(IPv6Address, lengthCode: UInt8, lifetime: UInt16)
  }

  /// A prefix and what it is for (RFC 4861 §4.6.2).
  public struct Prefix: Hashable, Sendable {
    /// As it was on the wire, with bits behind its length.
    public var address: IPv6Address
    /// In bits.
    public var length: UInt8
    /// L, A and, of a home agent, R (RFC 6275 §7.2).
    public var flags: UInt8
    /// In seconds; all ones stand for infinity.
    public var validLifetime: UInt32
    /// The same.
    public var preferredLifetime: UInt32

    /// L: its addresses are on this link.
    public var isOnLink: Bool { flags & 0x80 != 0 }
    /// A: hosts make themselves addresses of it (RFC 4862).
    public var isAutonomous: Bool { flags & 0x40 != 0 }

    /// A prefix from its fields.
    public init(
      _ address: IPv6Address, length: UInt8, flags: UInt8, validLifetime: UInt32,
      preferredLifetime: UInt32
    ) {
      (self.address, self.length, self.flags) = (address, length, flags)
      (self.validLifetime, self.preferredLifetime) = (validLifetime, preferredLifetime)
    }
  }

  /// What it says; nil for a kind without a form here, or with a length that is not its own.
  public var content: Content? {
    let octets = value.span
    switch (kind, length) {
    case (1, 8): return .sourceLinkAddress(MACAddress(bits: octets.u48(at: 0)))
    case (2, 8): return .targetLinkAddress(MACAddress(bits: octets.u48(at: 0)))
    case (3, 32):
      return .prefix(
        Prefix(
          IPv6Address(octets, at: 14), length: octets[0], flags: octets[1],
          validLifetime: octets.u32(at: 2), preferredLifetime: octets.u32(at: 6)))
    case (4, _): return .redirected(Array(value[6...]))
    case (5, 8): return .mtu(octets.u32(at: 2))
    case (7, 8): return .advertisementInterval(octets.u32(at: 2))
    case (8, 8): return .homeAgent(preference: octets.u16(at: 2), lifetime: octets.u16(at: 4))
    case (14, _): return .nonce(value)
    case (24, 8...24): return route
    case (25, 24...):
      let count = (length - 8) / 16
      return .nameServers(
        (0..<count).map { IPv6Address(octets, at: 6 + 16 * $0) }, lifetime: octets.u32(at: 2))
    case (38, 16):
      let bits = UInt128(octets.u64(at: 2)) << 64 | UInt128(octets.u32(at: 10)) << 32
      let word = octets.u16(at: 0)
      return .translation(
        IPv6Address(bits: bits), lengthCode: UInt8(word & 7), lifetime: word & 0xfff8)
    default: return nil
    }
  }

  /// Of the prefix there is as much as the length leaves room for.
  private var route: Content {
    let octets = value.span
    let high = length >= 16 ? octets.u64(at: 6) : 0
    let low = length >= 24 ? octets.u64(at: 14) : 0
    return .route(
      IPv6Address(bits: UInt128(high) << 64 | UInt128(low)), length: octets[0], flags: octets[1],
      lifetime: octets.u32(at: 2))
  }
}
