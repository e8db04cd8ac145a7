import PacketText

/// The path of a target, decoded, and without steps that lead nowhere or up (RFC 3986 §5.2.4, §6.2).
public struct HTTPPath: Hashable, Sendable {
  /// The names between the slashes: none is empty, `.` or `..`, and none has a slash or a NUL in it.
  public var segments: [String]
  /// It ends with a slash, as that of a folder does.
  public var isFolder: Bool

  /// Reads what stands before the query. Throws 400 for what cannot be a name in a path: an escape
  /// that is none, no UTF-8, an encoded slash or NUL.
  init(_ text: String) throws(HTTPStatus) {
    segments = []
    isFolder = true
    for part in text.split(separator: "/", omittingEmptySubsequences: true) {
      guard let octets = Self.decoded(part), UTF8Checker.isWellFormed(octets),
        !octets.contains(0), !octets.contains(0x2f)
      else { throw .badRequest }
      switch String(decoding: octets, as: UTF8.self) {
      case ".": isFolder = true
      case "..":
        // Nothing is above the root.
        _ = segments.popLast()
        isFolder = true
      case let name:
        segments.append(name)
        isFolder = false
      }
    }
    if text.hasSuffix("/") { isFolder = true }
  }

  /// Decoded, for looking up: `/`, `/a/b`, `/a/`.
  public var text: String {
    "/" + segments.joined(separator: "/") + (isFolder && !segments.isEmpty ? "/" : "")
  }

  /// As it stands in a Location field or a link.
  public var encoded: String {
    "/" + segments.map { Self.encoded($0) }.joined(separator: "/")
      + (isFolder && !segments.isEmpty ? "/" : "")
  }

  /// Octets with `%41` read as `A` (RFC 3986 §2.1); nil where a `%` is not followed by two digits.
  static func decoded(_ text: Substring) -> [UInt8]? {
    var octets: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      guard octet == 0x25 else {
        octets.append(octet)
        continue
      }
      guard let high = rest.popFirst()?.hexDigitValue, let low = rest.popFirst()?.hexDigitValue
      else { return nil }
      octets.append(high << 4 | low)
    }
    return octets
  }

  /// A name with all but letters, digits and `-._~` encoded, so that it stands for itself anywhere in
  /// a path (RFC 3986 §2.3).
  public static func encoded(_ name: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    for octet in name.utf8 {
      switch octet {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: text.append(octet)
      default: text += [0x25, digits[Int(octet >> 4)], digits[Int(octet & 0xf)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension UInt8 {
  /// The value of an ASCII hexadecimal digit.
  var hexDigitValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x41 + 10
    case 0x61...0x66: self - 0x61 + 10
    default: nil
    }
  }
}
