/// The VXLAN header (RFC 7348 §5), in UDP to port 4789.
///
///      0         8                              24            32
///     +---------+------------------------------+-------------+
///     |  flags  |                  reserved                  |
///     +---------+------------------------------+-------------+
///     |      VXLAN network identifier          |  reserved   |
///     +----------------------------------------+-------------+
public struct VXLANHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 8
  /// The port it is sent to (RFC 7348 §5).
  public static let port: UInt16 = 4789

  /// The flags and the reserved octets behind them.
  public var flagsAndReserved: UInt32
  /// The identifier and the reserved octet behind it.
  public var identifierAndReserved: UInt32

  /// The flags octet.
  public var flags: UInt8 { UInt8(flagsAndReserved >> 24) }
  /// I: the identifier counts.
  public var hasIdentifier: Bool { flags & 0x08 != 0 }
  /// VNI: 24 bits.
  public var identifier: UInt32 { identifierAndReserved >> 8 }

  /// A header with an identifier, of which the low 24 bits are kept.
  public init(identifier: UInt32) {
    (flagsAndReserved, identifierAndReserved) = (0x0800_0000, identifier << 8)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .vxlan)
    (flagsAndReserved, identifierAndReserved) = (fixed.u32(at: 0), fixed.u32(at: 4))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: flagsAndReserved)
    out.append(bigEndian: identifierAndReserved)
  }
}
