import CommandLineKit
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// A recorded trace, as its file has it: how its probes were made, when it began and how it ended. What
/// happened in between is read again when it is replayed, for a path can be watched for days.
struct RecordedTrace {
  /// What has written files that can be read.
  static let readable = "traceroute-swift --record"

  let path: String
  /// What the command line asked for, `--mtu` and its like prepared.
  let options: TracerouteOptions
  /// The target as it was typed.
  let host: String
  /// The name of the host that probed; empty where it is not said.
  let source: String
  let probe: TraceProbe
  /// When the first probe was sent.
  let start: ClockSample
  /// Names that were found.
  let names: [IPAddress: String]
  let ending: EvidenceEnding?
  /// What keeps the rest of the file from being read.
  let problem: String?

  /// Reads a file.
  init(_ path: String) throws {
    self.path = path
    var feed = try EvidenceFeed(path)
    var first: ClockSample?
    while let step = try feed.nextStep() { first = first ?? ReplayedStep(step)?.clock }
    (names, ending) = (feed.reader.names, feed.reader.ending)
    problem = feed.reader.problem.map { "\($0)" }
    guard let session = feed.reader.session, session.tool == TracerouteCommand.toolName else {
      let other = feed.reader.session.map { "\($0.tool) has recorded it" }
      throw ReplayFailure(
        readable: Self.readable, path: path,
        reason: other ?? problem ?? "it is no recording of a trace")
    }
    source = Self.fact(TraceEvidence.Fact.source, session) ?? ""
    do {
      (options, host, probe) = try Self.plan(session)
    } catch {
      throw ReplayFailure(
        readable: Self.readable, path: path,
        reason: "what it says of its session cannot be used (\(error))")
    }
    guard let first else {
      throw ReplayFailure(
        readable: Self.readable, path: path, reason: problem ?? "there is no probe in it")
    }
    start = first
  }

  private static func fact(_ name: String, _ session: EvidenceSession) -> String? {
    session.facts.first { $0.name == name }?.value
  }

  private static func plan(
    _ session: EvidenceSession
  ) throws -> (TracerouteOptions, String, TraceProbe) {
    var options = TracerouteOptions()
    _ = try TracerouteOptions.table.parse(
      Array(session.commandLine.dropFirst()), into: &options)
    // Nothing is drawn or written for a command line of then.
    options.monitor.takeFormOff()
    var length = fact(TraceEvidence.Fact.length, session).flatMap { Int($0) }
    try options.preparePathMTU(length: &length)
    guard let target = session.targets.first, let key = session.cookieKey,
      let number = session.identifier, let length, (0...65_575).contains(length),
      target.address.family == target.source.family
    else { throw UsageError("target, key, number or length of the probes is missing") }
    try TracerouteCommand.check(options)
    let family = target.address.family
    let method = try TraceMethod(
      options, family, isRaw: fact(TraceEvidence.Fact.isRaw, session) == "yes", number: number)
    var headers = options.headers
    headers.fragmentLength = fact(TraceEvidence.Fact.fragments, session).flatMap { Int($0) }
    let probe = TraceProbe(
      target: target.address, source: target.source, method: method, packetLength: length,
      cookies: KeyedCookie(key: key.low, key.high), headers: headers)
    return (options, target.typed, probe)
  }
}

// MARK: - What is asked for now

extension RecordedTrace {
  /// The options of a replay: those that were recorded, but for the form of the report and whatever does
  /// something, and then those that are given now.
  ///
  /// - Throws: where those would have made another trace.
  func options(_ arguments: [String]) throws(UsageError) -> TracerouteOptions {
    var options = self.options
    options.monitor.takeFormOff()
    var given = TracerouteOptions()
    _ = try TracerouteOptions.table.parse(arguments, into: &given)
    // A path that was watched in one way can be reported on in another.
    if options.monitor.mode != nil, given.monitor.mode != nil { options.monitor.mode = nil }
    (options.origins, options.evidence) = (OriginOptions(), EvidenceOptions())
    (options.output.printsJSON, options.multipath.printsDot) = (false, false)
    _ = try TracerouteOptions.table.parse(arguments, into: &options)
    guard options.probing == self.options.probing else {
      throw UsageError(
        "--replay: how to probe was said when it was recorded; only what to show can be said now")
    }
    if options.evidence.recordPath != nil {
      throw UsageError("options '--record' and '--replay': choose one")
    }
    if options.monitor.mode == .live {
      throw UsageError("option '--live' shows what goes on, and '--replay' what was: choose one")
    }
    try TracerouteCommand.check(options)
    return options
  }
}

extension TracerouteOptions {
  /// Without what changes no probe.
  fileprivate var probing: TracerouteOptions {
    var options = self
    (options.output, options.origins, options.evidence) = (Output(), OriginOptions(), .init())
    options.multipath.printsDot = false
    options.monitor.takeFormOff()
    if options.monitor.mode != nil { options.monitor.mode = .report }
    return options
  }
}

extension MonitorOptions {
  /// A report as text, into no file.
  fileprivate mutating func takeFormOff() {
    var plain = MonitorOptions()
    if mode != nil { plain.choose(mode == .monitor ? .monitor : .report) }
    (plain.rounds, plain.interval, plain.flows) = (rounds, interval, flows)
    plain.addsFlows = addsFlows
    self = plain
  }
}
