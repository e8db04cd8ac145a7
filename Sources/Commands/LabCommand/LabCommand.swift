import CommandLineKit
import LinuxSystem
import TerminalText

/// `lab-swift`, from its arguments to its exit code.
public enum LabCommand {
  /// The lab itself failed; commands that run others, such as env and timeout, use the same.
  static let failureExitCode: CInt = 125

  /// What messages begin with.
  static let toolName = "lab-swift"

  /// Runs the tool. The process has a single thread, and may belong to a lab from then on: it moves
  /// into namespaces of its own.
  ///
  /// - Parameter arguments: what stands behind the tool's name: a verb and what it takes.
  /// - Returns: the verb's code; 2 for a command line that cannot be run.
  public static func run(_ arguments: [String]) -> CInt {
    Signal.ignoreBrokenPipe()
    if let word = arguments.first, let verb = LabVerb.all.first(where: { $0.name == word }) {
      return verb.run(Array(arguments.dropFirst()))
    }
    var nothing = NoOptions()
    switch table.start(arguments, into: &nothing) {
    case .exit(let code): return code
    case .run(let operands, _):
      return Tool.printUsageError(tool: toolName, error: refusal(operands))
    }
  }

  private static func refusal(_ operands: [String]) -> UsageError {
    let verbs = LabVerb.all.map(\.name)
    let choice = verbs.dropLast().joined(separator: ", ") + " or " + (verbs.last ?? "")
    guard let word = operands.first else { return UsageError("say what to do: \(choice)") }
    return UsageError("\(UsageError.quoted(word)) is not one of \(choice)")
  }

  private struct NoOptions: Sendable {}

  private static var table: OptionTable<NoOptions> {
    OptionTable(
      tool: toolName, usage: ["COMMAND [OPTION]..."],
      summary: """
        An internet in a box, on one machine and without a network: simulated routers between real \
        network stacks, and servers to talk to. Nothing outside is touched.
        """, stopsAtFirstOperand: true
    ) { _ in
    } notes: { notes in
      for verb in LabVerb.all { notes.command(verb.name, verb.summary) }
      for verb in LabVerb.all {
        if let example = verb.example { notes.example(example.command, example.explanation) }
      }
      notes.exitCode(2, "a command line or a lab file that cannot be used")
    }
  }

  /// One line on standard error; it may repeat text of a file or a system's message.
  static func fail(_ message: String, code: CInt) -> CInt {
    Tool.printFailure(tool: toolName, message, exitCode: code)
  }
}
