/// The part of an IPsec ESP packet that is not enciphered (RFC 4303 §2).
///
///      0                                                     32
///     +-----------------------------------------------------+
///     |              security parameters index              |
///     |                  sequence number                    |
///     +-----------------------------------------------------+
public struct ESPHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 8

  /// SPI: names the security association.
  public var securityParametersIndex: UInt32
  /// Counts the packets of the association.
  public var sequenceNumber: UInt32

  /// A header from its fields.
  public init(securityParametersIndex: UInt32, sequenceNumber: UInt32) {
    self.securityParametersIndex = securityParametersIndex
    self.sequenceNumber = sequenceNumber
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .esp)
    (securityParametersIndex, sequenceNumber) = (fixed.u32(at: 0), fixed.u32(at: 4))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: securityParametersIndex)
    out.append(bigEndian: sequenceNumber)
  }
}
