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
    for index in octets.indices { append(caret: octets[index]) }
  }
}
