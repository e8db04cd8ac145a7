/// The IPv6 header (RFC 8200 §3).
///
///      0     4           12                                    32
///     +-----+-----------+-------------------------------------+
///     | ver | tr. class |             flow label              |
///     +-----+-----------+-----+----------------+--------------+
///     |     payload length    |   next header  |  hop limit   |
///     +-----------------------+----------------+--------------+
///     |                      source (16)                      |
///     |                   destination (16)                    |
///     +-------------------------------------------------------+
public struct IPv6Header: Hashable, Sendable {
  /// In octets.
  public static let length = 40

  /// Version, traffic class and flow label, as the first word has them.
  private var firstWord: UInt32 = 6 << 28
  /// Of what follows this header, in octets; 0 with a hop-by-hop option is a jumbogram (RFC 2675).
  public var payloadLength: UInt16 = 0
  /// What follows: an upper-layer protocol or an extension header.
  public var nextHeader: IPProtocol
  /// Hops left.
  public var hopLimit: UInt8 = 64
  /// Who says that he sent it.
  public var source: IPv6Address
  /// Whom it is for.
  public var destination: IPv6Address

  /// DSCP and ECN.
  public var trafficClass: UInt8 {
    get { UInt8(truncatingIfNeeded: firstWord >> 20) }
    set { firstWord = firstWord & ~(0xff << 20) | UInt32(newValue) << 20 }
  }
  /// The low 20 bits; the same for all packets of one flow (RFC 6437 §2).
  public var flowLabel: UInt32 {
    get { firstWord & 0xf_ffff }
    set { firstWord = firstWord & ~0xf_ffff | newValue & 0xf_ffff }
  }
  /// The upper six bits of the traffic class (RFC 2474 §3).
  public var dscp: UInt8 { trafficClass >> 2 }
  /// The lower two bits of the traffic class (RFC 3168 §5).
  public var ecn: UInt8 { trafficClass & 0b11 }

  /// A header from its fields; set `payloadLength` when the rest of the packet is known.
  public init(nextHeader: IPProtocol, from source: IPv6Address, to destination: IPv6Address) {
    (self.nextHeader, self.source, self.destination) = (nextHeader, source, destination)
  }

  /// Reads `length` octets.
  @inline(__always)
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(Self.length, for: .ipv6)
    guard fixed[0] >> 4 == 6 else {
      throw PacketError(.ipv6, at: reader.offset, .unexpectedVersion(fixed[0] >> 4))
    }
    firstWord = fixed.u32(at: 0)
    payloadLength = fixed.u16(at: 4)
    nextHeader = IPProtocol(rawValue: fixed[6])
    hopLimit = fixed[7]
    source = IPv6Address(fixed, at: 8)
    destination = IPv6Address(fixed, at: 24)
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: firstWord)
    out.append(bigEndian: payloadLength)
    out.append(nextHeader.rawValue)
    out.append(hopLimit)
    out.append(bigEndian: source.highWord)
    out.append(bigEndian: source.lowWord)
    out.append(bigEndian: destination.highWord)
    out.append(bigEndian: destination.lowWord)
  }
}

extension IPv6Header {
  /// Sets the field that depends on the rest. `payloadLength` counts extension headers too.
  public mutating func fill(payloadLength count: Int) throws(PacketError) {
    guard let exact = UInt16(exactly: count) else {
      throw PacketError(.ipv6, at: 4, .badHeaderLength(count))
    }
    payloadLength = exact
  }
}
