/// A long header (RFC 9000 §17.2).
///
///      0             8                          40
///     +-------------+---------------------------+
///     |1|1|type|    |          version          |
///     +-------------+---------------------------+----------------+
///     | length and octets of the destination's, then the         |
///     | source's connection identifier                           |
///     +-----------------------------------------------------------+
///     | versions, or a retry token and its tag, or: length and   |
///     | token (initial only), length of the rest …               |
///     +-----------------------------------------------------------+
public struct QUICLongHeader: Hashable, Sendable {
  /// What the packet is for (RFC 9000 table 5).
  public enum PacketType: UInt8, Hashable, Sendable {
    case initial = 0
    case zeroRTT = 1
    case handshake = 2
    case retry = 3
    /// Of version 0, whatever its type bits are (RFC 9000 §17.2.1).
    case versionNegotiation = 4
  }

  /// What stands behind the connection identifiers.
  public enum Content: Hashable, Sendable {
    /// What the server speaks, and what is left behind the last whole number.
    case versions([UInt32])
    /// A token, and the 16 octets that prove it (RFC 9000 §17.2.5).
    case retry(token: [UInt8], tag: [UInt8])
    /// A token, empty but in an initial packet, how much of the packet follows in octets, and how the
    /// two lengths were written.
    case packet(token: [UInt8], length: UInt64, lengthOctets: [Int])
  }

  /// Form, fixed bit, type, and four bits that mostly are enciphered.
  public var first: UInt8
  /// 1 is RFC 9000; 0 marks a version negotiation.
  public var version: UInt32
  /// At most 20 octets in version 1.
  public var destination: [UInt8]
  /// At most 20 octets in version 1.
  public var source: [UInt8]
  /// What stands behind the connection identifiers.
  public var content: Content

  /// What the packet is for.
  public var type: PacketType { Self.type(first, version) }

  /// How many octets follow the header.
  public var payloadLength: Int {
    guard case .packet(_, let length, _) = content else { return 0 }
    return Int(length)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    7 + destination.count + source.count
      + {
        switch content {
        case .versions(let versions): 4 * versions.count
        case .retry(let token, let tag): token.count + tag.count
        case .packet(let token, _, let lengthOctets): token.count + lengthOctets.reduce(0, +)
        }
      }()
  }

  private static func type(_ first: UInt8, _ version: UInt32) -> PacketType {
    guard version != 0 else { return .versionNegotiation }
    // RFC 9369 §3.2: version 2 numbers the types from retry on.
    let shift: UInt8 = version == 0x6b33_43cf ? 3 : 0
    return PacketType(rawValue: (first >> 4 & 3 &+ shift) & 3) ?? .initial
  }

  /// Reads the header of one packet; leaves what `payloadLength` says.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let fixed = try ahead.take(6, for: .quic)
    (first, version) = (fixed[0], fixed.u32(at: 1))
    destination = Array(copying: try ahead.take(Int(fixed[5]), for: .quic))
    let count = try ahead.take(1, for: .quic)[0]
    source = Array(copying: try ahead.take(Int(count), for: .quic))
    switch Self.type(first, version) {
    case .versionNegotiation:
      var versions: [UInt32] = []
      while ahead.available > 0 { versions.append(try ahead.take(4, for: .quic).u32(at: 0)) }
      content = .versions(versions)
    case .retry:
      let token = try ahead.take(max(ahead.available - 16, 0), for: .quic)
      content = .retry(
        token: Array(copying: token), tag: Array(copying: try ahead.take(16, for: .quic)))
    case .initial:
      let size = try QUICVariableInteger(parsing: &ahead)
      let token = try ahead.take(Int(size.value), for: .quic)
      let length = try QUICVariableInteger(parsing: &ahead)
      content = .packet(
        token: Array(copying: token), length: length.value,
        lengthOctets: [size.octetCount, length.octetCount])
    case .zeroRTT, .handshake:
      let length = try QUICVariableInteger(parsing: &ahead)
      content = .packet(token: [], length: length.value, lengthOctets: [length.octetCount])
    }
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(first)
    out.append(bigEndian: version)
    for identifier in [destination, source] {
      out.append(UInt8(truncatingIfNeeded: identifier.count))
      out.append(copying: identifier.span)
    }
    switch content {
    case .versions(let versions): for version in versions { out.append(bigEndian: version) }
    case .retry(let token, let tag):
      out.append(copying: token.span)
      out.append(copying: tag.span)
    case .packet(let token, let length, let sizes):
      if sizes.count > 1 {
        QUICVariableInteger(value: UInt64(token.count), octetCount: sizes[0]).write(to: &out)
        out.append(copying: token.span)
      }
      if let size = sizes.last {
        QUICVariableInteger(value: length, octetCount: size).write(to: &out)
      }
    }
  }
}
