/// The first eight octets of an IGMP message (RFC 1112 appendix I, RFC 2236 §2, RFC 9776 §4).
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |    type     | max. resp.  |         checksum          |
///     +-------------+-------------+---------------------------+
///     |  group address; of a version 3 report, its number of  |
///     |                        records                        |
///     +-------------------------------------------------------+
public struct IGMPHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 8

  /// What the message is: 0x11 query, 0x12, 0x16 and 0x22 reports, 0x17 leave.
  public var type: UInt8
  /// Of a query: how long a member may take, in tenths of a second; version 1 has zero.
  public var maximumResponseCode: UInt8
  /// As it was on the wire, right or wrong.
  public var checksum: UInt16
  /// The last word.
  public var rest: UInt32

  /// The group; none in a general query.
  public var group: IPv4Address { IPv4Address(bits: rest) }
  /// Of a version 3 report: how many group records follow.
  public var recordCount: UInt16 { UInt16(truncatingIfNeeded: rest) }

  /// A header from its fields, without a checksum.
  public init(type: UInt8, maximumResponseCode: UInt8 = 0, group: IPv4Address) {
    (self.type, self.maximumResponseCode) = (type, maximumResponseCode)
    (checksum, rest) = (0, group.bits)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .igmp)
    (type, maximumResponseCode) = (fixed[0], fixed[1])
    (checksum, rest) = (fixed.u16(at: 2), fixed.u32(at: 4))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(type)
    out.append(maximumResponseCode)
    out.append(bigEndian: checksum)
    out.append(bigEndian: rest)
  }
}
