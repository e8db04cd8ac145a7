public import PacketText
import PacketWire

extension TextBuffer {
  /// Appends octets as a JSON string (RFC 8259 §7). Each octet that is not part of well-formed UTF-8
  /// becomes U+FFFD. What a terminal must not be sent raw (`SafeText`: controls, bidirectional
  /// controls, invisible characters) is written as `\uXXXX`, which a reader turns back into the same
  /// character, so that a line of events can be looked at as it is.
  public mutating func append(jsonString octets: Span<UInt8>) {
    append(octet: 0x22)
    var offset = 0
    while offset < octets.count {
      let end = octets.endOfPlainJSON(from: offset)
      append(octets.extracting(offset..<end))
      guard end < octets.count else { break }
      if octets[end] == 0x22 || octets[end] == 0x5c {
        append(octet: 0x5c)
        append(octet: octets[end])
        offset = end &+ 1
      } else {
        offset = end &+ append(jsonScalar: octets, at: end)
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

extension Span<UInt8> {
  /// Where the octets from `start` on end that stand in a JSON string as they are: printable ASCII but
  /// `"` and `\`.
  fileprivate func endOfPlainJSON(from start: Int) -> Int {
    var end = start
    while end &+ 8 <= count, Self.isPlainJSON(word(at: end)) { end &+= 8 }
    while end < count {
      let octet = self[end]
      guard octet &- 0x20 < 0x5f, octet != 0x22, octet != 0x5c else { return end }
      end &+= 1
    }
    return end
  }

  /// Eight such octets.
  @inline(__always)
  private static func isPlainJSON(_ octets: UInt64) -> Bool {
    let one: UInt64 = 0x0101_0101_0101_0101
    // An octet that is not one of them borrows, carries into its highest bit, or has it.
    let high =
      (octets &- 0x20 &* one) | (octets &+ one) | octets
      | ((octets ^ (0x22 &* one)) &- one) | ((octets ^ (0x5c &* one)) &- one)
    return high & (0x80 &* one) == 0
  }
}
