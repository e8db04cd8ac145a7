import CommandLineKit
import HostNaming
import LinuxNet
import LinuxSystem
import NameResolution
import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell
import TerminalText

/// The loop around a ping session: drain replies, let timers run, send; and print.
struct PingShell: ~Copyable {
  let options: PingOptions
  let targets: PingTargets
  let channels: [EchoChannel]
  var session: PingSession
  var printer: PingPrinter
  private var witness: PingWitness
  private var effects = PingSession.Effects()
  /// Answers come faster than it pays to sleep.
  private var isBusy = false
  private var turns = 0
  private let isFast: Bool
  /// Looks into bursts of loss, if that is wanted.
  private var diagnosis: PingDiagnosis?

  /// How many packets are read before timers get their turn.
  private static let readLimit = 256
  /// How many turns of a busy loop signals may have to wait.
  private static let turnsBetweenPolls = 64

  init(
    _ options: PingOptions, targets: PingTargets, channels: [EchoChannel],
    configuration: PingSession.Configuration, witness: PingWitness,
    printer: consuming PingPrinter
  ) {
    (self.options, self.targets, self.channels) = (options, targets, channels)
    self.printer = printer
    self.witness = witness
    isFast = configuration.isFast
    session = PingSession(configuration)
    if options.diagnoses {
      diagnosis = PingDiagnosis(targets: targets.targets, requests: configuration.requests)
    }
  }

  /// Pings until the session is over, and says how it was.
  mutating func run() throws(SystemError) -> CInt {
    try Poller.setTimerSlack(Nanoseconds(1))
    let signals = try SignalSource(
      printer.live == nil ? [.interrupt, .quit] : LiveScreen.signals)
    var poller = Poller()
    let slots = channels.map { poller.add($0.descriptorNumber, interest: .read) }
    _ = poller.add(signals.descriptorNumber, interest: .read)
    printer.names.watch(with: &poller)
    printer.start()
    try printer.live?.begin(&poller, &printer.output)
    defer { printer.live?.end(&printer.output) }
    step(.start)
    var received = 0
    while !isOver, printer.output.isOpen {
      turns += 1
      let sent = perform()
      diagnose()
      // A last probe that the kernel refused is the end.
      guard !isOver else { break }
      isBusy = isFast && (received > 0 || sent > 0)
      if !isBusy || turns.isMultiple(of: Self.turnsBetweenPolls) {
        try wait(&poller, signals, slots)
      }
      received = try drain()
      if isFast, received > 0 { step(.timer) }
      if let due = session.wakeAt, due <= MonotonicClock.now() { step(.timer) }
      printer.printReady()
      printer.turn(session)
    }
    return finish()
  }

  private mutating func wait(
    _ poller: inout Poller, _ signals: borrowing SignalSource, _ slots: [Poller.Slot]
  ) throws(SystemError) {
    printer.flush()
    witness.flush()
    let wakeAt = isBusy ? MonotonicClock.now() : session.wakeAt
    try poller.wait(
      until: [wakeAt, printer.wakeAt, diagnosis?.wakeAt].compactMap { $0 }.min())
    for (channel, slot) in zip(channels, slots) where poller.readiness(of: slot).contains(.failed) {
      try channel.receiveErrors { take($0) }
    }
    if printer.live?.takeKeys(&poller) == false { interrupt() }
    while let signal = try signals.next() {
      if try printer.live?.take(signal, &printer.output) == true { continue }
      if signal == .quit { printer.printStatus(session.total) } else { interrupt() }
    }
  }

  private mutating func drain() throws(SystemError) -> Int {
    // What is due after a reply is done when all that came with it are in.
    let gathersReplies = isFast && !options.diagnoses
    var total = 0
    for channel in channels {
      var left = Self.readLimit
      while left > 0 {
        // A call that asks for no more than can be there spares another one that finds nothing.
        let limit = isFast ? min(left, max(1, onTheWay)) : left
        let count = try channel.receive(limit: limit, gathersReplies: gathersReplies) {
          take($0)
        }
        total += count
        left -= count
        if count < min(limit, channel.capacity) || (isFast && onTheWay <= 0) { break }
      }
    }
    return total
  }

  /// Probes that were sent and not yet answered.
  private var onTheWay: Int { session.waitingCount - effects.sends.count }

