/// What a WebSocket frame is (RFC 6455 §5.2).
public struct WebSocketOpcode: RawRepresentable, Hashable, Sendable {
  /// Four bits.
  public var rawValue: UInt8

  /// Any value, named or not.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Goes on with the message before.
  public static let continuation = WebSocketOpcode(rawValue: 0)
  /// A message of UTF-8.
  public static let text = WebSocketOpcode(rawValue: 1)
  /// A message of octets.
  public static let binary = WebSocketOpcode(rawValue: 2)
  /// The end (§5.5.1).
  public static let close = WebSocketOpcode(rawValue: 8)
  /// Asks whether the other end is there (§5.5.2).
  public static let ping = WebSocketOpcode(rawValue: 9)
  /// Answers a ping (§5.5.3).
  public static let pong = WebSocketOpcode(rawValue: 10)

  /// The first bit of four marks frames that are no part of a message.
  public var isControl: Bool { rawValue & 8 != 0 }
}

/// The header of a WebSocket frame (RFC 6455 §5.2).
///
///      0   1   2   3   4     8   9         16
///     +---+---+---+---+-----+---+----------+----------------------+
///     |FIN| reserved  | op. |MSK| length   | length, 2 or 8       |
///     +---+---+---+---+-----+---+----------+----------------------+
///     | masking key, 4                                            |
///     +-----------------------------------------------------------+
public struct WebSocketFrameHeader: Hashable, Sendable {
  /// FIN, three reserved bits and the opcode.
  public var first: UInt8
  /// The seven bits of the length: 126 and 127 say that two or eight octets of it follow.
  public var lengthCode: UInt8
  /// Of the payload, in octets.
  public var payloadLength: UInt64
  /// What the payload is combined with, octet by octet; nil in what a server sends (§5.1).
  public var maskingKey: UInt32?

  /// The last frame of its message.
  public var isFinal: Bool { first & 0x80 != 0 }
  /// The first of them says that a message is compressed (RFC 7692 §6).
  public var reservedBits: UInt8 { first >> 4 & 7 }
  /// What the frame is.
  public var opcode: WebSocketOpcode { WebSocketOpcode(rawValue: first & 0xf) }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    2 + (lengthCode == 127 ? 8 : lengthCode == 126 ? 2 : 0) + (maskingKey == nil ? 0 : 4)
  }

  /// A header with the shortest form of the length, as §5.2 wants it.
  public init(
    _ opcode: WebSocketOpcode, payloadLength: UInt64, maskingKey: UInt32? = nil,
    isFinal: Bool = true
  ) {
    first = opcode.rawValue & 0xf | (isFinal ? 0x80 : 0)
    lengthCode =
      payloadLength < 126 ? UInt8(payloadLength) : payloadLength <= 0xffff ? 126 : 127
    (self.payloadLength, self.maskingKey) = (payloadLength, maskingKey)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let fixed = try ahead.take(2, for: .webSocket)
    let isMasked = fixed[1] & 0x80 != 0
    (first, lengthCode) = (fixed[0], fixed[1] & 0x7f)
    switch lengthCode {
    case 126: payloadLength = UInt64(try ahead.take(2, for: .webSocket).u16(at: 0))
    case 127: payloadLength = try ahead.take(8, for: .webSocket).u64(at: 0)
    default: payloadLength = UInt64(lengthCode)
    }
    if isMasked { maskingKey = try ahead.take(4, for: .webSocket).u32(at: 0) }
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(first)
    out.append(lengthCode | (maskingKey == nil ? 0 : 0x80))
    if lengthCode == 126 { out.append(bigEndian: UInt16(truncatingIfNeeded: payloadLength)) }
    if lengthCode == 127 { out.append(bigEndian: payloadLength) }
    if let maskingKey { out.append(bigEndian: maskingKey) }
  }
}
