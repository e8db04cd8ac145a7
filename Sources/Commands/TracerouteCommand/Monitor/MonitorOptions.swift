import CommandLineKit
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// What the command line asks for of a path under watch.
struct MonitorOptions: Hashable, Sendable {
  /// What becomes of the rounds.
  enum Mode: String, Hashable, Sendable {
    /// mtr's report at the end.
    case report
    /// The whole terminal.
    case live
    /// Events, or what changes and a report, until somebody interrupts.
    case monitor
  }

  /// Nil for a plain trace.
  var mode: Mode?
  /// Names in full.
  var isWide = false
  /// mtr's table for other programs.
  var printsCSV = false
  /// How many rounds, if that was said.
  var rounds: Int?
  /// From one to the next, if that was said.
  var interval: Nanoseconds?
  /// How many flows, if that was said.
  var flows: Int?
  /// These are the first, and more are added as it takes them.
  var addsFlows = false
  /// A file for a node exporter.
  var metricsPath: String?
  /// Which figures, and in which order; nil for the usual ones.
  var order: FieldOrder?
  /// Two of the modes were asked for.
  private var other: Mode?

  mutating func choose(_ mode: Mode) {
    if let chosen = self.mode, chosen != mode { other = chosen }
    self.mode = mode
  }

  /// What does not go together.
  func check(_ options: TracerouteOptions) throws(UsageError) {
    guard let mode else { return try checkPlain(options) }
    if let other {
      throw UsageError("--\(other.rawValue) and --\(mode.rawValue): choose one of them")
    }
    if options.queries != 3 || options.window != nil || options.gap != TracerouteOptions().gap {
      throw UsageError(
        "--\(mode.rawValue) sends one probe a hop and round: -c and --interval say how many; leave out -q, -N and -z"
      )
    }
    if options.wait.hereFactor != nil || options.wait.nearFactor != nil {
      throw UsageError("--\(mode.rawValue): leave out HERE and NEAR of -w, for rounds do not wait")
    }
    if let other = Self.plain(options) {
      throw UsageError("\(other) is of a plain trace; leave it out with --\(mode.rawValue)")
    }
    if order != nil, mode == .monitor, options.output.printsJSON {
      throw UsageError("--order is of tables; leave it out with --monitor --json")
    }
    if printsCSV, mode != .report {
      throw UsageError("--csv goes with --report, or with a plain trace")
    }
    if printsCSV, options.output.printsJSON {
      throw UsageError("--csv and --json are two forms of a report; choose one of them")
    }
    if flows ?? 1 > 1, mode == .report, printsCSV || options.output.printsJSON {
      throw UsageError("mtr's tables are of one flow; --monitor --json tells of several")
    }
    if mode != .report, options.origins.areWanted {
      throw UsageError("--\(mode.rawValue): -A and --asn-file go with --report, as mtr's -z does")
    }
    if mode == .live { try checkTerminal(options) }
  }

  /// The first that says something of a trace that is made once.
  private static func plain(_ options: TracerouteOptions) -> String? {
    [
      ("--country-file", options.origins.countryFile != nil),
      ("-e", options.output.showsExtensions),
      ("--back", options.output.showsHopsBack), ("--changes", options.output.showsChanges),
      ("--notes", options.output.saysNotes), ("-O info", options.output.showsReplies),
    ].first { $0.1 }?.0
  }

  private func checkPlain(_ options: TracerouteOptions) throws(UsageError) {
    let strangers = [
      ("--json", options.output.printsJSON), ("--notes", options.output.saysNotes),
      ("--changes", options.output.showsChanges), ("--explain", options.evidence.explains),
      ("--mda", options.multipath.algorithm != nil),
    ]
    if printsCSV, let stranger = strangers.first(where: \.1)?.0 {
      throw UsageError("--csv is a table of probes; leave out \(stranger)")
    }
    let given = [
      ("-c", rounds != nil), ("--interval", interval != nil), ("--flows", flows != nil),
      ("--openmetrics", metricsPath != nil), ("--order", order != nil),
    ].first { $0.1 }
    guard let given else { return }
    throw UsageError("\(given.0) goes with --report, --live or --monitor")
  }

