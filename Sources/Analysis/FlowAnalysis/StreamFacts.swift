/// What a TCP connection carries, recognised by its first octets and not by its ports.
public enum StreamProtocol: UInt8, Hashable, Sendable {
  /// Nothing was sent yet, or too little to tell.
  case undecided
  /// HTTP/1.x (RFC 9112).
  case http
  /// HTTP/2 without TLS (RFC 9113 §3.4): recognised, not decoded.
  case http2
  /// TLS or SSL 3 (RFC 8446, RFC 5246).
  case tls
  /// DNS with its length before each message (RFC 7766 §8).
  case dns
  /// WebSocket, behind its handshake (RFC 6455).
  case webSocket
  /// What followed an HTTP upgrade to something else; the exchange says to what.
  case upgraded
  /// Something else.
  case unknown
}

/// What a segment's data, and the data that waited for it, is to its application.
public struct StreamFacts: Sendable {
  /// Octets of the stream that are missing from the capture and were jumped over for good.
  public var missingOctets: Int64 = 0
  /// Octets that came before, out of order, and are read only now.
  public var heldOctets: Int64 = 0
  /// HTTP: what begins and ends in these octets, in order; at most `maximumEvents`.
  public var events: [HTTPEvent] = []
  /// How many events there were beyond those.
  public var omittedEvents = 0
  /// HTTP: the message that these octets end in, or ended with.
  public var part: HTTPPart?
  /// TLS: what is in these octets.
  public var tls: TLSFacts? {
    get { tlsPart.value }
    set { tlsPart.value = newValue }
  }
  /// DNS over TCP: the messages that end in these octets.
  public var dns: [DNSFacts] = []
  /// WebSocket: the frames that end in these octets.
  public var webSocket: WebSocketFacts? {
    get { webSocketPart.value }
    set { webSocketPart.value = newValue }
  }
  private var webSocketPart = OutOfLine<WebSocketFacts>()
  /// There is something of a WebSocket; to look at it costs a copy.
  var hasWebSocket: Bool { webSocketPart.isThere }

  private var tlsPart = OutOfLine<TLSFacts>()

  /// A segment can hold thousands of requests; a reader cannot.
  public static let maximumEvents = 32

  mutating func note(_ event: HTTPEvent) {
    if events.count < Self.maximumEvents {
      events.append(event)
    } else {
      omittedEvents += 1
    }
  }
}

/// A step in an exchange of HTTP messages.
public enum HTTPEvent: Sendable {
  /// The head of a request is whole.
  case request(HTTPRequest)
  /// A request is whole.
  case requestEnd(HTTPMessageEnd)
  /// The head of a response is whole.
  case response(HTTPResponse)
  /// A response is whole, or will never be.
  case responseEnd(HTTPMessageEnd)
}

/// The head of a request (RFC 9112 §3).
public struct HTTPRequest: Sendable {
  /// The exchange, counted over all connections from 1.
  public var exchange: Int
  /// Such as GET.
  public var method: UntrustedText
  /// What is asked for, as it stands in the request line.
  public var target: UntrustedText
  /// The minor version: 1 of HTTP/1.1.
  public var minorVersion: UInt8
  /// The Host field.
  public var host: UntrustedText?
  /// The User-Agent field.
  public var userAgent: UntrustedText?
  /// The Referer field: the page that asks for it.
  public var referer: UntrustedText?
  /// The Upgrade field.
  public var upgrade: UntrustedText?
  /// What it offers, if it asks for a WebSocket.
  public var webSocket: WebSocketOffer? { webSocketPart.value }
  var webSocketPart = OutOfLine<WebSocketOffer>()
  /// Octets of the head, with the empty line.
  public var headLength: Int
  /// How the body's end is told.
  public var framing: HTTPFraming
  /// The packet in which it begins.
  public var first: PacketMark
  /// How many earlier requests of the connection are still without a response.
  public var requestsBefore: Int
}

