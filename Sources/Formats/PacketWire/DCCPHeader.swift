/// The generic header of DCCP (RFC 4340 §5.1), with a sequence number of 48 bits or of 24.
///
///      0             8      12      16                       32
///     +-------------+------+-------+------------------------+
///     |        source port         |    destination port    |
///     +-------------+------+-------+------------------------+
///     | data offset |CCVal |CsCov  |        checksum        |
///     +---+-------+-+------+-------+------------------------+
///     |res| type  |X|   reserved / sequence number ...      |
///     +---+-------+-+---------------------------------------+
public struct DCCPHeader: Hashable, Sendable {
  /// In octets, with a sequence number of 24 bits.
  public static let minimumLength = 12

  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// Where the data starts, in units of four octets from the header's start.
  public var dataOffset: UInt8
  /// CCVal and CsCov.
  public var values: UInt8
  /// As it was on the wire, right or wrong.
  public var checksum: UInt16
  /// Reserved bits, type and X.
  public var typeAndX: UInt8
  /// What follows that octet: 24 bits of sequence number, or with X a reserved octet and 48.
  public private(set) var sequence: UInt64

  /// What the packet is (RFC 4340 §5.1): 0 request to 9 sync-ack.
  public var type: UInt8 { typeAndX >> 1 & 15 }
  /// X: the sequence number has 48 bits.
  public var isExtended: Bool { typeAndX & 1 == 1 }
  /// For the sender's congestion control.
  public var congestionValue: UInt8 { values >> 4 }
  /// How much of the data the checksum covers: 0 all, n the first n - 1 words.
  public var checksumCoverage: UInt8 { values & 15 }
  /// 48 bits, or the low 24 of them.
  public var sequenceNumber: UInt64 { sequence & (isExtended ? 0xffff_ffff_ffff : 0xff_ffff) }
  /// Of this header, in octets; what its type adds and the options not counted.
  public var length: Int { Self.minimumLength + (isExtended ? 4 : 0) }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(Self.minimumLength, for: .dccp)
    (sourcePort, destinationPort) = (fixed.u16(at: 0), fixed.u16(at: 2))
    (dataOffset, values, checksum) = (fixed[4], fixed[5], fixed.u16(at: 6))
    typeAndX = fixed[8]
    sequence = UInt64(fixed.u32(at: 8) & 0xff_ffff)
    if isExtended { sequence = sequence << 32 | UInt64(try cursor.take(4, for: .dccp).u32(at: 0)) }
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: sourcePort)
    out.append(bigEndian: destinationPort)
    out.append(dataOffset)
    out.append(values)
    out.append(bigEndian: checksum)
    out.append(typeAndX)
    let count = isExtended ? 7 : 3
    for index in 1...count {
      out.append(UInt8(truncatingIfNeeded: sequence >> UInt64(8 * (count - index))))
    }
  }
}
