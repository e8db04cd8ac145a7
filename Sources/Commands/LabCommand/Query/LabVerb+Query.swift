import CommandLineKit
import LineFormat
import LinuxNet
import LinuxSystem
import NameResolution
import PacketText
import PacketWire
import TerminalText

/// What the command line of `lab-swift query` asks for.
struct QueryOptions: Hashable, Sendable {
  var port: UInt16 = 53
  var isTCP = false
  var showsHex = false
  /// For each response.
  var patience = Nanoseconds.seconds(3)
  /// So many queries at most, over UDP.
  var tries = 3
}

/// What is asked, and whom.
struct QueryTarget: Hashable, Sendable {
  var name: DNSName
  var type: DNSType
  /// Without one, that of this host.
  var server: String?

  /// Reads `NAME [TYPE] [@SERVER]`. An address is asked for its name.
  init(_ operands: [String]) throws(UsageError) {
    var words: [String] = []
    for operand in operands {
      if operand.hasPrefix("@") {
        guard server == nil, operand.count > 1 else {
          throw UsageError("unexpected \(UsageError.quoted(operand))")
        }
        server = String(operand.dropFirst())
      } else {
        words.append(operand)
      }
    }
    guard let word = words.first else { throw UsageError("say what to ask for: NAME [TYPE]") }
    try UsageError.requireNone(words.dropFirst(2))
    let address = IPAddress(word)
    guard let name = address.map({ DNSName(reverse: $0) }) ?? DNSName(word) else {
      throw UsageError("\(UsageError.quoted(word)) is no name that the DNS could have")
    }
    self.name = name
    type = address == nil ? .a : .ptr
    guard words.count > 1 else { return }
    guard let chosen = DNSType(name: words[1]) else {
      throw UsageError("\(UsageError.quoted(words[1])) is no type of records, such as A or MX")
    }
    type = chosen
  }
}

extension LabVerb {
  static let query = LabVerb(
    name: "query", summary: "asks a DNS server, and says what it answers",
    example: (
      "lab-swift query www.discord.test AAAA --hex", "One question, and each octet of it explained."
    )
  ) { arguments in
    start(queryTable, arguments, QueryOptions()) { options, operands, command throws(UsageError) in
      try UsageError.requireNone(command.map { _ in ["--"] } ?? [])
      let target = try QueryTarget(operands)
      let server: Endpoint
      do {
        server = try endpoint(of: target.server, options)
      } catch let error as UsageError {
        throw error
      } catch {
        return Tool.printFailure(tool: queryTable.tool, "\(error)", exitCode: 10)
      }
      return ask(target, server, options)
    }
  }

  private static func endpoint(of host: String?, _ options: QueryOptions) throws -> Endpoint {
    guard let host else {
      var first = try NameServers.configured()[0]  // at least one
      first.port = options.port
      return first
    }
    return try ServerPlace(host: host, port: options.port).endpoint()
  }

  private static func ask(
    _ target: QueryTarget, _ server: Endpoint, _ options: QueryOptions
  ) -> CInt {
    let output = QueryOutput(showsHex: options.showsHex)
    do throws(SystemError) {
      // What a stranger answers is read without any.
      try Privileges.dropAllCapabilities()
      let signals = try SignalSource([.interrupt, .terminate, .hangUp])
      var client = DNSClient(server, options, signals: signals) { output.note($0, $1) }
      let inquiry = DNSInquiry(
        target.name, target.type, identifier: UInt16.random(in: 0...UInt16.max))
      switch try client.ask(inquiry) {
      case .response(let octets, _):
        output.printAnswer(octets)
        return output.finish()
      case .nothing(let why):
        _ = output.finish()
        return Tool.printFailure(tool: queryTable.tool, why, exitCode: 9)
      case .interrupted:
        _ = output.finish()
        return 128 + Signal.interrupt.rawValue
      }
    } catch {
      return Tool.printFailure(tool: queryTable.tool, "\(error)", exitCode: 10)
    }
  }

  private static var queryTable: OptionTable<QueryOptions> {
    OptionTable(
      tool: tool("query"), usage: ["[OPTION]... NAME [TYPE] [@SERVER]"],
      summary: """
        Asks a DNS server for records of a name, of type A unless another one is given, and says in \
        words what it answers. Without a server it is the first of /etc/resolv.conf. An address is \
        asked for its name.
        """
    ) { options in
      options.group("How")
      options.integer(
        "p", "port", "PORT", in: 1...UInt16.max, help: "the server's port (default 53)"
      ) { $0.port = $1 }
      options.flag(nil, "tcp", help: "over TCP, and not only what is too long for UDP") {
        $0.isTCP = true
      }
      options.seconds(
        "w", "wait", in: .milliseconds(1)...(.seconds(3600)),
        help: "how long to wait for each response (default 3)"
      ) { $0.patience = $1 }
      options.integer(
        nil, "tries", "COUNT", in: 1...100, help: "how many queries over UDP at most (default 3)"
      ) { $0.tries = $1 }
      options.group("Output")
      options.flag(
        "x", "hex", help: "show messages in hex, in colours or with what each field is"
      ) { $0.showsHex = true }
    } notes: { notes in
      notes.example(
        "lab-swift query google.com @127.0.0.1 --port 10053",
        "Asks 'lab-swift serve dns' in another window.")
      notes.example("lab-swift run -- lab-swift query discord.test MX", "Asks the lab's server.")
      notes.exitCode(0, "there is a response, be it that there is no such name")
      notes.exitCode(2, "a bad option, or no name")
      notes.exitCode(9, "there is no response")
      notes.exitCode(10, "something else went wrong")
    }
  }
}

/// What `lab-swift query` prints.
private final class QueryOutput {
  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)
  private let showsHex: Bool
  private let style: TerminalStyle

  init(showsHex: Bool) {
    self.showsHex = showsHex
    style = TerminalSettings.current(of: StandardStream.output).style
  }

  /// A message that went out or came in.
  func note(_ octets: [UInt8], _ what: String) {
    guard showsHex else { return }
    line("\(counted(octets.count, "octet")) \(what)")
    for row in DNSHexView(octets, style).lines { line(row) }
  }

  func printAnswer(_ octets: [UInt8]) {
    let text = DNSMessageText(octets)
    for answer in text.answers { line(answer) }
    if let remark = text.remark { line(remark) }
  }

  func finish() -> CInt {
    output.flush()
    return output.failure == nil ? 0 : 10
  }

  private func line(_ text: String) {
    output.text.append(text)
    output.endLine()
  }
}
