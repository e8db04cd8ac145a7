import CommandLineKit
import PacketWire
import SimulatedInternet

extension RunOptions {
  /// Everything that can be said on the command line of `lab-swift run`.
  static var table: OptionTable<RunOptions> {
    OptionTable(
      tool: LabVerb.tool("run"),
      usage: ["[OPTION]... -- COMMAND [ARGUMENT]..."],
      summary: """
        Runs a command inside a simulated internet: its packets pass simulated routers to a DNS server \
        and a web site, and nothing outside is touched. Everything that the command has started ends \
        with the lab.
        """
    ) { options in
      sayPlace(&options)
      sayLab(&options)
    } notes: { notes in
      notes.example(
        "lab-swift run -- traceroute www.discord.test", "The twelve hops of the default lab.")
      notes.example(
        "lab-swift run --routers 3 --loss 5 -- ping -c 20 www.discord.test",
        "Three routers; one packet in twenty is lost on each of the four links, each way.")
      notes.example(
        "lab-swift run --in lab --side server -- tcpdump -i site0",
        "What arrives at the site of the lab that 'lab-swift up' has made.")
      sayExitCodes(&notes)
    }
  }

  /// Where a command runs.
  static func sayPlace(_ options: inout OptionWalk<RunOptions>) {
    options.group("Place")
    options.text(
      nil, "in", "NAME", help: "in the lab of this name that 'lab-swift up' has made"
    ) { options, name throws(UsageError) in options.lab = try LabName(name) }
    options.text(
      nil, "side", "SIDE",
      help: "client or server: the end of the path where the web site and the DNS are"
    ) { options, word throws(UsageError) in
      guard let end = LabEnd(rawValue: word) else {
        throw UsageError("\(UsageError.quoted(word)) is neither client nor server")
      }
      options.end = end
    }
  }

  /// What a new lab is like.
  static func sayLab(_ options: inout OptionWalk<RunOptions>) {
    options.group("Lab")
    options.string(
      "t", "topology", "NAME|FILE",
      help: "a lab of the gallery (lab-swift topologies) or a lab file instead of the default one"
    ) { $0.topologyPath = $1 }
    options.integer(
      "s", "seed", "NUMBER", in: 0...UInt64.max,
      help: "where all chance comes from; the same seed loses the same packets"
    ) { $0.seed = $1 }
    options.integer(
      "r", "routers", "COUNT", in: 0...Topology.maximumHops,
      help: "so many routers without names, 1 ms apart, instead of the file's"
    ) { $0.routerCount = $1 }
    options.decimal(
      "d", "delay", "MS", in: 0...60_000,
      help: "delay of every link in each direction, in milliseconds"
    ) { $0.delay = Nanoseconds(Int64(($1 * 1e6).rounded())) }
    options.decimal(
      "l", "loss", "PERCENT", in: 0...100,
      help: "loss on every link in each direction, in per cent"
    ) { $0.loss = Probability(clamping: UInt64(($1 * 10_000).rounded())) }
    options.integer(
      nil, "leave-port", "PORT", in: 1...UInt16.max,
      help: "no server of the lab's own at this port of the server's side, 53 or 80: it is left to "
        + "a command at --side server; may be given several times"
    ) { $0.freePorts.insert($1) }
  }

  /// How a tool ends that runs a command in a lab.
  static func sayExitCodes(_ notes: inout HelpNotes) {
    notes.exitCode(2, "a bad option or a bad lab file")
    notes.exitCode(125, "the lab could not be set up, or is not there")
    notes.exitCode(126, "the command could not be started")
    notes.exitCode(127, "there is no such command")
    notes.exitCode(
      128, "and more: the command was ended by the signal of that number less 128")
  }

  /// Throws if something is said about a new lab although the command goes into another one.
  func requireOneLab() throws(UsageError) {
    var changed = self
    (changed.lab, changed.end) = (nil, .client)
    guard lab != nil, changed != RunOptions() else { return }
    throw UsageError(
      "a lab that is up stays as it is: --in goes with --side, other options with 'lab-swift up'")
  }
}
