/// Octets as text of 64 characters and padding (RFC 4648 §4).
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of `octets`, padded to a multiple of four characters.
  public static func encode(_ octets: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: octets.count, by: 3) {
      let group = octets[start..<min(start + 3, octets.count)]
      var bits: UInt32 = 0
      for octet in group { bits = bits << 8 | UInt32(octet) }
      bits <<= UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        let digit = alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)]
        text.append(place <= group.count ? digit : 0x3d)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The octets of a text; nil unless it is just what `encode` would give for them: padded, without
  /// blanks, and with no bits left over (RFC 4648 §3.5).
  public static func decode(_ text: String) -> [UInt8]? {
    var octets: [UInt8] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for character in text.utf8.reversed().drop(while: { $0 == 0x3d }).reversed() {
      guard let digit = alphabet.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt32(digit)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return encode(octets) == text ? octets : nil
  }
}
