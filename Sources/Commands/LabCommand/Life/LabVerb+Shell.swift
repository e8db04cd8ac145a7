import CommandLineKit
import LinuxSystem

extension LabVerb {
  static let shell = LabVerb(
    name: "shell", summary: "opens a shell inside a simulated internet"
  ) { arguments in
    start(shellTable, arguments, RunOptions()) {
      options, operands, command throws(UsageError) in
      try UsageError.requireNone(operands + (command.map { _ in ["--"] } ?? []))
      return try runInside(options, shellCommand(options))
    }
  }

  private static var shellTable: OptionTable<RunOptions> {
    OptionTable(
      tool: tool("shell"), usage: ["[OPTION]..."],
      summary: """
        Opens a shell ($SHELL, or sh) inside a simulated internet, with a prompt that says so. \
        Everything that was started in it ends with it, unless the lab is one that stays.
        """
    ) { options in
      RunOptions.sayPlace(&options)
      RunOptions.sayLab(&options)
    } notes: { notes in
      notes.example("lab-swift shell", "A shell in a new lab; curl, dig and tcpdump work there.")
      notes.example("lab-swift shell --in lab", "A shell in the lab that 'lab-swift up' has made.")
      RunOptions.sayExitCodes(&notes)
    }
  }

  /// The user's shell, and the variables that its prompt comes from.
  private static func shellCommand(_ options: RunOptions) -> Command {
    let program = Privileges.environment("SHELL").flatMap { $0.isEmpty ? nil : $0 } ?? "sh"
    let place = options.lab.map { "lab \($0)" } ?? "lab"
    let label = options.end == .server ? "(\(place), server) " : "(\(place)) "
    var command = Command([program])
    command.leadsJob = TerminalHome().isInput
    command.environment = ["WIREWALK_LAB": options.lab?.description ?? ""]
    if program.split(separator: "/").last == "bash" {
      // The user's own files set PS1, so that it is put before that at the first prompt.
      command.environment["PROMPT_COMMAND"] = "PS1=\"\(label)$PS1\"; unset PROMPT_COMMAND"
    } else {
      command.environment["PS1"] = label + (Privileges.userNumber == 0 ? "# " : "$ ")
    }
    return command
  }
}
