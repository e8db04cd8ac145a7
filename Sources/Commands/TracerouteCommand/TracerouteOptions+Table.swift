import CommandLineKit
import PacketWire
import ProbeEngine

extension TracerouteOptions {
  /// Everything that can be said on the command line.
  static let table = OptionTable<TracerouteOptions>(
    tool: TracerouteCommand.toolName,
    usage: [
      "[OPTION]... TARGET [LENGTH]", "[OPTION]... --many FILE",
      "--diff [OPTION]... BEFORE.pcapng AFTER.pcapng",
    ],
    summary: """
      Shows each router on the way to a host. All probes are of one flow, so that they take one path; \
      hops are probed at the same time. LENGTH is the whole probe packet's, in octets: 60 if not given, \
      80 for IPv6.
      """
  ) { options in
    sayTarget(&options)
    sayProbe(&options)
    sayHeader(&options)
    sayHops(&options)
    sayTiming(&options)
    sayMultipath(&options)
    sayMany(&options)
    sayOrigins(&options)
    sayMonitor(&options)
    sayPathMTU(&options)
    sayRateLimit(&options)
    sayEvidence(&options)
    sayOutput(&options)
  } notes: { notes in
    notes.example("traceroute-swift -n -q 1 192.0.2.1", "One probe a hop, no names.")
    notes.example(
      "traceroute-swift -T -p 443 www.example.com",
      "With the first packets of TCP connections, which firewalls let through to a web site.")
    notes.example(
      "traceroute-swift -I -w 1 192.0.2.1",
      "With echo requests, which some firewalls let through where they drop UDP.")
    notes.exitCode(0, "the trace was made, whether or not it reached the target")
    notes.exitCode(
      1, "the trace could not be made: no permission, no route; with --diff, something has changed")
    notes.exitCode(2, "a bad option or an unknown name")
  }

  private static func sayTarget(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Target and origin")
    options.flag("4", nil, help: "use IPv4 only") { $0.family = .v4 }
    options.flag("6", nil, help: "use IPv6 only") { $0.family = .v6 }
    options.string("i", "interface", "NAME", help: "send through this interface") {
      $0.origin.interface = $1
    }
    options.text("s", "source", "ADDRESS", help: "send from this address of this host") {
      options, value throws(UsageError) in
      options.origin.source = try TraceArguments.address(value)
    }
    options.text(
      "g", "gateway", "ADDRESS[,ADDRESS]...",
      help:
        "go by these routers, eight at most (IPv4's loose source route, which most networks drop)"
    ) { options, value throws(UsageError) in
      options.headers.gateways += try TraceArguments.gateways(value)
      guard options.headers.gateways.count <= TraceProbe.Headers.gatewayLimit else {
        throw UsageError("eight routers at the most, for the IPv4 header has room for no more")
      }
    }
    options.flag("r", "bypass", help: "send to hosts on the link only, past the routes") {
      $0.origin.bypassesRoutes = true
    }
    options.text(nil, "fwmark", "MARK", help: "mark packets for firewall and routing rules") {
      options, value throws(UsageError) in
      options.origin.mark = try NumberText.number(value, in: 0...UInt32.max)
    }
    options.flag("d", "debug", help: "set SO_DEBUG on the sockets") { $0.origin.debugs = true }
  }

  private static func sayProbe(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Probe")
    options.flag("I", "icmp", help: "send ICMP echo requests, not UDP datagrams") {
      $0.kind = .icmp
    }
    options.flag("T", "tcp", help: "send TCP SYNs, to port 80 if not given") { $0.kind = .tcp }
    options.flag("U", "udp", help: "send UDP datagrams to port 53 if not given") {
      ($0.kind, $0.port) = (.udp, $0.port ?? 53)
    }
    options.flag(
      "L", "udplite", help: "send UDP-Lite, to port 53 if not given; -UL as Linux traceroute has it"
    ) { ($0.kind, $0.port) = (.udplite, $0.port ?? 53) }
    options.flag("D", "dccp", help: "send DCCP requests, to port 33434 if not given") {
      $0.kind = .dccp
    }
    options.text(
      "P", "protocol", "NUMBER", help: "send packets of any IP protocol, by name or number"
    ) { options, value throws(UsageError) in
      options.kind = .raw
      options.kindOptions.append("protocol=\(value)")
    }
    options.text(
      "M", "module", "NAME",
      help: "what to send: udp, icmp, tcp, dns, quic, udplite, dccp, sctp, raw"
    ) { options, value throws(UsageError) in
      options.kind = try TraceArguments.kind(value)
    }
    options.string(
      "O", "options", "WORD[,WORD]...",
      help: """
        for TCP syn, ack, fin, rst, psh, urg, ece, cwr, flags=NUMBER, mss=OCTETS, window=OCTETS, plain and \
        info; for UDP-Lite coverage=OCTETS; for DCCP service=NUMBER; for raw protocol=NUMBER
        """
    ) { options, value in
      options.kindOptions += value.split(separator: ",").map { String($0) }
      if options.kindOptions.contains("info") { options.output.showsReplies = true }
    }
    options.integer(
      "p", "port", "PORT", in: 1...UInt16.max, help: "the destination port"
    ) { $0.port = $1 }
    options.integer(
      nil, "sport", "PORT", in: 1...UInt16.max, help: "the source port, a free one if not given"
    ) { $0.sourcePort = $1 }
    options.flag(
      nil, "rising-port",
      help: """
        send each UDP datagram to the next port, as traceroute has always done, so that each may take a \
        path of its own
        """
    ) { $0.risesPort = true }
    options.flag(
      nil, "hdrincl",
      help: "fail where the IP header cannot be built here too (IP_HDRINCL, a raw socket)"
    ) { $0.needsRaw = true }
  }

