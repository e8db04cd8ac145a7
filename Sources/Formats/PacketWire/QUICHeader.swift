/// The part of a QUIC packet's header that is not enciphered (RFC 9000 §17, RFC 8999 §5).
public enum QUICHeader: Hashable, Sendable {
  /// A long header, from the start of a connection.
  case long(QUICLongHeader)
  /// A short header (RFC 9000 §17.3.1). Its connection identifier is as long as its receiver chose,
  /// which the packet does not say; `first` is partly enciphered.
  case short(first: UInt8)

  /// What follows the header, as far as it says so: a short one's packet ends with the datagram, and
  /// the count is then 0.
  public var payloadLength: Int {
    switch self {
    case .short: 0
    case .long(let header): header.payloadLength
    }
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    switch self {
    case .short: 1
    case .long(let header): header.length
    }
  }

  /// Reads a header; of a packet with a short one, the rest of the datagram is skipped, for nothing
  /// else can follow.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let start = reader.remaining
    guard start.count > 0 else {
      throw PacketError(.quic, at: reader.offset, .truncated(needed: 1, available: 0))
    }
    if start[0] & 0x80 != 0 {
      self = .long(try QUICLongHeader(parsing: &reader))
    } else {
      self = .short(first: start[0])
      _ = try reader.take(reader.available, for: .quic)
    }
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    switch self {
    case .short(let first): out.append(first)
    case .long(let header): header.write(to: &out)
    }
  }
}

/// A number of one, two, four or eight octets, the first two bits of which say which (RFC 9000 §16). It
/// need not be the shortest form.
public struct QUICVariableInteger: Hashable, Sendable {
  /// At most 2^62 - 1.
  public var value: UInt64
  /// 1, 2, 4 or 8.
  public var octetCount: Int

  init(value: UInt64, octetCount: Int) { (self.value, self.octetCount) = (value, octetCount) }

  init(parsing reader: inout PacketReader) throws(PacketError) {
    guard reader.available > 0 else {
      throw PacketError(.quic, at: reader.offset, .truncated(needed: 1, available: 0))
    }
    octetCount = 1 << Int(reader.remaining[0] >> 6)
    let octets = try reader.take(octetCount, for: .quic)
    value = UInt64(octets[0] & 0x3f)
    for index in 1..<max(octetCount, 1) { value = value << 8 | UInt64(octets[index]) }
  }

  func write(to out: inout OutputSpan<UInt8>) {
    let prefix = UInt8(octetCount.trailingZeroBitCount) << 6
    out.append(prefix | UInt8(truncatingIfNeeded: value >> UInt64(8 * (octetCount - 1))) & 0x3f)
    var shift = 8 * (octetCount - 2)
    while shift >= 0 {
      out.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
      shift -= 8
    }
  }
}
