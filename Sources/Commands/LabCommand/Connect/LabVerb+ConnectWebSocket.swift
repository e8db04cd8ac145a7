import CommandLineKit
import LinuxSystem
import PacketWire
import ServiceEngine
import TransportSecurity

/// What the command line of `lab-swift connect websocket` asks for.
struct ConnectWebSocketOptions: Hashable, Sendable {
  var isVerbose = false
  /// Between two pings; nil: none.
  var pingInterval: Nanoseconds?
  /// How long to listen behind the end of the input.
  var patience = Nanoseconds.zero
  var comparesWays = false
}

extension LabVerb {
  static let connectWebSocket = LabVerb(
    name: "websocket", summary: "with messages over a WebSocket",
    example: (
      "lab-swift connect websocket \"ws://127.0.0.1:8765/chat?name=Ada\"",
      "A conversation in a chat room."
    )
  ) { arguments in
    start(connectWebSocketTable, arguments, ConnectWebSocketOptions()) {
      options, operands, _ throws(UsageError) in
      guard let text = operands.first else {
        throw UsageError("say where: ws://HOST[:PORT]/PATH")
      }
      try UsageError.requireNone(operands.dropFirst())
      guard let url = WebURL(text, plain: "ws", secure: "wss") else {
        throw UsageError("\(UsageError.quoted(text)) is not ws://HOST[:PORT]/PATH, or wss://")
      }
      if options.comparesWays, url.isSecure {
        throw UsageError("--compare counts without TLS: say ws://, not wss://")
      }
      return connectWebSocket(url, options)
    }
  }

  private static func connectWebSocket(
    _ url: WebURL, _ options: ConnectWebSocketOptions
  ) -> CInt {
    let name = ServerName(host: url.host, port: url.port)
    return runClient(connectWebSocketTable.tool, of: name) { endpoints throws(SystemError) in
      let signals = try SignalSource([.interrupt, .terminate, .hangUp])
      if options.comparesWays {
        return try ChatComparison(at: url, endpoints, signals).run()
      }
      guard let socket = try StreamClient.connect(to: endpoints, signals) else { return 1 }
      let security: ClientSecurity
      do throws(TLSError) {
        security = try ClientSecurity(toServer: url.host, isSecure: url.isSecure)
      } catch {
        return Tool.printFailure(tool: connectWebSocketTable.tool, "\(error)", exitCode: 1)
      }
      var conversation = try WebSocketConversation(
        over: socket, security, to: url, options, signals: signals)
      return try conversation.run()
    }
  }

  private static var connectWebSocketTable: OptionTable<ConnectWebSocketOptions> {
    OptionTable(
      tool: tool("connect websocket"), usage: ["[OPTION]... ws://HOST[:PORT]/PATH"],
      summary: """
        Sends each line of standard input as a text message over a WebSocket (RFC 6455), and prints \
        each message that comes as a line. At the end of the input it closes the connection, and \
        waits until the server has done so too. With wss:// in place of ws:// it goes over TLS, and \
        the server's certificate has to come from somebody whom the system trusts.
        """
    ) { options in
      options.group("What is shown")
      options.flag(
        "v", "verbose", help: "tell of the handshake, pings, pongs and why it was closed"
      ) { $0.isVerbose = true }
      options.group("What is done")
      options.seconds(
        "i", "ping", in: .milliseconds(10)...(.seconds(3600)),
        help: "send a ping so often; with -v, how long the pong took"
      ) { $0.pingInterval = $1 }
      options.seconds(
        "w", "wait", in: .zero...(.seconds(86_400)),
        help: "go on listening for so long behind the end of the input (default 0)"
      ) { $0.patience = $1 }
      options.flag(
        nil, "compare",
        help: """
          hold a conversation in the server's chat by WebSocket, and the same by long polling, and \
          print what went over the wire for each
          """
      ) { $0.comparesWays = true }
    } notes: { notes in
      notes.example(
        "lab-swift run -- lab-swift connect websocket --compare ws://www.discord.test",
        "Full duplex beside long polling, across twelve hops.")
      notes.example(
        "echo hello | lab-swift connect websocket -v ws://127.0.0.1:8765/echo",
        "One message, and what comes back.")
      notes.exitCode(0, "the connection was closed as it should be")
      notes.exitCode(1, "there was no connection, the server did not agree, or it broke off")
      notes.exitCode(2, "a bad option")
    }
  }
}
