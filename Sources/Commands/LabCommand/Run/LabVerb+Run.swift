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
      return try runInside(options, Command(command))
    }
  }

  /// Runs a command in a new lab, or in one that is up; gives the exit code.
  static func runInside(_ options: RunOptions, _ command: Command) throws(UsageError) -> CInt {
    try options.requireOneLab()
    var command = command
    command.environment.merge(LabFiles.environment) { own, _ in own }
    if let name = options.lab {
      return runInLab(name, at: options.end, command)
    }
    do {
      let plan = try options.plan()
      return runInNewLab(plan, at: options.end, command)
    } catch {
      return LabCommand.fail("\(error)", code: Tool.usageExitCode)
    }
  }

  private static func runInNewLab(_ plan: LabPlan, at end: LabEnd, _ command: Command) -> CInt {
    do throws(SystemError) {
      let signals = try SignalSource.forLab()
      let lab = try Lab(plan, for: command, at: end)
      return try lab.runCommand(signals: signals)
    } catch {
      return LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
    }
  }

  private static func runInLab(_ name: LabName, at end: LabEnd, _ command: Command) -> CInt {
    do {
      let signals = try SignalSource.forLab()
      let connection = try LabConnection(to: name)
      try connection.join(at: end)
      var command = command
      command.endsWithParent = true
      let task = CommandTask(try ChildProcess(command), signals: signals)
      try Privileges.dropAllCapabilities()
      task.release()
      let code = try wait(for: task)
      guard code == 128 + Signal.kill.rawValue, connection.hasEnded() else { return code }
      return LabCommand.fail("the lab '\(name)' has ended, and the command with it", code: code)
    } catch {
      return LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
    }
  }

  /// Lets a command run elsewhere than in a lab of this process.
  private static func wait(for task: any LabTask) throws(SystemError) -> CInt {
    var poller = Poller()
    task.watch(with: &poller)
    while true {
      if let code = task.exitCode { return code }
      try poller.wait(until: nil)
      try task.attend(&poller) { SimulatedInternet.Counters() }
    }
  }
}
