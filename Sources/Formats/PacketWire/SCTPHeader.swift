/// The common header of SCTP (RFC 9260 §3.1).
///
///      0                         16                          32
///     +-------------------------+---------------------------+
///     |       source port       |     destination port      |
///     +-------------------------+---------------------------+
///     |                  verification tag                   |
///     |                      checksum                       |
///     +-----------------------------------------------------+
public struct SCTPHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 12

  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// What the receiver has asked for when the association began.
  public var verificationTag: UInt32
  /// CRC32c over the packet (RFC 9260 appendix A), as it was on the wire.
  public var checksum: UInt32 = 0

  /// A header from its fields.
  public init(from sourcePort: UInt16, to destinationPort: UInt16, verificationTag: UInt32) {
    (self.sourcePort, self.destinationPort) = (sourcePort, destinationPort)
    self.verificationTag = verificationTag
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .sctp)
    (sourcePort, destinationPort) = (fixed.u16(at: 0), fixed.u16(at: 2))
    (verificationTag, checksum) = (fixed.u32(at: 4), fixed.u32(at: 8))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: sourcePort)
    out.append(bigEndian: destinationPort)
    out.append(bigEndian: verificationTag)
    out.append(bigEndian: checksum)
  }
}
