/// All that a tool's command line can say, in one place: it is parsed and explained from here.
public struct OptionTable<Options>: Sendable {
  /// The tool's name, as it stands in messages.
  public let tool: String
  /// What may follow the name, one line for each form: `[OPTION]... TARGET`.
  public let usage: [String]
  /// What the tool does, in one sentence.
  public let summary: String
  /// The options, with `--help` and `--version` at the end.
  public let groups: [OptionGroup<Options>]
  /// Command lines that do something useful.
  public let examples: [UsageExample]
  /// What the exit codes mean.
  public let exitCodes: [ExitCodeMeaning]
  /// Options stand before the first operand only, because what follows belongs to another command;
  /// otherwise they may stand anywhere before `--`.
  public let stopsAtFirstOperand: Bool

  /// A table; `-h`, `--help`, `-V` and `--version` are added, each unless an option already has it.
  /// Every spelling is there once.
  public init(
    tool: String, usage: [String], summary: String, groups: [OptionGroup<Options>],
    examples: [UsageExample] = [], exitCodes: [ExitCodeMeaning] = [],
    stopsAtFirstOperand: Bool = false
  ) {
    (self.tool, self.usage, self.summary) = (tool, usage, summary)
    (self.examples, self.exitCodes) = (examples, exitCodes)
    self.stopsAtFirstOperand = stopsAtFirstOperand
    let own = groups.flatMap(\.options)
    self.groups =
      groups + [OptionGroup("Help", StandardOption.allCases.map { $0.spec(beside: own) })]
    let spellings = self.groups.flatMap(\.options).flatMap { $0.spellings }
    for (index, spelling) in spellings.enumerated() {
      precondition(!spellings[..<index].contains(spelling), "\(spelling) is there twice")
    }
  }

  /// All options in the order of the help.
  var options: [OptionSpec<Options>] { groups.flatMap(\.options) }
}

/// A command line that does something useful.
public struct UsageExample: Hashable, Sendable {
  /// The whole command line.
  public var command: String
  /// What it does, in one sentence.
  public var explanation: String

  /// An example.
  public init(_ command: String, _ explanation: String) {
    (self.command, self.explanation) = (command, explanation)
  }
}

/// What one exit code tells a script.
public struct ExitCodeMeaning: Hashable, Sendable {
  /// The code.
  public var code: Int32
  /// When the tool ends with it.
  public var meaning: String

  /// An exit code.
  public init(_ code: Int32, _ meaning: String) { (self.code, self.meaning) = (code, meaning) }
}

/// The options that every tool has. They are the last two of a table.
enum StandardOption: Int, CaseIterable {
  case help
  case version

  func spec<Options>(beside own: [OptionSpec<Options>]) -> OptionSpec<Options> {
    let (letter, name, help): (Unicode.Scalar, String, String) =
      switch self {
      case .help: ("h", "help", "show this help and end")
      case .version: ("V", "version", "show the version and end")
      }
    let isTaken = own.contains { $0.letter == letter }
    return OptionSpec(isTaken ? nil : letter, name, help: help) { _, _ in }
  }
}

extension OptionSpec {
  /// The spellings with their dashes, the letter first.
  var spellings: [String] {
    (letter.map { ["-\($0)"] } ?? []) + (name.map { ["--\($0)"] } ?? [])
  }
}
