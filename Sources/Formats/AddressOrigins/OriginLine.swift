import PacketWire

/// How a table writes a line.
enum OriginForm: Sendable {
  /// `FIRST LAST NUMBER COUNTRY NAME` with tabs between, as iptoasn.com has it.
  case ranges
  /// `ADDRESS LENGTH NUMBERS`, as CAIDA's routeviews-prefix2as has it.
  case lengths
  /// `PREFIX NUMBERS [NAME]`.
  case prefixes

  /// What a line of this form looks like.
  var example: String {
    switch self {
    case .ranges: "FIRST LAST NUMBER COUNTRY NAME with tabs between"
    case .lengths: "ADDRESS LENGTH NUMBER"
    case .prefixes: "PREFIX NUMBER [NAME]"
    }
  }
}

/// What is wrong in a line.
struct OriginLineProblem: Error {
  /// The octets that are wrong; empty at the end of the line.
  var place: Range<Int>
  var expected: String
}

/// One line of a table: a range, and where in the line stands what is known of it.
struct OriginLine {
  var first: IPAddress
  var last: IPAddress
  /// The numbers, without `AS`.
  var numbers: Range<Int>
  /// Two letters; empty if they are not known.
  var country = 0..<0
  var name = 0..<0
  /// Nobody announces it: a table that lists all addresses says so by the number zero (RFC 7607).
  var isUnrouted = false

  /// Reads a line without its end.
  init(_ text: Span<UInt8>, form: OriginForm) throws(OriginLineProblem) {
    switch form {
    case .ranges: try self.init(ranges: text)
    case .lengths: try self.init(lengths: text)
    case .prefixes: try self.init(prefixes: text)
    }
  }

  /// The form of the line that a table begins with.
  static func form(of text: Span<UInt8>) throws(OriginLineProblem) -> OriginForm {
    var position = 0
    let first = word(text, at: &position)
    let second = word(text, at: &position)
    let third = word(text, at: &position)
    if text.extracting(first).contains(0x2f) { return .prefixes }
    let isAddress = IPAddress(utf8: text.extracting(first)) != nil
    guard isAddress || number(text.extracting(first)) != nil else {
      throw OriginLineProblem(
        place: first.lowerBound..<text.count,
        expected: "a line such as \"192.0.2.0/24 64500 NAME\", \"192.0.2.0 24 64500\" or one of "
          + "iptoasn.com")
    }
    // Addresses as numbers stand in ranges only.
    if isAddress, IPAddress(utf8: text.extracting(second)) == nil, !third.isEmpty {
      return .lengths
    }
    return .ranges
  }

  // MARK: The forms

  private init(ranges text: Span<UInt8>) throws(OriginLineProblem) {
    var position = 0
    let firstWord = Self.column(text, at: &position)
    let first = try Self.take(
      firstWord, "the first address of a range", Self.address(text, firstWord))
    let lastWord = Self.column(text, at: &position)
    let last = try Self.take(
      lastWord, "the last address of the range, not before the first one",
      Self.address(text, lastWord).flatMap { AddressBlock(first, through: $0)?.last })
    self.init(first: first, last: last, numbers: Self.column(text, at: &position))
    try readNumbers(text)
    let country = Self.column(text, at: &position)
    let letters = text.extracting(country)
    if letters.count == 2, letters.allSatisfy({ (0x41...0x5a).contains($0) }) {
      self.country = country
    }
    name = Self.trimmed(text, Self.column(text, at: &position))
  }

  private init(lengths text: Span<UInt8>) throws(OriginLineProblem) {
    var position = 0
    let addressWord = Self.word(text, at: &position)
    let address = try Self.take(addressWord, "an address", Self.address(text, addressWord))
    let lengthWord = Self.word(text, at: &position)
    let width = address.family.width
    let length = try Self.take(
      lengthWord, "a prefix length from 0 to \(width)",
      Self.number(text.extracting(lengthWord)).flatMap { $0 <= width ? UInt8($0) : nil })
    self.init(IPPrefix(address, length: length), Self.word(text, at: &position))
    try readNumbers(text)
    let end = Self.word(text, at: &position)
    guard end.isEmpty else { throw .init(place: end, expected: "the end of the line") }
  }

