import CommandLineKit
import LinuxNet
import LinuxSystem
import NameResolution
import PacketText
import PortNames

extension LabVerb {
  static let connect = LabVerb(
    name: "connect", summary: "talks to a server: what you type is sent, what comes is printed",
    example: ("lab-swift connect tcp localhost 9000", "A conversation over TCP.")
  ) { arguments in
    VerbChoice(
      tool: tool("connect"),
      summary: "Sends standard input to a server, and prints what the server says.",
      verbs: [.connectTCP, .connectUDP, .connectHTTP, .connectWebSocket],
      usageNote: "a command line that cannot be used"
    ).run(arguments)
  }
}

/// The server that a client was told to talk to.
struct ServerName: Hashable, Sendable {
  /// A name or an address.
  let host: String
  /// The port.
  let port: UInt16

  /// A server of which both are known.
  init(host: String, port: UInt16) { (self.host, self.port) = (host, port) }

  /// Reads the operands `HOST PORT`.
  init(_ operands: [String]) throws(UsageError) {
    guard operands.count >= 2 else { throw UsageError("say to whom: HOST PORT") }
    try UsageError.requireNone(operands.dropFirst(2))
    host = operands[0]
    // A service's name will do for its port.
    if let named = PortTable.entries(named: operands[1]).first {
      port = named.port
    } else {
      port = try NumberText.integer(operands[1], in: 1...UInt16.max)
    }
  }

  /// Where it may be, the best to try first; at least one.
  func endpoints() throws(ResolutionError) -> [Endpoint] {
    try NameResolver.addresses(of: host).map {
      Endpoint($0.address, port: port, scope: $0.scope)
    }
  }
}

extension LabVerb {
  /// Runs a client, and says why it could not do its job.
  ///
  /// - Returns: the exit code.
  static func runClient(
    _ tool: String, of server: ServerName, _ job: ([Endpoint]) throws(SystemError) -> CInt
  ) -> CInt {
    do {
      try Privileges.dropAllCapabilities()
      return try job(server.endpoints())
    } catch {
      return Tool.printFailure(tool: tool, "\(error)", exitCode: 1)
    }
  }
}
