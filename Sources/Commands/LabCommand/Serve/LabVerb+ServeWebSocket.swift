import CommandLineKit
import LinuxSystem
import ServerShell
import ServiceEngine

/// What the command line of `lab-swift serve websocket` asks for.
struct ServeWebSocketOptions: Hashable, Sendable {
  var place = ServerPlace(port: 8765)
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
      ServerPlace.sayOptions(&options, \.place, usualPort: "8765")
    } notes: { notes in
      notes.example(
        "lab-swift serve websocket",
        "Then open http://127.0.0.1:8765/ twice, or: lab-swift connect websocket \"ws://127.0.0.1:8765/chat?name=Ada\""
      )
      notes.example(
        "curl -d hello \"http://127.0.0.1:8765/poll?name=Bob\"", "Says something without a page.")
      ServerPlace.sayExitCodes(&notes)
    }
  }
}
