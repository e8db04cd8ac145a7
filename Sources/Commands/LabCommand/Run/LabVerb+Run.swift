import CommandLineKit
import LinuxSystem
import SimulatedInternet

extension LabVerb {
  static let run = LabVerb(
    name: "run", summary: "runs a command inside a simulated internet",
    example: (
      "lab-swift run -- traceroute www.discord.test", "The twelve hops of the default lab."
    )
  ) { arguments in
    start(RunOptions.table, arguments, RunOptions()) {
      options, operands, command throws(UsageError) in
      if let surplus = operands.first {
        throw UsageError(
          "unexpected \(UsageError.quoted(surplus)); a command to be run stands behind --")
      }
      guard let command, !command.isEmpty else {
        throw UsageError(
          "no command is given; it stands behind --, as in: lab-swift run -- ping ...")
      }
      return runLab(options, command)
    }
  }

  private static func runLab(_ options: RunOptions, _ command: [String]) -> CInt {
    var topology: Topology
    do throws(LabFileError) {
      topology = try options.topology()
    } catch {
      return LabCommand.fail("\(error)", code: Tool.usageExitCode)
    }
    options.apply(to: &topology)
    do throws(SystemError) {
      let lab = try Lab(topology, seed: options.seed)
      return try lab.run(command)
    } catch {
      return LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
    }
  }
}
