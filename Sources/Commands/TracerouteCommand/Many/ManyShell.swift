import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

/// The loop around traces to many targets: drain answers, let timers run, send; and report.
struct ManyShell: ~Copyable {
  private var engine: ManyTraces
  private var reporter: ManyReporter
  private let targets: TargetList
  /// Of the families that there are targets of.
  private var v4: ManyChannel?
  private var v6: ManyChannel?
  private var wakeAt: MonotonicInstant?
  /// Why nothing can be sent to targets whose traces have just begun.
  private var obstacles: [Int: SystemError] = [:]
  private var hasToldSendError = false

  init(
    _ engine: ManyTraces, _ targets: TargetList, _ v4: consuming ManyChannel?,
    _ v6: consuming ManyChannel?, _ reporter: consuming ManyReporter
  ) {
    (self.engine, self.targets) = (engine, targets)
    self.v4 = v4
    self.v6 = v6
    self.reporter = reporter
  }

  /// Traces until all are done, or somebody has had enough. Returns the exit code.
  mutating func run() throws(SystemError) -> CInt {
    try Poller.setTimerSlack(Nanoseconds(1))
    let signals = try SignalSource([.interrupt, .terminate])
    var poller = Poller()
    let numbers = (v4?.descriptorNumbers ?? []) + (v6?.descriptorNumbers ?? [])
    for number in numbers { _ = poller.add(number, interest: .read) }
    _ = poller.add(signals.descriptorNumber, interest: .read)
    reporter.begin(&poller)
    step(.start)
    while !engine.isFinished || reporter.wakeAt != nil, reporter.isOpen {
      try poller.wait(until: [wakeAt, reporter.wakeAt].compactMap { $0 }.min())
      var arrived: [TraceEvent] = []
      try v4?.receive(for: engine.ledger) { arrived.append($0) }
      try v6?.receive(for: engine.ledger) { arrived.append($0) }
      for event in arrived { step(event) }
      if let due = wakeAt, due <= MonotonicClock.now() { step(.timer) }
      reporter.turn(at: MonotonicClock.now())
      if try signals.next() != nil {
        step(.interrupted)
        break
      }
    }
    return reporter.end(engine)
  }

  private mutating func step(_ event: TraceEvent) {
    let now = MonotonicClock.now()
    var effects = engine.step(event, at: now)
    var index = 0
    while index < effects.count {
      switch effects[index] {
      case .send(let request): effects += send(request)
      case .wake(let time): wakeAt = time
      case .report(.began(let target)): open(target)
      case .report(.trace(let trace)): close(trace, at: now)
      case .finish: wakeAt = nil
      }
      index += 1
    }
  }

  private mutating func open(_ target: Int) {
    let listed = targets[target]
    do throws(SystemError) {
      let probe =
        listed.endpoint.address.family == .v4
        ? try v4?.open(target, listed.endpoint) : try v6?.open(target, listed.endpoint)
      if let probe { reporter.open(target, host: listed.name, probe) }
    } catch {
      obstacles[target] = error
      TracerouteCommand.printDiagnostic("\(error)")
    }
  }

  private mutating func close(_ trace: ManyTrace, at now: MonotonicInstant) {
    obstacles[trace.target] = nil
    v4?.close(trace.target)
    v6?.close(trace.target)
    reporter.take(trace, at: now)
  }

  private mutating func send(_ request: TraceRequest) -> [TraceEffect<ManyReport>] {
    let clock = ClockSample.now()
    _ = engine.step(.sent(number: request.number, clock), at: clock.monotonic)
    do throws(SystemError) {
      if let obstacle = obstacles[request.target] { throw obstacle }
      if targets[request.target].endpoint.address.family == .v4 {
        try v4?.send(request)
      } else {
        try v6?.send(request)
      }
      return []
    } catch {
      if obstacles[request.target] == nil, !hasToldSendError {
        TracerouteCommand.printDiagnostic("\(error)")
        hasToldSendError = true
      }
      return engine.step(
        .sendFailed(number: request.number, errorNumber: error.errorNumber), at: clock.monotonic)
    }
  }
}