/// The head of a response (RFC 9112 §4).
public struct HTTPResponse: Sendable {
  /// The request that it answers; nil when the capture does not hold it.
  public var request: HTTPRequestReference?
  /// Such as 200.
  public var status: UInt16
  /// The words behind the status.
  public var reason: UntrustedText
  /// The minor version: 1 of HTTP/1.1.
  public var minorVersion: UInt8
  /// The Content-Type field.
  public var contentType: UntrustedText?
  /// The Content-Encoding field.
  public var contentEncoding: UntrustedText?
  /// The Location field.
  public var location: UntrustedText?
  /// The Server field.
  public var server: UntrustedText?
  /// The Upgrade field.
  public var upgrade: UntrustedText?
  /// What it agrees to, if the connection becomes a WebSocket.
  public var webSocket: WebSocketAgreement? { webSocketPart.value }
  var webSocketPart = OutOfLine<WebSocketAgreement>()
  /// Octets of the head, with the empty line.
  public var headLength: Int
  /// How the body's end is told.
  public var framing: HTTPFraming
  /// The packet in which it begins.
  public var first: PacketMark

  /// Another response will follow to the same request (RFC 9110 §15.2).
  public var isInterim: Bool { (100..<200).contains(status) && status != 101 }
}

/// How the end of a message's body is told (RFC 9112 §6.3).
public enum HTTPFraming: Hashable, Sendable {
  /// There is no body.
  case none
  /// By its length in octets.
  case length(Int64)
  /// By an empty chunk.
  case chunked
  /// By the end of the connection.
  case untilClose
  /// There are no more messages: the connection carries something else now.
  case tunnel
  /// The fields contradict each other or cannot be: nothing behind the head can be told.
  case broken
}

/// A request that a response, or the end of one, belongs to.
public struct HTTPRequestReference: Hashable, Sendable {
  /// The exchange, counted over all connections from 1.
  public var exchange: Int
  /// Such as GET.
  public var method: UntrustedText
  /// What was asked for.
  public var target: UntrustedText
  /// The packet in which the request begins.
  public var first: PacketMark
  /// The packet with which it was whole; while it is not, the last one of it.
  public var last: PacketMark
}

/// The end of a message.
public struct HTTPMessageEnd: Sendable {
  /// The request, or the one that the message answers, if the capture holds it.
  public var request: HTTPRequestReference?
  /// Octets of the body, without chunk framing; what is missing from the capture counts.
  public var bodyOctets: Int64
  /// Of these, how many are missing from the capture.
  public var missingOctets: Int64
  /// The packet in which the message begins.
  public var first: PacketMark
  /// How it ended.
  public var cause: Cause

  /// How a message ended.
  public enum Cause: Hashable, Sendable {
    /// All of it is there.
    case complete
    /// The connection's end is the body's end.
    case closed
    /// The connection ended before the body did; `expected` is how long it was to be.
    case cutShort(expected: Int64?)
    /// Octets are missing from the capture, and the end with them.
    case hidden
  }
}

/// Where in a message a segment's data ends.
public struct HTTPPart: Sendable {
  /// It belongs to a response, else to a request.
  public var isResponse: Bool
  /// The request, or the one that is answered, if the capture holds it.
  public var request: HTTPRequestReference?
  /// The first line is whole, and is one of HTTP; until then it only looks so.
  public var isRecognised: Bool
  /// The head is not whole yet.
  public var isInHead: Bool
  /// What is there of the first line of a head that is not whole; cut where the line is not whole either.
  public var startLine: UntrustedText?
  /// Octets of head in the segment.
  public var headOctets: Int
  /// Octets of body in the segment.
  public var bodyOctets: Int64
  /// Octets of body up to here, with this segment.
  public var bodySoFar: Int64
  /// How long the body will be, if its length is given.
  public var bodyExpected: Int64?
  /// The packet in which the message begins.
  public var first: PacketMark
}
