public import PacketText

extension TextBuffer {
  /// Appends octets as a JSON string (RFC 8259 §7). Each octet that is not part of well-formed UTF-8
  /// becomes U+FFFD. What a terminal must not be sent raw (`SafeText`: controls, bidirectional
  /// controls, invisible characters) is written as `\uXXXX`, which a reader turns back into the same
  /// character, so that a line of events can be looked at as it is.
  public mutating func append(jsonString octets: Span<UInt8>) {
    append(octet: 0x22)
    var offset = 0
    while offset < octets.count {
      let octet = octets[offset]
      switch octet {
      case 0x22, 0x5c:
        append(octet: 0x5c)
        append(octet: octet)
        offset &+= 1
      case 0x20...0x7e:
        append(octet: octet)
        offset &+= 1
      default:
        offset &+= append(jsonScalar: octets, at: offset)
      }
    }
    append(octet: 0x22)
  }

  /// Appends one scalar that is no printable ASCII, and says how many octets it took.
  private mutating func append(jsonScalar octets: Span<UInt8>, at offset: Int) -> Int {
    switch UTF8Scalar(octets, at: offset) {
    case .invalid:
      append("\u{fffd}")
      return 1
    case .scalar(let scalar, let length):
      if SafeText.isPrintable(scalar) {
        append(octets.extracting(offset..<offset &+ length))
      } else {
        for unit in String(scalar).utf16 {
          append("\\u")
          append(hex: unit)
        }
      }
      return length
    }
  }
}