  private func checkTerminal(_ options: TracerouteOptions) throws(UsageError) {
    if options.output.printsJSON {
      throw UsageError("--live has the terminal to itself; --monitor --json prints events")
    }
    guard StandardStream.isTerminal(StandardStream.output) else {
      throw UsageError("--live: standard output is no terminal; use --report, or --monitor --json")
    }
    guard FullScreen.isPossible else {
      throw UsageError(
        "--live: by TERM, this terminal cannot move its cursor; set TERM to what it is, or use --report"
      )
    }
  }

  /// What a probe of the method cannot be.
  func check(_ method: TraceMethod) throws(UsageError) {
    guard flows ?? 1 > 1 else { return }
    switch method {
    case .udpRisingPort:
      throw UsageError(
        "--flows: without a raw socket each probe is a flow of its own; run as root, or leave it out"
      )
    case .dns, .quic:
      throw UsageError(
        "--flows: answers to DNS and QUIC probes are heard at one port; leave it out")
    case .other: throw UsageError("--flows: raw probes have nothing that routers take for a flow")
    default: return
    }
  }

  /// A number, or `auto`.
  mutating func setFlows(_ text: String) throws(UsageError) {
    let numbers = 1...RouteMonitor.Configuration.flowLimit
    addsFlows = text == "auto"
    flows =
      addsFlows
      ? RouteMonitor.Configuration.leastFlows : try? NumberText.integer(text, in: numbers)
    guard flows != nil else {
      throw UsageError(
        "\(UsageError.quoted(text)) is neither a number from 1 to \(numbers.upperBound) nor auto")
    }
  }

  /// How the engine goes about it.
  func configuration(_ options: TracerouteOptions) -> RouteMonitor.Configuration {
    var configuration = RouteMonitor.Configuration()
    (configuration.firstTTL, configuration.maximumTTL) = (options.firstTTL, options.maximumTTL)
    configuration.longestWait = options.wait.maximum
    configuration.rounds = rounds ?? (mode == .report ? 10 : nil)
    if let interval { configuration.interval = interval }
    if let flows { configuration.flows = flows }
    configuration.addsFlows = addsFlows
    return configuration
  }
}

extension TracerouteOptions {
  static func sayMonitor(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Watching a path")
    options.flag(
      nil, "report",
      help: "probe each hop once a round and print mtr's report; with --json or --csv in mtr's form"
    ) { $0.monitor.choose(.report) }
    options.flag(nil, "report-wide", help: "the same with names in full") {
      $0.monitor.choose(.report)
      $0.monitor.isWide = true
    }
    options.flag(
      nil, "csv", help: "print a table of all probes (RFC 4180); with --report, mtr's CSV"
    ) { $0.monitor.printsCSV = true }
    options.flag(
      nil, "live", help: "show all hops on the whole terminal, as they are; ? there tells the keys"
    ) { $0.monitor.choose(.live) }
    options.flag(
      nil, "monitor",
      help: """
        go on until interrupted, and tell when the path changes and where loss begins; with --json each \
        round too
        """
    ) { $0.monitor.choose(.monitor) }
    options.integer(
      "c", "count", "COUNT", in: 1...1_000_000_000,
      help: "rounds of each flow; 10 for a report if not given, without end otherwise"
    ) { $0.monitor.rounds = $1 }
    options.seconds(
      nil, "interval", in: .milliseconds(10) ... .seconds(3_600),
      help: "from one round to the next, 1 if not given; its probes are spread over that time"
    ) { $0.monitor.interval = $1 }
    options.text(
      nil, "flows", "COUNT",
      help:
        "take turns with so many flows, each with a path of its own; auto: with as many as it takes to see all ways, up to 16"
    ) { options, value throws(UsageError) in try options.monitor.setFlows(value) }
    options.text(
      nil, "order", "FIELDS",
      help:
        "show these figures in this order: mtr's letters, such as 'LS NABWV', which are the usual ones"
    ) { options, value throws(UsageError) in
      options.monitor.order = try FieldOrder(argument: value)
    }
    options.string(
      nil, "openmetrics", "FILE", help: "write the figures of all hops to FILE after each round"
    ) { $0.monitor.metricsPath = $1 }
  }
}
