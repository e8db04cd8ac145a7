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
    return choice.run(arguments)
  }

  private static var choice: VerbChoice {
    VerbChoice(
      tool: toolName,
      summary: """
        An internet in a box, on one machine and without a network: simulated routers between real \
        network stacks, and servers to talk to. Nothing outside is touched.
        """, verbs: LabVerb.all,
      usageNote: "a command line or a lab file that cannot be used")
  }

  /// One line on standard error; it may repeat text of a file or a system's message.
  static func fail(_ message: String, code: CInt) -> CInt {
    Tool.printFailure(tool: toolName, message, exitCode: code)
  }
}
