public import PacketWire

/// A run of echo requests to one target, without a socket, a clock or a terminal.
///
/// The shell feeds it events and carries out its effects, in this order: drain replies, let timers
/// run, send. The same session runs against a kernel or a simulated network in virtual time.
public struct PingSession: Sendable {
  /// What the user asked for.
  public struct Configuration: Sendable {
    /// Builds the probes.
    public var request: EchoRequest
    /// Stop after this many; `nil` for no end.
    public var count: Int?
    /// Between probes; zero sends the next one as soon as an answer is in, or after 10 ms.
    public var interval = Nanoseconds.seconds(1)
    /// Stop at this time after the start, whatever has come; `count` then counts answers.
    public var deadline: Nanoseconds?
    /// How long an answer may take: to the last probe when none was answered, and to any probe
    /// before it is reported as lost.
    public var timeout = Nanoseconds.seconds(10)

    /// Defaults for everything but the request.
    public init(request: EchoRequest) { self.request = request }
  }

  /// What the shell tells.
  public enum Event: Sendable {
    /// Begin.
    case start
    /// A time that was asked for has come.
    case timer
    /// The probe is about to be handed to the kernel.
    case sent(number: UInt64, ClockSample)
    /// The kernel gave the probe to the device.
    case transmitted(number: UInt64, WallInstant)
    /// The kernel refused it.
    case sendFailed(number: UInt64, errorNumber: Int32)
    /// Something came in for this session.
    case arrived(EchoArrival, Arrival)
    /// The user has had enough.
    case interrupted
  }

  /// What the shell is to do.
  public enum Effect: Hashable, Sendable {
    /// Send this ICMP message, then tell with `sent` or `sendFailed`.
    case send(number: UInt64, message: [UInt8])
    /// Come back with `timer` at this time, unless a later effect says another.
    case wake(at: MonotonicInstant)
    /// Tell the user.
    case report(PingReport)
    /// Nothing more will come; `summary` is final.
    case finish
  }

  /// What the user asked for.
  public let configuration: Configuration
  /// The figures so far.
  public private(set) var summary = PingSummary()
  /// The session has said `finish`.
  public private(set) var isFinished = false

  private var probes = ProbeTable()
  private var nextNumber: UInt64 = 1
  private var startedAt = MonotonicInstant(nanoseconds: 0)
  private var nextSendAt: MonotonicInstant?
  private var lastSentAt = MonotonicInstant(nanoseconds: 0)
  /// When to stop waiting for the last answers; set when the last probe was sent.
  private var drainUntil: MonotonicInstant?

  /// A session that has not begun.
  public init(_ configuration: Configuration) { self.configuration = configuration }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(_ event: Event, at now: MonotonicInstant) -> [Effect] {
    guard !isFinished else { return [] }
    var effects: [Effect] = []
    switch event {
    case .start:
      (startedAt, nextSendAt) = (now, now)
    case .timer: break
    case .sent(let number, let clock):
      probes.setDeparture(ProbeTiming(clock: clock), of: number)
      return []
    case .transmitted(let number, let stamp):
      probes.setKernelStamp(stamp, of: number)
      return []
    case .sendFailed(let number, let errorNumber):
      probes.settle(number, as: .failed)
      summary.errors += 1
      effects.append(.report(.sendFailed(number: number, errorNumber: errorNumber)))
    case .arrived(.reply(let reply), let arrival):
      takeIn(reply, arrival, at: now, &effects)
    case .arrived(.error(let sequenceNumber, let error), _):
      takeIn(error, sequenceNumber, &effects)
    case .interrupted:
      finish(&effects)
      return effects
    }
    expire(at: now, &effects)
    sendIfDue(at: now, &effects)
    finishOrWake(at: now, &effects)
    return effects
  }
}

// MARK: - Arrivals

extension PingSession {
  private mutating func takeIn(
    _ reply: EchoReply, _ arrival: Arrival, at now: MonotonicInstant, _ effects: inout [Effect]
  ) {
    guard let probe = probes.find(reply.sequenceNumber) else { return }
    guard configuration.request.isAuthentic(reply, number: probe.number) else {
      summary.rejected += 1
      effects.append(.report(.rejected(reply)))
      return
    }
    var answer = PingReply(
      number: probe.number, reply: reply, roundTrip: probe.timing.roundTrip(to: arrival),
      isDuplicate: probe.state == .answered, isLate: probe.state == .lost)
    if !reply.isChecksumValid {
      summary.corrupted += 1
      answer.isDuplicate = false
    } else if answer.isDuplicate {
      summary.duplicates += 1
    } else {
      summary.received += 1
      summary.late += answer.isLate ? 1 : 0
      summary.rtt.add(answer.roundTrip.duration)
      probes.settle(probe.number, as: .answered)
      if configuration.interval == .zero, nextSendAt != nil { nextSendAt = now }
    }
    countPipe(probe.number)
    effects.append(.report(.reply(answer)))
  }

