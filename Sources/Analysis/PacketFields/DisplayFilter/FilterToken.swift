/// A word or mark of a display filter.
struct FilterToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A name, a number, an address: what it is depends on what stands around it.
    case word(String)
    /// Text in double quotes, its escapes taken out.
    case string([UInt8])
    /// A character in single quotes.
    case character(UInt8)
    /// What stands between brackets.
    case brackets(String)
    /// The layers behind `#`: a number, or what stands between brackets.
    case layers(String)
    /// An operator, by its first name.
    case mark(Mark)
    case end
  }

  enum Mark: String, Hashable, Sendable {
    case leftParenthesis = "(", rightParenthesis = ")", leftBrace = "{", rightBrace = "}"
    case comma = ",", range = ".."
    case equal = "==", notEqual = "!=", allEqual = "===", anyNotEqual = "!=="
    case greater = ">", less = "<", greaterOrEqual = ">=", lessOrEqual = "<="
    case contains, matches, `in`, not, and, or, xor, any, all
    case plus = "+", minus = "-", times = "*", divide = "/", modulo = "%", bitwiseAnd = "&"
  }

  var kind: Kind
  /// Where it stands, in octets of the expression.
  var range: Range<Int>
}

/// Takes an expression apart.
struct FilterScanner {
  let octets: [UInt8]
  var place = 0

  init(_ expression: String) { octets = Array(expression.utf8) }

  /// Operators of signs, the longest first.
  private static let signs: [(String, FilterToken.Mark)] = [
    ("===", .allEqual), ("!==", .anyNotEqual), ("==", .equal), ("!=", .notEqual),
    ("~=", .anyNotEqual), (">=", .greaterOrEqual), ("<=", .lessOrEqual), ("&&", .and), ("||", .or),
    ("^^", .xor), ("..", .range), (">", .greater), ("<", .less), ("~", .matches), ("!", .not),
    ("&", .bitwiseAnd), ("(", .leftParenthesis), (")", .rightParenthesis), ("{", .leftBrace),
    ("}", .rightBrace), (",", .comma), ("+", .plus), ("-", .minus), ("*", .times), ("/", .divide),
    ("%", .modulo),
  ]

  /// Operators that are words.
  private static let words: [String: FilterToken.Mark] = [
    "eq": .equal, "any_eq": .equal, "ne": .notEqual, "all_ne": .notEqual, "all_eq": .allEqual,
    "any_ne": .anyNotEqual, "gt": .greater, "lt": .less, "ge": .greaterOrEqual,
    "le": .lessOrEqual, "contains": .contains, "matches": .matches, "in": .in, "not": .not,
    "and": .and, "or": .or, "xor": .xor, "any": .any, "all": .all, "bitwise_and": .bitwiseAnd,
  ]

  /// The next word or mark.
  mutating func next() throws(DisplayFilterError) -> FilterToken {
    while place < octets.count, [0x20, 0x09, 0x0a, 0x0d].contains(octets[place]) { place += 1 }
    guard place < octets.count else {
      return FilterToken(kind: .end, range: place..<place)
    }
    let start = place
    switch octets[place] {
    case UInt8(ascii: "\""): return try string(from: start, isRaw: false)
    case UInt8(ascii: "r")
    where place + 1 < octets.count && octets[place + 1] == UInt8(ascii: "\""):
      place += 1
      return try string(from: start, isRaw: true)
    case UInt8(ascii: "'"): return try character()
    case UInt8(ascii: "["):
      return FilterToken(kind: .brackets(try brackets()), range: start..<place)
    case UInt8(ascii: "#"): return FilterToken(kind: .layers(try layers()), range: start..<place)
    default: break
    }
    if let word = word() {
      if let mark = Self.words[word] { return FilterToken(kind: .mark(mark), range: start..<place) }
      return FilterToken(kind: .word(word), range: start..<place)
    }
    for (sign, mark) in Self.signs where octets[start...].starts(with: sign.utf8) {
      place += sign.utf8.count
      return FilterToken(kind: .mark(mark), range: start..<place)
    }
    place += 1
    // A character of several octets is marked whole.
    while place < octets.count, octets[place] & 0xc0 == 0x80 { place += 1 }
    let sign = String(decoding: octets[start..<place], as: UTF8.self)
    let advice = sign == "=" ? "'==' compares" : "text stands in double quotes"
    throw DisplayFilterError(
      "\(DisplayFilterError.quoted(sign)) means nothing here; \(advice)", at: start..<place)
  }

  /// A name, number or address; it may hold hyphens, but not begin with one.
  private mutating func word() -> String? {
    let start = place
    while place < octets.count {
      let octet = octets[place]
      switch octet {
      case UInt8(ascii: "."):
        // Two dots are a range.
        if place + 1 < octets.count, octets[place + 1] == octet { return end(start) }
      case UInt8(ascii: "-"): if place == start { return nil }
      case UInt8(ascii: "/"): guard isAddress(octets[start..<place]) else { return end(start) }
      default: guard Self.isWordOctet(octet) else { return end(start) }
      }
      place += 1
    }
    return end(start)
  }

  private func end(_ start: Int) -> String? {
    place > start ? String(decoding: octets[start..<place], as: UTF8.self) : nil
  }

  private static func isWordOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x3a, 0x41...0x5a, 0x61...0x7a, 0x5f: true
    default: false
    }
  }

  /// What a prefix length may follow: names of fields hold no digit in front and no colon.
  private func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
    guard let first = word.first else { return false }
    return word.contains(0x3a) || (0x30...0x39).contains(first) && word.contains(0x2e)
  }

  /// What stands between brackets; the end is behind them.
  private mutating func brackets() throws(DisplayFilterError) -> String {
    let start = place
    guard let end = octets[start...].firstIndex(of: UInt8(ascii: "]")) else {
      throw DisplayFilterError("the bracket is not closed", at: start..<start + 1)
    }
    place = end + 1
    return String(decoding: octets[start + 1..<end], as: UTF8.self)
  }

  private mutating func layers() throws(DisplayFilterError) -> String {
    let start = place
    place += 1
    if place < octets.count, octets[place] == UInt8(ascii: "[") { return try brackets() }
    let first = place
    while place < octets.count, (0x30...0x39).contains(octets[place]) { place += 1 }
    guard place > first else {
      throw DisplayFilterError(
        "'#' chooses layers: a number follows, as in ip.src#1, or brackets, as in ip.src#[1-2]",
        at: start..<first)
    }
    return String(decoding: octets[first..<place], as: UTF8.self)
  }
}
