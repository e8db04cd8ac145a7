import PacketWire

// Names as they stand in a DNS message (RFC 1035 §3.1, §4.1.4), without making a value of them.
extension Span<UInt8> {
  /// The extended label type of RFC 2673 §3, a string of bits; RFC 6891 §5 ended its use.
  private static var bitLabel: UInt8 { 0x41 }

  /// Where the name at `offset` ends, pointers not followed; nil when it is cut or of an unknown
  /// label type.
  func skipName(at offset: Int) -> Int? {
    var position = offset
    while position < count {
      let octet = self[position]
      switch octet >> 6 {
      case 0b00:
        position &+= 1 &+ Int(octet)
        if octet == 0 { return position }
      case 0b11: return position &+ 2 <= count ? position &+ 2 : nil
      default:
        guard octet == Self.bitLabel, position &+ 1 < count else { return nil }
        position &+= 2 &+ bitLabelLength(at: position)
      }
    }
    return nil
  }

  /// How many octets the bits of the label at `position` take: 256 bits are counted as 0.
  private func bitLabelLength(at position: Int) -> Int {
    let bits = self[position &+ 1] == 0 ? 256 : Int(self[position &+ 1])
    return (bits &+ 7) / 8
  }

  /// Appends the name at `offset` with a dot behind each label, and gives back where it ends in
  /// place; nil, after what could be read and the reason, when it does not end well.
  ///
  /// A pointer must point before the run of labels that it ends, so every chain of pointers ends. A
  /// name of more than 255 octets (RFC 1035 §2.3.4) is given up behind the label that makes it so.
  func appendName(at offset: Int, into out: inout TextBuffer) -> Int? {
    var (position, runStart) = (offset, offset)
    var end: Int?
    var written = 0
    while position < count {
      let octet = self[position]
      switch octet >> 6 {
      case 0b00:
        if octet == 0 {
          if written == 0 { out.append(octet: 0x2e) }
          return end ?? position &+ 1
        }
        let next = appendPlainLabels(
          at: position, room: DNSName.maximumLength &- written, into: &out)
        if next > position {
          written &+= next &- position
          position = next
          continue
        }
        guard appendLabel(at: position, into: &out) else { return nil }
        written &+= 1 &+ Int(octet)
        guard written < DNSName.maximumLength else {
          out.append("<DOMAIN NAME TOO LONG>")
          return end ?? skipName(at: position)
        }
        position &+= 1 &+ Int(octet)
      case 0b11:
        guard position &+ 1 < count else { return nil }
        if end == nil { end = position &+ 2 }
        position = Int(u16(at: position) & 0x3fff)
        guard position < runStart else {
          out.append("<BAD PTR>")
          return nil
        }
        runStart = position
      default:
        guard appendBitLabel(at: position, into: &out) else { return nil }
        written &+= 1 &+ bitLabelLength(at: position)
        guard written < DNSName.maximumLength else { return nil }
        position &+= 2 &+ bitLabelLength(at: position)
      }
    }
    return nil
  }

  /// Appends the labels from `position` on that are plain and shorter than a word, as nearly all are: each
  /// is one load, one look and one store with its dot. They take less than `room`. Returns where they end.
  @inline(__always)
  private func appendPlainLabels(
    at position: Int, room: Int, into out: inout TextBuffer
  ) -> Int {
    var next = position
    var end = out.begin(upTo: 8)
    let last = Swift.min(count &- 9, position &+ room &- 9)
    while next <= last, end <= TextBuffer.blockSize &- 8 {
      let length = Int(self[next])
      guard length > 0, length < 8 else { break }
      let rest = UInt64.max &<< UInt64(8 &* length)
      let text = word(at: next &+ 1) & ~rest | 0x2e2e_2e2e_2e2e_2e2e & rest
      guard TextBuffer.isPlain(text) else { break }
      out.put(text, at: end)
      end &+= length &+ 1
      next &+= length &+ 1
    }
    out.end(at: end)
    return next
  }

  private func appendLabel(at position: Int, into out: inout TextBuffer) -> Bool {
    let length = Int(self[position])
    let start = position &+ 1
    out.append(caret: extracting(start..<Swift.min(start &+ length, count)))
    guard start &+ length <= count else { return false }
    out.append(octet: 0x2e)
    return true
  }

  private func appendBitLabel(at position: Int, into out: inout TextBuffer) -> Bool {
    let octet = self[position]
    guard octet == Self.bitLabel else {
      if octet >> 6 == 0b10 {
        out.append("<BAD LABEL TYPE>")
      } else {
        out.append("<ELT ")
        out.append(decimal: octet & 0x3f)
        out.append(octet: 0x3e)
      }
      return false
    }
    guard position &+ 1 < count else { return false }
    let start = position &+ 2
    let length = bitLabelLength(at: position)
    guard start &+ length <= count else { return false }
    out.append("\\[x")
    for index in start..<start &+ length { out.append(hex: self[index]) }
    out.append(octet: 0x2f)
    out.append(decimal: self[position &+ 1] == 0 ? 256 : Int(self[position &+ 1]))
    out.append("].")
    return true
  }
}
