public import PacketWire

/// What a web server has to say: requests in, answers out.
public protocol HTTPContent {
  /// Answers a request that came on a connection.
  func answer(_ request: HTTPRequest, on connection: ConnectionID, at now: WallInstant)
    -> HTTPAnswer
}

/// What is said to a request.
public enum HTTPAnswer {
  /// Here it is: whole or in part, packed or not, or not again, as the request wishes. It is for GET
  /// and HEAD; other methods are refused.
  case resource(HTTPResource)
  /// Just this.
  case message(HTTPMessage)
  /// There is nothing to say yet.
  case later(any HTTPWaiter)
  /// The connection is a WebSocket from now on, if the request asks for that as it should.
  case webSocket(any WebSocketService)

  /// A status with a line of text that says the same.
  public static func status(
    _ status: HTTPStatus, _ fields: [(name: String, value: String)] = []
  ) -> HTTPAnswer {
    .message(HTTPMessage(status, fields: fields))
  }

  /// The resource is elsewhere: a path as `HTTPPath.encoded` writes it, or a URI.
  public static func redirect(to location: String) -> HTTPAnswer {
    .message(HTTPMessage(.movedPermanently, fields: [("Location", location)]))
  }
}

/// A response whose body is short and at hand.
public struct HTTPMessage {
  /// What became of the request.
  public var status: HTTPStatus
  /// The media type of the body.
  public var type: String
  /// What is sent, unless the status has no body.
  public var body: [UInt8]
  /// Beside those that every response has.
  public var fields: [(name: String, value: String)]

  /// A response with a text.
  public init(
    _ status: HTTPStatus, type: String = "text/plain; charset=utf-8", _ text: String? = nil,
    fields: [(name: String, value: String)] = []
  ) {
    (self.status, self.type, self.fields) = (status, type, fields)
    body = Array((text ?? "\(status.rawValue) \(status.reason)\n").utf8)
  }
}

/// A request that is answered when there is something to say: long polling (RFC 6202 §2).
public protocol HTTPWaiter {
  /// What there is to say; nil to go on waiting. `isLast` says that it has waited long enough.
  mutating func answer(at now: WallInstant, isLast: Bool) -> HTTPAnswer?
  /// Nobody waits any more, whether there was an answer or not. It is the last call.
  mutating func ended()
}

/// What is said on a WebSocket: messages in, messages out.
public protocol WebSocketService {
  /// Longer messages are refused, in octets.
  var maximumMessageLength: Int { get }
  /// A message has come; these answer it.
  mutating func receive(_ message: WebSocketMessage, at now: WallInstant) -> [WebSocketMessage]
  /// What there is to say of its own accord: at the beginning, and when there is news from elsewhere.
  mutating func news(at now: WallInstant) -> [WebSocketMessage]
  /// Why it ends the connection, if it does.
  var close: WebSocketClose? { get }
  /// The connection is gone. It is the last call.
  mutating func ended()
}

/// One request and what became of it, for a log.
public struct HTTPExchange: Hashable, Sendable {
  /// As in the request line; empty where that could not be read.
  public var method: String
  /// As in the request line; hostile.
  public var target: String
  /// Of the response.
  public var status: HTTPStatus
  /// Octets of the response's body that were given out to be sent.
  public var bodyLength: Int
  /// The body was sent whole.
  public var isWhole: Bool
}
