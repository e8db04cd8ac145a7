extension FilterParser {
  /// A test of values, or of whether something is there.
  mutating func relation() throws(DisplayFilterError) -> FilterTest {
    var quantifier: Bool?
    if try take(.any) { quantifier = false } else if try take(.all) { quantifier = true }
    let left = try operand()
    guard case .mark(let mark) = token.kind else {
      if quantifier != nil { throw missingComparison() }
      return try existence(left)
    }
    switch mark {
    case .contains:
      try take()
      return try contains(left, all: quantifier ?? false)
    case .matches:
      try take()
      return try matches(left, all: quantifier ?? false)
    case .in:
      try take()
      return try membership(left, all: quantifier ?? false)
    case .not:
      try take()
      guard try take(.in) else { throw unexpected() }
      return .not(try membership(left, all: quantifier ?? false))
    default:
      guard mark.comparison != nil else {
        if quantifier != nil { throw missingComparison() }
        return try existence(left)
      }
      return try comparisons(left, quantifier)
    }
  }

  private func missingComparison() -> DisplayFilterError {
    DisplayFilterError(
      "'any' and 'all' belong to a comparison, as in: all tcp.port > 1024", at: token.range)
  }

  /// A comparison, or a chain of them: in `a < b < c` both hold.
  private mutating func comparisons(
    _ first: FilterTerm, _ quantifier: Bool?
  ) throws(DisplayFilterError) -> FilterTest {
    var tests: [FilterTest] = []
    var left = first
    while case .mark(let mark) = token.kind, let (comparison, all) = mark.comparison {
      let sign = try take()
      let right = try operand()
      guard case .typed = left else { throw literalInFront(left) }
      let pair = try paired(left, right, sign)
      tests.append(
        .compare(pair.0, comparison, pair.1, all: quantifier ?? all))
      left = right
    }
    return tests.count == 1 ? tests[0] : .and(tests)
  }

  /// Something is there: a field, a part of one, or a number that is not zero.
  private mutating func existence(_ term: FilterTerm) throws(DisplayFilterError) -> FilterTest {
    guard case .typed(let operand, _, let range) = term else { throw literalInFront(term) }
    switch operand {
    case .field(let place): return .exists(place)
    case .slice: return .isThere(operand, isNumber: false)
    case .arithmetic: return .isThere(operand, isNumber: true)
    case .function, .constant:
      throw DisplayFilterError(
        "a function's result is to be compared, as in: len(tcp) > 32", at: range)
    }
  }

  /// A literal where a field has to be.
  private func literalInFront(_ term: FilterTerm) -> DisplayFilterError {
    guard case .literal(let literal) = term else { return unexpected() }
    if case .word(let word) = literal.token.kind, word.utf8.first.map({ $0 > 0x39 }) ?? false {
      return .unknownField(word, at: literal.range)
    }
    return DisplayFilterError(
      "a field or a function stands here; what it is compared with follows", at: literal.range)
  }

  private mutating func contains(
    _ left: FilterTerm, all: Bool
  ) throws(DisplayFilterError) -> FilterTest {
    let (operand, type) = try searched(left, "contains")
    let right = try self.operand()
    switch right {
    case .literal(let literal):
      let wanted = try literal.octets(for: type, surroundings)
      return .contains(operand, .constant(.octets(wanted)), all: all)
    case .typed(let other, let otherType, let range):
      guard otherType.hasOctets else {
        throw DisplayFilterError("this has no octets: \(otherType)", at: range)
      }
      need(other)
      return .contains(operand, other, all: all)
    }
  }

  private mutating func matches(
    _ left: FilterTerm, all: Bool
  ) throws(DisplayFilterError) -> FilterTest {
    let (operand, _) = try searched(left, "matches")
    guard case .string(let octets) = token.kind else {
      throw DisplayFilterError(
        "a regular expression in double quotes is missing, as in: http.host matches \"^www\"",
        at: token.range)
    }
    let range = try take().range
    do throws(DisplayFilter.PatternError) {
      let pattern = try surroundings.pattern(String(decoding: octets, as: UTF8.self))
      patterns.append(pattern)
      return .matches(operand, pattern, all: all)
    } catch {
      throw DisplayFilterError("no regular expression: \(error.message)", at: range)
    }
  }

  /// What is searched in: it needs octets.
  private mutating func searched(
    _ term: FilterTerm, _ operator: String
  ) throws(DisplayFilterError) -> (FilterOperand, FieldType) {
    guard case .typed(let operand, let type, let range) = term else { throw literalInFront(term) }
    guard type.hasOctets else {
      throw DisplayFilterError(
        "'\(`operator`)' searches text and octets, and this is: \(type); string() makes text of it",
        at: range)
    }
    need(operand)
    return (operand, type)
  }

  private mutating func membership(
    _ term: FilterTerm, all: Bool
  ) throws(DisplayFilterError) -> FilterTest {
    guard case .typed(let operand, _, _) = term else { throw literalInFront(term) }
    let sign = token
    try expect(.leftBrace, "which opens a set, as in: tcp.port in {80, 8000..8080}")
    var ranges: [FilterRange] = []
    repeat {
      let from = try paired(term, try self.operand(), sign).1
      let to = try take(.range) ? try paired(term, try self.operand(), sign).1 : from
      ranges.append(FilterRange(from: from, to: to))
    } while try take(.comma)
    try expect(.rightBrace, "which closes the set; commas stand between its values")
    return .isIn(operand, ranges, all: all)
  }
}
