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

/// An option as it was typed.
@usableFromInline
struct ChosenOption {
  /// Its place in the table.
  @usableFromInline let index: Int
  /// Its declared spelling with the dashes.
  @usableFromInline let spelling: String
  /// Its value, if it takes one.
  @usableFromInline let value: String?
}

extension ToolDescription {
  @usableFromInline
  init(
    _ tool: String, _ usage: [String], _ summary: String, _ examples: [UsageExample],
    _ exitCodes: [ExitCodeMeaning], stopsAtFirstOperand: Bool
  ) {
    (self.tool, self.usage, self.summary) = (tool, usage, summary)
    (self.examples, self.exitCodes) = (examples, exitCodes)
    self.stopsAtFirstOperand = stopsAtFirstOperand
  }

  @usableFromInline
  mutating func append(_ title: String, _ options: [OptionDescription]) {
    groups.append(Group(title: title, options: options))
  }

  /// Ends the table.
  @usableFromInline
  mutating func appendStandardOptions() {
    let own = options
    append("Help", StandardOption.allCases.map { $0.description(beside: own) })
    assert(Set(spellings).count == spellings.count, "two options of \(tool) share a spelling")
  }

  private var spellings: [String] {
    options.flatMap { option in
      [option.letter.map { "-\($0)" }, option.name.map { "--\($0)" }].compactMap { $0 }
    }
  }

  /// Cuts a command line and checks it against the table, up to `--help` or `--version`.
  @usableFromInline
  func read(
    _ arguments: [String]
  ) throws(UsageError) -> (options: [ChosenOption], parsed: ParsedArguments) {
    let options = self.options
    let scanner = OptionScanner(
      options.map {
        OptionDeclaration(letter: $0.letter, name: $0.name, takesValue: $0.placeholder != nil)
      }, order: stopsAtFirstOperand ? .stopAtFirstOperand : .permute)
    let scanned = scanner.scan(arguments)
    var chosen: [ChosenOption] = []
    var operands: [String] = []
    for argument in scanned.arguments {
      switch argument {
      case .operand(let operand): operands.append(operand)
      case .option(let index, let spelling, let value):
        switch StandardOption(rawValue: index - (options.count - StandardOption.allCases.count)) {
        case .help: return (chosen, .help)
        case .version: return (chosen, .version)
        case nil: chosen.append(ChosenOption(index: index, spelling: spelling, value: value))
        }
      case .unknown(let word):
        throw UsageError("unknown option \(UsageError.quoted(word))")
      case .ambiguous(let word, let candidates):
        throw UsageError(
          "option \(UsageError.quoted(word)) can mean \(candidates.joined(separator: " or "))")
      case .missingValue(let spelling):
        throw UsageError("option '\(spelling)' needs a value")
      case .unexpectedValue(let spelling):
        throw UsageError("option '\(spelling)' takes no value")
      }
    }
    return (chosen, .run(operands: operands, command: scanned.afterDoubleDash))
  }
}
