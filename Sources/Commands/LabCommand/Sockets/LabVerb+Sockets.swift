import CommandLineKit
import LinuxNet
import LinuxSystem

/// What the command line of `lab-swift sockets` asks for.
struct SocketsOptions: Hashable, Sendable {
  /// One that loses a datagram and lets another one be overtaken, and of the stream too.
  var seed: UInt64 = 8
  var staysOnLoopback = false
}

/// A part of the show.
private enum SocketShow: String, CaseIterable {
  case stream
  case datagram
  case raw
  case seqpacket
  case loss
}

extension LabVerb {
  static let sockets = LabVerb(
    name: "sockets",
    summary:
      "shows every kind of socket alive: its system calls, and what goes over the wire for them",
    example: ("lab-swift sockets datagram", "What UDP does, call by call, and what it does not.")
  ) { arguments in
    start(socketsTable, arguments, SocketsOptions()) { options, operands, _ throws(UsageError) in
      let shows = try shows(operands)
      let stage = SocketStage()
      do throws(SystemError) {
        prepare(stage, options)
        for show in shows where stage.isOpen { try play(show, on: stage, options) }
        if let failure = stage.failure { throw failure }
        return 0
      } catch {
        return Tool.printFailure(tool: socketsTable.tool, "\(error)", exitCode: 1)
      }
    }
  }

  private static func shows(_ operands: [String]) throws(UsageError) -> [SocketShow] {
    guard let word = operands.first, word != "all" else { return SocketShow.allCases }
    try UsageError.requireNone(operands.dropFirst())
    guard let show = SocketShow(rawValue: word) else {
      let names = SocketShow.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("\(UsageError.quoted(word)) is not one of \(names) or all")
    }
    return [show]
  }

  /// Makes the two hosts, or says why they cannot be; then there is still a loopback interface.
  private static func prepare(_ stage: SocketStage, _ options: SocketsOptions) {
    if !options.staysOnLoopback {
      do throws(SystemError) {
        try makeHosts(on: stage, options)
        return stage.paragraph(
          """
          Two hosts, client (192.0.2.1) and server (192.0.2.2), in network namespaces of their own, and a \
          simulated link between them. Below each system call stands what went over the link for it; \
          where nothing stands, nothing did. TCP's timestamps are switched off, to keep its lines short.
          """)
      } catch {
        Tool.printDiagnostic("\(socketsTable.tool): \(error)")
      }
    }
    stage.paragraph(
      "On the loopback interface, where what goes over the wire is not to be seen.")
  }

  private static func makeHosts(
    on stage: SocketStage, _ options: SocketsOptions
  ) throws(SystemError) {
    try LabSide.acquirePrivileges()
    try Namespaces.enterNewNetworkNamespace()
    var netlink = try RouteNetlink()
    try netlink.setLinkUp("lo")
    let start = try Namespace.current(.network)
    do throws(SystemError) {
      try stage.useWire(link: "delay 1ms", seed: options.seed)
    } catch {
      // Wherever it got to there is no interface that works; here there is one.
      try start.enter()
      throw error
    }
  }

  private static func play(
    _ show: SocketShow, on stage: SocketStage, _ options: SocketsOptions
  ) throws(SystemError) {
    switch show {
    case .stream: stage.showStream()
    case .datagram: stage.showDatagrams()
    case .raw: stage.showRaw()
    case .seqpacket: stage.showSequencedPackets()
    case .loss: try stage.showLoss(seed: options.seed)
    }
  }

  private static var socketsTable: OptionTable<SocketsOptions> {
    OptionTable(
      tool: tool("sockets"), usage: ["[OPTION]... [stream|datagram|raw|seqpacket|loss|all]"],
      summary: """
        Opens and uses stream, datagram, raw and sequenced-packet sockets between two hosts of its own, \
        and prints each system call, what it returned, and the packets that went over the wire for it.
        """
    ) { options in
      options.flag(
        "l", "loopback",
        help:
          "use the loopback interface of this host, without hosts of its own and without packets"
      ) { $0.staysOnLoopback = true }
      options.integer(
        "s", "seed", "NUMBER", in: 0...UInt64.max,
        help: "where the losses of the part \"loss\" come from (default 8)"
      ) { $0.seed = $1 }
    } notes: { notes in
      notes.example(
        "lab-swift sockets stream", "A TCP connection from the first segment to the last.")
      notes.example("lab-swift sockets loss --seed 7", "Other packets are lost.")
      notes.exitCode(0, "all was shown")
      notes.exitCode(1, "something broke halfway")
      notes.exitCode(2, "a bad option, or an unknown part")
    }
  }
}