  private mutating func take(_ received: EchoChannel.Received) {
    switch received {
    case .reply(let reply, let arrival):
      session.take(reply, arrival, &effects)
      if !effects.reports.isEmpty { tell(about: nil, arrival) }
    case .transmitted(let serial, let stamp):
      session.transmitted(serial: serial, stamp)
      if witness.isWatching { witness.transmitted(session.probe(serial: serial), at: stamp) }
    case .handedOver(let serial, let stamp):
      session.handedOver(serial: serial, stamp)
    case .leftCard(let serial, let stamp): session.leftCard(serial: serial, stamp)
    case .arrived(let arrival, let time, let packet):
      if options.diagnoses, diagnosis?.takes(arrival, at: time.clock.monotonic) == true { return }
      step(.arrived(arrival, time), about: packet, at: time.clock.monotonic)
    }
  }

  private mutating func step(
    _ event: PingSession.Event, about packet: EvidencePacket? = nil, at now: MonotonicInstant? = nil
  ) {
    session.step(event, at: now ?? MonotonicClock.now(), &effects)
    guard !effects.reports.isEmpty else { return }
    var arrival: Arrival?
    if case .arrived(_, let time) = event { arrival = time }
    tell(about: packet, arrival)
  }

  private mutating func tell(about packet: EvidencePacket?, _ arrival: Arrival?) {
    for report in effects.reports {
      if options.diagnoses { diagnosis?.take(report) }
      printer.take(report, witness.note(report, packet, at: arrival))
    }
    effects.reports.removeAll(keepingCapacity: true)
  }

  /// Sends what is to be sent, and says how many probes that were.
  private mutating func perform() -> Int {
    let count = effects.sends.count
    guard count > 0 else { return 0 }
    var failures: [PingSession.Event] = []
    func took(_ sent: EchoChannel.Sent) {
      switch sent {
      case .sent(let probe, let clock):
        session.sent(probe, clock)
        if options.diagnoses { diagnosis?.sent(probe, at: clock.monotonic) }
        if witness.isWatching, let shown = witness.sent(probe, at: clock) { printer.show(shown) }
      case .failed(let probe, let errorNumber):
        failures.append(.sendFailed(probe, errorNumber: errorNumber))
      }
    }
    let sizes = session.configuration.sweep
    if witness.isWatching {
      // Two families' probes are sent in the order of their numbers where somebody writes it down.
      for probe in effects.sends {
        for channel in channels { channel.send([probe], to: targets, sizes: sizes, took) }
      }
    } else {
      for channel in channels { channel.send(effects.sends, to: targets, sizes: sizes, took) }
    }
    effects.sends.removeAll(keepingCapacity: true)
    printer.sent(count)
    for failure in failures { step(failure) }
    return count
  }

  /// The session is, and nothing is being looked into.
  private var isOver: Bool {
    session.isFinished && !(options.diagnoses && diagnosis?.isRunning == true)
  }

  private mutating func interrupt() {
    diagnosis = nil
    step(.interrupted)
  }

  /// Looks into a burst of loss, one probe or one line at a time.
  private mutating func diagnose() {
    guard options.diagnoses else { return }
    let now = MonotonicClock.now()
    if session.isFinished, options.deadline != nil { diagnosis = nil }
    guard let effects = diagnosis?.turn(at: now) else { return }
    for effect in effects {
      switch effect {
      case .report(let result): printer.take(.diagnosis(result))
      case .send(let probe):
        let target = targets.targets[probe.target]
        guard
          let channel = channels.first(where: { $0.request.family == target.address.family })
        else { continue }
        do throws(SystemError) {
          try channel.send(probe, to: target, at: targets.endpoints[probe.target])
        } catch {
          // Why, the session says of its own probes.
          diagnosis?.stop()
        }
      }
    }
  }

  private mutating func finish() -> CInt {
    let unwritten = witness.finish()
    let failure = printer.finish(session)
    guard let failure else {
      return unwritten == nil
        ? options.exitCode(session, targets: targets.count) : Tool.usageExitCode
    }
    Tool.printDiagnostic("\(PingCommand.toolName): \(failure)")
    return Tool.usageExitCode
  }
}

extension PingSession.Configuration {
  /// Probes follow each other as fast as answers or the kernel let them.
  var isFast: Bool {
    if case .onAnswer(let atLeast, _) = pacing { return atLeast == .zero }
    return targets.count > 1 && gap < .milliseconds(1)
  }
}
