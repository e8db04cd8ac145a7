import PacketWire

/// Numbers of autonomous systems as tables write them: `64500`, `AS64500`, and of several that announce
/// the same `64500_64501`; what one of them has put together out of others is `64500,64501` (an AS_SET,
/// RFC 4271 §4.3) or `{64500,64501}`.
enum SystemNumbers {
  /// The numbers, each once and in order; empty if these are none.
  static func read(_ text: Span<UInt8>) -> [UInt32] {
    var numbers: [UInt32] = []
    var (number, digits): (UInt64, Int) = (0, 0)
    for index in 0...text.count {
      let octet = index < text.count ? text[index] : 0x5f
      switch octet {
      case 0x30...0x39:
        number = number * 10 + UInt64(octet - 0x30)
        digits += 1
        guard number <= UInt32.max else { return [] }
      case 0x5f, 0x2c:
        guard digits > 0 else { return [] }
        let value = UInt32(truncatingIfNeeded: number)
        if !numbers.contains(value), numbers.count < AddressOrigin.maximumNumbers {
          numbers.append(value)
        }
        (number, digits) = (0, 0)
      default: return []
      }
    }
    return numbers
  }

  /// `text` without what may stand around the numbers: `AS`, or braces.
  static func bare(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    let octets = text.extracting(range)
    if octets.count > 2, octets[0] | 0x20 == 0x61, octets[1] | 0x20 == 0x73 {
      return range.dropFirst(2)
    }
    if octets.count > 2, octets[0] == 0x7b, octets[octets.count - 1] == 0x7d {
      return range.dropFirst().dropLast()
    }
    return range
  }
}
