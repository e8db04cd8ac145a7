/// An IPv4 address (RFC 791 §3.2), held in host order so that comparison is numeric.
public struct IPv4Address: Hashable, Sendable, Comparable {
  /// The 32 bits; the first octet of the text is the most significant one.
  public var bits: UInt32

  /// 0.0.0.0, "this host" (RFC 1122 §3.2.1.3).
  public static let any = IPv4Address(bits: 0)
  /// 127.0.0.1 (RFC 1122 §3.2.1.3).
  public static let loopback = IPv4Address(127, 0, 0, 1)

  /// An address from its 32 bits in host order.
  public init(bits: UInt32) { self.bits = bits }

  /// An address from its four octets, in the order of the text.
  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    bits = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  }

  /// The first octet is 224 to 239 (RFC 5771).
  public var isMulticast: Bool { bits >> 28 == 0xe }
  /// 127.0.0.0/8 (RFC 1122 §3.2.1.3).
  public var isLoopback: Bool { bits >> 24 == 127 }

  /// Numeric order, which is also the order of the octets on the wire.
  public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension IPv4Address: LosslessStringConvertible {
  /// Dotted decimal.
  public var description: String {
    "\(bits >> 24).\(bits >> 16 & 0xff).\(bits >> 8 & 0xff).\(bits & 0xff)"
  }

  /// Four decimal octets and nothing else: no leading zeros, for some readers take those as octal.
  public init?(_ text: String) { self.init(utf8: text.utf8.span) }

  /// The same from the octets of a text. Lists of addresses are long: nothing is allocated.
  public init?(utf8 text: Span<UInt8>) {
    var (bits, octet): (UInt32, UInt32) = (0, 0)
    var (digits, dots) = (0, 0)
    guard text.count <= 15 else { return nil }
    for index in text.indices {
      if text[index] == 0x2e {
        guard digits > 0 else { return nil }
        bits = bits << 8 | octet
        (octet, digits, dots) = (0, 0, dots + 1)
        continue
      }
      let digit = UInt32(text[index] &- 0x30)
      guard digit <= 9, digits == 0 || octet > 0 else { return nil }
      octet = octet * 10 + digit
      guard octet <= 255 else { return nil }
      digits += 1
    }
    guard dots == 3, digits > 0 else { return nil }
    self.bits = bits << 8 | octet
  }
}
