/// The header of a packet that Linux's netfilter logged (LINKTYPE_NFLOG). Attributes follow it, one of which
/// is the packet; their numbers are in the byte order of the host that captured.
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+---
///     |   family    |   version   |        resource ID        | attributes …
///     +-------------+-------------+---------------------------+---
public struct NFLOGHeader: Hashable, Sendable {
  /// In octets, without attributes.
  public static let length = 4

  /// Linux's number of the address family: 2 for IPv4, 10 for IPv6.
  public var family: UInt8
  /// 0.
  public var version: UInt8 = 0
  /// The group that the rule logs to.
  public var resourceID: UInt16

  /// A header from its fields.
  public init(family: UInt8, resourceID: UInt16) {
    (self.family, self.resourceID) = (family, resourceID)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .nflog)
    (family, version, resourceID) = (fixed[0], fixed[1], fixed.u16(at: 2))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(family)
    out.append(version)
    out.append(bigEndian: resourceID)
  }

  /// The version of IP that the packet has; nil if it has none.
  public var ipFamily: IPFamily? {
    switch family {
    case 2: .v4
    case 10: .v6
    default: nil
    }
  }
}

extension NFLOGHeader {
  /// The kind of the attribute that is the packet (NFULA_PAYLOAD).
  private static let packet: UInt16 = 9
  /// So many attributes are walked; the kernel has some twenty kinds.
  private static let mostAttributes = 64

  /// Reads attributes up to the packet, where the reader stands then; how long that is, or nil if there is
  /// none.
  static func skipToPacket(_ reader: inout PacketReader) throws(PacketError) -> Int? {
    // A length is small: in the other order it is more than there is.
    var isLittleEndian = true
    if reader.available >= 2 {
      let length = Int(reader.remaining.u16(at: 0).byteSwapped)
      isLittleEndian = length >= 4 && length <= reader.available
    }
    for _ in 0..<mostAttributes {
      guard reader.available > 0 else { return nil }
      let start = reader.offset
      let fixed = try reader.take(4, for: .nflog)
      let numbers = (length: fixed.u16(at: 0), kind: fixed.u16(at: 2))
      let length = Int(isLittleEndian ? numbers.length.byteSwapped : numbers.length) - 4
      guard length >= 0 else { throw PacketError(.nflog, at: start, .badHeaderLength(length + 4)) }
      // The upper two bits are flags (linux/netlink.h).
      let kind = (isLittleEndian ? numbers.kind.byteSwapped : numbers.kind) & 0x3fff
      if kind == packet { return length }
      _ = try reader.take(min((length + 3) & ~3, max(length, reader.available)), for: .nflog)
    }
    throw PacketError(.nflog, at: reader.offset, .tooMany(limit: mostAttributes))
  }
}