  private static func sayHeader(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("IP header")
    options.text(
      "t", "tos", "OCTET", help: "type of service or traffic class: DSCP and ECN, as 184 or 0xb8"
    ) { options, value throws(UsageError) in
      options.headers.typeOfService = UInt8(try NumberText.number(value, in: 0...255))
    }
    options.text("l", "flow-label", "LABEL", help: "the IPv6 flow label, as 74565 or 0x12345") {
      options, value throws(UsageError) in
      options.headers.flowLabel = try NumberText.number(value, in: 0...0xf_ffff)
    }
    options.flag("F", "dont-fragment", help: "set IPv4's \"don't fragment\"") {
      $0.headers.dontFragment = true
    }
  }

  private static func sayHops(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Hops")
    options.integer(
      "f", "first", "TTL", in: 1...255, help: "start at this hop, 1 if not given"
    ) { $0.firstTTL = $1 }
    options.integer(
      "m", "max-hops", "TTL", in: 1...255, help: "stop at this hop, 30 if not given"
    ) { $0.maximumTTL = $1 }
    options.integer(
      "q", "queries", "COUNT", in: 1...10, help: "probes a hop, 3 if not given"
    ) { ($0.queries, $0.many.queries) = ($1, $1) }
  }

  private static func sayTiming(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Timing")
    options.text(
      "w", "wait", "MAX[,HERE,NEAR]",
      help: """
        wait at most MAX seconds, 5 if not given; or HERE times as long as an answer from the same hop \
        took, or NEAR times as long as one from the next later hop; if these are not given a quarter \
        longer, and 50 ms at the least
        """
    ) { options, value throws(UsageError) in
      options.wait = try TraceArguments.wait(value)
    }
    options.integer(
      "N", "sim-queries", "COUNT", in: 1...1_000,
      help: "probes on the way at once, 48 if not given; 1 goes step by step"
    ) { $0.window = $1 }
    options.text(
      "z", "send-wait", "TIME",
      help: """
        the least time between two probes, in seconds, or in milliseconds if more than 10; half a \
        millisecond if not given
        """
    ) { options, value throws(UsageError) in
      options.gap = try TraceArguments.sendWait(value)
    }
  }

  private static func sayOutput(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Output")
    options.flag("n", "numeric", help: "do not look up names of addresses") {
      $0.output.isNumeric = true
    }
    options.flag(
      "e", "extensions", help: "show MPLS labels and interfaces that routers tell (RFC 4950, 5837)"
    ) { $0.output.showsExtensions = true }
    options.flag(
      nil, "back", help: "show how many hops answers came, where that is not how many probes went"
    ) { $0.output.showsHopsBack = true }
    options.flag(
      nil, "notes",
      help: """
        say below the trace, in plain words, what is unusual about it: silence, limits, loops, refusals, \
        broken answers, and what the path did to the probes
        """
    ) { $0.output.saysNotes = true }
    options.flag(
      nil, "changes",
      help: """
        show below the trace which fields of the probes the hops quote changed: NAT, DSCP, ECN, MSS, options, \
        checksums
        """
    ) { $0.output.showsChanges = true }
    options.flag(
      nil, "json",
      help: "print events, one JSON object a line (docs/OUTPUT.md), instead of text"
    ) { $0.output.printsJSON = true }
  }
}
