import PacketWire

/// A rule of RFC 6455 or RFC 7692 that a frame breaks.
public enum WebSocketViolation: UInt8, Hashable, Sendable, CaseIterable {
  /// A client's frame is not masked (§5.1).
  case unmasked
  /// A server's frame is masked (§5.1).
  case masked
  /// A reserved bit is set that no extension was agreed for (§5.2).
  case reservedBit
  /// An opcode without a meaning (§5.2).
  case reservedOpcode
  /// The length is longer than the shortest form of it, or has its first bit set (§5.2).
  case badLength
  /// A message begins inside of another (§5.4).
  case messageInsideMessage
  /// There is no message to go on with (§5.4).
  case nothingToContinue
  /// A control frame in fragments (§5.4).
  case fragmentedControl
  /// A control frame of more than 125 octets (§5.5).
  case longControl
  /// Something behind a close frame (§5.5.1).
  case afterClose
  /// A close frame of one octet (§5.5.1).
  case badClose
  /// A close code that may not be sent (§7.4).
  case badCloseCode
  /// Text, or the reason of a close, that is no UTF-8 (§8.1).
  case badText
  /// What cannot be unpacked (RFC 7692 §7.2.2).
  case badCompression

  /// In a few words of ASCII, with the rule.
  public var words: String {
    switch self {
    case .unmasked: "a client's frame must be masked (RFC 6455 5.1)"
    case .masked: "a server's frame must not be masked (RFC 6455 5.1)"
    case .reservedBit: "a reserved bit is set (RFC 6455 5.2)"
    case .reservedOpcode: "the opcode is reserved (RFC 6455 5.2)"
    case .badLength: "the length is not in its shortest form (RFC 6455 5.2)"
    case .messageInsideMessage: "a message begins inside of another (RFC 6455 5.4)"
    case .nothingToContinue: "there is no message to go on with (RFC 6455 5.4)"
    case .fragmentedControl: "a control frame must be whole (RFC 6455 5.4)"
    case .longControl: "a control frame has at most 125 bytes (RFC 6455 5.5)"
    case .afterClose: "nothing may follow a close frame (RFC 6455 5.5.1)"
    case .badClose: "a close code has two bytes (RFC 6455 5.5.1)"
    case .badCloseCode: "this close code may not be sent (RFC 6455 7.4)"
    case .badText: "text must be UTF-8 (RFC 6455 8.1)"
    case .badCompression: "it cannot be unpacked (RFC 7692 7.2.2)"
    }
  }
}

extension WebSocketFrameHeader {
  /// The rules that the header breaks by itself.
  func violations(isFromClient: Bool, mayBePacked: Bool) -> [WebSocketViolation] {
    var found: [WebSocketViolation] = []
    if isFromClient != (maskingKey != nil) { found.append(isFromClient ? .unmasked : .masked) }
    let isStart = opcode == .text || opcode == .binary
    // The first reserved bit says that a message is packed, on its first frame only (RFC 7692 §6).
    if reservedBits & (mayBePacked && isStart ? 3 : 7) != 0 { found.append(.reservedBit) }
    if !isStart, ![.continuation, .close, .ping, .pong].contains(opcode) {
      found.append(.reservedOpcode)
    }
    let isShortest =
      switch lengthCode {
      case 126: payloadLength >= 126
      case 127: payloadLength > 0xffff && payloadLength >> 63 == 0
      default: true
      }
    if !isShortest { found.append(.badLength) }
    if opcode.isControl {
      if !isFinal { found.append(.fragmentedControl) }
      if payloadLength > 125 { found.append(.longControl) }
    }
    return found
  }
}
