import CommandLineKit
import HostNaming
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// Everything that a ping prints, as it happens.
struct PingPrinter: ~Copyable {
  let names: HostNames
  var output: LineOutput

  private let options: PingOptions
  private let text: PingText
  private var events: PingEvents
  private let figures: FigureOutput?
  private let damage: DamageMaps?
  /// What stands on the terminal instead of lines.
  let live: LiveScreen?
  private var gate = NameGate<(PingReport, WallInstant, ReportNote?)>()
  private var rejectedLines = 0
  private var paths: PathMeters?
  private var groups: GroupAnswers?
  /// In a replay, the time of what is told; `nil` is now.
  var clock: ClockSample?

  /// How many replies that are not ours are told one by one: a flood of them must not become one of
  /// lines. The summary event counts them all.
  private static let rejectedLineLimit = 3

  init(
    _ options: PingOptions, text: PingText, events: PingEvents, names: HostNames,
    damage: DamageMaps?
  ) {
    (self.options, self.text, self.events, self.names) = (options, text, events, names)
    self.damage = damage
    live = options.figures.showsLive ? LiveScreen(text.targets) : nil
    figures = FigureOutput(options, targets: text.targets)
    paths = PathMeters(options.paths, text.targets)
    groups = GroupAnswers(options, text.targets)
    // A person or a script waits for each line, unless they come by the thousand.
    output = LineOutput(
      to: StandardStream.output, flushing: options.isFast ? .whenFull : .eachLine)
  }

  private var now: WallInstant { clock?.wall ?? WallClock.now() }

  /// When a line has been held long enough.
  var wakeAt: MonotonicInstant? {
    [gate.wakeAt, figures?.wakeAt, live?.wakeAt].compactMap { $0 }.min()
  }

  /// What waits goes out before anybody sleeps.
  mutating func flush() { output.flush() }

  mutating func start() {
    events.startedAt = clock?.monotonic ?? MonotonicClock.now()
    figures?.begin(&output.text)
    if options.figures.printsCSV { return }
    if options.printsJSON {
      for target in 0..<text.targets.count {
        events.start(target, at: now, &output.text)
        output.endLine()
      }
      return
    }
    if text.targets.count == 1 {
      // IPv6's first line names the target as its address' own name has it.
      let address = text.targets.targets[0].address
      names.request(address)
      if address.family == .v6 { names.wait(for: address) }
    }
    if options.asks { return }
    text.start(&output.text)
    output.endLine()
  }

  /// So many probes were sent.
  mutating func sent(_ count: Int) {
    if options.printsDots { output.text.append(repeating: 0x2e, count: count) }
  }

  mutating func take(_ given: PingReport, _ note: ReportNote? = nil) {
    let report = groups?.take(given) ?? given
    paths?.take(report)
    if let live { return live.take(report) }
    if let figures, figures.take(report, at: now, &output.text) { return endRows() }
    guard options.printsJSON || isWanted(report) else {
      if let packet = note?.packet { show(packet) }
      return
    }
    let peer: IPAddress? =
      switch report {
      case .reply(let answer): answer.reply.source
      case .answer(let answer): answer.answer.source
      case .error(_, let error): error.source
      case .diagnosis(let diagnosis): diagnosis.hops.last?.address
      default: nil
      }
    if let peer { names.request(peer) }
    damage?.take(report)
    gate.add(
      (report, now, note), mentioning: peer.map { [$0] } ?? [], at: MonotonicClock.now()
    )
  }

  /// Rows of a table bring their own ends.
  private mutating func endRows() {
    if output.flushing == .eachLine || output.text.count >= output.limit { output.flush() }
  }

  /// What is told beside lines and is due.
  mutating func turn(_ session: borrowing PingSession) {
    figures?.turn(session, &output.text)
    live?.turn(session, &output.text)
  }

