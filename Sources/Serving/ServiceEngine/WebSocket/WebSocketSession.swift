import PacketWire

/// A service on the server's end of a WebSocket.
struct WebSocketSession {
  /// After so long without a word it asks whether the other end is there, and after as long again
  /// without an answer it ends.
  static let patience = Nanoseconds.seconds(30)

  private var service: any WebSocketService
  private var connection: WebSocketConnection
  /// When something last came.
  private var lastWord: WallInstant
  private var hasAsked = false

  init(_ service: any WebSocketService, at now: WallInstant) {
    self.service = service
    connection = .server(maximumMessageLength: service.maximumMessageLength)
    lastWord = now
  }

  /// All has been said.
  var isClosing: Bool { connection.isClosed }

  /// What is to be sent.
  mutating func takeOutput() -> [UInt8] {
    let output = connection.output
    connection.hasSent(output.count)
    return output
  }

  /// Takes octets, and says what there is to say.
  mutating func receive(_ octets: ArraySlice<UInt8>, at now: WallInstant) {
    if !octets.isEmpty { (lastWord, hasAsked) = (now, false) }
    for event in connection.receive(octets) {
      guard case .message(let message) = event, connection.isOpen else { continue }
      say(service.receive(message, at: now))
    }
    if connection.isOpen { say(service.news(at: now)) }
  }

  private mutating func say(_ messages: [WebSocketMessage]) {
    for message in messages { connection.send(message) }
    if let close = service.close { connection.close(close) }
  }

  /// Nothing was sent for a while: whether the other end may still be there.
  mutating func isAlive(at now: WallInstant) -> Bool {
    // Octets came since, although none had to be sent.
    if now - lastWord < Self.patience { return true }
    guard !hasAsked, connection.isOpen else { return false }
    hasAsked = true
    connection.ping()
    return true
  }

  mutating func ended() { service.ended() }
}
