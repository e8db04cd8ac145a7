/// The IPv4 header (RFC 791 §3.1); the ToS octet is read as DSCP (RFC 2474) and ECN (RFC 3168).
///
///      0       4       8              16     19                      32
///     +-------+-------+--------------+------+------------------------+
///     | vers. |  IHL  |     ToS      |         total length          |
///     +-------+-------+--------------+------+------------------------+
///     |        identification        | flags|    fragment offset     |
///     +---------------+--------------+------+------------------------+
///     |      TTL      |   protocol   |        header checksum        |
///     +---------------+--------------+-------------------------------+
///     |                            source                            |
///     |                         destination                          |
///     |                    options (0 to 40 octets)                  |
///     +--------------------------------------------------------------+
///
/// Fields are in host order and hold exactly what was on the wire, reserved bits included, so that
/// parse then write gives back the same octets. Nothing here checks `totalLength` against the
/// octets at hand: a header quoted in an ICMP error is rightly longer than what follows it
/// (RFC 792; RFC 1812 §4.3.2.3).
public struct IPv4Header: Hashable, Sendable {
  /// In octets: IHL 5.
  public static let minimumLength = 20
  /// In octets: IHL 15.
  public static let maximumLength = 60

  /// DSCP and ECN.
  public var typeOfService: UInt8 = 0
  /// Of the whole packet, in octets.
  public var totalLength: UInt16 = 20
  /// The same in all fragments of one packet; has no meaning in a whole one (RFC 6864 §4.1).
  public var identification: UInt16 = 0
  /// Three flag bits and the fragment offset in units of eight octets.
  public var flagsAndOffset: UInt16 = 0
  /// Hops left.
  public var timeToLive: UInt8 = 64
  /// What follows.
  public var protocolNumber: IPProtocol
  /// As it was on the wire, right or wrong.
  public var checksum: UInt16 = 0
  /// Who says that he sent it.
  public var source: IPv4Address
  /// Whom it is for.
  public var destination: IPv4Address
  /// Raw options; on the wire always a multiple of four octets.
  public var options = OptionOctets()

  /// The upper six bits of ToS (RFC 2474 §3).
  public var dscp: UInt8 { typeOfService >> 2 }
  /// The lower two bits of ToS (RFC 3168 §5).
  public var ecn: UInt8 { typeOfService & 0b11 }
  /// The first flag bit, which must be zero.
  public var reservedFlag: Bool { flagsAndOffset & 0x8000 != 0 }
  /// DF.
  public var dontFragment: Bool { flagsAndOffset & 0x4000 != 0 }
  /// MF.
  public var moreFragments: Bool { flagsAndOffset & 0x2000 != 0 }
  /// In octets; the wire counts in eights.
  public var fragmentOffset: Int { Int(flagsAndOffset & 0x1fff) * 8 }
  /// Part of a larger packet.
  public var isFragment: Bool { flagsAndOffset & 0x3fff != 0 }
  /// Of this header, in octets: options that are no multiple of four octets are padded.
  public var length: Int { Self.minimumLength + options.paddedCount }

  /// A header without options; call `fill(payloadLength:)` when all else is set.
  public init(protocolNumber: IPProtocol, from source: IPv4Address, to destination: IPv4Address) {
    (self.protocolNumber, self.source, self.destination) = (protocolNumber, source, destination)
  }

  /// Reads the header and its options.
  @inline(__always)
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(Self.minimumLength, for: .ipv4)
    guard fixed[0] >> 4 == 4 else {
      throw PacketError(.ipv4, at: reader.offset, .unexpectedVersion(fixed[0] >> 4))
    }
    let length = Int(fixed[0] & 0x0f) * 4
    guard length >= Self.minimumLength else {
      throw PacketError(.ipv4, at: reader.offset, .badHeaderLength(length))
    }
    typeOfService = fixed[1]
    totalLength = fixed.u16(at: 2)
    identification = fixed.u16(at: 4)
    flagsAndOffset = fixed.u16(at: 6)
    timeToLive = fixed[8]
    protocolNumber = IPProtocol(rawValue: fixed[9])
    checksum = fixed.u16(at: 10)
    source = IPv4Address(bits: fixed.u32(at: 12))
    destination = IPv4Address(bits: fixed.u32(at: 16))
    let rest = try cursor.take(length - Self.minimumLength, for: .ipv4)
    options = OptionOctets(prefix: rest)
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(0x40 | UInt8(length / 4))
    out.append(typeOfService)
    out.append(bigEndian: totalLength)
    out.append(bigEndian: identification)
    out.append(bigEndian: flagsAndOffset)
    out.append(timeToLive)
    out.append(protocolNumber.rawValue)
    out.append(bigEndian: checksum)
    out.append(bigEndian: source.bits)
    out.append(bigEndian: destination.bits)
    out.append(copying: options.span)
    out.append(repeating: 0, count: options.paddedCount - options.count)
  }
}

extension IPv4Header {
  /// Sets the two fields that depend on the rest: the total length and the checksum.
  public mutating func fill(payloadLength: Int) throws(PacketError) {
    guard let total = UInt16(exactly: length + payloadLength) else {
      throw PacketError(.ipv4, at: 2, .badHeaderLength(length + payloadLength))
    }
    (totalLength, checksum) = (total, 0)
    checksum = computedChecksum
  }

  /// What the checksum field should hold (RFC 791 §3.1: over the header only).
  public var computedChecksum: UInt16 {
    var header = self
    header.checksum = 0
    var sum = InternetChecksum()
    sum.add { header.write(to: &$0) }
    return sum.value
  }

  /// The checksum is the one that the other fields ask for. 0 and 0xffff are both zero in ones'
  /// complement (RFC 1071 §1), hence the sum and not a comparison.
  public var isChecksumValid: Bool {
    var sum = InternetChecksum()
    sum.add { write(to: &$0) }
    return sum.folded == 0xffff
  }
}
