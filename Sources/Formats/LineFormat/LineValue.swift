public import PacketWire

/// Values that are written as one word; each gives `nil` for what it is not.
public enum LineValue {
  /// Decimal digits and nothing else.
  public static func wholeNumber(_ text: String) -> UInt64? {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
  }

  /// A host name: letters, digits, hyphens and underscores between dots (RFC 1123 §2.1; underscores
  /// because names such as _dmarc have them).
  public static func name(_ text: String) -> DNSName? {
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
      default: false
      }
    }
    return isPlain && text != "." ? DNSName(text) : nil
  }
}

extension WordLine {
  /// Reads a host name.
  public mutating func takeName() throws(LineError) -> DNSName {
    try take("a host name such as r1.home.test", LineValue.name)
  }
}
