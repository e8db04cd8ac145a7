/// Octets of TLS records, for captures that are built by hand (RFC 8446 §4, §5.1).
public enum TLSOctets {
  /// Octets behind their length, which has one octet or two.
  public static func vector(_ octets: [UInt8], lengthOctets: Int = 2) -> [UInt8] {
    (lengthOctets == 2 ? [UInt8(octets.count >> 8)] : []) + [UInt8(octets.count & 0xff)] + octets
  }

  /// A record: 20 changes the cipher, 21 is an alert, 22 a handshake message, 23 data.
  public static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 3, 3] + vector(body)
  }

  /// A record of so many octets that say nothing.
  public static func record(_ type: UInt8, count: Int) -> [UInt8] {
    record(type, [UInt8](repeating: 7, count: count))
  }

  /// A client's hello: the site that it wants, what it would speak inside, further extensions.
  public static func clientHello(
    server: String, speaking protocolName: String? = nil, extensions: [UInt8] = []
  ) -> [UInt8] {
    var list = [0, 0] + vector(vector([0] + vector(Array(server.utf8))))
    if let protocolName {
      list += [0, 16] + vector(vector(vector(Array(protocolName.utf8), lengthOctets: 1)))
    }
    return hello(1, [0, 0, 2, 0x13, 1, 1, 0] + vector(list + extensions))
  }

  /// A server's hello that chooses version 3 (TLS 1.2) or 4 (TLS 1.3).
  public static func serverHello(version: UInt8) -> [UInt8] {
    hello(2, [0, 0x13, 1, 0] + vector([0, 43, 0, 2, 3, version]))
  }

  private static func hello(_ type: UInt8, _ rest: [UInt8]) -> [UInt8] {
    let body = [3, 3] + [UInt8](repeating: 1, count: 32) + rest
    return record(22, [type, 0] + vector(body))
  }
}