  private mutating func takeIn(
    _ error: ICMPErrorReport, _ sequenceNumber: UInt16, _ effects: inout [Effect]
  ) {
    guard let probe = probes.find(sequenceNumber) else { return }
    if !error.isNotice {
      summary.errors += 1
      if probe.state == .waiting { probes.settle(probe.number, as: .failed) }
      countPipe(probe.number)
    }
    effects.append(.report(.error(number: probe.number, error)))
  }

  private mutating func countPipe(_ number: UInt64) {
    summary.pipe = max(summary.pipe, Int(nextNumber - number))
  }
}

// MARK: - Time

extension PingSession {
  /// Reports probes whose time is up; all have the same timeout, so the oldest go first.
  private mutating func expire(at now: MonotonicInstant, _ effects: inout [Effect]) {
    while let oldest = probes.oldestWaiting, oldest.timing.clock.monotonic + timeout <= now {
      probes.settle(oldest.number, as: .lost)
      effects.append(.report(.lost(number: oldest.number)))
    }
  }

  private var timeout: Nanoseconds { configuration.timeout }

  private mutating func sendIfDue(at now: MonotonicInstant, _ effects: inout [Effect]) {
    guard let due = nextSendAt, due <= now, !isPastDeadline(now) else { return }
    if nextNumber > 1, probes.isWaiting(nextNumber - 1) {
      effects.append(.report(.outstanding(number: nextNumber - 1)))
    }
    let number = nextNumber
    nextNumber += 1
    if let pushedOut = probes.insert(number, sentAt: now) {
      effects.append(.report(.lost(number: pushedOut)))
    }
    if number > 1 { summary.elapsed = now - startedAt }
    summary.transmitted += 1
    lastSentAt = now
    effects.append(.send(number: number, message: configuration.request.message(number: number)))
    nextSendAt = nextSendTime(after: due, now: now)
    if nextSendAt == nil { drainUntil = now + drainTime }
  }

  /// The schedule has no drift: each probe is due one interval after the one before was due. After
  /// a pause of the whole process (SIGSTOP, suspend) it starts anew instead of catching up.
  private func nextSendTime(after due: MonotonicInstant, now: MonotonicInstant) -> MonotonicInstant?
  {
    if configuration.deadline == nil, let count = configuration.count, summary.transmitted >= count
    {
      return nil
    }
    if configuration.interval == .zero { return now + .milliseconds(10) }
    let next = due + configuration.interval
    return next <= now ? now + configuration.interval : next
  }

  /// iputils' rule: two of the longest round trips seen, at least one interval, if there was any
  /// answer; the timeout otherwise.
  private var drainTime: Nanoseconds {
    guard summary.received > 0 else { return timeout }
    return max(Nanoseconds(summary.rtt.maximum.count * 2), configuration.interval)
  }

  private func isPastDeadline(_ now: MonotonicInstant) -> Bool {
    configuration.deadline.map { startedAt + $0 <= now } ?? false
  }

  private mutating func finishOrWake(at now: MonotonicInstant, _ effects: inout [Effect]) {
    // The first answers can come when the last probe is already out.
    if drainUntil != nil, summary.received > 0 { drainUntil = lastSentAt + drainTime }
    let isDrained = drainUntil.map { $0 <= now || probes.waitingCount == 0 } ?? false
    let hasEnough = configuration.count.map { summary.received >= $0 } ?? false
    if isDrained || hasEnough || isPastDeadline(now) { return finish(&effects) }
    let times = [
      nextSendAt, drainUntil, configuration.deadline.map { startedAt + $0 },
      probes.oldestWaiting.map { $0.timing.clock.monotonic + timeout },
    ]
    if let next = times.compactMap({ $0 }).min() { effects.append(.wake(at: next)) }
  }

  private mutating func finish(_ effects: inout [Effect]) {
    while let oldest = probes.oldestWaiting {
      probes.settle(oldest.number, as: .lost)
      effects.append(.report(.lost(number: oldest.number)))
    }
    isFinished = true
    effects.append(.finish)
  }
}
