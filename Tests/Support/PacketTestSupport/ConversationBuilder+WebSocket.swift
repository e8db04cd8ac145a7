public import PacketWire

extension ConversationBuilder {
  /// RFC 6455 §1.3.
  public static let webSocketKey = "dGhlIHNhbXBsZSBub25jZQ=="

  /// Adds the request for a WebSocket and the answer that opens it, with these extensions offered and
  /// agreed, behind it a frame's octets perhaps.
  public mutating func upgrade(
    _ connection: inout Connection, extensions: String? = nil,
    accept: String = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", then octets: [UInt8] = []
  ) {
    let field = extensions.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? ""
    send(
      &connection, .client,
      text: "GET /ws HTTP/1.1\r\nHost: x.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: \(Self.webSocketKey)\r\nSec-WebSocket-Version: 13\r\n\(field)\r\n")
    let answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Accept: \(accept)\r\n\(field)\r\n"
    send(&connection, .server, [.psh, .ack], Array(answer.utf8) + octets)
  }

  /// Adds a segment with frames, which are masked as they should be.
  public mutating func frames(
    _ connection: inout Connection, _ side: Side, _ frames: TestFrame...,
    flags: TCPHeader.Flags = []
  ) {
    let octets = frames.flatMap { frame in
      frame.with { if side == .server { $0.key = nil } }.octets
    }
    send(&connection, side, flags.union([.psh, .ack]), octets)
  }
}
