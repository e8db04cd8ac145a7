import PacketWire

/// How an HTTP connection becomes a WebSocket (RFC 6455 §4).
enum WebSocketHandshake {
  /// The only version that there is.
  static let version = "13"
  /// Proves that a server knows of WebSocket, when it is hashed with the client's key (§1.3).
  private static let identifier = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// What a server answers to a key (§4.2.2).
  static func accept(_ key: String) -> String {
    Base64.encode(SHA1.digest(of: (key + identifier).utf8))
  }

  /// What a server answers to a request (§4.2): 101 if it is a handshake.
  static func answer(to request: HTTPRequest) -> HTTPMessage {
    let fields = request.fields
    guard fields.list("upgrade").contains("websocket"),
      fields.list("connection").contains("upgrade")
    else {
      return HTTPMessage(
        .upgradeRequired, "426 Upgrade Required: this is a WebSocket\n",
        fields: [("Upgrade", "websocket"), ("Connection", "Upgrade")])
    }
    guard fields["sec-websocket-version"] == version else {
      return HTTPMessage(.upgradeRequired, fields: [("Sec-WebSocket-Version", version)])
    }
    guard request.method == "GET", request.isHTTP11, request.body.isEmpty,
      let key = fields["sec-websocket-key"], Base64.decode(key)?.count == 16
    else { return HTTPMessage(.badRequest) }
    // A page of another site must not speak in its visitor's name (§10.2).
    guard request.isFromOwnPage else { return HTTPMessage(.forbidden) }
    return HTTPMessage(
      .switchingProtocols,
      fields: [("Upgrade", "websocket"), ("Sec-WebSocket-Accept", accept(key))])
  }
}
