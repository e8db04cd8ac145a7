import AddressOrigins
import PacketTestSupport
import PacketText
import PacketWire

@testable import LabCommand
@testable import PingCommand
@testable import ProbeEngine
@testable import SniffCommand
@testable import TracerouteCommand

/// Events as the tools print them, every field of every one at least once with and without a value.
enum EventSamples {
  static let time = WallInstant(nanoseconds: 1_795_239_179_478_889_001)
  static let target = PingTextTests.target
  static let router = PingTextTests.router

  /// All lines: made here, and those that the tools themselves printed for CASES.txt.
  static let lines: [String] =
    ping + PathSamples.lines + MultipathSamples.lines + MTUTextTests.lines + RateLimitSamples.lines
    + trace + ManySamples.lines
    + MonitorSamples.lines + StatisticsSamples.lines + StorySamples.lines + packets + labs
    + CommandCase.all.flatMap { $0.expected("out").split(separator: "\n").map { String($0) } }
    .filter { $0.hasPrefix("{\"schema\"") }

  static func line(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer()
    write(&buffer)
    return buffer.string
  }

  static let pingEvents = PingEvents(
    targets: pingTargets("www.example.test", target), source: router, payloadLength: 56)

  /// What a ping reports, with the name of its event.
  static let reports: [(name: String, report: PingReport)] = [
    ("ping.reply", .reply(PingTextTests.answer())),
    (
      "ping.reply",
      .reply(
        PingTextTests.answer {
          $0.reply.timeToLive = nil
          $0.reply.damage = .init(offset: 17, expected: 0x11, seen: 5)
        })
    ),
    (
      "ping.reply",
      .reply(
        PingTextTests.answer {
          $0.roundTrip.parts = .init(
            sending: Nanoseconds(9), queueing: Nanoseconds(1), network: Nanoseconds(8_000),
            receiving: Nanoseconds(12))
        })
    ),
    ("ping.duplicate", .reply(PingTextTests.answer { ($0.isDuplicate, $0.isLate) = (true, true) })),
    ("ping.late", .reply(PingTextTests.answer { $0.isLate = true })),
    (
      "ping.corrupted",
      .reply(
        PingTextTests.answer {
          ($0.reply.isChecksumValid, $0.isDuplicate) = (false, true)
          $0.roundTrip = RoundTripTime(Nanoseconds(9), source: .program)
        })
    ),
    (
      "ping.error",
      .error(
        pingProbe(70_000), ICMPErrorReport(family: .v4, type: 3, code: 1, source: router))
    ),
    (
      "ping.error",
      .error(
        pingProbe(2), ICMPErrorReport(family: .v6, type: 2, code: 0, source: nil, detail: 1_280))
    ),
    ("ping.send_failed", .sendFailed(pingProbe(4), errorNumber: 101)),
    ("ping.outstanding", .outstanding(pingProbe(5))),
    ("ping.lost", .lost(pingProbe(6))),
    ("ping.unreachable", .unreachable(target: 0)),
    ("ping.outage", .outage(target: 0, outage)),
    (
      "ping.path_change",
      .pathChange(target: 0, ReplyChange(number: 9, kind: .timeToLive(from: 55, to: 53)))
    ),
    (
      "ping.path_change",
      .pathChange(target: 0, ReplyChange(number: 9, kind: .codePoint(from: 0, to: 46)))
    ),
    ("ping.diagnosis", .diagnosis(diagnosis)),
    (
      "ping.diagnosis",
      .diagnosis(
        PathDiagnosis(target: 0, finding: .answer, hops: [], probeCount: 1, expectedHop: nil))
    ),
    (
      "ping.rejected",
      .rejected(
        pingProbe(8), PingTextTests.answer { $0.reply.sequenceNumber = 8 }.reply)
    ),
  ]

  private static let diagnosis = PathDiagnosis(
    target: 0, finding: .silence,
    hops: [
      PathDiagnosis.Hop(
        timeToLive: 1, address: router,
        error: ICMPErrorReport(family: .v4, type: 11, code: 0, source: router),
        roundTrip: .milliseconds(2)),
      PathDiagnosis.Hop(timeToLive: 2, address: nil, error: nil, roundTrip: .milliseconds(3)),
    ], probeCount: 11, expectedHop: 7)

