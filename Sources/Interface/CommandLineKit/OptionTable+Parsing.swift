import LinuxSystem

/// What a command line asks for.
public enum ParsedArguments: Hashable, Sendable {
  /// The tool's job. `command` is what stands behind `--`, or nil without a `--`.
  case run(operands: [String], command: [String]?)
  /// The help and nothing else.
  case help
  /// The version and nothing else.
  case version
}

extension OptionTable {
  /// Reads a command line without the tool's own name. Options take effect in the order in which they
  /// were typed; `--help` and `--version` end the reading. On an error `options` is as it was.
  public func parse(
    _ arguments: [String], into options: inout Options
  ) throws(UsageError) -> ParsedArguments {
    let specs = self.options
    let scanner = OptionScanner(
      specs.map {
        OptionDeclaration(letter: $0.letter, name: $0.name, takesValue: $0.placeholder != nil)
      }, order: stopsAtFirstOperand ? .stopAtFirstOperand : .permute)
    let scanned = scanner.scan(arguments)
    var parsed = options
    var operands: [String] = []
    for argument in scanned.arguments {
      switch argument {
      case .operand(let operand): operands.append(operand)
      case .option(let index, let spelling, let value):
        switch StandardOption(rawValue: index - (specs.count - StandardOption.allCases.count)) {
        case .help: return .help
        case .version: return .version
        case nil: try apply(specs[index], spelling, value, to: &parsed)
        }
      default: throw Self.error(for: argument)
      }
    }
    options = parsed
    return .run(operands: operands, command: scanned.afterDoubleDash)
  }

  private func apply(
    _ spec: OptionSpec<Options>, _ spelling: String, _ value: String?, to options: inout Options
  ) throws(UsageError) {
    do {
      try spec.apply(&options, value)
    } catch {
      throw UsageError("option '\(spelling)': \(error.message)")
    }
  }

  private static func error(for argument: ScannedArgument) -> UsageError {
    switch argument {
    case .unknown(let word):
      UsageError("unknown option \(UsageError.quoted(word))")
    case .ambiguous(let word, let candidates):
      UsageError(
        "option \(UsageError.quoted(word)) can mean \(candidates.joined(separator: " or "))")
    case .missingValue(let spelling):
      UsageError("option '\(spelling)' needs a value")
    case .unexpectedValue(let spelling):
      UsageError("option '\(spelling)' takes no value")
    case .option, .operand:
      preconditionFailure("an option and an operand are no errors")
    }
  }
}
