import CommandLineKit
import LinuxNet
import LinuxSystem
import ServerShell
import ServiceEngine

/// What the command line of `lab-swift serve udp` asks for.
struct ServeUDPOptions: Hashable, Sendable {
  var place = ServerPlace(port: 9000)
  var isSilent = false
}

extension LabVerb {
  static let serveUDP = LabVerb(
    name: "udp", summary: "acknowledges every datagram that comes over UDP",
    example: ("lab-swift serve udp", "Datagrams to 127.0.0.1, port 9000, are acknowledged.")
  ) { arguments in
    start(serveUDPTable, arguments, ServeUDPOptions()) { options, operands, _ throws(UsageError) in
      try UsageError.requireNone(operands)
      let endpoint = try options.place.endpoint()
      let journal = ServerJournal()
      return runServer(serveUDPTable.tool, clients: "datagram", journal: journal) {
        () throws(SystemError) in
        let server = try acknowledger(at: endpoint, isSilent: options.isSilent, in: journal)
        journal.note("UDP server at \(try server.localEndpoint())")
        return [server]
      }
    }
  }

  private static func acknowledger(
    at endpoint: Endpoint, isSilent: Bool, in journal: ServerJournal
  ) throws(SystemError) -> DatagramServer {
    var count: UInt64 = 0
    return try DatagramServer(at: endpoint) { datagram, client in
      count += 1
      journal.countDatagram()
      journal.received(datagram[...], from: client)
      guard !isSilent else { return nil }
      let number = NumberedDatagram.number(of: datagram) ?? count
      let answer = Array(Acknowledgement(length: datagram.count, number: number).text.utf8)
      journal.sent(answer.count)
      return answer
    }
  }

  private static var serveUDPTable: OptionTable<ServeUDPOptions> {
    OptionTable(
      tool: tool("serve udp"), usage: ["[OPTION]..."],
      summary: """
        Prints each datagram that comes over UDP, and acknowledges it: "ACK 12 octets, number 3". The \
        number is the datagram's own where it begins with one ("#3 hello"), and otherwise counts what \
        came.
        """
    ) { options in
      options.group("How")
      options.flag("s", "silent", help: "acknowledge nothing") { $0.isSilent = true }
      ServerPlace.sayOptions(&options, \.place, usualPort: "9000")
    } notes: { notes in
      notes.example(
        "lab-swift serve udp",
        "Then, in another window: lab-swift connect udp localhost 9000 --count 10")
      ServerPlace.sayExitCodes(&notes)
    }
  }
}
