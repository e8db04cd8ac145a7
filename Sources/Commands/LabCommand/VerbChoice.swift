import CommandLineKit
import LinuxSystem

/// A word that is followed by another, which says what is to be done: `lab-swift`, `lab-swift serve`.
struct VerbChoice: Sendable {
  /// What messages begin with.
  let tool: String
  /// What all of the verbs are about, in one or two sentences.
  let summary: String
  /// In the order of the help.
  let verbs: [LabVerb]
  /// When the tool ends with 2.
  let usageNote: String

  /// Runs the verb that the first argument names, or answers `--help` and errors.
  func run(_ arguments: [String]) -> CInt {
    if let word = arguments.first, let verb = verbs.first(where: { $0.name == word }) {
      return verb.run(Array(arguments.dropFirst()))
    }
    var nothing = NoOptions()
    switch table.start(arguments, into: &nothing) {
    case .exit(let code): return code
    case .run(let operands, _):
      return Tool.printUsageError(tool: tool, error: refusal(operands))
    }
  }

  private func refusal(_ operands: [String]) -> UsageError {
    let names = verbs.map(\.name)
    let choice = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    guard let word = operands.first else { return UsageError("say what to do: \(choice)") }
    return UsageError("\(UsageError.quoted(word)) is not one of \(choice)")
  }

  private struct NoOptions: Sendable {}

  private var table: OptionTable<NoOptions> {
    OptionTable(
      tool: tool, usage: ["COMMAND [OPTION]..."], summary: summary, stopsAtFirstOperand: true
    ) { _ in
    } notes: { notes in
      for verb in verbs { notes.command(verb.name, verb.summary) }
      for verb in verbs {
        if let example = verb.example { notes.example(example.command, example.explanation) }
      }
      notes.exitCode(Tool.usageExitCode, usageNote)
    }
  }
}
