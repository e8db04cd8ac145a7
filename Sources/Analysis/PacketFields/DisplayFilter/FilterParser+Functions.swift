extension FilterParser {
  /// A function and its arguments; the next token is the parenthesis.
  mutating func function(
    _ name: String, _ taken: FilterToken
  ) throws(DisplayFilterError) -> FilterTerm {
    guard let function = FilterFunction(rawValue: name) else {
      let known = FilterFunction.allCases.map { $0.rawValue }.joined(separator: ", ")
      throw DisplayFilterError(
        "there is no function \(DisplayFilterError.quoted(name)); there are: \(known)",
        at: taken.range)
    }
    try expect(.leftParenthesis, "which opens the arguments")
    var arguments: [FilterTerm] = []
    if token.kind != .mark(.rightParenthesis) {
      repeat {
        arguments.append(
          try nested { parser throws(DisplayFilterError) in try parser.operand() })
      } while try take(.comma)
    }
    try expect(.rightParenthesis, "which closes the arguments")
    let range = taken.range.lowerBound..<end
    let (operands, type) = try checked(function, arguments, taken)
    return .typed(.function(function, operands), type, range)
  }

  /// The arguments as operands, and the type of the result.
  private mutating func checked(
    _ function: FilterFunction, _ arguments: [FilterTerm], _ name: FilterToken
  ) throws(DisplayFilterError) -> ([FilterOperand], FieldType) {
    guard case .typed(let first, let type, let range)? = arguments.first(where: \.isTyped) else {
      throw DisplayFilterError("\(function.rawValue)() needs a field", at: name.range)
    }
    if function != .count { need(first) }
    if function == .max || function == .min {
      guard type.isNumeric || type == .ipv4 || type == .ipv6 || type == .string else {
        throw DisplayFilterError("of these there is no largest: \(type)", at: range)
      }
      var operands: [FilterOperand] = []
      for argument in arguments {
        operands.append(try paired(.typed(first, type, range), argument, name).1)
      }
      return (operands, type)
    }
    guard arguments.count == 1 else {
      throw DisplayFilterError("\(function.rawValue)() has one argument", at: name.range)
    }
    let (isPossible, result, wanted): (Bool, FieldType, String) =
      switch function {
      case .len: (type.hasSlices, .unsigned(32), "text, octets and addresses")
      case .count:
        if case .field = first { (true, .unsigned(32), "") } else { (false, type, "fields") }
      case .lower, .upper: (type == .string, .string, "text")
      case .string: (type.becomesText, .string, "numbers and addresses")
      default: (type.isNumeric, type, "numbers")
      }
    guard isPossible else {
      throw DisplayFilterError(
        "\(function.rawValue)() is for \(wanted), and this is: \(type)", at: range)
    }
    return ([first], result)
  }
}

extension FilterTerm {
  fileprivate var isTyped: Bool {
    if case .typed = self { true } else { false }
  }
}