  private static let outage = Outage(
    firstLost: 3, lastLost: 4, lost: 2, start: MonotonicInstant(nanoseconds: 1_000),
    end: MonotonicInstant(nanoseconds: 2_000_001_000))

  /// Fourteen probes: 3 and 4 are lost, 11 comes behind 12 and another way.
  private static let figures: TargetFigures = {
    var figures = ProbeFigures()
    let start = MonotonicInstant(nanoseconds: 0)
    for number in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 11, 13, 14] as [UInt64] {
      let sentAt = start + .seconds(Int64(number))
      if number == 3 || number == 4 {
        figures.lost(number, sentAt: sentAt)
      } else {
        figures.answered(
          number, after: Nanoseconds(10 + Int64(number * 7 % 11)), sentAt: sentAt,
          timeToLive: number < 11 ? 55 : 53, trafficClass: 0)
      }
    }
    var counts = FigureCounts()
    (counts.sent, counts.received) = (3, 2)
    return TargetFigures(figures, counts)
  }()

  /// Answers of which it is not known how far they came.
  private static let hopless: [PingReport] = [
    PingTextTests.answer { $0.isDuplicate = true }, PingTextTests.answer { $0.isLate = true },
    PingTextTests.answer { $0.reply.isChecksumValid = false },
  ].map { answer in
    var answer = answer
    answer.reply.timeToLive = nil
    return .reply(answer)
  }

  static let ping: [String] = {
    var summary = PingSummary()
    summary.transmitted = 3
    let none = line { pingEvents.summary(0, summary, at: time, &$0) }
    let few = TargetFigures(ProbeFigures(), FigureCounts())
    let start = line { pingEvents.summary(0, summary, figures: few, at: time, &$0) }
    (summary.received, summary.duplicates, summary.errors, summary.corrupted) = (2, 4, 5, 6)
    (summary.late, summary.rejected, summary.elapsed) = (7, 8, .milliseconds(2_000))
    for rtt: Int64 in [1_000, 4_000] { summary.rtt.add(Nanoseconds(rtt)) }
    let unkept = line { pingEvents.summary(0, summary, at: time, &$0) }
    var unansweredEvents = pingEvents
    unansweredEvents.unanswered = try? ProbeType(argument: "redirect")
    let unanswered = line { unansweredEvents.summary(0, PingSummary(), at: time, &$0) }
    return [line { pingEvents.start(0, at: time, &$0) }]
      + (reports.map(\.report) + hopless + QuestionSamples.reports).map { report in
        line { pingEvents.report(report, at: time, &$0) }
      }
      + ErrorFactSamples.lines + [
        none, start, unkept, unanswered,
        line { pingEvents.summary(0, summary, figures: figures, at: time, &$0) },
      ]
  }()

  /// A trace of three probes to hop 1: a router, nothing, the target.
  static let trace: [String] = {
    let probe = TraceProbe(
      target: target, source: router, method: .icmp(identifier: 9), packetLength: 60,
      cookies: KeyedCookie(key: 1, 2))
    let events = TracerouteEvents(
      host: "www.example.test", probe: probe, name: { $0 == router ? "r.example.test" : nil },
      origin: { $0 == router ? origin : nil }, country: { $0 == router ? "DE" : nil })
    var configuration = TraceSession.Configuration()
    (configuration.maximumTTL, configuration.queries) = (1, 3)
    let hop = changedHop(probe)
    var last = TracerouteTextTests.outcome(target, 678_000)
    var segment = TCPHeader(from: 80, to: 61_001, flags: [.syn, .ack])
    segment.options = OptionOctets(padding: [2, 4, 5, 180]) ?? OptionOctets()
    let reply = TraceReply(from: target, timeToLive: 60, .segment(segment))
    last.answer = .reply(reply)
    var session = TraceSession(configuration)
    let start = MonotonicInstant(nanoseconds: 1_000)
    _ = session.step(.start, at: start)
    let unfinished = line { events.end(session, at: time, &$0) }
    let clock = ClockSample(monotonic: start, wall: time)
    _ = session.step(.sent(number: 0, clock), at: start)
    _ = session.step(
      .arrived(
        TraceArrival(number: 0, answer: .reply(reply)),
        Arrival(clock: clock)), at: start)
    return [
      line { events.start(hops: 1...1, queries: 3, method: "icmp", at: time, &$0) },
      line { events.start(hops: 1...30, queries: nil, method: "udp", at: time, &$0) },
      line { events.reply(timeToLive: 1, query: 0, hop, at: time, &$0) },
      line { events.reply(timeToLive: 1, query: 2, last, at: time, &$0) },
      line { events.reply(timeToLive: 1, query: 1, .lost, at: time, &$0) },
      line { events.hop(TraceHop(timeToLive: 1, outcomes: [.lost, hop, last]), at: time, &$0) },
      line { events.hop(TraceHop(timeToLive: 2, outcomes: [.lost]), at: time, &$0) },
      line { events.note(.limitedHop(4, answered: 1, of: 3), at: time, &$0) },
      line { events.note(.otherAddress(router), at: time, &$0) },
      changes(events, hop),
    ] + limits(events) + [
      unfinished, line { events.end(session, at: time, &$0) },
    ]
  }()

  /// A link behind hop 2 that takes less.
  private static func limits(_ events: TracerouteEvents) -> [String] {
    var lines: [String] = []
    let change = HopMTU.Change(.router, router: router, previous: 1_500, after: 2)
    HopLimits([
      TraceHop(
        timeToLive: 1, outcomes: [], mtu: HopMTU(1_500, .init(.ownLink, previous: nil, after: 0))),
      TraceHop(timeToLive: 3, outcomes: [], mtu: HopMTU(1_400, change)),
    ]).forEachEvent {
      fields in
      lines.append(line { events.mtu(fields, at: time, &$0) })
    }
    return lines
  }

  /// The first change of a path of one hop.
  private static func changes(_ events: TracerouteEvents, _ outcome: TraceOutcome) -> String {
    var lines: [String] = []
    PathChanges([TraceHop(timeToLive: 1, outcomes: [outcome])]).forEachEvent { fields in
      lines.append(line { events.change(fields, at: time, &$0) })
    }
    return lines.first ?? "none"
  }

  private static let origin: AddressOrigin? = IPPrefix("198.51.100.0/24").map {
    AddressOrigin(numbers: [64_500, 64_501], block: AddressBlock($0), name: "EXAMPLE\u{1b}")
  }

  /// A router that got the probe with a label and another DSCP.
  private static func changedHop(_ probe: TraceProbe) -> TraceOutcome {
    var outcome = TracerouteTextTests.outcome(router, 345_000)
    let request = TraceRequest(number: 0, timeToLive: 1)
    guard case .error(var error) = outcome.answer, let sent = try? probe.sent(request)
    else { return outcome }
    var quoted = sent.octets
    quoted[1] = 0x20
    error.alteration = try? ProbeAlteration(
      sent: sent, quotation: quoted.span, isTimeExceeded: true)
    error.detail = ICMPErrorDetail(error.report)
    error.detail?.extensions = .init()
    error.detail?.extensions?.labels = [
      MPLSLabel(label: 16_001, isBottomOfStack: true, timeToLive: 1)
    ]
    outcome.answer = .error(error)
    return outcome
  }

  /// Frames that no fixture has: with a VLAN tag, over IPv6, without a link header, of nothing known.
  static let packets: [String] = [
    (
      LinkType.ethernet,
      """
      020000000001 020000000002 8100 6064 86dd
      60000000 0008 3a 40 20010db8000000000000000000000001 20010db8000000000000000000000002
      8000 0000 00070009
      """
    ),
    (.ethernet, "020000000001 020000000002 88b5 0102"),
    (.raw, "45000014 00010000 40fd0000 c6336401 c0000209"),
    (.raw, ""),
    // The extension header is cut off, so that what is carried is not known.
    (.raw, "60000000 0008 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002"),
  ].map { linkType, text in
    let octets = hex(text)
    var packet = SniffedPacket(
      number: 1, time: time, linkType: linkType, originalLength: octets.count)
    if linkType == .ethernet {
      (packet.interface, packet.process) = (1, PacketProcess(number: 28, name: "curl"))
    }
    let frame = Frame(decoding: octets.span, linkType: linkType, originalLength: octets.count)
    return String(
      line {
        var events = PacketEvents(interfaceName: nil)
        events.origins = ["eth0", "eth1"]
        events.append(packet, frame, octets.span, to: &$0)
      }.dropLast())
  }

  /// A lab whose processes can be counted, and one without its own /proc.
  static let labs: [String] = [3, nil].map { processes in
    line {
      $0.appendLabStatus(
        "lab", LabStatus(topology: "default", since: time, processes: processes))
    }
  }
}
