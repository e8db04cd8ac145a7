import PacketText
public import TerminalText

/// The version of the suite, which is the version of each tool.
public enum SuiteVersion {
  /// Major, minor and patch level (semver.org).
  public static let text = "0.1.0"
}

/// What all tools do alike.
public enum Tool {
  /// The exit code for a command line that cannot be run.
  public static let usageExitCode: Int32 = 2

  /// How a tool goes on when its command line was read.
  public enum Start: Hashable, Sendable {
    /// With its job. `command` is what stands behind `--`, or nil without a `--`.
    case run(operands: [String], command: [String]?)
    /// Not at all: what was to be said is said.
    case exit(Int32)
  }

  /// Says in two lines what is wrong with a command line, and where help is to be had.
  ///
  /// - Returns: the exit code, 2.
  public static func printUsageError(
    tool: String, error: UsageError, to errors: inout LineOutput
  ) -> Int32 {
    errors.text.append("\(tool): \(error.message)")
    errors.endLine()
    errors.text.append("Try '\(tool) --help'.")
    errors.endLine()
    errors.flush()
    return usageExitCode
  }

  /// Says on standard error why the job could not be done.
  ///
  /// - Parameters:
  ///   - tool: the tool's name.
  ///   - message: one line, safe to print.
  ///   - exitCode: what the tool ends with.
  /// - Returns: `exitCode`.
  public static func printFailure(
    tool: String, _ message: String, exitCode: Int32 = usageExitCode
  ) -> Int32 {
    var errors = LineOutput(to: 2, flushing: .whenFull)
    errors.text.append("\(tool): \(message)")
    errors.endLine()
    errors.flush()
    return exitCode
  }

  /// Says so on standard error.
  ///
  /// - Returns: the exit code, 2.
  public static func printUsageError(tool: String, error: UsageError) -> Int32 {
    var errors = LineOutput(to: 2, flushing: .whenFull)
    return printUsageError(tool: tool, error: error, to: &errors)
  }
}

extension OptionTable {
  /// Reads the command line of a tool, and answers `--help`, `--version` and errors; `columns` is how
  /// wide the help may be.
  public func start(
    _ arguments: [String], into options: inout Options, columns: Int, output: inout LineOutput,
    errors: inout LineOutput
  ) -> Tool.Start {
    do {
      switch try parse(arguments, into: &options) {
      case .run(let operands, let command): return .run(operands: operands, command: command)
      case .help: output.text.append(help(columns: columns))
      case .version: output.text.append(versionText)
      }
      output.flush()
      return .exit(output.failure == nil ? 0 : 1)
    } catch {
      return .exit(Tool.printUsageError(tool: description.tool, error: error, to: &errors))
    }
  }

  /// Reads the command line of a tool, and answers `--help`, `--version` and errors on the standard
  /// streams.
  public func start(_ arguments: [String], into options: inout Options) -> Tool.Start {
    var output = LineOutput(to: 1, flushing: .whenFull)
    var errors = LineOutput(to: 2, flushing: .whenFull)
    return start(
      arguments, into: &options, columns: TerminalSettings.current(of: 1).columns, output: &output,
      errors: &errors)
  }
}
