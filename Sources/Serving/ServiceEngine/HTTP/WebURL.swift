import PacketWire

/// Where something on the web is: `http://HOST[:PORT][/PATH][?QUERY]`, `https://` over TLS, and the same
/// with `ws://` and `wss://` for a WebSocket (RFC 9110 §4.2, RFC 6455 §3).
public struct WebURL: Hashable, Sendable {
  /// A name or an address, which for IPv6 stands in brackets in the text, and not here.
  public var host: String
  /// Over TLS.
  public var isSecure: Bool
  /// 80, or 443 over TLS, unless it is given.
  public var port: UInt16
  /// What is asked for: a path, and a query if there is one.
  public var target: String

  /// Reads a URL of one of two schemes, both in lower case, of which the second is over TLS. Nil for
  /// what is none, or has a fragment or a user.
  public init?(_ text: String, plain: String, secure: String) {
    guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !text.contains("#"),
      let (scheme, rest) = Self.parts(of: text)
    else { return nil }
    switch scheme.lowercased() {
    case plain: isSecure = false
    case secure: isSecure = true
    default: return nil
    }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let place = rest[authority.endIndex...]
    target = place.hasPrefix("/") ? String(place) : "/" + place
    var name = authority
    var digits: Substring = isSecure ? "443" : "80"
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      name = authority[..<colon]
      digits = authority[colon...].dropFirst()
    }
    if name.hasPrefix("["), name.hasSuffix("]") {
      name = name.dropFirst().dropLast()
      guard IPv6Address(String(name)) != nil else { return nil }
    } else {
      guard !name.contains(where: { "@:[]".contains($0) }) else { return nil }
    }
    guard !name.isEmpty, digits.allSatisfy({ "0123456789".contains($0) }),
      let number = UInt16(digits), number > 0
    else { return nil }
    (host, port) = (String(name), number)
  }

  /// What stands before the first `://` and what behind it; nil where there is none, or another colon before.
  static func parts(of text: String) -> (scheme: Substring, rest: Substring)? {
    let scheme = text.prefix { $0 != ":" }
    let rest = text[scheme.endIndex...]
    return rest.hasPrefix("://") ? (scheme, rest.dropFirst(3)) : nil
  }

  /// As the Host field names it.
  public var hostField: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }
}
