import LinuxSystem
import TerminalText

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

  /// The two lines that a wrong command line is answered with.
  public static func usageErrorText(tool: String, error: UsageError) -> String {
    "\(tool): \(error.message)\nTry '\(tool) --help'.\n"
  }

  /// Prints what is wrong with a command line to standard error.
  ///
  /// - Returns: the exit code, 2.
  public static func printUsageError(tool: String, error: UsageError) -> Int32 {
    _ = Terminal.write(usageErrorText(tool: tool, error: error).utf8.span, to: 2)
    return usageExitCode
  }
}

extension OptionTable {
  /// The text of `--version`.
  public var versionText: String { "\(tool) (Wirewalk) \(SuiteVersion.text)\n" }

  /// Reads the command line of a tool, and answers `--help`, `--version` and errors.
  public func start(_ arguments: [String], into options: inout Options) -> Tool.Start {
    do {
      switch try parse(arguments, into: &options) {
      case .run(let operands, let command): return .run(operands: operands, command: command)
      case .help: return answer(help(columns: TerminalSettings.current(of: 1).columns))
      case .version: return answer(versionText)
      }
    } catch {
      return .exit(Tool.printUsageError(tool: tool, error: error))
    }
  }

  private func answer(_ text: String) -> Tool.Start {
    switch Terminal.write(text.utf8.span, to: 1) {
    case .complete, .closed: .exit(0)
    case .failed: .exit(1)
    }
  }
}
