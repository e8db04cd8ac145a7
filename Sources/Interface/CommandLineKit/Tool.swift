import LinuxSystem
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

  /// Prints one line on standard error.
  ///
  /// Paths, names and libraries' words may be in it as they came: no control character of theirs
  /// reaches the terminal.
  public static func printDiagnostic(_ message: String) {
    var errors = LineOutput(to: StandardStream.error, flushing: .eachLine)
    printDiagnostic(message, to: &errors)
  }

  /// Prints one line on `errors`, safe for a terminal.
  static func printDiagnostic(_ message: String, to errors: inout LineOutput) {
    errors.text.append(SafeText.printable(message))
    errors.endLine()
    errors.flush()
  }

  /// Says in two lines what is wrong with a command line, and where help is to be had.
  ///
  /// - Returns: the exit code, 2.
  public static func printUsageError(
    tool: String, error: UsageError, to errors: inout LineOutput
  ) -> Int32 {
    printDiagnostic("\(tool): \(error.message)", to: &errors)
    for line in error.details { printDiagnostic(line, to: &errors) }
    printDiagnostic("Try '\(tool) --help'.", to: &errors)
    return usageExitCode
  }

  /// Says on standard error why the job could not be done.
  ///
  /// - Parameters:
  ///   - tool: the tool's name.
  ///   - message: one line.
  ///   - exitCode: what the tool ends with.
  /// - Returns: `exitCode`.
  public static func printFailure(
    tool: String, _ message: String, exitCode: Int32 = usageExitCode
  ) -> Int32 {
    printDiagnostic("\(tool): \(message)")
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
      case .help:
        output.flush()
        output.text = help(columns: columns, options)
      case .version: output.text.append(versionText)
      }
      output.flush()
      guard let failure = output.failure else { return .exit(0) }
      Tool.printDiagnostic("\(tool): \(failure)", to: &errors)
      return .exit(1)
    } catch {
      return .exit(Tool.printUsageError(tool: tool, error: error, to: &errors))
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
