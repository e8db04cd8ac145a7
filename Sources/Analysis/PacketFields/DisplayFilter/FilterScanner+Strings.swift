extension FilterScanner {
  /// Text in double quotes. In raw text a backslash is one, but a quote behind it ends nothing.
  mutating func string(
    from start: Int, isRaw: Bool
  ) throws(DisplayFilterError) -> FilterToken {
    place += 1
    var text: [UInt8] = []
    while place < octets.count {
      let octet = octets[place]
      if octet == UInt8(ascii: "\"") {
        place += 1
        return FilterToken(kind: .string(text), range: start..<place)
      }
      if octet == UInt8(ascii: "\\"), place + 1 < octets.count {
        if isRaw {
          text += [octet, octets[place + 1]]
          place += 2
        } else {
          text += try escaped()
        }
        continue
      }
      text.append(octet)
      place += 1
    }
    throw DisplayFilterError("the text has no closing quote", at: start..<octets.count)
  }

  /// A character in single quotes.
  mutating func character() throws(DisplayFilterError) -> FilterToken {
    let start = place
    place += 1
    var text: [UInt8] = []
    while place < octets.count, octets[place] != UInt8(ascii: "'") {
      if octets[place] == UInt8(ascii: "\\"), place + 1 < octets.count {
        text += try escaped()
      } else {
        text.append(octets[place])
        place += 1
      }
    }
    guard place < octets.count else {
      throw DisplayFilterError("the character has no closing quote", at: start..<octets.count)
    }
    place += 1
    guard text.count == 1 else {
      throw DisplayFilterError(
        "single quotes hold one character; text stands in double quotes", at: start..<place)
    }
    return FilterToken(kind: .character(text[0]), range: start..<place)
  }

  /// The octets for a backslash and what follows it.
  private mutating func escaped() throws(DisplayFilterError) -> [UInt8] {
    let start = place
    let letter = octets[start + 1]
    place += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): return [letter]
    case UInt8(ascii: "a"): return [0x07]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "v"): return [0x0b]
    case 0x30...0x37:
      place -= 1
      if let number = number(radix: 8, digits: 1...3), number <= 0xff { return [UInt8(number)] }
    case UInt8(ascii: "x"):
      if let number = number(radix: 16, digits: 1...2) { return [UInt8(number)] }
    case UInt8(ascii: "u"): if let text = scalar(digits: 4) { return text }
    case UInt8(ascii: "U"): if let text = scalar(digits: 8) { return text }
    default: break
    }
    throw DisplayFilterError(
      "there is no such escape; a backslash is written \\\\, or the text as r\"...\"",
      at: start..<max(start + 2, min(place, octets.count)))
  }

  private mutating func scalar(digits: Int) -> [UInt8]? {
    guard let number = number(radix: 16, digits: digits...digits),
      let scalar = Unicode.Scalar(UInt32(number))
    else { return nil }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func number(radix: Int, digits: ClosedRange<Int>) -> Int? {
    let start = place
    while place < octets.count, place - start < digits.upperBound,
      let digit = Character(Unicode.Scalar(octets[place])).hexDigitValue, digit < radix
    {
      place += 1
    }
    guard place - start >= digits.lowerBound else { return nil }
    return Int(String(decoding: octets[start..<place], as: UTF8.self), radix: radix)
  }
}
