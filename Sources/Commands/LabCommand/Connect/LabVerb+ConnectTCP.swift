import CommandLineKit
import LinuxNet
import LinuxSystem

extension LabVerb {
  private struct ConnectTCPOptions: Hashable, Sendable {}

  static let connectTCP = LabVerb(
    name: "tcp", summary: "over a TCP connection",
    example: ("echo hello | lab-swift connect tcp localhost 9000", "One line, and the answer.")
  ) { arguments in
    start(connectTCPTable, arguments, ConnectTCPOptions()) { _, operands, _ throws(UsageError) in
      let server = try ServerName(operands)
      return runClient(connectTCPTable.tool, of: server) { endpoints throws(SystemError) in
        let signals = try SignalSource([.interrupt, .terminate, .hangUp])
        guard let socket = try StreamClient.connect(to: endpoints, signals) else { return 1 }
        var client = try StreamClient(over: socket, signals: signals)
        return try client.run()
      }
    }
  }

  private static var connectTCPTable: OptionTable<ConnectTCPOptions> {
    OptionTable(
      tool: tool("connect tcp"), usage: ["HOST PORT"],
      summary: """
        Sends standard input over a TCP connection, and prints what comes. At the end of the input our \
        side of the connection ends; the server's side may go on.
        """
    ) { _ in
    } notes: { notes in
      notes.example("lab-swift connect tcp localhost 9999", "What a time server says.")
      notes.exitCode(0, "the server ended the connection, or you did")
      notes.exitCode(1, "there was no connection, or it broke")
      notes.exitCode(2, "a bad option")
    }
  }
}
