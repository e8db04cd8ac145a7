import CommandLineKit
import LinuxNet
import PacketWire

extension PingOptions {
  /// Everything that can be said on the command line.
  static let table = OptionTable<PingOptions>(
    tool: PingCommand.toolName,
    usage: ["[OPTION]... TARGET..."],
    summary: """
      Sends ICMP echo requests to one host or many and says what comes back, with the delay measured \
      between the kernel's own time stamps.
      """
  ) { options in
    sayTargets(&options)
    sayTiming(&options)
    sayProbe(&options)
    sayHeaders(&options)
    sayQuestions(&options)
    sayPaths(&options)
    saySocket(&options)
    sayOutput(&options)
    sayFigures(&options)
    sayEvidence(&options)
  } notes: { notes in
    notes.example("ping-swift -c 3 192.0.2.1", "Three probes, then the summary.")
    notes.example(
      "ping-swift --sweep 192.0.2.0/24 198.51.100.7-40 www.example.com",
      "Which of these hosts answer? A prefix, a range and a name.")
    notes.example(
      "ping-swift -n -i 0.2 -w 10 --json 192.0.2.1 | jq .rtt_ns",
      "Ten seconds of probes, five a second; the delays as numbers.")
    notes.exitCode(
      0, "at least one answer came; with -c and -w, COUNT answers; of several targets, all answered"
    )
    notes.exitCode(1, "no answer, or too few; where none is expected (--type), an error came")
    notes.exitCode(2, "anything else: a bad option, an unknown name, no permission")
  }

  private static func sayTargets(_ options: inout OptionWalk<PingOptions>) {
    options.group("Targets")
    options.flag("4", nil, help: "use IPv4 only") { $0.family = .v4 }
    options.flag("6", nil, help: "use IPv6 only") { $0.family = .v6 }
    options.string(
      nil, "targets", "FILE",
      help: "read targets from a file, one a line; - is standard input; may be given again"
    ) { $0.targetFiles.append($1) }
    options.flag(nil, "all-addresses", help: "ping every address of a name, and not the first only")
    {
      $0.takesAllAddresses = true
    }
    options.flag("b", "broadcast", help: "allow a broadcast address as the target") {
      $0.allowsBroadcast = true
    }
    options.flag(
      nil, "sweep",
      help: "ask each target until it has answered once, and say who did and who did not"
    ) { $0.asks = true }
    options.flag(nil, "alive", help: "like --sweep, but list only who answered") {
      ($0.asks, $0.listsUnreachable) = (true, false)
    }
    options.flag(nil, "unreachable", help: "like --sweep, but list only who did not answer") {
      ($0.asks, $0.listsAlive) = (true, false)
    }
    options.integer(
      nil, "retries", "COUNT", in: 0...50,
      help: "in a sweep, ask again so many times, 3 if not given"
    ) { $0.retries = $1 }
    options.decimal(
      nil, "backoff", "FACTOR", in: 1...10,
      help: "in a sweep, wait longer each time by this factor, 1.5 if not given"
    ) { $0.backoff = $1 }
    options.integer(
      nil, "need", "COUNT", in: 1...Int.max,
      help: "end with code 0 if so many of several targets answered; all, if not given"
    ) { $0.needed = $1 }
  }

  private static func sayTiming(_ options: inout OptionWalk<PingOptions>) {
    options.group("Timing")
    options.integer(
      "c", "count", "COUNT", in: 1...Int.max,
      help: "stop after COUNT probes to each target; with -w, after COUNT answers"
    ) { $0.count = $1 }
    options.seconds(
      "i", "interval", in: .zero ... .seconds(86_400),
      help:
        "time between probes to a target, 1 if not given; under 0.002 for root only; 0 sends on each answer"
    ) { $0.givenInterval = $1 }
    options.seconds(
      nil, "gap", in: .zero ... .seconds(3_600),
      help:
        "time between probes to different targets, 0.001 if not given; under 0.001 for root only"
    ) { $0.givenGap = $1 }
    options.flag(
      "f", "flood",
      help:
        "send when an answer comes, or after 10 ms; a dot for each probe, taken back by its answer; root only"
    ) { $0.isFlood = true }
    options.flag(
      "A", "adaptive", help: "send when an answer comes, for ordinary users after 0.2 seconds"
    ) { $0.isAdaptive = true }
    options.integer(
      "l", "preload", "COUNT", in: 1...65_536,
      help: "send so many probes at once, without waiting; over 3 for root only"
    ) { $0.preload = $1 }
    options.seconds(
      "w", "deadline", in: Nanoseconds(1) ... .seconds(1_000_000_000),
      help: "stop after this time, whatever has come"
    ) { $0.deadline = $1 }
    options.seconds(
      "W", "timeout", in: Nanoseconds(1) ... .seconds(86_400),
      help:
        "time to wait for an answer; if not given 10, for several targets 2, in a sweep at most 0.5"
    ) { $0.givenTimeout = $1 }
  }

