/// The header of Solaris's IP captures (LINKTYPE_IPNET).
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |   version   |   family    |         hook type         |
///     +-------------+-------------+---------------------------+
///     |                     packet length                     |
///     |                    interface index                    |
///     |                     group's index                     |
///     |                      source zone                      |
///     |                   destination zone                    |
///     +-------------------------------------------------------+
public struct IPNETHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 24

  /// 1.
  public var version: UInt8 = 1
  /// Solaris's number of the address family: 2 for IPv4, 26 for IPv6.
  public var family: UInt8
  /// Where in the stack it was taken.
  public var hookType: UInt16 = 0
  /// Of the packet behind the header, in octets.
  public var packetLength: UInt32
  /// The interface, and the group that it belongs to.
  public var interface: UInt32 = 0, group: UInt32 = 0
  /// The zones that it comes from and goes to; all ones is none of this host's.
  public var sourceZone: UInt32, destinationZone: UInt32

  /// A header from its fields.
  public init(family: UInt8, packetLength: UInt32, sourceZone: UInt32, destinationZone: UInt32) {
    (self.family, self.packetLength) = (family, packetLength)
    (self.sourceZone, self.destinationZone) = (sourceZone, destinationZone)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .ipnet)
    (version, family, hookType) = (fixed[0], fixed[1], fixed.u16(at: 2))
    (packetLength, interface, group) = (fixed.u32(at: 4), fixed.u32(at: 8), fixed.u32(at: 12))
    (sourceZone, destinationZone) = (fixed.u32(at: 16), fixed.u32(at: 20))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(version)
    out.append(family)
    out.append(bigEndian: hookType)
    for word in [packetLength, interface, group, sourceZone, destinationZone] {
      out.append(bigEndian: word)
    }
  }

  /// The version of IP that the packet has; nil if it has none.
  public var ipFamily: IPFamily? {
    switch family {
    case 2: .v4
    case 26: .v6
    default: nil
    }
  }
}
