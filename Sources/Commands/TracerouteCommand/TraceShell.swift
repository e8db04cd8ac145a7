import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

/// What becomes of what an engine has to tell.
protocol TraceReporter: ~Copyable {
  /// Whose reports these are.
  associatedtype Engine: TraceEngine

  /// When it wants another turn, whatever else happens.
  var wakeAt: MonotonicInstant? { get }
  /// Somebody still reads.
  var isOpen: Bool { get }

  /// The signals that it has to hear of; those that it does not take end the trace.
  var signals: [Signal] { get }

  /// The trace begins.
  mutating func begin(_ engine: Engine, _ poller: inout Poller)
  /// The engine has something to tell.
  mutating func take(_ report: Engine.Report, of engine: Engine, at now: MonotonicInstant)
  /// Once a turn of the loop, behind what came. True ends the trace as an interrupt does.
  mutating func turn(_ engine: Engine, at now: MonotonicInstant) throws(SystemError) -> Bool
  /// Changes what the engine does, as the user asks. True if the engine has to be told the time.
  mutating func steer(_ engine: inout Engine, _ poller: inout Poller, at now: MonotonicInstant)
    -> Bool
  /// Does what a signal asks for; true if it was one that does not end the trace.
  mutating func take(_ signal: Signal) throws(SystemError) -> Bool
  /// The trace is over, or was interrupted. Returns the exit code.
  mutating func end(_ engine: Engine) -> CInt
}

extension TraceReporter where Self: ~Copyable {
  var signals: [Signal] { [.interrupt, .terminate] }
  mutating func steer(
    _ engine: inout Engine, _ poller: inout Poller, at now: MonotonicInstant
  ) -> Bool { false }
  mutating func take(_ signal: Signal) -> Bool { false }
}

/// The loop around an engine that traces: drain answers, let timers run, send; and report.
struct TraceShell<Reporter: TraceReporter & ~Copyable>: ~Copyable {
  private var engine: Reporter.Engine
  private var reporter: Reporter
  private var channel: TraceChannel
  private let witness: TraceWitness?
  private var wakeAt: MonotonicInstant?
  private var hasToldSendError = false

  init(
    _ engine: Reporter.Engine, _ channel: consuming TraceChannel, _ reporter: consuming Reporter,
    _ witness: TraceWitness? = nil
  ) {
    self.engine = engine
    self.witness = witness
    self.channel = channel
    self.reporter = reporter
  }

  /// Traces until the engine is finished, or somebody has had enough.
  mutating func run() throws(SystemError) -> CInt {
    try Poller.setTimerSlack(Nanoseconds(1))
    let signals = try SignalSource(reporter.signals)
    var poller = Poller()
    for number in channel.descriptorNumbers { _ = poller.add(number, interest: .read) }
    _ = poller.add(signals.descriptorNumber, interest: .read)
    reporter.begin(engine, &poller)
    var isInterrupted = false
    step(.start)
    while !engine.isFinished || reporter.wakeAt != nil, reporter.isOpen {
      try poller.wait(until: [wakeAt, reporter.wakeAt].compactMap { $0 }.min())
      var arrived: [ChannelEvent] = []
      try channel.receive(for: engine.ledger) { arrived.append($0) }
      for item in arrived {
        witness?.note(item, of: engine.ledger)
        step(item.event)
      }
      if let due = wakeAt, due <= MonotonicClock.now() { step(.timer) }
      if reporter.steer(&engine, &poller, at: MonotonicClock.now()) { step(.timer) }
      var isEnough = try reporter.turn(engine, at: MonotonicClock.now())
      while let signal = try signals.next() {
        if try !reporter.take(signal) { isEnough = true }
      }
      witness?.turn(at: MonotonicClock.now())
      if isEnough {
        isInterrupted = !engine.isFinished
        step(.interrupted)
        break
      }
    }
    // Nobody may have read any more.
    isInterrupted = isInterrupted || !engine.isFinished
    let code = reporter.end(engine)
    return witness?.finish(isInterrupted: isInterrupted) ?? true ? code : max(code, 1)
  }

  private mutating func step(_ event: TraceEvent) {
    let now = MonotonicClock.now()
    var effects = engine.step(event, at: now)
    var index = 0
    while index < effects.count {
      switch effects[index] {
      case .send(let request): effects += send(request)
      case .wake(let time): wakeAt = time
      case .report(let report): reporter.take(report, of: engine, at: now)
      case .finish: wakeAt = nil
      }
      index += 1
    }
  }

  private mutating func send(_ request: TraceRequest) -> [TraceEffect<Reporter.Engine.Report>] {
    let clock = ClockSample.now()
    _ = engine.step(.sent(number: request.number, clock), at: clock.monotonic)
    do throws(SystemError) {
      try channel.send(request)
      witness?.sent(request, channel.datagrams(of: request), at: clock)
      return []
    } catch {
      witness?.refused(request, errorNumber: error.errorNumber, at: clock)
      if !hasToldSendError, error.errorNumber != engine.expectedSendError {
        TracerouteCommand.printDiagnostic("\(error)")
        hasToldSendError = true
      }
      return engine.step(
        .sendFailed(number: request.number, errorNumber: error.errorNumber), at: clock.monotonic)
    }
  }
}
