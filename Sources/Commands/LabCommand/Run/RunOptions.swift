import CommandLineKit
import LinuxSystem
import PacketWire
import SimulatedInternet

/// What the command line of `lab-swift run` asks for.
struct RunOptions: Hashable, Sendable {
  /// A name of the gallery or a lab file; `nil` is the default topology.
  var topologyPath: String?
  /// In place of the topology's own.
  var seed: UInt64?
  /// In place of the topology's routers: so many without names.
  var routerCount: Int?
  /// Of every link, in each direction.
  var delay: Nanoseconds?
  /// Of every link, in each direction.
  var loss: Probability?

  /// Changes a topology as asked.
  func apply(to topology: inout Topology) {
    if let routerCount {
      var link = Topology.Link()
      (link.outward.delay, link.homeward.delay) = (.milliseconds(1), .milliseconds(1))
      topology.replaceRouters(with: routerCount, behind: link)
    }
    topology.changeLinks { link in
      if let delay { link.delay = delay }
      if let loss { link.loss = loss }
    }
  }

  /// The topology that is asked for, before `apply`.
  func topology() throws(LabFileError) -> Topology {
    guard let topologyPath else { return .default }
    return try TopologyChoice(topologyPath).topology
  }

  /// Everything that can be said on the command line.
  static var table: OptionTable<RunOptions> {
    OptionTable(
      tool: LabVerb.tool("run"),
      usage: ["[OPTION]... -- COMMAND [ARGUMENT]..."],
      summary: """
        Runs a command inside a simulated internet: its packets pass simulated routers to a DNS server \
        and a web site, and nothing outside is touched.
        """
    ) { options in
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
    } notes: { notes in
      notes.example(
        "lab-swift run -- traceroute www.discord.test", "The twelve hops of the default lab.")
      notes.example(
        "lab-swift run --routers 3 --loss 5 -- ping -c 20 www.discord.test",
        "Three routers; one packet in twenty is lost on each of the four links, each way.")
      notes.example(
        "lab-swift run -- sh", "A shell inside; curl, dig and tcpdump work there.")
      notes.exitCode(2, "a bad option or a bad lab file")
      notes.exitCode(125, "the lab could not be set up")
      notes.exitCode(126, "the command could not be started")
      notes.exitCode(127, "there is no such command")
      notes.exitCode(
        128, "and more: the command was ended by the signal of that number less 128")
    }
  }
}

/// A lab file that cannot be read or is none.
struct LabFileError: Error, CustomStringConvertible {
  /// One line: the file, the place and what was expected, or the system's word.
  let cause: String

  var description: String { cause }
}
