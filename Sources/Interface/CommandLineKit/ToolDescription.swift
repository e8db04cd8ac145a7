/// What a tool's command line can say, without what it does: the help is made from it.
public struct ToolDescription: Hashable, Sendable {
  /// The tool's name, as it stands in messages.
  public var tool: String
  /// What may follow the name, one line for each form: `[OPTION]... TARGET`.
  public var usage: [String]
  /// What the tool does, in one sentence.
  public var summary: String
  /// The options, with `--help` and `--version` at the end.
  public var groups: [Group] = []
  /// Command lines that do something useful.
  public var examples: [UsageExample]
  /// What the exit codes mean.
  public var exitCodes: [ExitCodeMeaning]
  /// Options stand before the first operand only, because what follows belongs to another command;
  /// otherwise they may stand anywhere before `--`.
  public var stopsAtFirstOperand: Bool

  /// Options that belong together in the help.
  public struct Group: Hashable, Sendable {
    /// The heading, without a colon.
    public var title: String
    /// The options in the order of the help.
    public var options: [OptionDescription]
  }

  /// All options in the order of the help.
  var options: [OptionDescription] {
    var options: [OptionDescription] = []
    for group in groups { options += group.options }
    return options
  }
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

  /// The option without its letter if one of `own` has that letter already.
  func description(beside own: [OptionDescription]) -> OptionDescription {
    let (letter, name, help): (Unicode.Scalar, String, String) =
      switch self {
      case .help: ("h", "help", "show this help and end")
      case .version: ("V", "version", "show the version and end")
      }
    let isTaken = own.contains { $0.letter == letter }
    return OptionDescription(isTaken ? nil : letter, name, help: help)
  }
}
