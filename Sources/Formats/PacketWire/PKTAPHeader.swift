/// The start of the header that macOS puts before frames of several interfaces (LINKTYPE_PKTAP, and as user
/// link type 2 in older files; XNU's bsd/net/pktap.h). Its numbers are little-endian; behind this start it
/// names the interface and the process.
///
///      0                           32
///     +---------------------------+
///     |          length           |
///     |     type of record        |
///     | link type of what follows |
///     +---------------------------+---
public struct PKTAPHeader: Hashable, Sendable {
  /// Of this start, in octets.
  public static let length = 12
  /// The type of a record that is a packet.
  public static let packet: UInt32 = 1

  /// Of the whole header, in octets.
  public var wholeLength: UInt32
  /// What follows: `packet`, or something else.
  public var recordType: UInt32
  /// How the frame behind it begins.
  public var linkType: LinkType

  /// A header from its fields.
  public init(wholeLength: UInt32, recordType: UInt32 = packet, linkType: LinkType) {
    (self.wholeLength, self.recordType, self.linkType) = (wholeLength, recordType, linkType)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .pktap)
    (wholeLength, recordType) = (fixed.u32(at: 0).byteSwapped, fixed.u32(at: 4).byteSwapped)
    linkType = LinkType(rawValue: fixed.u32(at: 8).byteSwapped)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: wholeLength.byteSwapped)
    out.append(bigEndian: recordType.byteSwapped)
    out.append(bigEndian: linkType.rawValue.byteSwapped)
  }
}
