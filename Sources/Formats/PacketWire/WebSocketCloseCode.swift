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
  /// The close frame gave no code; never sent.
  public static let noStatusReceived = WebSocketCloseCode(rawValue: 1005)
  /// There was no close frame; never sent.
  public static let abnormalClosure = WebSocketCloseCode(rawValue: 1006)
  /// A text was no UTF-8.
  public static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
  /// A rule of this server was broken.
  public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
  /// A message was too long.
  public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
  /// There is no room for another one.
  public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

  /// What it stands for, in a few words; nil for a private or unknown one (§7.4.1, IANA's registry).
  public var name: String? {
    switch rawValue {
    case 1000: "normal closure"
    case 1001: "going away"
    case 1002: "protocol error"
    case 1003: "unsupported data"
    case 1005: "no status received"
    case 1006: "abnormal closure"
    case 1007: "invalid payload data"
    case 1008: "policy violation"
    case 1009: "message too big"
    case 1010: "mandatory extension"
    case 1011: "internal error"
    case 1012: "service restart"
    case 1013: "try again later"
    case 1014: "bad gateway"
    case 1015: "TLS handshake"
    case 3000: "unauthorized"
    default: nil
    }
  }

  /// It tells of a failure, and not only of the end.
  public var isFailure: Bool {
    switch rawValue {
    case 1000, 1001, 1005, 3000...4999: false
    default: true
    }
  }

  /// May stand in a frame: 1004 is reserved, 1005, 1006 and 1015 are for what has no frame, and what
  /// is below 3000 and not registered belongs to later versions (§7.4.2).
  public var isLegalOnTheWire: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
