import CommandLineKit
import LinuxSystem
import ServerShell
import ServiceEngine

/// What the command line of `lab-swift serve http` asks for.
struct ServeHTTPOptions: Hashable, Sendable {
  /// Nil: the built-in site.
  var folder: String?
  var place = ServerPlace(port: 8080)
}

extension LabVerb {
  static let serveHTTP = LabVerb(
    name: "http", summary: "shows a folder, or a small site of its own, to browsers",
    example: ("lab-swift serve http --folder docs", "A folder at http://127.0.0.1:8080/.")
  ) { arguments in
    start(serveHTTPTable, arguments, ServeHTTPOptions()) {
      options, operands, _ throws(UsageError) in
      try UsageError.requireNone(operands)
      return try serveHTTP(options)
    }
  }

  private static func serveHTTP(_ options: ServeHTTPOptions) throws(UsageError) -> CInt {
    let endpoint = try options.place.endpoint()
    let journal = ServerJournal()
    let log = AccessLog(journal)
    return runServer(serveHTTPTable.tool, journal: journal, finish: log.finish) {
      () throws(SystemError) in
      // Without a folder, what the lab's own site shows.
      let folder = try options.folder.map { path throws(SystemError) in try FolderContent(path) }
      let chat = ChatContent(ChatRoom(), besides: .chat)
      let content: any HTTPContent = folder ?? chat
      let server = try StreamServer(
        at: endpoint,
        makeService: { id, client in
          HTTPConnection(content, as: id, gzip: { GzipEncoder() }, report: log.report(id, client))
        }, wakes: chat.wakes)
      journal.note("HTTP server at http://\(try server.localEndpoint())/")
      return [server]
    }
  }

  private static var serveHTTPTable: OptionTable<ServeHTTPOptions> {
    OptionTable(
      tool: tool("serve http"), usage: ["[OPTION]..."],
      summary: """
        A web server for HTTP/1.1, with a line for each request. It shows the files below a folder, \
        and nothing outside of it or with a name that begins with a dot; without a folder, the site \
        of the lab, with its chat.
        """
    ) { options in
      options.group("What is shown")
      options.string(
        "f", "folder", "FOLDER", help: "the files below it, instead of the built-in site"
      ) { $0.folder = $1 }
      ServerPlace.sayOptions(&options, \.place, usualPort: "8080")
    } notes: { notes in
      notes.example("lab-swift serve http --folder docs", "Then open http://127.0.0.1:8080/.")
      notes.example(
        "curl -r 0-99 http://127.0.0.1:8080/", "The first hundred octets of a page (a range).")
      notes.example(
        "curl -v http://127.0.0.1:8080/?chunked", "The page in chunks, without a length.")
      notes.exitCode(0, "it was interrupted")
      notes.exitCode(1, "it cannot serve there, or there is no such folder")
      notes.exitCode(2, "a bad option, or a name that cannot be found")
    }
  }
}
