public import PacketWire

/// A run of echo requests to one target or to many, without a socket, a clock or a terminal.
///
/// The shell feeds it events and carries out its effects, in this order: drain replies, let timers
/// run, send. What happens once is an effect; what holds until the next event is a property (`wakeAt`,
/// `isFinished`). The same session runs against a kernel or a simulated network in virtual time.
public struct PingSession: Sendable {
  /// What the shell tells.
  public enum Event: Sendable {
    /// Begin.
    case start
    /// A time that was asked for has come.
    case timer
    /// The kernel refused a probe.
    case sendFailed(PingProbe, errorNumber: Int32)
    /// Something came in for this session.
    case arrived(EchoArrival, Arrival)
    /// The user has had enough.
    case interrupted
  }

  /// What the shell is to do. It is the shell's, which empties and reuses it: a session allocates
  /// nothing for a probe.
  public struct Effects: Sendable {
    /// Send these, in order, then tell with `sent` or `sendFailed`.
    public var sends: [PingProbe] = []
    /// Tell the user.
    public var reports: [PingReport] = []

    /// Nothing to do.
    public init() {}
  }

  /// What the user asked for.
  public let configuration: Configuration
  /// When to come back with `timer`; `nil` when there is nothing to wait for.
  public private(set) var wakeAt: MonotonicInstant?
  /// Nothing more will come; the summaries are final.
  public internal(set) var isFinished = false

  /// How many probes one event may lead to, so that answers are read in between.
  public static let burst = 64

  /// There is an answer to what is sent.
  let expectsAnswers: Bool
  var summaries: [PingSummary]
  var probes = ProbeTable()
  var nextSerial: UInt64 = 1
  var startedAt = MonotonicInstant(nanoseconds: 0)
  var lastSentAt = MonotonicInstant(nanoseconds: 0)
  /// The newest probe that was answered, or reported on by an error.
  var newestSettled: UInt64 = 0
  /// Targets with an answer.
  var answeredTargets = 0
  /// Targets with as many answers as were asked for under a deadline.
  var satisfiedTargets = 0
  var longestRoundTrip = Nanoseconds.zero
  var roundTripCount = 0
  var schedule: PingSchedule
  var firstSentAt: [MonotonicInstant]
  var asking: AskingState?
  /// Of each target, where they are kept; else none.
  var figures: [ProbeFigures]

