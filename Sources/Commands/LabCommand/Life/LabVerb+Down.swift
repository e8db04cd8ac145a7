import CommandLineKit
import LinuxSystem

extension LabVerb {
  static let down = LabVerb(
    name: "down", summary: "ends a lab that stays, and everything in it"
  ) { arguments in
    start(downTable, arguments, DownOptions()) { options, operands, command throws(UsageError) in
      try UsageError.requireNone(operands.dropFirst() + (command.map { _ in ["--"] } ?? []))
      if options.all {
        try UsageError.requireNone(operands)
        return endAll()
      }
      let name = try operands.first.map { name throws(UsageError) in try LabName(name) }
      return end([name ?? .standard])
    }
  }

  private struct DownOptions: Sendable {
    var all = false
  }

  private static var downTable: OptionTable<DownOptions> {
    OptionTable(
      tool: tool("down"), usage: ["[NAME]", "--all"],
      summary: """
        Ends a lab that 'lab-swift up' has made, and all commands in it, and returns once they are \
        gone. Without a NAME it is the one called lab.
        """
    ) { options in
      options.flag("a", "all", help: "all labs of this user") { $0.all = true }
    } notes: { notes in
      notes.exitCode(0, "it is gone")
      notes.exitCode(125, "there is no such lab, or it could not be ended")
    }
  }

  private static func endAll() -> CInt {
    do throws(SystemError) {
      return end(try LabName.all())
    } catch {
      return LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
    }
  }

  private static func end(_ names: [LabName]) -> CInt {
    var code: CInt = 0
    for name in names {
      do throws(LabError) {
        try LabConnection(to: name).end()
      } catch {
        code = LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
      }
    }
    return code
  }
}
