import CommandLineKit
import HostNaming
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// Everything that a ping prints, as it happens.
struct PingPrinter: ~Copyable {
  let names: HostNames
  var output: LineOutput

  private let options: PingOptions
  private let text: PingText
  private let events: PingEvents
  private var gate = NameGate<(PingReport, WallInstant)>()
  private var rejectedLines = 0

  /// How many replies that are not ours are told one by one: a flood of them must not become one of
  /// lines. The summary event counts them all.
  private static let rejectedLineLimit = 3

  init(_ options: PingOptions, text: PingText, events: PingEvents, names: HostNames) {
    (self.options, self.text, self.events, self.names) = (options, text, events, names)
    // A person or a script waits for each line, unless they come by the thousand.
    output = LineOutput(
      to: StandardStream.output, flushing: options.isFast ? .whenFull : .eachLine)
  }

  /// When a line has been held long enough.
  var wakeAt: MonotonicInstant? { gate.wakeAt }

  /// What waits goes out before anybody sleeps.
  mutating func flush() { output.flush() }

  mutating func start() {
    if options.printsJSON {
      for target in 0..<text.targets.count {
        events.start(target, at: WallClock.now(), &output.text)
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

  mutating func take(_ report: PingReport) {
    guard options.printsJSON || isWanted(report) else { return }
    let peer: IPAddress? =
      switch report {
      case .reply(let answer): answer.reply.source
      case .error(_, let error): error.source
      default: nil
      }
    if let peer { names.request(peer) }
    gate.add(
      (report, WallClock.now()), mentioning: peer.map { [$0] } ?? [], at: MonotonicClock.now())
  }

  /// Whether a report becomes a line; some become something else at once.
  private mutating func isWanted(_ report: PingReport) -> Bool {
    switch report {
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
    case .reply(let answer) where options.asks:
      return options.listsAlive && !options.isQuiet && !answer.isDuplicate
        && answer.reply.isChecksumValid
    case .error where options.asks: return options.isVerbose
    case .unreachable: return options.listsUnreachable && !options.isQuiet
    default: return !options.isQuiet
    }
  }

  /// Prints the lines whose names have come, or whose time is up.
  mutating func printReady() {
    guard gate.wakeAt != nil else { return }
    names.update()
    let names = names
    for (report, time) in gate.release(
      at: MonotonicClock.now(), isSettled: { names.isSettled($0) })
    {
      print(report, time)
    }
  }

  private mutating func print(_ report: PingReport, _ time: WallInstant) {
    if options.printsJSON {
      events.report(report, at: time, &output.text)
      return output.endLine()
    }
    if options.printsTime {
      output.text.append("[")
      output.text.append(
        Nanoseconds(time.nanoseconds), in: .seconds, decimals: 6, rounding: .towardZero)
      output.text.append("] ")
    }
    text.report(report, &output.text)
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
    for (report, time) in gate.releaseAll() { print(report, time) }
    if options.printsJSON {
      for target in 0..<text.targets.count {
        events.summary(target, session.summary(of: target), at: WallClock.now(), &output.text)
        output.endLine()
      }
    } else {
      text.summary(session, &output.text)
    }
    output.flush()
    return output.failure
  }
}
