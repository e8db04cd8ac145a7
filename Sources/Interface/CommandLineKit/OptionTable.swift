import LinuxSystem

/// All that a tool's command line can say, in one place: it is parsed and explained from here.
///
/// The options are not a list but a function that says them one after the other, to whoever walks
/// along: one walk learns how they are spelled, one lets the option that was typed take effect, one
/// prints the help. Lists of options and of their effects would be half of what a tool does until its
/// first line of output, because the runtime builds each type of list when it is first made.
public struct OptionTable<Options>: Sendable {
  /// The tool's name, as it stands in messages.
  public let tool: String
  /// What may follow the name, one line for each form: `[OPTION]... TARGET`.
  public let usage: [String]
  /// What the tool does, in one or two sentences.
  public let summary: String
  /// Options stand before the first operand only, because what follows belongs to another command;
  /// otherwise they may stand anywhere before `--`.
  public let stopsAtFirstOperand: Bool

  let sayOptions: @Sendable (inout OptionWalk<Options>) -> Void
  let sayNotes: @Sendable (inout HelpNotes) -> Void

  /// A table; `-h`, `--help`, `-V` and `--version` are added, each letter unless an option already has
  /// it. No two options share a spelling.
  ///
  /// - Parameters:
  ///   - tool: the tool's name.
  ///   - usage: what may follow the name, one line for each form.
  ///   - summary: what the tool does.
  ///   - stopsAtFirstOperand: whether options stand before the first operand only.
  ///   - sayOptions: says each option once, the same ones in the same order at each call.
  ///   - sayNotes: says the examples, and then the exit codes.
  public init(
    tool: String, usage: [String], summary: String, stopsAtFirstOperand: Bool = false,
    options sayOptions: @escaping @Sendable (inout OptionWalk<Options>) -> Void,
    notes sayNotes: @escaping @Sendable (inout HelpNotes) -> Void
  ) {
    (self.tool, self.usage, self.summary) = (tool, usage, summary)
    self.stopsAtFirstOperand = stopsAtFirstOperand
    (self.sayOptions, self.sayNotes) = (sayOptions, sayNotes)
  }

  /// The text of `--version`, with its newline.
  public var versionText: String { "\(tool) (Wirewalk) \(SuiteVersion.text)\n" }

  /// Reads a command line without the tool's own name. Options take effect in the order in which they
  /// were typed; `--help` and `--version` end the reading. On an error `options` is as it was.
  public func parse(
    _ arguments: [String], into options: inout Options
  ) throws(UsageError) -> ParsedArguments {
    var walk = OptionWalk(options, .declaring)
    sayOptions(&walk)
    let own = walk.guide.declarations.count
    walk.guide.sayStandardOptions()
    let scanned = OptionScanner(
      walk.guide.declarations, order: stopsAtFirstOperand ? .stopAtFirstOperand : .permute
    ).scan(arguments)
    var operands: [String] = []
    for argument in scanned.arguments {
      switch argument {
      case .operand(let operand): operands.append(operand)
      case .option(let index, let spelling, let value):
        switch StandardOption(rawValue: index - own) {
        case .help: return .help
        case .version: return .version
        case nil:
          walk.guide.begin(.applying(index: index, value: value))
          sayOptions(&walk)
          if let failure = walk.guide.failure {
            throw UsageError("option '\(spelling)': \(failure.message)")
          }
        }
      default: throw UsageError(refused: argument)
      }
    }
    options = walk.options
    return .run(operands: operands, command: scanned.afterDoubleDash)
  }
}

/// What a command line asks for.
public enum ParsedArguments: Hashable, Sendable {
  /// The tool's job. `command` is what stands behind `--`, or nil without a `--`.
  case run(operands: [String], command: [String]?)
  /// The help and nothing else.
  case help
  /// The version and nothing else.
  case version
}

extension UsageError {
  /// What is wrong with a word that is neither an option of the tool nor an operand.
  fileprivate init(refused argument: ScannedArgument) {
    switch argument {
    case .unknown(let word):
      self.init("unknown option \(UsageError.quoted(word))")
    case .ambiguous(let word, let candidates):
      self.init(
        "option \(UsageError.quoted(word)) can mean \(candidates.joined(separator: " or "))")
    case .missingValue(let spelling): self.init("option '\(spelling)' needs a value")
    case .unexpectedValue(let spelling): self.init("option '\(spelling)' takes no value")
    case .option(_, let spelling, _), .operand(let spelling):
      self.init("\(UsageError.quoted(spelling)) cannot stand here")
    }
  }
}
