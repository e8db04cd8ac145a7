import CommandLineKit
import LinuxSystem
import PacketText
import SimulatedInternet
import TerminalText

extension LabVerb {
  static let topology = LabVerb(
    name: "topology", summary: "prints the default lab file, a good start for your own"
  ) { arguments in
    start(topologyTable, arguments, NoOptions()) { _, operands, command throws(UsageError) in
      try UsageError.requireNone(operands + (command.map { _ in ["--"] } ?? []))
      return printText(Topology.defaultText)
    }
  }

  private struct NoOptions: Sendable {}

  private static var topologyTable: OptionTable<NoOptions> {
    OptionTable(
      tool: tool("topology"), usage: ["[OPTION]..."],
      summary: "Prints the lab file that labs are made from when none is given."
    ) { _ in
    } notes: { notes in
      notes.example("lab-swift topology > my.lab", "A lab file to change.")
    }
  }

  /// Prints to standard output; gives the exit code.
  static func printText(_ text: String) -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    output.text.append(text)
    output.flush()
    return output.failure == nil ? 0 : 1
  }
}
