import CommandLineKit
import LinuxSystem
import ServerShell

extension LabVerb {
  static let serve = LabVerb(
    name: "serve", summary: "serves others, on this host's own network or inside a lab",
    example: ("lab-swift serve tcp", "An echo server on 127.0.0.1, port 9000.")
  ) { arguments in
    VerbChoice(
      tool: tool("serve"),
      summary: """
        Serves clients until it is interrupted, and tells what they do. On this host's loopback \
        interface, unless another address is given.
        """, verbs: [.serveTCP, .serveUDP, .serveDNS, .serveHTTP, .serveWebSocket],
      usageNote: "a command line that cannot be used"
    ).run(arguments)
  }

  /// Runs a server until a signal ends it, or nobody reads its journal any more; the last line counts
  /// clients.
  ///
  /// - Returns: the exit code.
  static func runServer(
    _ tool: String, clients: String, journal: ServerJournal,
    _ open: () throws(SystemError) -> [any Server]
  ) -> CInt {
    runServer(tool, journal: journal, finish: { journal.finish(clients) }, open)
  }

  /// Runs a server until a signal ends it, or nobody reads its journal any more; `finish` says the
  /// last line.
  ///
  /// - Returns: the exit code.
  static func runServer(
    _ tool: String, journal: ServerJournal, finish: () -> Void,
    _ open: () throws(SystemError) -> [any Server]
  ) -> CInt {
    do throws(SystemError) {
      let signals = try SignalSource([.interrupt, .terminate, .hangUp])
      let servers = try open()
      // A port below 1024 is all that root was needed for.
      try Privileges.dropAllCapabilities()
      try ServerLoop.run(servers, until: signals, while: { journal.isOpen })
      finish()
      return 0
    } catch {
      return Tool.printFailure(tool: tool, "\(error)", exitCode: 1)
    }
  }
}
