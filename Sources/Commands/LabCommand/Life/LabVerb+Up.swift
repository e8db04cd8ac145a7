import CommandLineKit
import LinuxNet
import LinuxSystem

extension LabVerb {
  static let up = LabVerb(
    name: "up", summary: "makes a lab that stays",
    example: ("lab-swift up && lab-swift shell --in lab", "A lab that stays, and a shell in it.")
  ) { arguments in
    start(upTable, arguments, RunOptions()) { options, operands, command throws(UsageError) in
      try UsageError.requireNone(operands.dropFirst() + (command.map { _ in ["--"] } ?? []))
      let name = try operands.first.map { name throws(UsageError) in try LabName(name) }
      return setUp(name ?? .standard, options)
    }
  }

  private static var upTable: OptionTable<RunOptions> {
    OptionTable(
      tool: tool("up"), usage: ["[OPTION]... [NAME]"],
      summary: """
        Makes a lab that stays until 'lab-swift down', and returns once it can be used: by 'lab-swift \
        run --in NAME' and 'lab-swift shell --in NAME', as often and as many at once as you like. \
        Without a NAME it is called lab. Several labs can be up side by side, and each user has labs \
        of their own.
        """
    ) { options in
      RunOptions.sayLab(&options)
    } notes: { notes in
      notes.example("lab-swift up", "The default lab, called lab.")
      notes.example(
        "lab-swift up lossy --loss 5", "Another one beside it, which loses packets.")
      notes.exitCode(0, "the lab is up")
      notes.exitCode(2, "a bad option or a bad lab file")
      notes.exitCode(125, "the lab could not be set up, or there is one of this name")
    }
  }

  private static func setUp(_ name: LabName, _ options: RunOptions) -> CInt {
    let plan: LabPlan
    do throws(LabFileError) {
      plan = try options.plan()
    } catch {
      return LabCommand.fail("\(error)", code: Tool.usageExitCode)
    }
    do throws(SystemError) {
      return try BackgroundProcess.start { ready in keepUp(name, plan, ready) }
    } catch {
      return LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
    }
  }

  /// What the background process does.
  private static func keepUp(
    _ name: LabName, _ plan: LabPlan, _ ready: consuming ReadySignal
  ) -> CInt {
    do throws(SystemError) {
      let signals = try SignalSource.forLab()
      // Of two that want the same name, one gets no further than here.
      let listener = try LocalListener(name: name.socketName)
      let lab = try Lab(plan)
      return try lab.stay(listener, ready: ready, signals: signals)
    } catch {
      let message =
        error.isInUse
        ? "there is a lab '\(name)' already; 'lab-swift down \(name)' ends it" : "\(error)"
      return LabCommand.fail(message, code: LabCommand.failureExitCode)
    }
  }
}
