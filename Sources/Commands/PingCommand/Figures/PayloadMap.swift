import PacketText
import ProbeEngine

/// A damaged payload in words, and a map of its flipped bits.
struct PayloadMap {
  /// How many rows are drawn at the most.
  var rowLimit = 32

  /// `payload damaged: 2 octets changed (3 bits), from offset 16 to 40`, and what else there is to say.
  func sentence(_ damage: PayloadDamage, _ text: inout TextBuffer) {
    guard !damage.isNone else { return }
    text.append("payload damaged: ")
    if let first = damage.firstOffset, let last = damage.lastOffset {
      text.append(damage.octetCount, "octet")
      text.append(" changed (")
      text.append(damage.bitCount, "bit")
      text.append(first == last ? ") at offset " : "), from offset ")
      text.append(decimal: first)
      if first != last {
        text.append(" to ")
        text.append(decimal: last)
      }
      if let bit = damage.onlyBit {
        text.append(", always the bit of value 0x")
        text.append(hex: UInt8(1) << UInt8(bit))
      }
      if damage.missing != 0 { text.append("; ") }
    }
    if damage.missing != 0 {
      text.append(abs(damage.missing), "octet")
      text.append(damage.missing > 0 ? " missing at the end" : " too many at the end")
    }
  }

  /// Sixteen octets a row: as they were sent, as they came, and which bits of them flipped, in
  /// hexadecimal; `..` is an octet that came as it was sent, `--` one that there was not. Rows without a
  /// difference are left out. Each line is ended.
  ///
  ///     0010  sent  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f
  ///           came  .. .. .. .. 94 .. .. ..  .. .. .. .. .. .. .. --
  ///           bits              80
  func map(expected: Span<UInt8>, seen: Span<UInt8>, _ text: inout TextBuffer) {
    var (rows, left) = (0, 0)
    for start in stride(from: 0, to: max(expected.count, seen.count), by: 16) {
      guard Self.differs(expected, seen, from: start) else { continue }
      rows += 1
      guard rows <= rowLimit else {
        left += 1
        continue
      }
      row(expected, seen, from: start, &text)
    }
    if left > 0 {
      text.append(left, "more row")
      text.append(" with differences\n")
    }
  }

  private static func differs(_ expected: Span<UInt8>, _ seen: Span<UInt8>, from start: Int) -> Bool
  {
    (start..<start + 16).contains { octet(expected, $0) != octet(seen, $0) }
  }

  private static func octet(_ payload: Span<UInt8>, _ offset: Int) -> UInt8? {
    offset < payload.count ? payload[offset] : nil
  }

  private func row(
    _ expected: Span<UInt8>, _ seen: Span<UInt8>, from start: Int, _ text: inout TextBuffer
  ) {
    for (place, name) in ["sent", "came", "bits"].enumerated() {
      let lineStart = text.count
      if place == 0 { text.append(hex: UInt64(start), digits: 4) }
      text.padRight(from: lineStart, to: 6)
      text.append(name)
      var end = text.count
      for column in 0..<16 {
        text.append(column % 8 == 0 ? "  " : " ")
        let sent = Self.octet(expected, start + column)
        let came = Self.octet(seen, start + column)
        if place == 0 {
          append(sent, &text)
        } else if place == 1 {
          if sent == came { text.append(sent == nil ? "  " : "..") } else { append(came, &text) }
        } else if let sent, let came, sent != came {
          text.append(hex: sent ^ came)
        } else {
          text.append("  ")
          continue
        }
        if sent != nil || came != nil { end = text.count }
      }
      text.truncate(to: end)
      text.newline()
    }
  }

  /// An octet, or that there is none.
  private func append(_ octet: UInt8?, _ text: inout TextBuffer) {
    if let octet { text.append(hex: octet) } else { text.append("--") }
  }
}
