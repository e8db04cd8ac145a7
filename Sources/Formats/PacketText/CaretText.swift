extension TextBuffer {
  /// Appends an octet of text from the network as `cat -v` shows it, which is printable ASCII: `^X`
  /// for a control, `M-` before what has the high bit.
  mutating func append(caret octet: UInt8) {
    if octet >= 0x80 { append("M-") }
    let low = octet & 0x7f
    if (0x20...0x7e).contains(low) {
      append(octet: low)
    } else {
      append(octet: 0x5e)
      append(octet: low ^ 0x40)
    }
  }

  /// Appends octets as `append(caret:)` does.
  mutating func append(caret octets: Span<UInt8>) {
    let start = Int(used)
    guard octets.count <= Self.blockSize &- start else { return appendEach(caret: octets, from: 0) }
    // Nearly all text is printable, and then this is no more than a copy.
    for index in octets.indices {
      let octet = octets[index]
      guard octet &- 0x20 < 0x5f else {
        used = UInt16(truncatingIfNeeded: start &+ index)
        return appendEach(caret: octets, from: index)
      }
      block[start &+ index] = octet
    }
    used = UInt16(truncatingIfNeeded: start &+ octets.count)
  }

  /// Eight octets that `append(caret:)` shows as they are, U+0020 to U+007E.
  @inline(__always)
  static func isPlain(_ octets: UInt64) -> Bool {
    // An octet below U+0020 borrows and one above U+007E carries into its highest bit, or has it.
    let high = (octets &- 0x2020_2020_2020_2020) | (octets &+ 0x0101_0101_0101_0101) | octets
    return high & 0x8080_8080_8080_8080 == 0
  }

  @inline(never)
  private mutating func appendEach(caret octets: Span<UInt8>, from start: Int) {
    for index in start..<octets.count { append(caret: octets[index]) }
  }
}
