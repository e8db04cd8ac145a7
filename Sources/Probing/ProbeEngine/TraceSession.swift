public import PacketWire

/// The way to a target, hop by hop, without a socket, a clock or a terminal.
///
/// Hops are probed in parallel, a window of probes at a time, and told in order. A probe waits no
/// longer than the answers to its neighbours justify.
public struct TraceSession: Sendable {
  /// What the user asked for.
  public struct Configuration: Sendable {
    /// Builds the probes.
    public var probe: TraceProbe
    /// The first TTL probed.
    public var firstTTL = 1
    /// The last one.
    public var maximumTTL = 30
    /// Probes a hop.
    public var queries = 3
    /// How many probes may be on the way at once.
    public var window = 16
    /// How long a probe is waited for at most.
    public var maximumWait = Nanoseconds.seconds(5)
    /// No longer than this many times the slowest answer from the same hop; 0 for no such limit.
    public var hereFactor = 3.0
    /// No longer than this many times an answer from a later hop; 0 for no such limit.
    public var nearFactor = 10.0

    /// Defaults for everything but the probe.
    public init(probe: TraceProbe) { self.probe = probe }
  }

  /// What the shell tells. Probes are counted from zero.
  public enum Event: Sendable {
    /// Begin.
    case start
    /// A time that was asked for has come.
    case timer
    /// The probe is about to be handed to the kernel.
    case sent(number: Int, ClockSample)
    /// The kernel gave the probe to the device.
    case transmitted(number: Int, WallInstant)
    /// The kernel refused it.
    case sendFailed(number: Int, errorNumber: Int32)
    /// Something came in for this trace.
    case arrived(TraceArrival, Arrival)
    /// The user has had enough.
    case interrupted
  }

  /// What the shell is to do.
  public enum Effect: Hashable, Sendable {
    /// Send probe `number` with this TTL, then tell with `sent` or `sendFailed`.
    case send(number: Int, timeToLive: UInt8)
    /// Come back with `timer` at this time, unless a later effect says another.
    case wake(at: MonotonicInstant)
    /// Tell the user.
    case report(TraceReport)
    /// Nothing more will come.
    case finish
  }

  private struct Probe: Sendable {
    var timing: ProbeTiming
    var outcome: TraceOutcome?
  }

  /// What the user asked for.
  public let configuration: Configuration
  /// The trace has said `finish`.
  public private(set) var isFinished = false
  /// The target itself, or a refusal to go on, answered at this TTL.
  public private(set) var finalTTL: Int?
  /// Somebody answered at all.
  public private(set) var hasAnswer = false
  /// The target itself answered.
  public private(set) var isTargetReached = false

  private var probes: [Probe] = []
  private var unsettled = 0
  private var nextHopToReport: Int

  /// A trace that has not begun.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    nextHopToReport = configuration.firstTTL
  }

  /// How many probes were sent so far; answers to others are not ours.
  public var probeCount: Int { probes.count }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(_ event: Event, at now: MonotonicInstant) -> [Effect] {
    guard !isFinished else { return [] }
    var effects: [Effect] = []
    switch event {
    case .start, .timer: break
    case .sent(let number, let clock):
      if probes.indices.contains(number) { probes[number].timing = ProbeTiming(clock: clock) }
      return []
    case .transmitted(let number, let stamp):
      if probes.indices.contains(number) { probes[number].timing.kernelStamp = stamp }
      return []
    case .sendFailed(let number, let errorNumber):
      var outcome = TraceOutcome.lost
      outcome.sendError = errorNumber
      settle(number, outcome)
    case .arrived(let arrival, let time): takeIn(arrival, time, &effects)
    case .interrupted:
      isFinished = true
      return [.finish]
    }
    expire(at: now)
    reportHops(&effects)
    sendWhatFits(at: now, &effects)
    finishOrWake(at: now, &effects)
    return effects
  }

  /// The TTL of probe `number`.
  private func timeToLive(of number: Int) -> Int {
    configuration.firstTTL + number / configuration.queries
  }

  /// The numbers of a hop's probes.
  private func numbers(at timeToLive: Int) -> Range<Int> {
    let first = (timeToLive - configuration.firstTTL) * configuration.queries
    return first..<first + configuration.queries
  }

  private var lastTTL: Int { min(finalTTL ?? .max, configuration.maximumTTL) }
}

// MARK: - Answers

