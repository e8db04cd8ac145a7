extension FilterSlice {
  /// Reads what stands between brackets: places, or ranges of them, with commas.
  static func list(
    _ text: String, at range: Range<Int>
  ) throws(DisplayFilterError) -> [FilterSlice] {
    var slices: [FilterSlice] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let slice = FilterSlice(part.filter { $0 != " " && $0 != "\t" }) else {
        throw DisplayFilterError(
          "parts are written as [first:length], [first-last], [first], [:length] or [first:]",
          at: range)
      }
      slices.append(slice)
    }
    return slices
  }

  private init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    let first = Self.number(&rest)
    switch rest.popFirst() {
    case nil:
      guard let first else { return nil }
      (start, end) = (first, .length(1))
    case UInt8(ascii: ":"):
      guard first != nil || !rest.isEmpty else { return nil }
      start = first ?? 0
      guard !rest.isEmpty else {
        end = .end
        return
      }
      guard let length = Self.number(&rest), length > 0 else { return nil }
      end = .length(length)
    case UInt8(ascii: "-"):
      guard let first, let last = Self.number(&rest) else { return nil }
      // Which of them is first cannot be known where one counts from the end.
      guard last >= first || (first < 0) != (last < 0) else { return nil }
      (start, end) = (first, .through(last))
    default: return nil
    }
    guard rest.isEmpty else { return nil }
  }

  /// A number in front, with a sign or not; no value is longer than a thousand million octets.
  private static func number(_ text: inout ArraySlice<UInt8>) -> Int? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = text.dropFirst(isNegative ? 1 : 0).prefix { octet in
      Character(Unicode.Scalar(octet)).hexDigitValue != nil || octet == UInt8(ascii: "x")
    }
    guard let number = FilterLiteral.number(String(decoding: digits, as: UTF8.self)),
      number < 1_000_000_000
    else { return nil }
    text = text[digits.endIndex...]
    return isNegative ? -number : number
  }
}
