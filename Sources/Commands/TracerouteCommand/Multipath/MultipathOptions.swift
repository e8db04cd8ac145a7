import CommandLineKit
import PacketWire
import ProbeEngine

/// What the command line says about a multipath discovery.
struct MultipathOptions: Hashable, Sendable {
  /// Which algorithm; nil for a plain trace.
  var algorithm: MultipathConfiguration.Algorithm?
  /// How sure it is to be at each router that there is no other way, in percent.
  var confidence: Double?
  /// The graph for Graphviz instead of text.
  var printsDot = false

  /// What does not go together.
  func check(_ options: TracerouteOptions) throws(UsageError) {
    guard algorithm != nil else {
      if confidence != nil { throw UsageError("--confidence goes with --mda") }
      if printsDot { throw UsageError("--dot goes with --mda") }
      return
    }
    if printsDot, options.output.printsJSON {
      throw UsageError("--dot and --json are two forms of the same; choose one of them")
    }
    let strangers: [(String, Bool)] = [
      ("-q", options.queries != 3), ("-N", options.window != nil),
      ("-z", options.gap != TracerouteOptions().gap),
      ("HERE and NEAR of -w", options.wait.hereFactor != nil || options.wait.nearFactor != nil),
      ("-O info", options.output.showsReplies), ("--rising-port", options.risesPort),
      ("-P", options.kind == .raw), ("-M dns", options.kind == .dns),
      ("-M quic", options.kind == .quic),
      ("--report, --live and --monitor", options.monitor.mode != nil),
      ("-A, --asn-file and --country-file", options.origins.areWanted),
      ("-e", options.output.showsExtensions), ("--back", options.output.showsHopsBack),
      ("--notes", options.output.saysNotes), ("--changes", options.output.showsChanges),
    ]
    if let stranger = strangers.first(where: \.1) {
      throw UsageError("\(stranger.0): leave out with --mda, which says all that it can of its own")
    }
  }

  /// How the session goes about it.
  func configuration(_ options: TracerouteOptions) -> MultipathConfiguration {
    var configuration = MultipathConfiguration()
    configuration.algorithm = algorithm ?? .lite
    configuration.rule = StoppingRule(failureBound: 1 - (confidence ?? 95) / 100)
    (configuration.firstTTL, configuration.maximumTTL) = (options.firstTTL, options.maximumTTL)
    if options.wait != TraceWait() { configuration.maximumWait = options.wait.maximum }
    return configuration
  }
}

extension TracerouteOptions {
  static func sayMultipath(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("All ways")
    options.flag(
      nil, "mda",
      help: """
        find all ways that routers balance packets over, by multipath discovery (MDA-Lite); needs a raw \\
        socket but for -I
        """
    ) { $0.multipath.algorithm = .lite }
    options.flag(
      nil, "mda-full",
      help: "the same by full MDA, which sends more probes and takes nothing for granted"
    ) { $0.multipath.algorithm = .full }
    options.decimal(
      nil, "confidence", "PERCENT", in: 50...99.99,
      help: "how sure to be at each router that there is no other way, 95 if not given; with --mda"
    ) { $0.multipath.confidence = $1 }
    options.flag(nil, "dot", help: "print the ways for Graphviz; with --mda") {
      $0.multipath.printsDot = true
    }
  }
}
