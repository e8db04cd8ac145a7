/// What a client sends with its wish for a WebSocket, and what proves that the server has read it
/// (RFC 6455 §1.3).
public enum WebSocketKey {
  /// Proves that a server knows of WebSocket, when it is hashed with the client's key.
  private static let identifier = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// What a server answers to a key (§4.2.2).
  public static func accept(for key: String) -> String {
    Base64.encode(SHA1.digest(of: (key + identifier).utf8))
  }

  /// A key is sixteen octets in Base64 (§4.1).
  public static func isValid(_ key: String) -> Bool { Base64.decode(key)?.count == 16 }
}
