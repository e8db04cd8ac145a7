/// The start of a radiotap header (radiotap.org "Introduction"), which tells how an 802.11 frame was
/// received. All of its numbers are little-endian.
///
///      0         1         2                   4                   8
///     +---------+---------+-------------------+-------------------+---
///     | version | padding |      length       |      present      | fields …
///     +---------+---------+-------------------+-------------------+---
public struct RadiotapHeader: Hashable, Sendable {
  /// Of this start, in octets.
  public static let length = 8

  /// 0.
  public var version: UInt8 = 0
  /// Unused.
  public var padding: UInt8 = 0
  /// Of the whole header, in octets.
  public var wholeLength: UInt16
  /// Which fields there are; bit 31 says that another word like this follows.
  public var present: UInt32

  /// A header from its fields.
  public init(wholeLength: UInt16, present: UInt32) {
    (self.wholeLength, self.present) = (wholeLength, present)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .radiotap)
    (version, padding) = (fixed[0], fixed[1])
    wholeLength = fixed.u16(at: 2).byteSwapped
    present = fixed.u32(at: 4).byteSwapped
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(version)
    out.append(padding)
    out.append(bigEndian: wholeLength.byteSwapped)
    out.append(bigEndian: present.byteSwapped)
  }
}
