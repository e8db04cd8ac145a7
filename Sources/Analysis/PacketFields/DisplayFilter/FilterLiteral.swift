import PacketWire

/// A value as it was typed; what it means depends on the type of what it is compared with.
struct FilterLiteral {
  let token: FilterToken
  /// A sign stood before it.
  var isNegative = false
  var range: Range<Int>

  init(_ token: FilterToken) { (self.token, range) = (token, token.range) }

  /// The value, as one of `type`.
  func value(
    of type: FieldType, _ surroundings: DisplayFilter.Surroundings
  ) throws(DisplayFilterError) -> FieldValue {
    if isNegative, type != .relativeTime {
      throw DisplayFilterError("no value of this kind is negative: \(type)", at: range)
    }
    switch type {
    case .boolean: return .number(try boolean())
    case .unsigned(let bits): return .number(try number(bits))
    case .frameNumber: return .number(try number(32))
    case .ipv4, .ipv6: return try address(type)
    case .ether:
      let octets = try self.octets(for: type, surroundings)
      guard octets.count == 6 else { throw wrong("a link-layer address has six octets") }
      return .octets(octets)
    case .absoluteTime:
      guard let text, let time = FilterTime.instant(text, surroundings.secondsEastOfUTC) else {
        throw wrong(
          "a time is written as \"2026-11-22 05:00:00.5 UTC\" or \"2026-11-22T05:00:00Z\"")
      }
      return .time(time)
    case .relativeTime:
      guard let word, let time = FilterTime.seconds(word) else {
        throw wrong("a length of time is written in seconds, with at most nine decimals")
      }
      return .time(isNegative ? -time : time)
    case .string, .bytes, .protocol: return .octets(try octets(for: type, surroundings))
    case .label: throw wrong("there is nothing to compare with")
    }
  }

  /// The octets, to be searched for in a value of `type`, or to be compared with one.
  func octets(
    for type: FieldType, _ surroundings: DisplayFilter.Surroundings
  ) throws(DisplayFilterError) -> [UInt8] {
    switch token.kind {
    case .string(let octets):
      guard type != .ether else {
        throw wrong("a link-layer address is written without quotes, as in 00:00:5e:00:53:01")
      }
      return octets
    case .character(let octet):
      guard type == .string else { break }
      return [octet]
    case .word(let word):
      if type == .string { return Array(word.utf8) }
      if let octets = Self.octets(word) { return octets }
    default: break
    }
    throw wrong("octets are written as 47:45:54, 47-45-54, 474554 or 0x47, text as \"GET\"")
  }

  private var word: String? {
    if case .word(let word) = token.kind { word } else { nil }
  }

  private var text: String? {
    if case .string(let octets) = token.kind {
      String(decoding: octets, as: UTF8.self)
    } else {
      nil
    }
  }

  private func wrong(_ message: String) -> DisplayFilterError {
    DisplayFilterError(message, at: range)
  }

  private func boolean() throws(DisplayFilterError) -> Int {
    switch word ?? text ?? "" {
    case "true", "True", "TRUE", "Set": return 1
    case "false", "False", "FALSE", "Not set": return 0
    default:
      guard let word, let number = Self.number(word) else { throw wrong("expected True or False") }
      return number == 0 ? 0 : 1
    }
  }

  private func number(_ bits: Int) throws(DisplayFilterError) -> Int {
    if case .character(let octet) = token.kind { return Int(octet) }
    guard let word, let number = Self.number(word) else {
      throw wrong("a number is written as 80, 0x50, 0120 or 0b1010000, without quotes")
    }
    let largest = bits < 63 ? 1 << bits - 1 : Int.max
    guard number <= largest else { throw wrong("the largest number here is \(largest)") }
    return number
  }

  private func address(_ type: FieldType) throws(DisplayFilterError) -> FieldValue {
    let advice =
      type == .ipv4
      ? "an IPv4 address is written as 192.0.2.1, a prefix as 192.0.2.0/24"
      : "an IPv6 address is written as 2001:db8::1, a prefix as 2001:db8::/32"
    guard let word else { throw wrong("\(advice), without quotes") }
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { throw wrong(advice) }
    var length: Int?
    if parts.count == 2 {
      guard let said = Int(parts[1]), said >= 0, said <= (type == .ipv4 ? 32 : 128) else {
        throw wrong(advice)
      }
      length = said
    }
    switch (address, type) {
    case (.v4(let address), .ipv4): return .ipv4(address, length: length ?? 32)
    case (.v6(let address), .ipv6): return .ipv6(address, length: length ?? 128)
    default: throw wrong(advice)
    }
  }

  /// A number in decimal, or with `0x`, `0b` or `0` in front.
  static func number(_ word: String) -> Int? {
    // Int() takes signs, which are operators here.
    guard let first = word.utf8.first, (0x30...0x39).contains(first) else { return nil }
    let digits = word.dropFirst(2)
    guard digits.utf8.first.map({ $0 != 0x2d && $0 != 0x2b }) ?? true else { return nil }
    if word.hasPrefix("0x") || word.hasPrefix("0X") { return Int(digits, radix: 16) }
    if word.hasPrefix("0b") || word.hasPrefix("0B") { return Int(digits, radix: 2) }
    return first == 0x30 ? Int(word, radix: 8) : Int(word)
  }

  /// Octets in hex: with colons, hyphens or dots between groups of one, two or four octets, or without;
  /// or one octet with `0x`.
  static func octets(_ word: String) -> [UInt8]? {
    if word.hasPrefix("0x") {
      let digits = word.dropFirst(2)
      return digits.utf8.count == 2 ? UInt8(digits, radix: 16).map { [$0] } : nil
    }
    let separators: [Character] = [":", "-", "."]
    let used = separators.filter { word.contains($0) }
    guard used.count <= 1 else { return nil }
    let groups =
      used.first.map { word.split(separator: $0, omittingEmptySubsequences: false) }
      ?? [word[...]]
    if groups.count == 1, word.utf8.count == 1 {
      return word.first?.hexDigitValue.map { [UInt8($0)] }
    }
    var octets: [UInt8] = []
    for group in groups {
      var digits = group.compactMap(\.hexDigitValue)
      guard digits.count == group.count, !digits.isEmpty else { return nil }
      // Groups may be written with one digit: 0.1.0.d.
      if digits.count == 1, groups.count > 1 { digits.insert(0, at: 0) }
      guard digits.count % 2 == 0 else { return nil }
      for place in stride(from: 0, to: digits.count, by: 2) {
        octets.append(UInt8(digits[place] << 4 | digits[place + 1]))
      }
    }
    return octets
  }
}
