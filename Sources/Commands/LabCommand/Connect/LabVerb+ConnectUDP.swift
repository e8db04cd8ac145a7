import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketWire

/// What the command line of `lab-swift connect udp` asks for.
struct ConnectUDPOptions: Hashable, Sendable {
  /// So many numbered datagrams; nil: the lines of standard input.
  var count: Int?
  var interval = Nanoseconds.milliseconds(200)
  /// Of numbered datagrams, in octets.
  var length = 32
  /// For answers, after the last datagram.
  var patience = Nanoseconds.seconds(1)
}

extension LabVerb {
  static let connectUDP = LabVerb(
    name: "udp", summary: "with datagrams over UDP",
    example: (
      "lab-swift connect udp localhost 9000 --count 10",
      "Ten datagrams; tells which were lost or overtaken."
    )
  ) { arguments in
    start(connectUDPTable, arguments, ConnectUDPOptions()) {
      options, operands, _ throws(UsageError) in
      let server = try ServerName(operands)
      return runClient(connectUDPTable.tool, of: server) { endpoints throws(SystemError) in
        let signals = try SignalSource([.interrupt, .terminate, .hangUp])
        var client = try DatagramClient(to: endpoints[0], options, signals: signals)
        guard let count = options.count else { return try client.sendLines() }
        return try client.sendNumbered(count)
      }
    }
  }

  private static var connectUDPTable: OptionTable<ConnectUDPOptions> {
    OptionTable(
      tool: tool("connect udp"), usage: ["[OPTION]... HOST PORT"],
      summary: """
        Sends each line of standard input as a datagram, and prints what comes. Or sends numbered \
        datagrams to a server that acknowledges them, such as lab-swift serve udp, and tells which \
        were lost, overtaken or acknowledged twice.
        """
    ) { options in
      options.group("Numbered datagrams")
      options.integer(
        "c", "count", "COUNT", in: 1...100_000,
        help: "send so many instead of the lines of standard input"
      ) { $0.count = $1 }
      options.seconds(
        "i", "interval", in: .zero...(.seconds(3600)), help: "the time between two (default 0.2)"
      ) { $0.interval = $1 }
      options.integer(
        "s", "size", "OCTETS", in: 1...65_507,
        help: "how long each is, at least as long as its number (default 32)"
      ) { $0.length = $1 }
      options.group("Answers")
      options.seconds(
        "w", "wait", in: .zero...(.seconds(3600)),
        help: "how long to wait for them behind the last datagram (default 1)"
      ) { $0.patience = $1 }
    } notes: { notes in
      notes.example(
        "lab-swift connect udp localhost 9000 --count 10", "Ten datagrams, and what became of them."
      )
      notes.exitCode(0, "there were answers, or none was needed")
      notes.exitCode(1, "no datagram was acknowledged, or nobody is there")
      notes.exitCode(2, "a bad option")
    }
  }
}
