import PacketWire

/// A client's whole WebSocket conversation: the handshake (RFC 6455 §4.1), and then the connection.
public struct WebSocketClient: Sendable {
  /// What has happened.
  public enum Event: Hashable, Sendable {
    /// The server has agreed.
    case opened
    /// The server has not agreed, and why: safe only as untrusted text. Nothing follows.
    case refused(String)
    /// What came on the connection.
    case happened(WebSocketConnection.Event)
  }

  private var connection: WebSocketConnection
  private let key: String
  private var request: [UInt8]
  private var input: [UInt8] = []
  private var finder = HTTPHeadFinder()
  private var isOpened = false
  private var isRefused = false

  /// A conversation that begins with a request for `target` on `host`, which names the port too where
  /// it is not 80. The key comes from `random`, and the masks do, which must not be foreseeable.
  public init(
    host: String, target: String, random: some RandomNumberGenerator & Sendable
  ) {
    var random = random
    let octets = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    key = Base64.encode(octets)
    request = Array(
      """
      GET \(target) HTTP/1.1\r
      Host: \(host)\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: \(key)\r
      Sec-WebSocket-Version: \(WebSocketHandshake.version)\r
      \r\n
      """.utf8)
    connection = .client(masks: random)
  }

  /// What is to be sent.
  public var output: [UInt8] { request + connection.output }
  /// Messages can be sent.
  public var isOpen: Bool { isOpened && connection.isOpen }
  /// Nothing more comes but the end of the TCP connection, which the server makes.
  public var isOver: Bool { isRefused || connection.isClosed }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) {
    let first = min(count, request.count)
    request.removeFirst(first)
    connection.hasSent(count - first)
  }

  /// Takes octets that have arrived.
  public mutating func receive(_ octets: ArraySlice<UInt8>) -> [Event] {
    guard !isRefused else { return [] }
    guard !isOpened else { return connection.receive(octets).map { .happened($0) } }
    input += octets
    guard let end = finder.end(in: input) else {
      guard input.count > HTTPHead.maximumLength else { return [] }
      return refuse("the server's answer has no end")
    }
    if let obstacle = obstacle(in: input[..<end]) { return refuse(obstacle) }
    isOpened = true
    let rest = input[end...]
    input = []
    return [.opened] + connection.receive(rest).map { .happened($0) }
  }

  private mutating func refuse(_ reason: String) -> [Event] {
    isRefused = true
    input = []
    return [.refused(reason)]
  }

  /// Why the head of an answer does not open the connection; nil if it does.
  private func obstacle(in octets: ArraySlice<UInt8>) -> String? {
    guard let head = try? HTTPHead(octets), head.startLine.count >= 2,
      (try? HTTPHead.minorVersion(head.startLine[0])) == 1
    else { return "the server does not speak HTTP/1.1" }
    let status = head.startLine[1...].map { String(decoding: $0, as: UTF8.self) }
      .joined(separator: " ")
    guard head.startLine[1].elementsEqual("101".utf8) else { return "the server answers \(status)" }
    guard head.fields.list("upgrade") == ["websocket"],
      head.fields.list("connection").contains("upgrade")
    else { return "the server upgrades to something else" }
    guard head.fields["sec-websocket-accept"] == WebSocketKey.accept(for: key) else {
      return "the server has not understood the key"
    }
    guard head.fields["sec-websocket-extensions"] == nil,
      head.fields["sec-websocket-protocol"] == nil
    else { return "the server answers with what nobody asked for" }
    return nil
  }

  /// Sends a message; does nothing unless open.
  public mutating func send(_ message: WebSocketMessage) {
    if isOpened { connection.send(message) }
  }

  /// Asks whether the server is there.
  public mutating func ping(_ payload: [UInt8] = []) {
    if isOpened { connection.ping(payload) }
  }

  /// Says that we close; does nothing unless open.
  public mutating func close(_ close: WebSocketClose) {
    if isOpened { connection.close(close) }
  }
}
