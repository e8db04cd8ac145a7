import CommandLineKit
import LinuxSystem
import PacketText
import SimulatedInternet
import TerminalText

/// `lab-swift`, from its arguments to its exit code.
public enum LabCommand {
  /// The lab itself failed; commands that run others, such as env and timeout, use the same.
  static let failureExitCode: CInt = 125

  /// Runs the tool. The process has a single thread, and belongs to the lab from then on: it moves
  /// into namespaces of its own.
  ///
  /// - Parameter arguments: what stands behind the tool's name.
  /// - Returns: the code of the command that ran inside, 128 and the number of the signal that ended
  ///   it; 2 for a bad option or lab file, 125 if the lab could not be set up, 126 or 127 if the
  ///   command could not be run or found.
  public static func run(_ arguments: [String]) -> CInt {
    Signal.ignoreBrokenPipe()
    var options = LabOptions()
    switch LabOptions.table.start(arguments, into: &options) {
    case .exit(let code): return code
    case .run(let operands, let command):
      do throws(UsageError) {
        return try run(options, operands, command)
      } catch {
        return Tool.printUsageError(tool: LabOptions.toolName, error: error)
      }
    }
  }

  private static func run(
    _ options: LabOptions, _ operands: [String], _ command: [String]?
  ) throws(UsageError) -> CInt {
    switch operands.first {
    case "topology" where operands.count == 1 && command == nil: return printTopology()
    case "run" where operands.count == 1:
      guard let command, !command.isEmpty else {
        throw UsageError(
          "no command is given; it stands behind --, as in: lab-swift run -- ping ...")
      }
      return run(options, command)
    case "run", "topology":
      let surplus = operands.dropFirst().first ?? "--"
      throw UsageError(
        "unexpected \(UsageError.quoted(surplus)); a command to be run stands behind --")
    case let word?: throw UsageError("\(UsageError.quoted(word)) is neither run nor topology")
    case nil: throw UsageError("say what to do: run or topology")
    }
  }

  private static func printTopology() -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    output.text.append(Topology.defaultText)
    output.flush()
    return output.failure == nil ? 0 : 1
  }

  private static func run(_ options: LabOptions, _ command: [String]) -> CInt {
    var topology = Topology.default
    if let path = options.topologyPath {
      do {
        let text = String(decoding: try readFile(path), as: UTF8.self)
        topology = try Topology(parsing: text, named: path)
      } catch {
        return fail("\(error)", code: Tool.usageExitCode)
      }
    }
    options.apply(to: &topology)
    do throws(SystemError) {
      let lab = try Lab(topology, seed: options.seed)
      return try lab.run(command)
    } catch {
      return fail("\(error)", code: failureExitCode)
    }
  }

  /// One line on standard error; it may repeat text of a file or a system's message.
  static func fail(_ message: String, code: CInt) -> CInt {
    Tool.printFailure(tool: LabOptions.toolName, message, exitCode: code)
  }
}
