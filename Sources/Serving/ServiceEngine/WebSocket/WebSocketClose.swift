/// Why a WebSocket connection ends (RFC 6455 §7.4.1 and IANA's registry).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
  /// As it stands in a close frame.
  public var rawValue: UInt16

  /// Any value, legal or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// All that was to be said is said.
  public static let normal = WebSocketCloseCode(rawValue: 1000)
  /// The server ends, or the page is left.
  public static let goingAway = WebSocketCloseCode(rawValue: 1001)
  /// The other end broke the protocol.
  public static let protocolError = WebSocketCloseCode(rawValue: 1002)
  /// Messages of this kind are not taken.
  public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
  /// A text was no UTF-8.
  public static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
  /// A rule of this server was broken.
  public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
  /// A message was too long.
  public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
  /// There is no room for another one.
  public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

  /// May stand in a frame: 1004 is reserved, 1005, 1006 and 1015 are for what has no frame, and what
  /// is below 3000 and not registered belongs to later versions (§7.4.2).
  public var isLegalOnTheWire: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}

/// What a close frame says.
public struct WebSocketClose: Error, Hashable, Sendable {
  /// Nil where the frame gives no code.
  public var code: WebSocketCloseCode?
  /// For a person who looks for the mistake; it is not for users, and hostile where it was received.
  public var reason: String

  /// A code and words of at most 123 octets; longer ones are cut between characters.
  public init(_ code: WebSocketCloseCode?, _ reason: String = "") {
    self.code = code
    self.reason = ""
    for character in reason.unicodeScalars
    where self.reason.utf8.count + String(character).utf8.count <= Self.longestReason {
      self.reason.unicodeScalars.append(character)
    }
  }

  /// A control frame has 125 octets at most, two of which are the code (§5.5).
  private static let longestReason = 123

  /// Reads the payload of a close frame (§5.5.1). Throws what to answer where it breaks the rules.
  init(payload: [UInt8]) throws(WebSocketClose) {
    guard !payload.isEmpty else {
      self.init(nil)
      return
    }
    guard payload.count >= 2 else {
      throw WebSocketClose(.protocolError, "a close code has two octets")
    }
    let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    guard code.isLegalOnTheWire else {
      throw WebSocketClose(.protocolError, "close code \(code.rawValue) is not for the wire")
    }
    guard UTF8Checker.isWellFormed(payload[2...]) else {
      throw WebSocketClose(.invalidPayload, "the reason is no UTF-8")
    }
    self.init(code, String(decoding: payload[2...], as: UTF8.self))
  }

  /// The payload of its frame.
  var payload: [UInt8] {
    guard let code else { return [] }
    return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xff)] + Array(reason.utf8)
  }
}
