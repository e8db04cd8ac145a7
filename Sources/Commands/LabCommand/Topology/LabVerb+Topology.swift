import CommandLineKit
import LinuxSystem
import PacketText
import SimulatedInternet
import TerminalText

extension LabVerb {
  static let topology = LabVerb(
    name: "topology", summary: "prints a lab file, a good start for your own",
    example: ("lab-swift topology diamond > my.lab", "A lab file to change.")
  ) { arguments in
    start(topologyTable, arguments, NoOptions()) { _, operands, command throws(UsageError) in
      try UsageError.requireNone(operands.dropFirst() + (command.map { _ in ["--"] } ?? []))
      return printing { output throws(LabFileError) in
        output.text.append(try TopologyChoice(operands.first ?? "default").text)
      }
    }
  }

  static let topologies = LabVerb(
    name: "topologies", summary: "lists the labs that there are, and draws them",
    example: ("lab-swift topologies diamond", "Where its ways part and meet.")
  ) { arguments in
    start(topologiesTable, arguments, NoOptions()) { _, operands, command throws(UsageError) in
      try UsageError.requireNone(command.map { _ in ["--"] } ?? [])
      let settings = TerminalSettings.current(of: StandardStream.output)
      return printing { output throws(LabFileError) in
        if operands.isEmpty { appendList(to: &output, settings.style) }
        for (index, word) in operands.enumerated() {
          if index > 0 { output.endLine() }
          append(try TopologyChoice(word), to: &output, settings.style)
        }
      }
    }
  }

  private struct NoOptions: Sendable {}

  private static var topologyTable: OptionTable<NoOptions> {
    OptionTable(
      tool: tool("topology"), usage: ["[NAME|FILE]"],
      summary: "Prints a lab file: that of the default lab, or another one of the gallery."
    ) { _ in
    } notes: { notes in
      notes.example("lab-swift topology > my.lab", "The default lab file, to change.")
    }
  }

  private static var topologiesTable: OptionTable<NoOptions> {
    OptionTable(
      tool: tool("topologies"), usage: ["[NAME|FILE]..."],
      summary: """
        Lists the labs of the gallery, or draws those that are named: from the client at the top to the \
        sites at the bottom, each router with what its links do and how it behaves.
        """
    ) { _ in
    } notes: { notes in
      notes.example("lab-swift topologies", "All labs, a line each.")
      notes.example(
        "lab-swift topologies nested ./my.lab", "Draws one of them, and one of your own.")
    }
  }

  /// Prints to standard output what `write` appends; gives the exit code.
  static func printing(
    _ write: (inout LineOutput) throws(LabFileError) -> Void
  ) -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    do throws(LabFileError) {
      try write(&output)
    } catch {
      output.flush()
      return LabCommand.fail("\(error)", code: Tool.usageExitCode)
    }
    output.flush()
    return output.failure == nil ? 0 : 1
  }

  private static func appendList(to output: inout LineOutput, _ style: TerminalStyle) {
    var table = TextTable([.left, .left])
    for entry in TopologyGallery.all {
      table.append([.init(entry.name, as: .emphasis), .init(entry.summary)])
    }
    for line in table.lines(style) {
      output.text.append(line)
      output.endLine()
    }
  }

  private static func append(
    _ choice: TopologyChoice, to output: inout LineOutput, _ style: TerminalStyle
  ) {
    output.text.append(
      choice.entry.map { "\($0.name): \($0.summary)" } ?? SafeText.printable(choice.name))
    output.endLine()
    output.endLine()
    let drawing = TopologyDrawing(choice.topology, isASCII: !TerminalSettings.showsUnicode)
    for line in drawing.lines(style) {
      output.text.append(line)
      output.endLine()
    }
    guard let entry = choice.entry else { return }
    output.endLine()
    output.text.append("  lab-swift run -t \(entry.name) -- \(entry.example)")
    output.endLine()
  }
}
