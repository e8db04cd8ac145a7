import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketWire
import ServerShell
import ServiceEngine

/// What the command line of `lab-swift serve tcp` asks for.
struct ServeTCPOptions: Hashable, Sendable {
  /// What the server says.
  enum Kind: String, Hashable, Sendable {
    case echo
    case hello
    case time

    var port: UInt16 { self == .time ? 9999 : 9000 }
  }

  var kind = Kind.echo
  var isIterative = false
  var host = "127.0.0.1"
  /// The kind's own where it is not given.
  var port: UInt16?
  var patience = Nanoseconds.seconds(300)
  var comparesKinds = false

  var place: ServerPlace { ServerPlace(host: host, port: port ?? kind.port) }

  func service() -> any StreamService {
    switch kind {
    case .echo: EchoService()
    case .hello: AnnouncementService("Hello from server\r\n")
    case .time: AnnouncementService(time: WallClock.now())
    }
  }
}

extension LabVerb {
  static let serveTCP = LabVerb(
    name: "tcp", summary: "echoes over TCP, says hello, or what time it is",
    example: ("lab-swift serve tcp --time", "What time it is, on port 9999.")
  ) { arguments in
    start(serveTCPTable, arguments, ServeTCPOptions()) { options, operands, _ throws(UsageError) in
      try UsageError.requireNone(operands)
      if options.comparesKinds { return compareServers() }
      return try serveTCP(options)
    }
  }

  private static func serveTCP(_ options: ServeTCPOptions) throws(UsageError) -> CInt {
    let endpoint = try options.place.endpoint()
    let journal = ServerJournal()
    return runServer(serveTCPTable.tool, clients: "connection", journal: journal) {
      () throws(SystemError) in
      let server = try StreamServer(
        at: endpoint, maximumConnections: options.isIterative ? 1 : 8192,
        crowding: options.isIterative ? .othersWait : .idlestMakesRoom,
        makeService: { id, client in
          JournaledService(
            options.service(), id, client, patience: options.patience, in: journal)
        })
      let manner = options.isIterative ? "iterative" : "concurrent"
      journal.note(
        "\(manner) TCP \(options.kind.rawValue) server listening at \(try server.localEndpoint())")
      return [server]
    }
  }

  private static var serveTCPTable: OptionTable<ServeTCPOptions> {
    OptionTable(
      tool: tool("serve tcp"), usage: ["[OPTION]..."],
      summary: """
        Serves TCP connections until it is interrupted, and prints a line for each thing that \
        happens: a connection, what was received, the end.
        """
    ) { options in
      options.group("What is said")
      options.flag("e", "echo", help: "all that was received (RFC 862; the default)") {
        $0.kind = .echo
      }
      options.flag("o", "hello", help: "\"Hello from server\", and no more") { $0.kind = .hello }
      options.flag("t", "time", help: "what time it is, and no more (RFC 867 in ISO 8601)") {
        $0.kind = .time
      }
      options.group("How")
      options.flag("c", "concurrent", help: "all clients at once (the default)") {
        $0.isIterative = false
      }
      options.flag("i", "iterative", help: "one client to its end; the others wait meanwhile") {
        $0.isIterative = true
      }
      options.seconds(
        nil, "idle", in: .milliseconds(1)...(.seconds(86_400)),
        help: "end a connection that was told nothing for so long (default 300)"
      ) { $0.patience = $1 }
      options.flag(
        nil, "compare",
        help: "show what a slow client does to an iterative and to a concurrent server, and end"
      ) { $0.comparesKinds = true }
      options.group("Where")
      options.string(
        "b", "bind", "ADDRESS", help: "an address or name of this host (default 127.0.0.1)"
      ) { $0.host = $1 }
      options.integer(
        "p", "port", "PORT", in: 0...UInt16.max,
        help: "the port (default 9000, with --time 9999); 0: any that is free"
      ) { $0.port = $1 }
    } notes: { notes in
      notes.example(
        "lab-swift serve tcp", "Then, in another window: lab-swift connect tcp localhost 9000")
      notes.example(
        "lab-swift serve tcp --iterative", "One client after the other; try it with two at a time.")
      notes.example(
        "lab-swift serve tcp --compare", "Five clients, one of them slow, and two servers.")
      ServerPlace.sayExitCodes(&notes)
    }
  }
}
