/// How packed messages are packed (RFC 7692 §7.1).
public struct PermessageDeflate: Hashable, Sendable {
  /// What one end may do.
  public struct Sender: Hashable, Sendable {
    /// A message may refer to what the messages before it held.
    public var keepsContext = true
    /// So far back, as a power of two of octets: 8 to 15.
    public var windowBits: UInt8 = 15
  }

  /// What the client sends.
  public var client = Sender()
  /// What the server sends.
  public var server = Sender()

  /// With all defaults.
  public init() {}
}

/// One element of Sec-WebSocket-Extensions (RFC 6455 §9.1).
struct WebSocketExtension: Hashable, Sendable {
  /// In small letters.
  var name: [UInt8]
  /// What was said with it; the name in small letters, and the value without its quotes.
  var parameters: [Parameter] = []

  struct Parameter: Hashable, Sendable {
    var name: [UInt8]
    var value: [UInt8]?
  }

  /// The elements of a field's value, of which the head keeps a bounded part.
  static func list(_ text: UntrustedText) -> [WebSocketExtension] {
    split(text.octets[...], at: UInt8(ascii: ",")).compactMap { element in
      var parts = split(element, at: UInt8(ascii: ";")).map { Array(trimmed($0)) }[...]
      guard let name = parts.popFirst(), !name.isEmpty else { return nil }
      return WebSocketExtension(
        name: name.map(ASCII.lowercased), parameters: parts.map(Self.parameter))
    }
  }

  private static func parameter(_ octets: [UInt8]) -> Parameter {
    guard let sign = octets.firstIndex(of: UInt8(ascii: "=")) else {
      return Parameter(name: octets.map(ASCII.lowercased), value: nil)
    }
    let name = trimmed(octets[..<sign]).map(ASCII.lowercased)
    let value = trimmed(octets[(sign + 1)...]).filter { $0 != UInt8(ascii: "\"") }
    return Parameter(name: name, value: value)
  }

  /// The parts between separators that are not inside of quotes.
  private static func split(
    _ octets: ArraySlice<UInt8>, at separator: UInt8
  ) -> [ArraySlice<UInt8>] {
    var (parts, start, isQuoted): ([ArraySlice<UInt8>], Int, Bool) = ([], octets.startIndex, false)
    for index in octets.indices {
      if octets[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard octets[index] == separator, !isQuoted else { continue }
      parts.append(octets[start..<index])
      start = index + 1
    }
    return parts + [octets[start...]]
  }

  private static func trimmed(_ octets: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ octet: UInt8) -> Bool { octet == ASCII.space || octet == ASCII.tab }
    return octets.drop(while: isBlank).reversed().drop(while: isBlank).reversed()[...]
  }

  func isNamed(_ name: String) -> Bool { self.name.elementsEqual(name.utf8) }
}

extension PermessageDeflate {
  static let name = "permessage-deflate"

  /// What a server's answer agrees to; nil where it is not this, or cannot be (RFC 7692 §7).
  init?(_ element: WebSocketExtension) {
    guard element.isNamed(Self.name) else { return nil }
    for parameter in element.parameters {
      switch (String(decoding: parameter.name, as: UTF8.self), parameter.value) {
      case ("server_no_context_takeover", nil): server.keepsContext = false
      case ("client_no_context_takeover", nil): client.keepsContext = false
      case ("server_max_window_bits", let bits?):
        guard let bits = Self.windowBits(bits) else { return nil }
        server.windowBits = bits
      case ("client_max_window_bits", let bits?):
        guard let bits = Self.windowBits(bits) else { return nil }
        client.windowBits = bits
      default: return nil
      }
    }
  }

  /// 8 to 15, without leading zeros (§7.1.2.1).
  private static func windowBits(_ digits: [UInt8]) -> UInt8? {
    guard digits.first != UInt8(ascii: "0"),
      let bits = UInt8(String(decoding: digits, as: UTF8.self)),
      (8...15).contains(bits)
    else { return nil }
    return bits
  }
}
