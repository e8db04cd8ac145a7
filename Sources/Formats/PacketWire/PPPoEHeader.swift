/// The PPPoE header (RFC 2516 §4), of discovery and session alike.
///
///      0      4      8             16                    32
///     +------+------+-------------+---------------------+
///     | ver. | type |    code     |     session id      |
///     +------+------+-------------+---------------------+
///     |           length          |
///     +---------------------------+
public struct PPPoEHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 6

  /// What a packet is (RFC 2516 §5).
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt8

    /// Any value, named or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A PPP frame of a session.
    public static let session = Code(rawValue: 0)
    /// PADO: a concentrator offers itself.
    public static let offer = Code(rawValue: 0x07)
    /// PADI: a host looks for one.
    public static let initiation = Code(rawValue: 0x09)
    /// PADR: the host has chosen.
    public static let request = Code(rawValue: 0x19)
    /// PADS: the session begins.
    public static let confirmation = Code(rawValue: 0x65)
    /// PADT: it is over.
    public static let termination = Code(rawValue: 0xa7)
  }

  /// Version and type, 1 and 1.
  public var versionAndType: UInt8 = 0x11
  /// What the packet is.
  public var code: Code
  /// 0 until there is a session.
  public var session: UInt16
  /// Of what follows, in octets.
  public var payloadLength: UInt16

  /// The upper four bits, 1.
  public var version: UInt8 { versionAndType >> 4 }
  /// The lower four bits, 1.
  public var type: UInt8 { versionAndType & 15 }

  /// A header from its fields.
  public init(_ code: Code, session: UInt16, payloadLength: UInt16) {
    (self.code, self.session, self.payloadLength) = (code, session, payloadLength)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .pppoe)
    versionAndType = fixed[0]
    code = Code(rawValue: fixed[1])
    session = fixed.u16(at: 2)
    payloadLength = fixed.u16(at: 4)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(versionAndType)
    out.append(code.rawValue)
    out.append(bigEndian: session)
    out.append(bigEndian: payloadLength)
  }
}
