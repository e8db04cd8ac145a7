/// Reads an expression by descent, and makes the program of it at once: what a literal is depends on
/// the type of what it is compared with.
struct FilterParser {
  private var scanner: FilterScanner
  /// The next token, which was not taken yet.
  private(set) var token: FilterToken
  /// Behind the last token that was taken.
  private(set) var end = 0
  let surroundings: DisplayFilter.Surroundings
  /// The fields that were asked for.
  var fields: [FilterField] = []
  var patterns: [any TextPattern] = []
  /// How many parentheses, braces, functions and signs are open: each costs room on the stack.
  private var depth = 0
  /// How many operators are left for arithmetic.
  var arithmeticLeft = 100

  private static let maximumDepth = 60
  private static let maximumLength = 65_536

  init(
    _ expression: String, _ surroundings: DisplayFilter.Surroundings
  ) throws(DisplayFilterError) {
    guard expression.utf8.count <= Self.maximumLength else {
      throw DisplayFilterError("a filter has at most \(Self.maximumLength) octets", at: 0..<0)
    }
    scanner = FilterScanner(expression)
    token = try scanner.next()
    self.surroundings = surroundings
  }

  /// Reads all of it.
  mutating func parse() throws(DisplayFilterError) -> FilterTest {
    let test = try disjunction()
    guard token.kind == .end else { throw unexpected() }
    return test
  }

  /// Takes the next token.
  @discardableResult
  mutating func take() throws(DisplayFilterError) -> FilterToken {
    let taken = token
    end = taken.range.upperBound
    token = try scanner.next()
    return taken
  }

  /// Takes the next token if it is that mark.
  mutating func take(_ mark: FilterToken.Mark) throws(DisplayFilterError) -> Bool {
    guard token.kind == .mark(mark) else { return false }
    try take()
    return true
  }

  /// Takes that mark, or says what it is for.
  mutating func expect(
    _ mark: FilterToken.Mark, _ purpose: String
  ) throws(DisplayFilterError) {
    guard try take(mark) else {
      throw DisplayFilterError("'\(mark.rawValue)' is missing, \(purpose)", at: token.range)
    }
  }

  /// Goes one level deeper for as long as `body` runs.
  mutating func nested<Result>(
    _ body: (inout Self) throws(DisplayFilterError) -> Result
  ) throws(DisplayFilterError) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      throw DisplayFilterError(
        "more than \(Self.maximumDepth) levels of parentheses and signs", at: token.range)
    }
    return try body(&self)
  }

  /// What stands here cannot.
  func unexpected() -> DisplayFilterError {
    switch token.kind {
    case .end: DisplayFilterError("the filter ends too early", at: token.range)
    case .word(let word):
      DisplayFilterError(
        "\(DisplayFilterError.quoted(word)) is not expected here; 'and' or 'or' joins tests",
        at: token.range)
    case .mark(let mark):
      DisplayFilterError("'\(mark.rawValue)' is not expected here", at: token.range)
    default: DisplayFilterError("this is not expected here", at: token.range)
    }
  }

  private mutating func disjunction() throws(DisplayFilterError) -> FilterTest {
    let tests = try list(of: .or) { parser throws(DisplayFilterError) in
      let tests = try parser.list(of: .xor) { parser throws(DisplayFilterError) in
        let tests = try parser.list(of: .and) { parser throws(DisplayFilterError) in
          try parser.negation()
        }
        return tests.count == 1 ? tests[0] : .and(tests)
      }
      return tests.count == 1 ? tests[0] : .xor(tests)
    }
    return tests.count == 1 ? tests[0] : .or(tests)
  }

  private mutating func list(
    of mark: FilterToken.Mark, _ part: (inout Self) throws(DisplayFilterError) -> FilterTest
  ) throws(DisplayFilterError) -> [FilterTest] {
    var tests = [try part(&self)]
    while try take(mark) { tests.append(try part(&self)) }
    return tests
  }

  private mutating func negation() throws(DisplayFilterError) -> FilterTest {
    if try take(.not) {
      return .not(try nested { parser throws(DisplayFilterError) in try parser.negation() })
    }
    guard try take(.leftParenthesis) else { return try relation() }
    let test = try nested { parser throws(DisplayFilterError) in try parser.disjunction() }
    try expect(.rightParenthesis, "which closes '('")
    if case .mark(let mark) = token.kind, mark.comparison != nil || mark == .in {
      throw DisplayFilterError(
        "parentheses hold tests; around a value that is compared write {braces}", at: token.range)
    }
    return test
  }
}

extension FilterToken.Mark {
  /// What an operator asks of the values, and whether of every pair of them.
  var comparison: (FilterComparison, all: Bool)? {
    switch self {
    case .equal: (.equal, false)
    case .notEqual: (.notEqual, true)
    case .allEqual: (.equal, true)
    case .anyNotEqual: (.notEqual, false)
    case .greater: (.greater, false)
    case .less: (.less, false)
    case .greaterOrEqual: (.greaterOrEqual, false)
    case .lessOrEqual: (.lessOrEqual, false)
    default: nil
    }
  }
}
