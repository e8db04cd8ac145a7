import CommandLineKit
import LinuxSystem
import PacketWire
import ServiceEngine
import TransportSecurity

/// What the command line of `lab-swift connect http` asks for.
struct ConnectHTTPOptions: Hashable, Sendable {
  var isVerbose = false
  var wantsHeadOnly = false
}

extension LabVerb {
  static let connectHTTP = LabVerb(
    name: "http", summary: "asks a web server for a page",
    example: ("lab-swift connect http -v http://127.0.0.1:8080/", "A page, and how it came.")
  ) { arguments in
    start(connectHTTPTable, arguments, ConnectHTTPOptions()) {
      options, operands, _ throws(UsageError) in
      guard let text = operands.first else {
        throw UsageError("say where: http://HOST[:PORT]/PATH")
      }
      try UsageError.requireNone(operands.dropFirst())
      guard let url = WebURL(text, plain: "http", secure: "https") else {
        throw UsageError(
          "\(UsageError.quoted(text)) is not http://HOST[:PORT]/PATH, or https://")
      }
      return connectHTTP(url, options)
    }
  }

  private static func connectHTTP(_ url: WebURL, _ options: ConnectHTTPOptions) -> CInt {
    let tool = connectHTTPTable.tool
    return runClient(tool, of: ServerName(host: url.host, port: url.port)) {
      endpoints throws(SystemError) in
      let signals = try SignalSource([.interrupt, .terminate, .hangUp])
      guard let socket = try StreamClient.connect(to: endpoints, signals) else { return 1 }
      let security: ClientSecurity
      do throws(TLSError) {
        security = try ClientSecurity(toServer: url.host, isSecure: url.isSecure)
      } catch {
        return Tool.printFailure(tool: tool, "\(error)", exitCode: 1)
      }
      var fetch = PageFetch(over: socket, security, of: url, options, signals: signals)
      return try fetch.run()
    }
  }

  private static var connectHTTPTable: OptionTable<ConnectHTTPOptions> {
    OptionTable(
      tool: tool("connect http"), usage: ["[OPTION]... http://HOST[:PORT]/PATH"],
      summary: """
        Asks a web server for a page by HTTP/1.1, and prints it. With https:// it goes over TLS, and \
        the server's certificate has to come from somebody whom the system trusts. Redirects are \
        not followed.
        """
    ) { options in
      options.group("What is shown")
      options.flag(
        "v", "verbose", help: "what is asked and the head of the answer too, on standard error"
      ) { $0.isVerbose = true }
      options.flag("I", "head", help: "the head of the answer, and nothing else (HEAD)") {
        $0.wantsHeadOnly = true
      }
    } notes: { notes in
      notes.example(
        "lab-swift run -- lab-swift connect http -I https://www.discord.test/",
        "What the lab's site says about its page.")
      notes.exitCode(0, "the page came, or a redirect (2xx, 3xx)")
      notes.exitCode(1, "there was no connection, the page is not there, or it broke off")
      notes.exitCode(2, "a bad option")
    }
  }
}
