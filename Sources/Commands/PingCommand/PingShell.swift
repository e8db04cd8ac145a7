import CommandLineKit
import HostNaming
import LinuxNet
import LinuxSystem
import NameResolution
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// The loop around a ping session: drain replies, let timers run, send; and print.
struct PingShell: ~Copyable {
  private let options: PingOptions
  private let text: PingText
  private let events: PingEvents
  private let names: HostNames
  private var session: PingSession
  private var channel: EchoChannel
  private var gate = NameGate<(PingReport, WallInstant)>()
  private var output: LineOutput
  private var wakeAt: MonotonicInstant?
  private var rejectedLines = 0

  /// How many replies that are not ours are told one by one: a flood of them must not become one of
  /// lines. The summary event counts them all.
  private static let rejectedLineLimit = 3

  init(
    _ options: PingOptions, target: ProbeTarget, origin: ProbeOrigin,
    channel: consuming EchoChannel
  ) throws(SystemError) {
    self.options = options
    let names = HostNames(isEnabled: !options.isNumeric && !target.isNumeric && !options.printsJSON)
    self.names = names
    var random = SystemRandomNumberGenerator()
    let request = EchoRequest(
      target: target.endpoint.address, source: origin.source, identifier: channel.identifier,
      payloadLength: options.payloadLength,
      cookies: KeyedCookie(key: random.next(), random.next()))
    var configuration = PingSession.Configuration(request: request)
    configuration.count = options.count
    configuration.interval = options.interval
    configuration.deadline = options.deadline
    configuration.timeout = options.timeout
    session = PingSession(configuration)
    text = PingText(
      host: target.host, target: target.endpoint.address,
      origin: options.interface.map { _ in (origin.source, origin.interface ?? "") },
      payloadLength: options.payloadLength, name: { names.name(of: $0) })
    events = PingEvents(
      host: target.host, target: target.endpoint.address, source: origin.source,
      payloadLength: options.payloadLength)
    self.channel = channel
    // A person or a script waits for each line, unless they come by the thousand.
    output = LineOutput(
      to: StandardStream.output,
      flushing: options.interval < .milliseconds(1) ? .whenFull : .eachLine)
  }

  /// Pings until the session is over, and says how it was.
  mutating func run() throws(SystemError) -> CInt {
    try Poller.setTimerSlack(Nanoseconds(1))
    let signals = try SignalSource([.interrupt, .quit])
    var poller = Poller()
    _ = poller.add(channel.descriptorNumber, interest: .read)
    _ = poller.add(signals.descriptorNumber, interest: .read)
    names.watch(with: &poller)
    printStart()
    step(.start)
    while !session.isFinished, output.isOpen {
      try poller.wait(until: [wakeAt, gate.wakeAt].compactMap { $0 }.min())
      try drain()
      while let signal = try signals.next() {
        if signal == .quit { printStatus() } else { step(.interrupted) }
      }
      if let due = wakeAt, due <= MonotonicClock.now() { step(.timer) }
      names.update()
      printReports()
    }
    return finish()
  }

  private mutating func drain() throws(SystemError) {
    var arrived: [PingSession.Event] = []
    try channel.receive(for: session.configuration.request) { arrived.append($0) }
    for event in arrived { step(event) }
  }

  private mutating func step(_ event: PingSession.Event) {
    let now = MonotonicClock.now()
    var effects = session.step(event, at: now)
    var index = 0
    while index < effects.count {
      switch effects[index] {
      case .send(let number, let message): effects += send(message, number)
      case .wake(let time): wakeAt = time
      case .report(let report): take(report, at: now)
      case .finish: wakeAt = nil
      }
      index += 1
    }
  }

  private mutating func send(_ message: [UInt8], _ number: UInt64) -> [PingSession.Effect] {
    let clock = ClockSample.now()
    _ = session.step(.sent(number: number, clock), at: clock.monotonic)
    do throws(SystemError) {
      try channel.send(message, number: number)
      return []
    } catch {
      return session.step(
        .sendFailed(number: number, errorNumber: error.errorNumber), at: clock.monotonic)
    }
  }

  private var exitCode: CInt {
    let summary = session.summary
    if options.deadline != nil, let count = options.count, summary.received < count { return 1 }
    return summary.received > 0 ? 0 : 1
  }
}

// MARK: - Printing

extension PingShell {
  private mutating func printStart() {
    if options.printsJSON {
      events.start(at: WallClock.now(), &output.text)
      return output.endLine()
    }
    // IPv6's first line names the target as its address' own name has it.
    names.request(text.target)
    if text.target.family == .v6 { names.wait(for: text.target) }
    text.start(&output.text)
    output.endLine()
  }

  private mutating func take(_ report: PingReport, at now: MonotonicInstant) {
    switch report {
    case .lost where !options.printsJSON: return
    case .outstanding where !options.reportsOutstanding: return
    case .rejected(let reply) where !options.printsJSON: return printRejected(reply)
    case .sendFailed(_, let errorNumber) where !options.printsJSON:
      return printSendError(errorNumber)
    default: break
    }
    guard !options.isQuiet || options.printsJSON else { return }
    let peer: IPAddress? =
      switch report {
      case .reply(let answer): answer.reply.source
      case .error(_, let error): error.source
      default: nil
      }
    if let peer { names.request(peer) }
    gate.add((report, WallClock.now()), mentioning: peer.map { [$0] } ?? [], at: now)
  }

  private mutating func printReports() {
    let ready = gate.release(at: MonotonicClock.now()) { names.isSettled($0) }
    for (report, time) in ready { print(report, time) }
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
    switch report {
    case .reply(let answer): text.reply(answer, &output.text)
    case .error(let number, let error): text.error(number: number, error, &output.text)
    case .outstanding(let number): text.outstanding(number: number, &output.text)
    case .sendFailed, .lost, .rejected: break  // told elsewhere, or in events only
    }
    output.endLine()
  }

  private func printSendError(_ errorNumber: CInt) {
    let reason = SystemError.message(for: errorNumber)
    Tool.printDiagnostic("\(PingCommand.toolName): cannot send to \(text.target): \(reason)")
  }

  private mutating func printRejected(_ reply: EchoReply) {
    rejectedLines += 1
    guard rejectedLines <= Self.rejectedLineLimit else { return }
    Tool.printDiagnostic(
      "\(PingCommand.toolName): a reply from \(reply.source) with icmp_seq=\(reply.sequenceNumber) "
        + "is not to our probe and is not counted")
  }

  /// SIGQUIT asks for one line and to go on; `\r` takes the terminal's own `^\` away.
  private func printStatus() {
    var errors = LineOutput(to: StandardStream.error, flushing: .eachLine)
    errors.text.append("\r")
    PingText.status(session.summary, &errors.text)
    errors.endLine()
  }

  private mutating func finish() -> CInt {
    for (report, time) in gate.releaseAll() { print(report, time) }
    if options.printsJSON {
      events.summary(session.summary, at: WallClock.now(), &output.text)
      output.endLine()
    } else {
      text.summary(
        session.summary, printsPace: options.interval == .zero, &output.text)
    }
    output.flush()
    guard let failure = output.failure else { return exitCode }
    Tool.printDiagnostic("\(PingCommand.toolName): \(failure)")
    return Tool.usageExitCode
  }
}