  /// A session that has not begun.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    expectsAnswers = configuration.expectsAnswers
    let count = configuration.targets.count
    summaries = [PingSummary](repeating: PingSummary(), count: count)
    firstSentAt = [MonotonicInstant](
      repeating: MonotonicInstant(nanoseconds: 0), count: count)
    schedule = PingSchedule(configuration)
    asking = configuration.retries.map { AskingState($0, targets: count) }
    let keepsFigures = configuration.keepsFigures && configuration.retries == nil
    figures = [ProbeFigures](repeating: ProbeFigures(), count: keepsFigures ? count : 0)
  }

  /// The figures of one target.
  public func summary(of target: Int) -> PingSummary { summaries[target] }

  /// The figures of all targets together.
  public var total: PingSummary {
    guard summaries.count != 1 else { return summaries[0] }
    var total = PingSummary()
    var (first, last) = (MonotonicInstant?.none, MonotonicInstant?.none)
    for (summary, start) in zip(summaries, firstSentAt) where summary.transmitted > 0 {
      total.add(summary)
      first = min(first ?? start, start)
      last = max(last ?? start, start + summary.elapsed)
    }
    if let first, let last { total.elapsed = last - first }
    return total
  }

  /// The probe with this serial number, if it is still remembered.
  public func probe(serial: UInt64) -> PingProbe? { probes.entry(serial)?.probe }

  /// How many probes are waiting for an answer.
  public var waitingCount: Int { probes.waitingCount }

  /// From the start to the end, or to the last event.
  public private(set) var duration = Nanoseconds.zero

  /// How many targets have answered.
  public var aliveCount: Int { answeredTargets }

  /// The octets of payload that a probe has.
  public func payloadLength(of probe: PingProbe) -> Int {
    configuration.payloadLength(of: probe)
  }

  /// Takes in one event at `now` and adds what is to be done, in order.
  public mutating func step(
    _ event: Event, at now: MonotonicInstant, _ effects: inout Effects
  ) {
    guard !isFinished else { return }
    defer { duration = max(now - startedAt, .zero) }
    switch event {
    case .start:
      startedAt = now
      if !configuration.isReplayed { schedule.start(at: now) }
    case .timer: break
    case .sendFailed(let probe, let errorNumber):
      probes.settle(probe.serial, as: .failed)
      newestSettled = max(newestSettled, probe.serial)
      summaries[probe.target].errors += 1
      effects.reports.append(.sendFailed(probe, errorNumber: errorNumber))
      guard let entry = probes.entry(probe.serial) else { break }
      noteLoss(entry, &effects)
      settleAttempt(entry, &effects)
    case .arrived(.reply(let reply), let arrival):
      takeIn(reply, arrival, at: now, &effects)
    case .arrived(.answer(let answer), let arrival):
      takeIn(answer, arrival, at: now, &effects)
    case .arrived(.error(let sequenceNumber, let target, let error), _):
      takeIn(error, about: sequenceNumber, to: target, &effects)
    case .interrupted:
      return finish(at: now, &effects)
    }
    expire(at: now, &effects)
    sendDue(at: now, &effects)
    finishOrWake(at: now, &effects)
  }

  /// Takes in a reply, and leaves all else for later: for those that come many at a time.
  ///
  /// When all that came together is in, `step(.timer)` has to follow.
  public mutating func take(
    _ reply: EchoReply, _ arrival: Arrival, _ effects: inout Effects
  ) {
    guard !isFinished else { return }
    takeIn(reply, arrival, at: arrival.clock.monotonic, &effects)
  }

  /// A probe was handed to the kernel, at this time.
  public mutating func sent(_ probe: PingProbe, _ clock: ClockSample) {
    probes.setDeparture(clock, of: probe.serial)
    if summaries[probe.target].transmitted == 1 {
      firstSentAt[probe.target] = clock.monotonic
    } else {
      summaries[probe.target].elapsed = max(
        summaries[probe.target].elapsed, clock.monotonic - firstSentAt[probe.target])
    }
  }

  /// A probe entered the queue of its interface.
  public mutating func transmitted(serial: UInt64, _ stamp: WallInstant) {
    probes.setKernelStamp(stamp, of: serial)
  }

  /// A probe left the queue: the interface's driver has it.
  public mutating func handedOver(serial: UInt64, _ stamp: WallInstant) {
    probes.setDeviceStamp(stamp, of: serial)
  }

  /// A probe left the network card, by the card's own clock.
  public mutating func leftCard(serial: UInt64, _ stamp: CardInstant) {
    probes.setCardStamp(stamp, of: serial)
  }

  private mutating func finishOrWake(at now: MonotonicInstant, _ effects: inout Effects) {
    if isOver(at: now) { return finish(at: now, &effects) }
    var wake = isHeldUp ? nil : schedule.nextSendAt
    func consider(_ time: MonotonicInstant?) {
      guard let time else { return }
      wake = wake.map { min($0, time) } ?? time
    }
    consider(configuration.deadline.map { startedAt + $0 })
    consider(nextExpiry())
    if !configuration.isReplayed {
      if asking?.hasDue == true, !isHeldUp { consider(lastSentAt + configuration.gap) }
      if schedule.isOver, asking == nil { consider(drainUntil) }
    }
    wakeAt = wake
  }

  private mutating func isOver(at now: MonotonicInstant) -> Bool {
    if configuration.isReplayed { return false }
    if let asking { return asking.settledCount == summaries.count || isPastDeadline(now) }
    if let count = configuration.count, count > 0, satisfiedTargets == summaries.count {
      return true
    }
    if schedule.isOver, probes.waitingCount == 0 || drainUntil <= now { return true }
    return isPastDeadline(now)
  }

  func isPastDeadline(_ now: MonotonicInstant) -> Bool {
    configuration.deadline.map { startedAt + $0 <= now } ?? false
  }

  /// When to stop waiting for the last answers.
  private var drainUntil: MonotonicInstant { lastSentAt + drainTime }

  /// iputils' rule: two of the longest round trips seen, at least one interval, if there was any
  /// answer; the timeout otherwise, and as long as one of several targets has not answered at all.
  private var drainTime: Nanoseconds {
    guard answeredTargets == summaries.count else { return configuration.timeout }
    let interval =
      switch configuration.pacing {
      case .steady(let interval): interval
      case .onAnswer(let atLeast, _): atLeast
      }
    return max(Nanoseconds(longestRoundTrip.count * 2), interval)
  }

  private mutating func finish(at now: MonotonicInstant, _ effects: inout Effects) {
    let patience = drainTime
    for serial in probes.remembered {
      guard let entry = probes.entry(serial), entry.state == .waiting else { continue }
      // Of one that is cut short so early nobody can say what would have become of it.
      lose(entry, isSure: entry.sentAt + patience <= now, &effects)
    }
    isFinished = true
    wakeAt = nil
  }
}
