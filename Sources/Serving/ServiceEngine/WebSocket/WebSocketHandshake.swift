import PacketWire

/// How an HTTP connection becomes a WebSocket (RFC 6455 §4).
enum WebSocketHandshake {
  /// The only version that there is.
  static let version = "13"

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
      let key = fields["sec-websocket-key"], WebSocketKey.isValid(key)
    else { return HTTPMessage(.badRequest) }
    // A page of another site must not speak in its visitor's name (§10.2).
    guard request.isFromOwnPage else { return HTTPMessage(.forbidden) }
    return HTTPMessage(
      .switchingProtocols,
      fields: [("Upgrade", "websocket"), ("Sec-WebSocket-Accept", WebSocketKey.accept(for: key))])
  }
}