  /// Whether a report becomes a line; some become something else at once.
  private mutating func isWanted(_ report: PingReport) -> Bool {
    switch report {
    case .answer(let answer) where options.asks || options.printsDots:
      return isWanted(.reply(answer.reply))
    case .rejected(_, let reply):
      sayRejected(reply)
      return false
    case .sendFailed(let probe, let errorNumber):
      saySendError(probe, errorNumber)
      return false
    case .lost: return false
    case .outstanding: return options.reportsOutstanding && !options.isQuiet
    case .reply where options.printsDots:
      output.text.append("\u{8} \u{8}")
      return false
    case .error where options.printsDots:
      output.text.append("\u{8}E")
      return false
    case .reply where options.isFlood, .error where options.isFlood: return false
    case .reply(let answer) where options.asks:
      return options.listsAlive && !options.isQuiet && !answer.isDuplicate
        && answer.reply.isChecksumValid
    case .error where options.asks: return options.isVerbose
    case .unreachable: return options.listsUnreachable && !options.isQuiet
    case .diagnosis: return true
    default: return figures?.isWanted(report) ?? !options.isQuiet
    }
  }

  /// Prints the lines whose names have come, or whose time is up.
  mutating func printReady() {
    guard gate.wakeAt != nil else { return }
    names.update()
    let names = names
    for (report, time, note) in gate.release(
      at: MonotonicClock.now(), isSettled: { names.isSettled($0) })
    {
      print(report, time, note)
    }
  }

  private mutating func print(
    _ report: PingReport, _ time: WallInstant, _ note: ReportNote?
  ) {
    if options.printsJSON {
      events.report(report, note?.facts, at: time, &output.text)
      return output.endLine()
    }
    figures?.makeRoom(&output.text)
    if options.printsTime {
      output.text.append("[")
      output.text.append(
        Nanoseconds(time.nanoseconds), in: .seconds, decimals: 6, rounding: .towardZero)
      output.text.append("] ")
    }
    text.report(report, &output.text)
    damage?.append(report, &output.text)
    figures?.line(report, &output.text)
    note?.facts?.appendLines(to: &output.text)
    note?.options?.append(to: &output.text, text)
    output.endLine()
    if let packet = note?.packet { show(packet) }
  }

  /// Shows a packet field by field, with a blank line behind it.
  mutating func show(_ packet: ExplainedPacket) {
    packet.append(to: &output.text, TerminalSettings.current(of: StandardStream.output))
    output.endLine()
  }

  private func saySendError(_ probe: PingProbe, _ errorNumber: Int32) {
    let reason = SystemError.message(for: errorNumber)
    let target = text.targets.targets[probe.target].address
    Tool.printDiagnostic("\(PingCommand.toolName): cannot send to \(target): \(reason)")
  }

  private mutating func sayRejected(_ reply: EchoReply) {
    rejectedLines += 1
    guard rejectedLines <= Self.rejectedLineLimit else { return }
    Tool.printDiagnostic(
      "\(PingCommand.toolName): a reply from \(reply.source) with icmp_seq=\(reply.sequenceNumber) "
        + "is not to our probe and is not counted")
  }

  /// SIGQUIT asks for one line and to go on; `\r` takes the terminal's own `^\` away.
  func printStatus(_ summary: PingSummary) {
    var errors = LineOutput(to: StandardStream.error, flushing: .eachLine)
    errors.text.append("\r")
    text.status(summary, &errors.text)
    errors.endLine()
  }

  /// The summary, and what kept the output from being written.
  mutating func finish(_ session: borrowing PingSession) -> SystemError? {
    live?.end(&output)
    for (report, time, note) in gate.releaseAll() { print(report, time, note) }
    if options.printsJSON {
      for target in 0..<text.targets.count {
        events.summary(
          target, session.summary(of: target), figures: TargetFigures(session, target),
          at: now, &output.text)
        output.endLine()
      }
      paths?.events(session, events, at: WallClock.now(), &output)
      groups?.events(events, at: WallClock.now(), &output)
    } else if !options.figures.printsCSV {
      figures?.makeRoom(&output.text)
      text.summary(session, &output.text)
      paths?.text(session, &output.text)
      groups?.text(text.styling, &output.text)
    }
    figures?.finish(session, &output.text)
    output.flush()
    return output.failure
  }
}