  private init(prefixes text: Span<UInt8>) throws(OriginLineProblem) {
    var position = 0
    let word = Self.word(text, at: &position)
    let prefix = try Self.take(
      word, "a prefix such as 192.0.2.0/24", IPPrefix(utf8: text.extracting(word)))
    self.init(prefix, Self.word(text, at: &position))
    try readNumbers(text)
    name = Self.trimmed(text, position..<text.count)
  }

  private init(first: IPAddress, last: IPAddress, numbers: Range<Int>) {
    (self.first, self.last, self.numbers) = (first, last, numbers)
  }

  private init(_ prefix: IPPrefix, _ numbers: Range<Int>) {
    self.init(first: prefix.first, last: prefix.last, numbers: numbers)
  }

  // MARK: Words

  private mutating func readNumbers(_ text: Span<UInt8>) throws(OriginLineProblem) {
    let place = numbers
    numbers = SystemNumbers.bare(text, place)
    // Nearly all lines have one number and nothing else.
    if let number = Self.number(text.extracting(numbers)) {
      guard number <= UInt32.max else { throw Self.wrongNumbers(place) }
      isUnrouted = number == 0
      return
    }
    guard !SystemNumbers.read(text.extracting(numbers)).isEmpty else {
      throw Self.wrongNumbers(place)
    }
  }

  private static func wrongNumbers(_ place: Range<Int>) -> OriginLineProblem {
    OriginLineProblem(
      place: place, expected: "the number of an autonomous system, 0 to 4294967295")
  }

  private static func take<Value>(
    _ place: Range<Int>, _ expected: String, _ value: Value?
  ) throws(OriginLineProblem) -> Value {
    guard let value else { throw OriginLineProblem(place: place, expected: expected) }
    return value
  }

  /// An address, of IPv4 also as the number that it is.
  private static func address(_ text: Span<UInt8>, _ place: Range<Int>) -> IPAddress? {
    let word = text.extracting(place)
    return IPAddress(utf8: word)
      ?? number(word).flatMap { UInt32(exactly: $0) }.map { .v4(IPv4Address(bits: $0)) }
  }

  /// Up to ten digits.
  private static func number(_ word: Span<UInt8>) -> UInt64? {
    guard (1...10).contains(word.count) else { return nil }
    var number: UInt64 = 0
    for index in word.indices {
      let digit = word[index] &- 0x30
      guard digit <= 9 else { return nil }
      number = number * 10 + UInt64(digit)
    }
    return number
  }

  /// What stands up to the next tab.
  private static func column(_ text: Span<UInt8>, at position: inout Int) -> Range<Int> {
    let start = min(position, text.count)
    var end = start
    while end < text.count, text[end] != 0x09 { end += 1 }
    position = end + 1
    return start..<end
  }

  /// What stands between the next blanks.
  private static func word(_ text: Span<UInt8>, at position: inout Int) -> Range<Int> {
    var start = position
    while start < text.count, text[start].isBlank { start += 1 }
    var end = start
    while end < text.count, !text[end].isBlank { end += 1 }
    position = end
    return start..<end
  }

  private static func trimmed(_ text: Span<UInt8>, _ place: Range<Int>) -> Range<Int> {
    var (start, end) = (place.lowerBound, place.upperBound)
    while start < end, text[start].isBlank { start += 1 }
    while end > start, text[end - 1].isBlank { end -= 1 }
    return start..<end
  }
}

extension UInt8 {
  /// A blank, a tab, or what Windows puts before the end of a line.
  var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0d }
}

extension Span<UInt8> {
  fileprivate func contains(_ octet: UInt8) -> Bool {
    indices.contains { self[$0] == octet }
  }

  fileprivate func allSatisfy(_ isTrue: (UInt8) -> Bool) -> Bool {
    indices.allSatisfy { isTrue(self[$0]) }
  }
}
