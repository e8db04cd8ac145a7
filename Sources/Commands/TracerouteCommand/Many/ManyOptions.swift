import CommandLineKit
import PacketWire
import ProbeEngine
import ProbeShell

/// What the command line says about many targets.
struct ManyOptions: Hashable, Sendable {
  /// Where the targets stand; none for a plain trace.
  var files: [String] = []
  /// Probes a second, if that was said.
  var rate: Int?
  /// How many traces are under way at once, if that was said.
  var parallel: Int?
  /// How many silent hops end a trace, if that was said.
  var gapLimit: Int?
  /// How long the prefixes of networks are that are gone to once.
  var networkLengths = ManyConfiguration.NetworkLengths()
  /// Every trace is made whole.
  var isFull = false
  /// Probes a hop, if that was said.
  var queries: Int?

  /// What does not go together.
  func check(_ options: TracerouteOptions) throws(UsageError) {
    let own = [
      ("--rate", rate != nil), ("--parallel", parallel != nil), ("--gap-limit", gapLimit != nil),
      ("--stop-prefix", hasNetworks), ("--many-full", isFull),
    ]
    guard !files.isEmpty else {
      guard let given = own.first(where: \.1) else { return }
      throw UsageError("\(given.0) goes with --many")
    }
    if isFull, hasNetworks {
      throw UsageError(
        "--many-full does without what --stop-prefix is about; leave one of them out")
    }
    guard [.udp, .icmp, .tcp].contains(options.kind) else {
      throw UsageError(
        "--many sends UDP, ICMP or TCP; leave out what asks for \(options.kind.rawValue) probes")
    }
    if let (name, reason) = Self.stranger(options) {
      throw UsageError("\(name): leave out with --many, \(reason)")
    }
    if options.headers.flowLabel != nil, options.onlyFamily != .v6 {
      throw UsageError("-l is for IPv6, and targets may be IPv4: add -6")
    }
  }

  private var hasNetworks: Bool { networkLengths != ManyConfiguration.NetworkLengths() }

  /// The first that has no meaning for many targets, and why.
  private static func stranger(_ options: TracerouteOptions) -> (String, String)? {
    let pace = "where --rate and --parallel say how many probes go"
    let single = "which says no more of each path than its hops"
    let other = "which traces each target once"
    return [
      ("-N", pace, options.window != nil), ("-z", pace, options.gap != TracerouteOptions().gap),
      (
        "HERE and NEAR of -w", "where answers to all targets say how long to wait",
        options.wait.hereFactor != nil || options.wait.nearFactor != nil
      ), ("-g", "for no two targets have the same way", !options.headers.gateways.isEmpty),
      ("--rising-port", "for then no two probes of a target have the same way", options.risesPort),
      ("--report, --live and --monitor", other, options.monitor.mode != nil),
      ("--mda and --mda-full", other, options.multipath.algorithm != nil),
      ("--csv", "which prints text or events", options.monitor.printsCSV),
      ("--mtu", other, options.pathMTU.isWanted),
      ("--rate-limit", other, options.rateLimit.isWanted),
      ("-A, --asn-file and --country-file", single, options.origins.areWanted),
      ("--notes", single, options.output.saysNotes),
      ("--changes", single, options.output.showsChanges),
      (
        "--record and --explain", "which keeps no packets", options.evidence.keepsPackets
      ),
    ].first { $0.2 }.map { ($0.0, $0.1) }
  }

  /// How the engine goes about it.
  func configuration(_ options: TracerouteOptions) -> ManyConfiguration {
    var configuration = ManyConfiguration()
    (configuration.firstTTL, configuration.maximumTTL) = (options.firstTTL, options.maximumTTL)
    configuration.longestWait = options.wait.maximum
    if let queries { configuration.queries = queries }
    if let rate { configuration.rate = rate }
    if let parallel { configuration.parallel = parallel }
    if let gapLimit { configuration.gapLimit = gapLimit }
    (configuration.networkLengths, configuration.usesStopSets) = (networkLengths, !isFull)
    return configuration
  }

  /// Reads `24` or `24,48`.
  fileprivate static func networkLengths(
    _ text: String
  ) throws(UsageError) -> ManyConfiguration.NetworkLengths {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count <= 2 else {
      throw UsageError("\(UsageError.quoted(text)) is not LENGTH or LENGTH,LENGTH, such as 24,48")
    }
    var lengths = ManyConfiguration.NetworkLengths()
    lengths.v4 = try NumberText.integer(parts[0], in: 1...32)
    if parts.count > 1 { lengths.v6 = try NumberText.integer(parts[1], in: 1...128) }
    return lengths
  }
}

extension TracerouteOptions {
  static func sayMany(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Many targets")
    options.string(
      nil, "many", "FILE",
      help: """
        trace all targets of FILE, a name, address, prefix or range a line, - for standard input; hops that \
        they share are probed once (doubletree); one probe a hop if -q is not given
        """
    ) { $0.many.files.append($1) }
    options.integer(
      nil, "rate", "COUNT", in: ManyConfiguration.rates,
      help: "probes a second over all targets, 100 if not given"
    ) { $0.many.rate = $1 }
    options.integer(
      nil, "parallel", "COUNT", in: ManyConfiguration.traces,
      help: "traces under way at once, 256 if not given"
    ) { $0.many.parallel = $1 }
    options.integer(
      nil, "gap-limit", "COUNT", in: 1...255,
      help: "go no farther behind so many silent hops in a row, 5 if not given"
    ) { $0.many.gapLimit = $1 }
    options.text(
      nil, "stop-prefix", "LENGTH[,LENGTH]",
      help: """
        take targets whose first LENGTH bits are alike for neighbours, and go only as far as is not known of \
        the way to one of them; the second LENGTH is for IPv6
        """
    ) { options, value throws(UsageError) in
      options.many.networkLengths = try ManyOptions.networkLengths(value)
    }
    options.flag(
      nil, "many-full", help: "make each trace whole, as if there were no others"
    ) { $0.many.isFull = true }
  }
}
