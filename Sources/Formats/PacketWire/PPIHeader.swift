/// The start of a PPI header (CACE "Per-Packet Information Header Specification" 1.0.7 §3), which tells how
/// a frame, mostly of 802.11, was received. Its numbers are little-endian.
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |   version   |    flags    |          length           |
///     +-------------+-------------+---------------------------+
///     |              link type of what follows                | fields …
///     +-------------------------------------------------------+
public struct PPIHeader: Hashable, Sendable {
  /// Of this start, in octets.
  public static let length = 8

  /// 0.
  public var version: UInt8 = 0
  /// Bit 0: fields are padded to four octets.
  public var flags: UInt8 = 0
  /// Of the whole header, in octets.
  public var wholeLength: UInt16
  /// How the frame behind it begins.
  public var linkType: LinkType

  /// A header from its fields.
  public init(wholeLength: UInt16, linkType: LinkType) {
    (self.wholeLength, self.linkType) = (wholeLength, linkType)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .ppi)
    (version, flags, wholeLength) = (fixed[0], fixed[1], fixed.u16(at: 2).byteSwapped)
    linkType = LinkType(rawValue: fixed.u32(at: 4).byteSwapped)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(version)
    out.append(flags)
    out.append(bigEndian: wholeLength.byteSwapped)
    out.append(bigEndian: linkType.rawValue.byteSwapped)
  }
}

extension PPIHeader {
  /// The field that every 802.11 card fills in, and its length (§4.1.2).
  private static let common: UInt16 = 2, commonLength = 20

  /// The frame ends with a check sequence of four octets, says a whole header.
  static func hasCheckSequence(_ header: Span<UInt8>) -> Bool {
    var offset = length
    while offset + 4 + commonLength <= header.count {
      let kind = header.u16(at: offset).byteSwapped
      let fieldLength = Int(header.u16(at: offset + 2).byteSwapped)
      // The flags stand behind the time stamp.
      if kind == common { return header[offset + 4 + 8] & 1 != 0 }
      offset += 4 + fieldLength
      if header[1] & 1 != 0 { offset = (offset + 3) & ~3 }
    }
    return false
  }
}
