public import PacketWire

/// Gives an engine the probes and answers of a session that is over, and lets its timers run between them.
///
/// What is given has to come in the order of time.
public struct TraceReplayer<Engine: ReplayableTraceEngine>: Sendable {
  /// Gets a report, the engine that made it, and the time of the session at which it did.
  public typealias Teller = (Engine.Report, Engine, MonotonicInstant) -> Void

  /// Longer than anything is waited for.
  private static var patience: Nanoseconds { .seconds(10) }

  /// As far as it has come.
  public private(set) var engine: Engine
  private var wakeAt: MonotonicInstant?
  private var now = MonotonicInstant(nanoseconds: 0)

  /// A replay of which nothing was given.
  public init(_ engine: Engine) {
    self.engine = engine
    self.engine.isReplay = true
  }

  /// The session began.
  public mutating func start(at time: MonotonicInstant, _ tell: Teller) {
    now = time
    take(engine.step(.start, at: now), tell)
  }

  /// A probe was handed to the kernel.
  public mutating func sent(_ request: TraceRequest, _ timing: ProbeTiming, _ tell: Teller) {
    passTime(to: timing.clock.monotonic, tell)
    take(engine.replay(request, timing), tell)
  }

  /// The kernel gave a probe, or the last piece of one, to the device.
  public mutating func transmitted(_ number: Int, at stamp: WallInstant, _ tell: Teller) {
    take(engine.step(.transmitted(number: number, stamp), at: now), tell)
  }

  /// The kernel refused a probe.
  public mutating func refused(
    _ request: TraceRequest, _ timing: ProbeTiming, errorNumber: Int32, _ tell: Teller
  ) {
    sent(request, timing, tell)
    guard engine.ledger[request.number]?.request == request else { return }
    take(engine.step(.sendFailed(number: request.number, errorNumber: errorNumber), at: now), tell)
  }

  /// A probe was answered.
  public mutating func arrived(_ arrival: TraceArrival, _ time: Arrival, _ tell: Teller) {
    passTime(to: time.clock.monotonic, tell)
    take(engine.step(.arrived(arrival, time), at: now), tell)
  }

  /// The session ended.
  ///
  /// - Parameters:
  ///   - time: when it did; nil where that is not known, and it ends when nothing is waited for any more.
  ///   - isInterrupted: before everything was done.
  ///   - tell: gets what is to be said.
  public mutating func end(at time: MonotonicInstant?, isInterrupted: Bool, _ tell: Teller) {
    passTime(to: time ?? now + Self.patience, tell)
    guard !engine.isFinished else { return }
    take(isInterrupted ? engine.step(.interrupted, at: now) : engine.endReplay(at: now), tell)
  }

  /// Lets what was to happen until then happen at its own time. An engine that wants to be woken again and
  /// again at the same time is not.
  private mutating func passTime(to time: MonotonicInstant, _ tell: Teller) {
    while let next = wakeAt, next <= time, !engine.isFinished {
      wakeAt = nil
      now = max(now, next)
      take(engine.step(.timer, at: now), tell)
      if let again = wakeAt, again <= now { wakeAt = nil }
    }
    now = max(now, time)
  }

  private mutating func take(_ effects: [TraceEffect<Engine.Report>], _ tell: Teller) {
    for effect in effects {
      switch effect {
      case .send: break  // no engine does, in a replay
      case .wake(let time): wakeAt = time
      case .report(let report): tell(report, engine, now)
      case .finish: wakeAt = nil
      }
    }
  }
}
