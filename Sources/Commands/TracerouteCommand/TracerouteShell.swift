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

/// The loop around a trace session: drain answers, let timers run, send; and print.
struct TracerouteShell: ~Copyable {
  private let options: TracerouteOptions
  private let text: TracerouteText
  private let events: TracerouteEvents
  private let names: HostNames
  private var session: TraceSession
  private var channel: TraceChannel
  private var gate = NameGate<(TraceReport, WallInstant)>()
  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)
  private var wakeAt: MonotonicInstant?
  private var hasToldSendError = false

  init(
    _ options: TracerouteOptions, target: ProbeTarget, source: IPAddress, packetLength: Int,
    channel: consuming TraceChannel
  ) {
    self.options = options
    let names = HostNames(isEnabled: !options.isNumeric)
    self.names = names
    var random = SystemRandomNumberGenerator()
    let probe = TraceProbe(
      target: target.endpoint.address, source: source, method: channel.method,
      packetLength: packetLength, cookies: KeyedCookie(key: random.next(), random.next()))
    var configuration = TraceSession.Configuration(probe: probe)
    configuration.firstTTL = options.firstTTL
    configuration.maximumTTL = options.maximumTTL
    configuration.queries = options.queries
    configuration.maximumWait = options.wait.maximum
    configuration.hereFactor = options.wait.hereFactor
    configuration.nearFactor = options.wait.nearFactor
    session = TraceSession(configuration)
    text = TracerouteText(
      host: target.host, target: target.endpoint.address, isNumeric: options.isNumeric,
      name: { names.name(of: $0) })
    events = TracerouteEvents(
      host: target.host, target: target.endpoint.address, name: { names.name(of: $0) })
    self.channel = channel
  }

  /// Traces until the session is over.
  mutating func run() throws(SystemError) -> CInt {
    try Poller.setTimerSlack(Nanoseconds(1))
    let signals = try SignalSource([.interrupt])
    var poller = Poller()
    for number in channel.descriptorNumbers { _ = poller.add(number, interest: .read) }
    _ = poller.add(signals.descriptorNumber, interest: .read)
    names.watch(with: &poller)
    printStart()
    step(.start)
    while !session.isFinished || gate.wakeAt != nil, output.isOpen {
      try poller.wait(until: [wakeAt, gate.wakeAt].compactMap { $0 }.min())
      var arrived: [TraceSession.Event] = []
      try channel.receive(for: session) { arrived.append($0) }
      for event in arrived { step(event) }
      if try signals.next() != nil {
        step(.interrupted)
        break
      }
      if let due = wakeAt, due <= MonotonicClock.now() { step(.timer) }
      names.update()
      let ready = gate.release(at: MonotonicClock.now()) { names.isSettled($0) }
      for (report, time) in ready { print(report, time) }
    }
    return finish()
  }

  private mutating func step(_ event: TraceSession.Event) {
    let now = MonotonicClock.now()
    var effects = session.step(event, at: now)
    var index = 0
    while index < effects.count {
      switch effects[index] {
      case .send(let number, let timeToLive): effects += send(number, timeToLive)
      case .wake(let time): wakeAt = time
      case .report(let report): take(report, at: now)
      case .finish: wakeAt = nil
      }
      index += 1
    }
  }

  private mutating func send(_ number: Int, _ timeToLive: UInt8) -> [TraceSession.Effect] {
    let clock = ClockSample.now()
    _ = session.step(.sent(number: number, clock), at: clock.monotonic)
    do throws(SystemError) {
      try channel.send(number, of: session.configuration.probe, timeToLive: timeToLive)
      return []
    } catch {
      if !hasToldSendError { printDiagnostic("\(error)") }
      hasToldSendError = true
      return session.step(
        .sendFailed(number: number, errorNumber: error.errorNumber), at: clock.monotonic)
    }
  }
}

// MARK: - Printing

extension TracerouteShell {
  private mutating func printStart() {
    let configuration = session.configuration
    if options.printsJSON {
      events.start(
        configuration, method: options.usesICMP ? "icmp" : "udp", at: WallClock.now(),
        &output.text)
    } else {
      text.start(
        maximumTTL: configuration.maximumTTL, packetLength: configuration.probe.packetLength,
        &output.text)
    }
    output.endLine()
  }

  private mutating func take(_ report: TraceReport, at now: MonotonicInstant) {
    var mentioned: [IPAddress] = []
    switch report {
    case .answer(_, _, let outcome):
      // Asked for as soon as it is known, so that the name is there when its hop's turn comes.
      if let source = outcome.source { names.request(source) }
      guard options.printsJSON else { return }
    case .hop(let hop): mentioned = hop.outcomes.compactMap(\.source)
    }
    gate.add((report, WallClock.now()), mentioning: mentioned, at: now)
  }

  private mutating func print(_ report: TraceReport, _ time: WallInstant) {
    switch (report, options.printsJSON) {
    case (.answer(let timeToLive, let query, let outcome), _):
      events.reply(timeToLive: timeToLive, query: query, outcome, at: time, &output.text)
    case (.hop(let hop), true): events.hop(hop, at: time, &output.text)
    case (.hop(let hop), false): text.hop(hop, &output.text)
    }
    output.endLine()
  }

  private func printDiagnostic(_ message: String) {
    Tool.printDiagnostic("\(TracerouteCommand.toolName): \(message)")
  }

  private mutating func finish() -> CInt {
    for (report, time) in gate.releaseAll() { print(report, time) }
    if options.printsJSON {
      events.end(session, at: WallClock.now(), &output.text)
      output.endLine()
    }
    output.flush()
    guard let failure = output.failure else { return 0 }
    printDiagnostic("\(failure)")
    return 1
  }
}
