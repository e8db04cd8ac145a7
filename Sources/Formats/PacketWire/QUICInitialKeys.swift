/// The keys of QUIC's initial packets (RFC 9001 §5.2). Everybody who sees the client's first packet can
/// compute them: they keep others from changing packets by mistake, and nobody from reading them.
public struct QUICInitialKeys: Sendable {
  /// For the payload, 16 octets.
  let key: [UInt8]
  /// What the packet number is mixed into for a nonce, 12 octets.
  let vector: [UInt8]
  /// For the header's protection, 16 octets.
  let headerKey: [UInt8]

  /// The keys of one direction.
  ///
  /// - Parameters:
  ///   - version: of the packets. A version that is noise on purpose is taken for draft 29.
  ///   - identifier: the destination of the client's first initial packet.
  ///   - isServer: of what the server sends.
  public init?(version: UInt32, identifier: [UInt8], isServer: Bool) {
    guard let salt = Self.salt(version) else { return nil }
    let initial = SHA256.authentication(of: identifier, key: salt)
    let secret = SHA256.expand(initial, label: isServer ? "server in" : "client in", count: 32)
    // RFC 9369 §3.3.2.
    let prefix = version == 0x6b33_43cf ? "quicv2" : "quic"
    key = SHA256.expand(secret, label: "\(prefix) key", count: 16)
    vector = SHA256.expand(secret, label: "\(prefix) iv", count: 12)
    headerKey = SHA256.expand(secret, label: "\(prefix) hp", count: 16)
  }

  /// Opens a packet.
  ///
  /// - Parameters:
  ///   - packet: the whole packet, without those that follow it in its datagram.
  ///   - headerLength: up to the packet number, which is enciphered itself (RFC 9001 §5.4).
  /// - Returns: what it carries; nil where it was not sealed with these keys.
  public func open(_ packet: Span<UInt8>, headerLength: Int) -> [UInt8]? {
    guard headerLength > 0, packet.count >= headerLength + 20 else { return nil }
    let sample = packet.extracting(headerLength + 4..<headerLength + 20)
    let mask = AES128(headerKey).encipher(Array(copying: sample))
    var header = Array(copying: packet.extracting(0..<headerLength))
    header[0] ^= mask[0] & 0x0f
    let numberLength = Int(header[0] & 3) + 1
    var nonce = vector
    for place in 0..<numberLength {
      let octet = packet[headerLength + place] ^ mask[1 + place]
      header.append(octet)
      nonce[12 - numberLength + place] ^= octet
    }
    let sealed = packet.extracting(headerLength + numberLength..<packet.count)
    return AES128(key).open(Array(copying: sealed), nonce: nonce, associated: header)
  }

  /// The salt of a version (RFC 9001 §5.2, RFC 9369 §3.3.1, and the drafts of the first).
  private static func salt(_ version: UInt32) -> [UInt8]? {
    switch version {
    case 1, 0xff00_0021...0xff00_0022:
      [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
        0xad, 0xcc, 0xbb, 0x7f, 0x0a,
      ]
    case 0x6b33_43cf:
      [
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d,
        0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
      ]
    case 0xff00_0017...0xff00_001c:
      [
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63,
        0x65, 0xbe, 0xf9, 0xf5, 0x02,
      ]
    case 0xff00_001d...0xff00_0020: draft29
    default: version & 0x0f0f_0f0f == 0x0a0a_0a0a ? draft29 : nil
    }
  }

  private static let draft29: [UInt8] = [
    0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0,
    0x43, 0x90, 0xa8, 0x99,
  ]
}