extension TraceSession {
  private mutating func takeIn(
    _ arrival: TraceArrival, _ time: Arrival, _ effects: inout [Effect]
  ) {
    guard probes.indices.contains(arrival.number), probes[arrival.number].outcome == nil
    else { return }
    var outcome = TraceOutcome()
    outcome.roundTrip = probes[arrival.number].timing.roundTrip(to: time)
    switch arrival.answer {
    case .echoReply(let source, _): (outcome.source, outcome.isFinal) = (source, true)
    case .error(let report):
      (outcome.source, outcome.error) = (report.source, report)
      outcome.isFinal = !report.isTimeExceededInTransit
    }
    hasAnswer = true
    if outcome.isFinal, outcome.source == configuration.probe.target { isTargetReached = true }
    let ttl = timeToLive(of: arrival.number)
    if outcome.isFinal { finalTTL = min(finalTTL ?? ttl, ttl) }
    settle(arrival.number, outcome)
    let query = arrival.number % configuration.queries
    effects.append(.report(.answer(timeToLive: ttl, query: query, outcome)))
  }

  private mutating func settle(_ number: Int, _ outcome: TraceOutcome) {
    guard probes.indices.contains(number), probes[number].outcome == nil else { return }
    probes[number].outcome = outcome
    unsettled -= 1
  }

  /// Hops are told in order, each when all of its probes are settled.
  private mutating func reportHops(_ effects: inout [Effect]) {
    while nextHopToReport <= lastTTL {
      let numbers = numbers(at: nextHopToReport)
      guard numbers.upperBound <= probes.count else { return }
      let outcomes = probes[numbers].compactMap(\.outcome)
      guard outcomes.count == numbers.count else { return }
      effects.append(.report(.hop(TraceHop(timeToLive: nextHopToReport, outcomes: outcomes))))
      nextHopToReport += 1
    }
  }
}

// MARK: - Time

extension TraceSession {
  private mutating func expire(at now: MonotonicInstant) {
    guard unsettled > 0 else { return }
    for number in probes.indices where probes[number].outcome == nil && expiry(of: number) <= now {
      settle(number, .lost)
    }
  }

  /// When a probe's time is up: traceroute's three limits, of which the tightest counts.
  private func expiry(of number: Int) -> MonotonicInstant {
    let sentAt = probes[number].timing.clock.monotonic
    return sentAt + min(configuration.maximumWait, justifiedWait(for: number))
  }

  private func justifiedWait(for number: Int) -> Nanoseconds {
    let ttl = timeToLive(of: number)
    let here = numbers(at: ttl).clamped(to: probes.indices)
    if configuration.hereFactor > 0, let slowest = slowestAnswer(in: here) {
      return scaled(slowest, by: configuration.hereFactor)
    }
    guard configuration.nearFactor > 0, here.upperBound < probes.count,
      let near = slowestAnswer(in: here.upperBound..<probes.count)
    else { return configuration.maximumWait }
    return scaled(near, by: configuration.nearFactor)
  }

  private func slowestAnswer(in numbers: Range<Int>) -> Nanoseconds? {
    probes[numbers].compactMap { $0.outcome?.roundTrip?.duration }.max()
  }

  /// A millisecond is added first, so that a hop that answers in microseconds is not held to them.
  private func scaled(_ wait: Nanoseconds, by factor: Double) -> Nanoseconds {
    let seconds = Double((wait + .milliseconds(1)).count) * factor
    return Nanoseconds(Int64(min(seconds, Double(configuration.maximumWait.count))))
  }

  private mutating func sendWhatFits(at now: MonotonicInstant, _ effects: inout [Effect]) {
    let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0))
    while unsettled < configuration.window, timeToLive(of: probes.count) <= lastTTL {
      let number = probes.count
      probes.append(Probe(timing: ProbeTiming(clock: clock)))
      unsettled += 1
      effects.append(
        .send(number: number, timeToLive: UInt8(truncatingIfNeeded: timeToLive(of: number))))
    }
  }

  private mutating func finishOrWake(at now: MonotonicInstant, _ effects: inout [Effect]) {
    if nextHopToReport > lastTTL {
      isFinished = true
      return effects.append(.finish)
    }
    let expiries = probes.indices.filter { probes[$0].outcome == nil }.map { expiry(of: $0) }
    if let next = expiries.min() { effects.append(.wake(at: next)) }
  }
}

extension ICMPErrorReport {
  /// The one error that a trace lives on: a router saw the probe's TTL run out.
  public var isTimeExceededInTransit: Bool {
    guard code == 0 else { return false }
    switch family {
    case .v4: return type == ICMPv4Header.MessageType.timeExceeded.rawValue
    case .v6: return type == ICMPv6Header.MessageType.timeExceeded.rawValue
    }
  }
}
