import PacketText
public import PacketWire

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