  private static func sayProbe(_ options: inout OptionWalk<PingOptions>) {
    options.group("Probe")
    options.integer(
      "s", "size", "OCTETS", in: 0...65_527,
      help: "octets behind the ICMP header, 56 if not given"
    ) { $0.payloadLength = $1 }
    options.text(
      "p", "pattern", "HEX", help: "fill the payload with these 1 to 16 octets, such as ff00"
    ) { options, value throws(UsageError) in options.pattern = try PingArguments.pattern(value) }
    options.integer(
      "e", "identifier", "NUMBER", in: 0...UInt16.max,
      help: "the identifier in each probe, random if not given; 0 needs a raw socket"
    ) { $0.identifier = $1 }
    options.integer(
      "t", "ttl", "TTL", in: 1...255, help: "time to live (hop limit) of the probes"
    ) { $0.timeToLive = $1 }
    options.text(
      "Q", "tos", "OCTET", help: "type of service or traffic class: DSCP and ECN, as 184 or 0xb8"
    ) { options, value throws(UsageError) in
      options.typeOfService = try NumberText.number(value, in: 0...UInt8.max)
    }
    options.text(
      "F", "flow-label", "LABEL",
      help: "IPv6: the flow label, as 0x12345; 0 lets the kernel choose one"
    ) { options, value throws(UsageError) in
      options.flowLabel = try NumberText.number(value, in: 0...0xf_ffff)
    }
    options.text(
      "M", "pmtudisc", "MODE",
      help:
        "path MTU: do (never fragment, heed what is known), want (fragment as needed), probe (never fragment, send all the same), dont (let routers fragment)"
    ) { options, value throws(UsageError) in
      options.pathMTU = try PingArguments.pathMTU(value)
    }
    options.flag(
      nil, "hdrincl",
      help: "build the IP header ourselves as well (IP_HDRINCL); needs a raw socket"
    ) { $0.includesHeader = true }
  }

  private static func saySocket(_ options: inout OptionWalk<PingOptions>) {
    options.group("Socket")
    options.string(
      "I", "interface", "INTERFACE",
      help:
        "send from this interface or VRF, or from this one of our addresses; twice for both"
    ) { $0.origins.append($1) }
    options.flag("B", nil, help: "stay with the source address chosen at the start") {
      $0.keepsSource = true
    }
    options.flag("C", "connect", help: "connect the socket to the target") { $0.connects = true }
    options.flag("r", "bypass-routes", help: "send to hosts on the link only, past the routes") {
      $0.bypassesRoutes = true
    }
    options.flag("L", nil, help: "a group's probes do not come back to this host") {
      $0.suppressesLoopback = true
    }
    options.text(
      "m", "mark", "MARK", help: "tag probes for firewall and routing rules (SO_MARK), as 7 or 0x7"
    ) { options, value throws(UsageError) in
      options.mark = try NumberText.number(value, in: 0...UInt32.max)
    }
    options.integer(
      "S", "sndbuf", "OCTETS", in: 1...(1 << 30), help: "the socket's room for what is to be sent"
    ) { $0.sendBuffer = $1 }
    options.flag("d", "debug-socket", help: "switch on the socket's debugging (SO_DEBUG)") {
      $0.debugsSocket = true
    }
  }

  private static func sayOutput(_ options: inout OptionWalk<PingOptions>) {
    options.group("Output")
    options.flag("n", "numeric", help: "do not look up names of addresses") { $0.isNumeric = true }
    options.flag("H", nil, help: "look up names even if the target is an address") {
      $0.forcesNames = true
    }
    options.flag("q", "quiet", help: "print the first line and the summary only") {
      $0.isQuiet = true
    }
    options.flag("v", "verbose", help: "print identifiers, and answers that other rules would hide")
    {
      $0.isVerbose = true
    }
    options.flag("a", "audible", help: "ring the terminal's bell on each answer") {
      $0.isAudible = true
    }
    options.flag("3", nil, help: "print delays with three decimals, whatever their length") {
      $0.isPrecise = true
    }
    options.flag(
      "U", nil, help: "print the time that this program saw, not that between the kernel's stamps"
    ) { $0.measuresProgram = true }
    options.flag(
      nil, "split", help: "say which part of each delay is this host's, and which the network's"
    ) { $0.splitsDelays = true }
    sayHardwareStamps(&options)
    options.flag("D", nil, help: "print the time of day before each line") { $0.printsTime = true }
    options.flag(
      "O", nil, help: "say so when a probe had no answer yet as the next one was due"
    ) { $0.reportsOutstanding = true }
    options.flag(
      "j", "json",
      help: "print events, one JSON object a line (docs/OUTPUT.md), instead of text"
    ) { $0.printsJSON = true }
  }
}
