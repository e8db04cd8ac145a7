import CommandLineKit
import ProbeEngine
import ProbeShell

/// What the command line says about the limits of routers' errors.
struct RateLimitOptions: Hashable, Sendable {
  /// Look for them.
  var isWanted = false
  /// The only hop to ask, if one was named.
  var hop: Int?
  /// Probes a second at the most, if that was said.
  var highestRate: Int?

  /// What does not go together.
  func check(_ options: TracerouteOptions) throws(UsageError) {
    guard isWanted else {
      if hop != nil { throw UsageError("--hop goes with --rate-limit") }
      if highestRate != nil { throw UsageError("--max-rate goes with --rate-limit") }
      return
    }
    if let hop, !(options.firstTTL...options.maximumTTL).contains(hop) {
      throw UsageError(
        "--hop \(hop) is not among the hops \(options.firstTTL) to \(options.maximumTTL) of -f and -m"
      )
    }
    let others: [(String, Bool)] = [
      ("--report, --live and --monitor", options.monitor.mode != nil),
      ("--mda", options.multipath.algorithm != nil), ("--mtu", options.pathMTU.isWanted),
      ("-N", options.window != nil), ("-z", options.gap != TracerouteOptions().gap),
      ("-A, --asn-file and --country-file", options.origins.areWanted),
      ("-e", options.output.showsExtensions), ("--back", options.output.showsHopsBack),
      ("--notes", options.output.saysNotes), ("--changes", options.output.showsChanges),
      ("-O info", options.output.showsReplies), ("--csv", options.monitor.printsCSV),
      ("--explain", options.evidence.explains),
    ]
    if let other = others.first(where: \.1) {
      throw UsageError(
        "\(other.0): leave out with --rate-limit, which has a pace and a table of its own")
    }
  }

  /// How the engine goes about it.
  func configuration(_ options: TracerouteOptions) -> RateLimitTrace.Configuration {
    var configuration = RateLimitTrace.Configuration()
    configuration.path = options.configuration
    configuration.hop = hop
    if let highestRate { configuration.highestRate = highestRate }
    return configuration
  }
}

extension TracerouteOptions {
  static func sayRateLimit(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Limits of routers")
    options.flag(
      nil, "rate-limit",
      help: """
        find out how many ICMP errors a second each router sends, and how many at once, with short trains of \
        probes that end there; the target gets none of them
        """
    ) { $0.rateLimit.isWanted = true }
    options.integer(
      nil, "hop", "TTL", in: 1...255, help: "ask this hop only, also where it is the target"
    ) { $0.rateLimit.hop = $1 }
    options.integer(
      nil, "max-rate", "RATE", in: 1...RateLimitTrace.Configuration.rateLimit,
      help: "probes a second at the most, 100 if not given"
    ) { $0.rateLimit.highestRate = $1 }
  }
}
