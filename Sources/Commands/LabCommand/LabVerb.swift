import CommandLineKit
import LinuxSystem

/// One of the things that `lab-swift` does: its first word on the command line, or for one that has
/// kinds, its first two.
struct LabVerb: Sendable {
  /// As it is typed.
  let name: String
  /// What it does, a phrase in lower case without a full stop.
  let summary: String
  /// A whole command line, and what it does in one sentence.
  var example: (command: String, explanation: String)?
  /// Runs it with what stands behind its name; gives the exit code.
  let run: @Sendable ([String]) -> CInt

  /// In the order of the help.
  static let all: [LabVerb] = [
    .run, .shell, .up, .down, .status, .topologies, .topology, .serve, .connect, .query, .sockets,
    .ports,
  ]

  /// What messages of a verb begin with, and what its `--help` is asked of.
  static func tool(_ name: String) -> String { "\(LabCommand.toolName) \(name)" }

  /// Reads the command line of a verb, and does its job or says what is wrong.
  static func start<Options>(
    _ table: OptionTable<Options>, _ arguments: [String], _ options: Options,
    _ job: (Options, _ operands: [String], _ command: [String]?) throws(UsageError) -> CInt
  ) -> CInt {
    var options = options
    switch table.start(arguments, into: &options) {
    case .exit(let code): return code
    case .run(let operands, let command):
      do throws(UsageError) {
        return try job(options, operands, command)
      } catch {
        return Tool.printUsageError(tool: table.tool, error: error)
      }
    }
  }
}

extension UsageError {
  /// Throws unless there are no further words.
  static func requireNone(_ operands: some Collection<String>) throws(UsageError) {
    guard let surplus = operands.first else { return }
    throw UsageError("unexpected \(quoted(surplus))")
  }
}
