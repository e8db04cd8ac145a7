import CommandLineKit
import LinuxSystem
import ServerShell
import ServiceEngine

/// What the command line of `lab-swift serve websocket` asks for.
struct ServeWebSocketOptions: Hashable, Sendable {
  var host = "127.0.0.1"
  var port: UInt16 = 8765

  var place: ServerPlace { ServerPlace(host: host, port: port) }
}

extension LabVerb {
  static let serveWebSocket = LabVerb(
    name: "websocket", summary: "a chat room with a web page, and an echo, over WebSocket",
    example: ("lab-swift serve websocket", "A chat room at http://127.0.0.1:8765/.")
  ) { arguments in
    start(serveWebSocketTable, arguments, ServeWebSocketOptions()) {
      options, operands, _ throws(UsageError) in
      try UsageError.requireNone(operands)
      return try serveWebSocket(options)
    }
  }

  private static func serveWebSocket(_ options: ServeWebSocketOptions) throws(UsageError) -> CInt {
    let endpoint = try options.place.endpoint()
    let journal = ServerJournal()
    let log = AccessLog(journal)
    let content = ChatContent(ChatRoom())
    return runServer(serveWebSocketTable.tool, journal: journal, finish: log.finish) {
      () throws(SystemError) in
      let server = try StreamServer(
        at: endpoint,
        makeService: { id, client in
          HTTPConnection(content, as: id, gzip: { GzipEncoder() }, report: log.report(id, client))
        }, wakes: content.wakes)
      let place = try server.localEndpoint()
      journal.note("chat room at http://\(place)/, echo at ws://\(place)/echo")
      return [server]
    }
  }

  private static var serveWebSocketTable: OptionTable<ServeWebSocketOptions> {
    OptionTable(
      tool: tool("serve websocket"), usage: ["[OPTION]..."],
      summary: """
        A chat room with a page for browsers at /. It is spoken over WebSocket at /chat?name=NAME, \
        and over plain requests at /poll, which wait until there is something to say (long \
        polling). At /echo, messages come back. A line is printed for each request.
        """
    ) { options in
      options.group("Where")
      options.string(
        "b", "bind", "ADDRESS", help: "an address or name of this host (default 127.0.0.1)"
      ) { $0.host = $1 }
      options.integer(
        "p", "port", "PORT", in: 0...UInt16.max,
        help: "the port (default 8765); 0: any that is free"
      ) { $0.port = $1 }
    } notes: { notes in
      notes.example(
        "lab-swift serve websocket",
        "Then open http://127.0.0.1:8765/ twice, or: lab-swift connect websocket \"ws://127.0.0.1:8765/chat?name=Ada\""
      )
      notes.example(
        "curl -d hello \"http://127.0.0.1:8765/poll?name=Bob\"", "Says something without a page.")
      notes.exitCode(0, "it was interrupted")
      notes.exitCode(1, "it cannot serve there")
      notes.exitCode(2, "a bad option, or a name that cannot be found")
    }
  }
}
