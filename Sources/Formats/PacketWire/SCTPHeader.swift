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

extension SCTPHeader {
  /// What the checksum field should hold: CRC32c over the packet with that field zero (RFC 9260 §6.8,
  /// appendix A), the register's octets from the lowest on.
  public static func checksum(over packet: Span<UInt8>) -> UInt32 {
    var register: UInt32 = .max
    for index in packet.indices {
      register ^= UInt32((8..<12).contains(index) ? 0 : packet[index])
      // The polynomial 0x1edc6f41 with its bits turned round.
      for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 1 ? 0x82f6_3b78 : 0) }
    }
    return (~register).byteSwapped
  }
}
