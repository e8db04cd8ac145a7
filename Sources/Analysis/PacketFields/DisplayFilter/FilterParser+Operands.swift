/// What stands on one side of a comparison.
enum FilterTerm {
  /// Its type is that of the other side.
  case literal(FilterLiteral)
  case typed(FilterOperand, FieldType, Range<Int>)

  var range: Range<Int> {
    switch self {
    case .literal(let literal): literal.range
    case .typed(_, _, let range): range
    }
  }
}

extension FilterParser {
  /// Values with arithmetic between them. `&` binds least, as in wireshark-filter(4).
  mutating func operand() throws(DisplayFilterError) -> FilterTerm {
    try arithmetic([.bitwiseAnd]) { parser throws(DisplayFilterError) in
      try parser.arithmetic([.plus, .minus]) { parser throws(DisplayFilterError) in
        try parser.arithmetic([.times, .divide, .modulo]) { parser throws(DisplayFilterError) in
          try parser.factor()
        }
      }
    }
  }

  private mutating func arithmetic(
    _ marks: [FilterToken.Mark], _ part: (inout Self) throws(DisplayFilterError) -> FilterTerm
  ) throws(DisplayFilterError) -> FilterTerm {
    var left = try part(&self)
    while case .mark(let mark) = token.kind, marks.contains(mark),
      let operation = FilterArithmetic(rawValue: mark.rawValue)
    {
      let sign = try take()
      arithmeticLeft -= 1
      guard arithmeticLeft >= 0 else {
        throw DisplayFilterError("too much arithmetic for one filter", at: sign.range)
      }
      left = try joined(left, operation, try part(&self), sign)
    }
    return left
  }

  private mutating func joined(
    _ left: FilterTerm, _ operation: FilterArithmetic, _ right: FilterTerm, _ sign: FilterToken
  ) throws(DisplayFilterError) -> FilterTerm {
    let range = left.range.lowerBound..<right.range.upperBound
    let type: FieldType
    switch (left, right) {
    case (.typed(_, let known, _), _), (_, .typed(_, let known, _)): type = known
    case (.literal, .literal):
      throw DisplayFilterError("of two numbers write the result", at: range)
    }
    let isPossible = operation == .bitwiseAnd ? type.hasBits : type.isNumeric
    guard isPossible else {
      throw DisplayFilterError(
        "'\(operation.rawValue)' cannot be done with: \(type)", at: sign.range)
    }
    let pair = try paired(left, right, sign)
    return .typed(.arithmetic(pair.0, operation, pair.1), type, range)
  }

  private mutating func factor() throws(DisplayFilterError) -> FilterTerm {
    let start = token.range.lowerBound
    if try take(.leftBrace) {
      let term = try nested { parser throws(DisplayFilterError) in try parser.operand() }
      try expect(.rightBrace, "which closes '{'")
      return term
    }
    if try take(.plus) {
      return try nested { parser throws(DisplayFilterError) in try parser.factor() }
    }
    if try take(.minus) {
      let term = try nested { parser throws(DisplayFilterError) in try parser.factor() }
      switch term {
      case .literal(var literal):
        literal.isNegative.toggle()
        literal.range = start..<literal.range.upperBound
        return .literal(literal)
      case .typed(let operand, let type, _):
        guard type.isNumeric else {
          throw DisplayFilterError("'-' cannot be done with: \(type)", at: start..<start + 1)
        }
        need(operand)
        let zero: FieldValue = type == .relativeTime ? .time(0) : .number(0)
        return .typed(.arithmetic(.constant(zero), .subtract, operand), type, start..<end)
      }
    }
    return try sliced(try value())
  }

  /// A literal, a field or a function.
  private mutating func value() throws(DisplayFilterError) -> FilterTerm {
    switch token.kind {
    case .string, .character: return .literal(FilterLiteral(try take()))
    case .word(let word):
      let taken = try take()
      if token.kind == .mark(.leftParenthesis) { return try function(word, taken) }
      guard let field = PacketField.filterable[word] else {
        return .literal(FilterLiteral(taken))
      }
      var layers: [FilterSlice] = []
      if case .layers(let text) = token.kind {
        layers = try FilterSlice.list(text, at: try take().range)
      }
      return .typed(use(field, layers), field.type, taken.range.lowerBound..<end)
    default: throw unexpected()
    }
  }

  /// A value with slices behind it.
  private mutating func sliced(_ term: FilterTerm) throws(DisplayFilterError) -> FilterTerm {
    var term = term
    while case .brackets(let text) = token.kind {
      guard case .typed(let operand, let type, let range) = term, type.hasSlices else {
        throw DisplayFilterError(
          "brackets take octets of text, of octets and of addresses", at: token.range)
      }
      arithmeticLeft -= 1
      guard arithmeticLeft >= 0 else { throw unexpected() }
      need(operand)
      let slices = try FilterSlice.list(text, at: try take().range)
      term = .typed(.slice(operand, slices), .bytes, range.lowerBound..<end)
    }
    return term
  }

  /// The operand of a field, which is kept once for all its uses.
  private mutating func use(_ field: PacketField, _ layers: [FilterSlice]) -> FilterOperand {
    if let known = fields.firstIndex(where: { $0.field.name == field.name && $0.layers == layers })
    {
      return .field(known)
    }
    fields.append(FilterField(field: field, layers: layers, needsValues: false))
    return .field(fields.count - 1)
  }

  /// The values of an operand's fields are needed.
  mutating func need(_ operand: FilterOperand) {
    switch operand {
    case .constant: break
    case .field(let place): fields[place].needsValues = true
    case .slice(let inner, _): need(inner)
    case .function(let function, let arguments):
      if function != .count { for argument in arguments { need(argument) } }
    case .arithmetic(let left, _, let right):
      need(left)
      need(right)
    }
  }

  /// Two sides that can be compared: a literal takes the type of the other one.
  mutating func paired(
    _ left: FilterTerm, _ right: FilterTerm, _ sign: FilterToken
  ) throws(DisplayFilterError) -> (FilterOperand, FilterOperand) {
    switch (left, right) {
    case (.typed(let one, let type, let range), .typed(let two, let other, let otherRange)):
      guard type.isComparable(to: other), type != .label else {
        throw DisplayFilterError(
          "these cannot be compared: \(type), and \(other)",
          at: range.lowerBound..<max(range.upperBound, otherRange.upperBound))
      }
      need(one)
      need(two)
      return (one, two)
    case (.typed(let one, let type, let range), .literal(let literal)):
      try checkHasValue(type, range)
      need(one)
      return (one, .constant(try literal.value(of: type, surroundings)))
    case (.literal(let literal), .typed(let two, let type, let range)):
      try checkHasValue(type, range)
      need(two)
      return (.constant(try literal.value(of: type, surroundings)), two)
    case (.literal, .literal):
      throw DisplayFilterError("one side has to be a field", at: sign.range)
    }
  }

  private func checkHasValue(
    _ type: FieldType, _ range: Range<Int>
  ) throws(DisplayFilterError) {
    guard type == .label else { return }
    throw DisplayFilterError(
      "this has no value: it is there or it is not, so its name alone is the test", at: range)
  }
}
