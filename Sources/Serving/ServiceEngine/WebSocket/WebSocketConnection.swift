public import PacketWire

/// What is said on a WebSocket connection.
public enum WebSocketMessage: Hashable, Sendable {
  /// Characters.
  case text(String)
  /// Octets.
  case binary([UInt8])
}

/// One end of a WebSocket connection once the handshake is over (RFC 6455 §5 to §7): octets in, events
/// and octets out. Both ends are the same but for the masks.
public struct WebSocketConnection: Sendable {
  /// What has happened.
  public enum Event: Hashable, Sendable {
    /// A message has come, whole.
    case message(WebSocketMessage)
    /// The other end asks whether we are there; it has been answered.
    case ping([UInt8])
    /// The other end has answered a ping, or says unasked that it is there.
    case pong([UInt8])
    /// The other end has closed, in its own words; it has been answered.
    case closed(WebSocketClose)
    /// The other end broke the rules, and has been told so.
    case failed(WebSocketClose)
  }

  /// Who may say what.
  private enum State {
    case open
    /// We have said that we close, and wait for the other end's word.
    case closing
    /// Nothing more is sent or taken.
    case closed
  }

  /// What is to be sent.
  public private(set) var output: [UInt8] = []
  private var state = State.open
  private var reader: WebSocketFrameReader
  /// Where masks come from; a server has none (§5.1).
  private var masks: (any RandomNumberGenerator & Sendable)?

  private init(
    _ role: WebSocketFrameReader.Sender, limit: Int,
    masks: (any RandomNumberGenerator & Sendable)?
  ) {
    reader = WebSocketFrameReader(from: role, maximumMessageLength: limit)
    self.masks = masks
  }

  /// The server's end; messages of more than `maximumMessageLength` octets are refused.
  public static func server(maximumMessageLength: Int = 1 << 20) -> WebSocketConnection {
    WebSocketConnection(.client, limit: maximumMessageLength, masks: nil)
  }

  /// The client's end. Masks keep what a page sends from looking like something else to a box in
  /// between, so `masks` must not be foreseeable (§10.3).
  public static func client(
    maximumMessageLength: Int = 1 << 24, masks: any RandomNumberGenerator & Sendable
  ) -> WebSocketConnection {
    WebSocketConnection(.server, limit: maximumMessageLength, masks: masks)
  }

  /// Messages can be sent.
  public var isOpen: Bool { state == .open }
  /// Nothing more will come or be sent but what is in `output`. The server then ends the TCP
  /// connection; the client waits for that (§7.1.1).
  public var isClosed: Bool { state == .closed }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }

  /// Takes octets that have arrived.
  public mutating func receive(_ octets: ArraySlice<UInt8>) -> [Event] {
    var events: [Event] = []
    var rest = octets
    do throws(WebSocketClose) {
      while state != .closed, let frame = try reader.next(&rest) {
        events.append(take(frame))
      }
    } catch {
      fail(error)
      events.append(.failed(error))
    }
    return events
  }

  private mutating func take(_ piece: WebSocketFrameReader.Piece) -> Event {
    switch piece {
    case .message(let message): return .message(message)
    case .pong(let payload): return .pong(payload)
    case .ping(let payload):
      send(.pong, payload)
      return .ping(payload)
    case .close(let close):
      // Its code is sent back, once (§5.5.1).
      if state == .open { send(.close, WebSocketClose(close.code).payload) }
      state = .closed
      return .closed(close)
    }
  }

  /// Sends a message; does nothing once closing (§5.5.1).
  public mutating func send(_ message: WebSocketMessage) {
    guard state == .open else { return }
    switch message {
    case .text(let text): send(.text, Array(text.utf8))
    case .binary(let octets): send(.binary, octets)
    }
  }

  /// Asks whether the other end is there, with at most 125 octets that it sends back.
  public mutating func ping(_ payload: [UInt8] = []) {
    guard state == .open else { return }
    send(.ping, Array(payload.prefix(125)))
  }

  /// Says that we close; the other end's answer ends the connection. A code that may not be sent is
  /// left out.
  public mutating func close(_ close: WebSocketClose = WebSocketClose(.normal)) {
    guard state == .open else { return }
    let isLegal = close.code?.isLegalOnTheWire ?? false
    send(.close, isLegal ? close.payload : [])
    state = .closing
  }

  /// Who breaks the rules is told so, and not listened to any more (§7.1.7).
  private mutating func fail(_ close: WebSocketClose) {
    if state == .open { send(.close, close.payload) }
    state = .closed
  }

  private mutating func send(_ opcode: WebSocketOpcode, _ payload: [UInt8]) {
    let key = masks.map { generator in
      var generator = generator
      defer { masks = generator }
      return UInt32.random(in: 0...UInt32.max, using: &generator)
    }
    let header = WebSocketFrameHeader(
      opcode, payloadLength: UInt64(payload.count), maskingKey: key)
    var mask = WebSocketMask(key)
    output += [UInt8](capacity: header.length + payload.count) { out in
      header.write(to: &out)
      for octet in payload { out.append(mask.apply(to: octet)) }
    }
  }
}
