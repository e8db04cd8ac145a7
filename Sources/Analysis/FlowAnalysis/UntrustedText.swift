import PacketWire

/// Octets that someone on the network chose and meant as text.
///
/// It has no `description` on purpose: what prints it must take it through SafeText.
public struct UntrustedText: Hashable, Sendable {
  /// The octets as they came.
  public let octets: [UInt8]
  /// There were more, which were not kept.
  public let isCut: Bool

  /// The first `limit` of `octets`.
  init(_ octets: Span<UInt8>, limit: Int) {
    let kept = min(octets.count, limit)
    self.octets = Array(copying: octets.extracting(first: kept))
    isCut = kept < octets.count
  }

  /// Text of which `limit` octets are kept; `isCut` says that there were more in any case.
  init(_ octets: Span<UInt8>, limit: Int, isCut: Bool) {
    let kept = UntrustedText(octets, limit: limit)
    (self.octets, self.isCut) = (kept.octets, kept.isCut || isCut)
  }

  /// No octets.
  static let empty = UntrustedText(Span(), limit: 0)

  /// Of a media type what stands before its parameters (RFC 9110 §8.3.1).
  public var mediaType: UntrustedText {
    let kept = octets.prefix { $0 != UInt8(ascii: ";") }
    let name = kept.reversed().drop { $0 == ASCII.space || $0 == ASCII.tab }.reversed()
    let lowered = name.map(ASCII.lowercased)
    return UntrustedText(lowered.span, limit: lowered.count)
  }

  /// There is nothing in it.
  public var isEmpty: Bool { octets.isEmpty }

  /// The same text when the case of ASCII letters does not count.
  public func isSameASCII(as text: String) -> Bool {
    octets.count == text.utf8.count
      && zip(octets, text.utf8).allSatisfy { ASCII.lowercased($0) == ASCII.lowercased($1) }
  }
}

/// The octets that the text protocols of RFC 9112 are made of.
enum ASCII {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")

  static func lowercased(_ octet: UInt8) -> UInt8 {
    (0x41...0x5a).contains(octet) ? octet | 0x20 : octet
  }

  static func isUppercaseLetter(_ octet: UInt8) -> Bool { (0x41...0x5a).contains(octet) }

  static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

  static func hexDigit(_ octet: UInt8) -> Int? {
    switch octet {
    case 0x30...0x39: Int(octet) - 0x30
    case 0x41...0x46: Int(octet) - 0x37
    case 0x61...0x66: Int(octet) - 0x57
    default: nil
    }
  }
}
