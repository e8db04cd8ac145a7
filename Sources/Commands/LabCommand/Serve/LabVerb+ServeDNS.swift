import CommandLineKit
import LineFormat
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ServerShell
import ServiceEngine
import TerminalText

/// What the command line of `lab-swift serve dns` asks for.
struct ServeDNSOptions: Hashable, Sendable {
  var place = ServerPlace(port: 10053)
  /// Nil: the built-in example.
  var recordsPath: String?
  var showsHex = false
  var printsExample = false
}

extension LabVerb {
  static let serveDNS = LabVerb(
    name: "dns", summary: "answers DNS queries from a file of records, over UDP and TCP",
    example: (
      "lab-swift serve dns --hex", "A DNS server on 127.0.0.1, port 10053, that shows each octet."
    )
  ) { arguments in
    start(serveDNSTable, arguments, ServeDNSOptions()) { options, operands, _ throws(UsageError) in
      try UsageError.requireNone(operands)
      if options.printsExample {
        return printing { output throws(LabFileError) in output.text.append(DNSRecordFile.example) }
      }
      let records: [DNSRecord]
      do throws(LabFileError) {
        records = try readRecords(options.recordsPath)
      } catch {
        return LabCommand.fail("\(error)", code: Tool.usageExitCode)
      }
      return serveDNS(records, at: try options.place.endpoint(), options)
    }
  }

  private static func readRecords(_ path: String?) throws(LabFileError) -> [DNSRecord] {
    do {
      guard let path else {
        return try DNSRecordFile(parsing: DNSRecordFile.example, named: "example").records
      }
      let text = String(decoding: try readFile(path, limit: 8 << 20), as: UTF8.self)
      return try DNSRecordFile(parsing: text, named: path).records
    } catch {
      throw LabFileError(cause: "\(error)")
    }
  }

  private static func serveDNS(
    _ records: [DNSRecord], at endpoint: Endpoint, _ options: ServeDNSOptions
  ) -> CInt {
    let responder = DNSResponder(records: records)
    let journal = ServerJournal()
    let log = DNSLog(journal, showsHex: options.showsHex)
    return runServer(serveDNSTable.tool, journal: journal, finish: log.finish) {
      () throws(SystemError) in
      // TCP first: where the kernel chooses the port, that one is UDP's too.
      let streams = try StreamServer(
        at: endpoint,
        makeService: { _, client in
          DNSStream { log.exchange($0, with: client, "TCP", responder.answer(to: $0, over: .tcp)) }
        })
      var place = endpoint
      place.port = try streams.localEndpoint().port
      let datagrams = try DatagramServer(at: place) { query, client in
        log.exchange(query, with: client, "UDP", responder.answer(to: query, over: .udp))
      }
      journal.note(
        "DNS server at \(place), UDP and TCP, with \(counted(records.count, "record"))")
      return [streams, datagrams]
    }
  }

  private static var serveDNSTable: OptionTable<ServeDNSOptions> {
    OptionTable(
      tool: tool("serve dns"), usage: ["[OPTION]..."],
      summary: """
        Answers DNS queries, over UDP and TCP, from the records of a file, with authority over their \
        zones and none over others. Tells of each query and each response.
        """
    ) { options in
      options.group("Records")
      options.string(
        "r", "records", "FILE",
        help: "one record a line, such as www.example.test A 192.0.2.80 (docs/lab-servers.md)"
      ) { $0.recordsPath = $1 }
      options.flag(
        nil, "example", help: "print the records that are served without a file, and end"
      ) { $0.printsExample = true }
      options.group("Output")
      options.flag(
        "x", "hex", help: "show messages in hex, in colours or with what each field is"
      ) { $0.showsHex = true }
      ServerPlace.sayOptions(&options, \.place, usualPort: "10053")
    } notes: { notes in
      notes.example("lab-swift serve dns --example > my.records", "A file of records to change.")
      notes.example(
        "lab-swift serve dns --records my.records",
        "Then, in another window: lab-swift query www.example.test @127.0.0.1 --port 10053")
      notes.exitCode(0, "it was interrupted")
      notes.exitCode(1, "it cannot serve there")
      notes.exitCode(2, "a bad option or records file, or a name that cannot be found")
    }
  }
}

/// What `serve dns` tells of its work.
private final class DNSLog {
  private let journal: ServerJournal
  private let style: TerminalStyle
  private let showsHex: Bool
  private var queryCount = 0
  private var unansweredCount = 0

  init(_ journal: ServerJournal, showsHex: Bool) {
    (self.journal, self.showsHex) = (journal, showsHex)
    style = TerminalSettings.current(of: StandardStream.output).style
  }

  /// Tells of a query and its answer, which it gives back.
  func exchange(
    _ query: [UInt8], with client: Endpoint, _ transport: String, _ answer: [UInt8]?
  ) -> [UInt8]? {
    queryCount += 1
    tell(query, "\(client) \(transport): ")
    guard let answer else {
      unansweredCount += 1
      journal.note("\(client) \(transport): no response to that")
      return nil
    }
    for line in tell(answer, "\(client) \(transport): ").answers { journal.note("  \(line)") }
    return answer
  }

  @discardableResult
  private func tell(_ octets: [UInt8], _ prefix: String) -> DNSMessageText {
    let text = DNSMessageText(octets)
    journal.note(prefix + text.summary)
    if showsHex { for line in DNSHexView(octets, style).lines { journal.note(line) } }
    return text
  }

  func finish() {
    let unanswered = unansweredCount == 0 ? "" : ", \(unansweredCount) of them without a response"
    journal.note("\(queryCount) quer\(queryCount == 1 ? "y" : "ies")\(unanswered)")
  }
}
