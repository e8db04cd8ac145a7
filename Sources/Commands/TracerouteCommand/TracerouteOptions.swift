import CommandLineKit
import PacketWire

/// What the command line of `traceroute-swift` asks for.
struct TracerouteOptions: Hashable, Sendable {
  /// How the waiting for a probe is limited (traceroute's MAX,HERE,NEAR).
  struct Wait: Hashable, Sendable {
    /// No longer than this.
    var maximum = Nanoseconds.seconds(5)
    /// No longer than this many times an answer from the same hop; 0 for no such limit.
    var hereFactor = 3.0
    /// No longer than this many times an answer from a later hop; 0 for no such limit.
    var nearFactor = 10.0
  }

  /// The only family to use; `nil` prefers IPv4, as Linux traceroute does.
  var family: IPFamily?
  /// Echo requests instead of UDP datagrams.
  var usesICMP = false
  /// The TTL to start with.
  var firstTTL = 1
  /// The TTL to stop at.
  var maximumTTL = 30
  /// Probes a hop.
  var queries = 3
  /// How long to wait.
  var wait = Wait()
  /// Addresses stay addresses.
  var isNumeric = false
  /// Build the IP header too.
  var includesHeader = false
  /// Events instead of text.
  var printsJSON = false

  /// Defaults.
  init() {}
}

extension TracerouteOptions {
  /// Everything that can be said on the command line.
  static let table = OptionTable<TracerouteOptions>(
    tool: TracerouteCommand.toolName,
    usage: ["[OPTION]... TARGET [LENGTH]"],
    summary: """
      Shows each router on the way to a host. All probes are of one flow, so that they take one path; \
      hops are probed in parallel. LENGTH is the whole probe packet's, in octets: 60 if not given, \
      80 for IPv6.
      """
  ) { options in
    options.group("Target")
    options.flag("4", nil, help: "use IPv4 only") { $0.family = .v4 }
    options.flag("6", nil, help: "use IPv6 only") { $0.family = .v6 }

    options.group("Probe")
    options.flag("I", "icmp", help: "send ICMP echo requests, not UDP datagrams") {
      $0.usesICMP = true
    }
    options.integer(
      "f", "first", "TTL", in: 1...255, help: "start at this hop, 1 if not given"
    ) { $0.firstTTL = $1 }
    options.integer(
      "m", "max-hops", "TTL", in: 1...255, help: "stop at this hop, 30 if not given"
    ) { $0.maximumTTL = $1 }
    options.integer(
      "q", "queries", "COUNT", in: 1...10, help: "probes a hop, 3 if not given"
    ) { $0.queries = $1 }
    options.flag(
      nil, "hdrincl",
      help: "build the IP header ourselves as well (IP_HDRINCL); needs a raw socket"
    ) { $0.includesHeader = true }

    options.group("Timing")
    options.text(
      "w", "wait", "MAX[,HERE,NEAR]",
      help: """
        wait at most MAX seconds, 5 if not given; or HERE (3) times as long as an answer from \
        the same hop took, or NEAR (10) times as long as one from a later hop
        """
    ) { options, value throws(UsageError) in
      options.wait = try Wait(value)
    }

    options.group("Output")
    options.flag("n", "numeric", help: "do not look up names of addresses") { $0.isNumeric = true }
    options.flag(
      nil, "json",
      help: "print events, one JSON object a line (docs/OUTPUT.md), instead of text"
    ) { $0.printsJSON = true }
  } notes: { notes in
    notes.example("traceroute-swift -n -q 1 192.0.2.1", "One probe a hop, no names.")
    notes.example(
      "traceroute-swift -I -w 1 192.0.2.1",
      "With echo requests, which some firewalls let through where they drop UDP.")
    notes.exitCode(0, "the trace was made, whether or not it reached the target")
    notes.exitCode(1, "the trace could not be made: no permission, no route")
    notes.exitCode(2, "a bad option or an unknown name")
  }
}

extension TracerouteOptions.Wait {
  /// Reads `MAX`, `MAX,HERE` or `MAX,HERE,NEAR`.
  init(_ text: String) throws(UsageError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count <= 3 else {
      throw UsageError("\(UsageError.quoted(text)) is not MAX, or MAX,HERE,NEAR, such as 5,3,10")
    }
    maximum = try NumberText.seconds(parts[0], in: .milliseconds(1) ... .seconds(86_400))
    if parts.count > 1 { hereFactor = try NumberText.decimal(parts[1], in: 0...1_000_000) }
    if parts.count > 2 { nearFactor = try NumberText.decimal(parts[2], in: 0...1_000_000) }
  }
}
