/// The GRE header (RFC 2784 §2, RFC 2890 §2), and the one of PPTP, version 1 (RFC 2637 §4.1).
///
///      0                   13    16                          32
///     +-------------------+-----+---------------------------+
///     | C R K S s …       | ver |       protocol type       |
///     +-------------------+-----+---------------------------+
///     |    checksum (C or R)    |      offset (C or R)      |
///     |                       key (K)                       |
///     |                 sequence number (S)                 |
///     |       acknowledgment number (version 1, A)          |
///     +-----------------------------------------------------+
///
/// Routing entries (R, RFC 1701) are not part of it: no network has them any more.
public struct GREHeader: Hashable, Sendable {
  /// In octets, without any of the optional fields.
  public static let minimumLength = 4

  /// All flags and the version.
  public var flagsAndVersion: UInt16
  /// What follows.
  public var protocolType: EtherType
  /// Over this header and what follows; there if `hasChecksum` or `hasRouting`.
  public var checksum: UInt16 = 0
  /// The first octet of the active routing entry; there with the checksum.
  public var routingOffset: UInt16 = 0
  /// Names the flow; there if `hasKey`. Of version 1, payload length and call identifier.
  public var key: UInt32 = 0
  /// There if `hasSequenceNumber`.
  public var sequenceNumber: UInt32 = 0
  /// There if `hasAcknowledgment`.
  public var acknowledgmentNumber: UInt32 = 0

  /// 0, or 1 for PPTP's.
  public var version: UInt8 { UInt8(flagsAndVersion & 7) }
  /// C.
  public var hasChecksum: Bool { flagsAndVersion & 0x8000 != 0 }
  /// R.
  public var hasRouting: Bool { flagsAndVersion & 0x4000 != 0 }
  /// K.
  public var hasKey: Bool { flagsAndVersion & 0x2000 != 0 }
  /// S.
  public var hasSequenceNumber: Bool { flagsAndVersion & 0x1000 != 0 }
  /// A, which only version 1 has.
  public var hasAcknowledgment: Bool { version == 1 && flagsAndVersion & 0x80 != 0 }
  /// Of version 1: what both ends call the session.
  public var callIdentifier: UInt16 { UInt16(truncatingIfNeeded: key) }
  /// The fields behind the first four octets are those of a known version.
  public var isKnownVersion: Bool { version < 2 }

  /// Of this header, in octets.
  public var length: Int {
    guard isKnownVersion else { return Self.minimumLength }
    return Self.minimumLength + (hasChecksum || hasRouting ? 4 : 0) + (hasKey ? 4 : 0)
      + (hasSequenceNumber ? 4 : 0) + (hasAcknowledgment ? 4 : 0)
  }

  /// A header of version 0.
  public init(_ protocolType: EtherType, key: UInt32? = nil, sequenceNumber: UInt32? = nil) {
    flagsAndVersion = (key == nil ? 0 : 0x2000) | (sequenceNumber == nil ? 0 : 0x1000)
    self.protocolType = protocolType
    (self.key, self.sequenceNumber) = (key ?? 0, sequenceNumber ?? 0)
  }

  /// Reads the header and the optional fields that its flags announce.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(Self.minimumLength, for: .gre)
    flagsAndVersion = fixed.u16(at: 0)
    protocolType = EtherType(rawValue: fixed.u16(at: 2))
    if isKnownVersion {
      if hasChecksum || hasRouting {
        let word = try cursor.take(4, for: .gre).u32(at: 0)
        (checksum, routingOffset) = (UInt16(word >> 16), UInt16(truncatingIfNeeded: word))
      }
      if hasKey { key = try cursor.take(4, for: .gre).u32(at: 0) }
      if hasSequenceNumber { sequenceNumber = try cursor.take(4, for: .gre).u32(at: 0) }
      if hasAcknowledgment { acknowledgmentNumber = try cursor.take(4, for: .gre).u32(at: 0) }
    }
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: flagsAndVersion)
    out.append(bigEndian: protocolType.rawValue)
    guard isKnownVersion else { return }
    if hasChecksum || hasRouting {
      out.append(bigEndian: checksum)
      out.append(bigEndian: routingOffset)
    }
    if hasKey { out.append(bigEndian: key) }
    if hasSequenceNumber { out.append(bigEndian: sequenceNumber) }
    if hasAcknowledgment { out.append(bigEndian: acknowledgmentNumber) }
  }
}
