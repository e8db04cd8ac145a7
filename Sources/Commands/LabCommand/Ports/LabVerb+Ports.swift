import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import PortNames
import TerminalText

extension LabVerb {
  private struct PortsOptions: Sendable {
    var showsAll = false
  }

  static let ports = LabVerb(
    name: "ports", summary: "tells what ports are called and what they are for",
    example: ("lab-swift ports imap", "The port of a service.")
  ) { arguments in
    start(portsTable, arguments, PortsOptions()) { options, operands, command throws(UsageError) in
      try UsageError.requireNone(operands.dropFirst() + (command.map { _ in ["--"] } ?? []))
      guard let word = operands.first else {
        let others = options.showsAll ? PortTable.registered() : []
        return printPorts((PortTable.all() + others).sorted { $0.port < $1.port })
      }
      guard word.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !word.isEmpty else {
        return printPorts(named: word)
      }
      return printPort(try NumberText.integer(word, in: 0...UInt16.max))
    }
  }

  private static func printPort(_ port: UInt16) -> CInt {
    let entries = PortTable.entries(ofPort: port)
    guard entries.isEmpty else { return printPorts(entries) }
    return Tool.printFailure(
      tool: portsTable.tool, "port \(port) has no name here; \(range(of: port))", exitCode: 1)
  }

  private static func printPorts(named name: String) -> CInt {
    let entries = PortTable.entries(named: name)
    guard entries.isEmpty else { return printPorts(entries) }
    let near = PortTable.names(near: name)
    let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?"
    return Tool.printFailure(
      tool: portsTable.tool, "no port is called \(UsageError.quoted(name))\(hint)", exitCode: 1)
  }

  /// Who gives out a port (RFC 6335 §6).
  private static func range(of port: UInt16) -> String {
    switch port {
    case ..<1024: "0 to 1023 are IANA's system ports, and for root"
    case ..<49_152: "1024 to 49151 are IANA's user ports"
    default: "49152 to 65535 are given to nobody: clients use them"
    }
  }

  private static func printPorts(_ entries: [RegisteredPort]) -> CInt {
    let settings = TerminalSettings.current(of: StandardStream.output)
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    let nameWidth = entries.map(\.name.utf8.count).max() ?? 0
    for entry in entries {
      let port = "\(entry.port)"
      output.text.append(repeating: 0x20, count: 5 - port.utf8.count)
      output.text.append(port, as: .emphasis, settings.style)
      output.text.append(entry.protocols.contains(.tcp) ? "  tcp" : "     ")
      output.text.append(entry.protocols.contains(.udp) ? " udp" : "    ")
      output.text.append("  ")
      output.text.append(entry.name, as: .application, settings.style)
      let others =
        entry.aliases.isEmpty ? "" : " Also \(entry.aliases.joined(separator: ", "))."
      let purpose = entry.purpose + others
      if !purpose.isEmpty {
        let column = 18 + nameWidth
        output.text.append(repeating: 0x20, count: nameWidth + 2 - entry.name.utf8.count)
        output.text.append(
          wrapping: purpose, columns: settings.columns, at: column, hanging: column)
      }
      output.endLine()
    }
    output.flush()
    return output.failure == nil ? 0 : 1
  }

  private static var portsTable: OptionTable<PortsOptions> {
    OptionTable(
      tool: tool("ports"), usage: ["[NAME|NUMBER]"],
      summary: """
        Tells which port has which name and what is behind it; without an operand, of all that have one \
        here. Names are those of IANA and /etc/services, or what a port is called by everybody else; lab- stands before this tool's own.
        """
    ) { options in
      options.group("Ports")
      options.flag(
        "a", "all", help: "without an operand: also those that IANA has given a name and no more"
      ) { $0.showsAll = true }
    } notes: { notes in
      notes.example("lab-swift ports 25", "What is called by that number.")
      notes.example("lab-swift ports telnet", "What is called by that name.")
      notes.exitCode(0, "it has been told")
      notes.exitCode(1, "there is no such port here")
      notes.exitCode(2, "a bad option, or no port at all")
    }
  }
}
