/// The loopback header of BSD captures: an address family in the capturing host's byte order
/// (LINKTYPE_NULL) or in network order (LINKTYPE_LOOP).
public struct BSDLoopbackHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 4

  /// The capturing system's AF_ number: 2 is IPv4 everywhere, IPv6 differs from system to system.
  public var family: UInt32
  /// How `family` stood on the wire.
  public var isBigEndian: Bool

  /// The version of IP that follows. IPv6 is 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on Darwin
  /// and 10 on Linux (the registry's text for LINKTYPE_NULL).
  public var ipFamily: IPFamily? {
    switch family {
    case 2: .v4
    case 10, 24, 28, 30: .v6
    default: nil
    }
  }

  /// A header from its fields.
  public init(family: UInt32, isBigEndian: Bool = true) {
    (self.family, self.isBigEndian) = (family, isBigEndian)
  }

  /// Reads `length` octets. For `.null` the order is the one that makes the number small: no
  /// system has address families over 65535.
  public init(parsing reader: inout PacketReader, linkType: LinkType) throws(PacketError) {
    let word = try reader.take(Self.length, for: .bsdLoopback).u32(at: 0)
    isBigEndian = linkType != .null || word <= 0xffff
    family = isBigEndian ? word : word.byteSwapped
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: isBigEndian ? family : family.byteSwapped)
  }
}
