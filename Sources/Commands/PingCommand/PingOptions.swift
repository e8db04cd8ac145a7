import CommandLineKit
import PacketWire

/// What the command line of `ping-swift` asks for.
struct PingOptions: Hashable, Sendable {
  /// The only family to use; `nil` takes what the name has, in the resolver's order.
  var family: IPFamily?
  /// Stop after this many answers.
  var count: Int?
  /// Between probes.
  var interval = Nanoseconds.seconds(1)
  /// Stop after this long, whatever has come.
  var deadline: Nanoseconds?
  /// How long to wait for an answer.
  var timeout = Nanoseconds.seconds(10)
  /// ICMP payload, in octets.
  var payloadLength = 56
  /// TTL or hop limit of the probes; `nil` is the system's default.
  var timeToLive: UInt8?
  /// An interface's name or one of this host's addresses.
  var interface: String?
  /// Addresses stay addresses.
  var isNumeric = false
  /// Only the first line and the summary.
  var isQuiet = false
  /// A time of day before each line.
  var printsTime = false
  /// Say which probes had no answer when the next one was due.
  var reportsOutstanding = false
  /// Build the IP header too.
  var includesHeader = false
  /// Events instead of text.
  var printsJSON = false

  /// Defaults.
  init() {}
}

extension PingOptions {
  /// Everything that can be said on the command line.
  static let table = OptionTable<PingOptions>(
    tool: PingCommand.toolName,
    usage: ["[OPTION]... TARGET"],
    summary: """
      Sends ICMP echo requests to a host and says what comes back, with the delay measured between \
      the kernel's own time stamps.
      """
  ) { options in
    options.group("Target")
    options.flag("4", nil, help: "use IPv4 only") { $0.family = .v4 }
    options.flag("6", nil, help: "use IPv6 only") { $0.family = .v6 }
    options.string(
      "I", "interface", "INTERFACE",
      help: "send from this interface, or from this one of our addresses"
    ) { $0.interface = $1 }

    options.group("Timing")
    options.integer(
      "c", "count", "COUNT", in: 1...Int.max,
      help: "stop after COUNT probes; with -w, after COUNT answers"
    ) { $0.count = $1 }
    options.seconds(
      "i", "interval", in: .zero ... .seconds(86_400),
      help:
        "time between probes, 1 if not given; under 0.002 for root only; 0 sends on each answer"
    ) { $0.interval = $1 }
    options.seconds(
      "w", "deadline", in: Nanoseconds(1) ... .seconds(1_000_000_000),
      help: "stop after this time, whatever has come"
    ) { $0.deadline = $1 }
    options.seconds(
      "W", "timeout", in: Nanoseconds(1) ... .seconds(86_400),
      help: "time to wait for an answer, 10 if not given"
    ) { $0.timeout = $1 }

    options.group("Probe")
    options.integer(
      "s", "size", "OCTETS", in: 0...65_527,
      help: "octets behind the ICMP header, 56 if not given"
    ) { $0.payloadLength = $1 }
    options.integer(
      "t", "ttl", "TTL", in: 1...255, help: "time to live (hop limit) of the probes"
    ) { $0.timeToLive = $1 }
    options.flag(
      nil, "hdrincl",
      help: "build the IP header ourselves as well (IP_HDRINCL); needs a raw socket"
    ) { $0.includesHeader = true }

    options.group("Output")
    options.flag("n", "numeric", help: "do not look up names of addresses") { $0.isNumeric = true }
    options.flag("q", "quiet", help: "print the first line and the summary only") {
      $0.isQuiet = true
    }
    options.flag("D", nil, help: "print the time of day before each line") { $0.printsTime = true }
    options.flag(
      "O", nil, help: "say so when a probe had no answer yet as the next one was due"
    ) { $0.reportsOutstanding = true }
    options.flag(
      nil, "json",
      help: "print events, one JSON object a line (docs/OUTPUT.md), instead of text"
    ) { $0.printsJSON = true }
  } notes: { notes in
    notes.example("ping-swift -c 3 192.0.2.1", "Three probes, then the summary.")
    notes.example(
      "ping-swift -n -i 0.2 -w 10 --json 192.0.2.1 | jq .rtt_ns",
      "Ten seconds of probes, five a second; the delays as numbers.")
    notes.exitCode(0, "at least one answer came; with -c and -w, COUNT answers")
    notes.exitCode(1, "no answer, or too few")
    notes.exitCode(2, "anything else: a bad option, an unknown name, no permission")
  }
}
