import PacketWire

/// When a session's probes are due, and whose turn it is.
struct PingSchedule: Sendable {
  /// When the next probe is due; `nil` when no more are.
  private(set) var nextSendAt: MonotonicInstant?

  private let targetCount: UInt64
  private let limit: UInt64?
  private let pacing: PingSession.Pacing
  private let gap: Nanoseconds
  private let preload: UInt64
  /// Of a round: every target's turn once.
  private let period: Nanoseconds
  private var sentCount: UInt64 = 0
  /// How long a probe may wait for an answer where answers set the pace.
  private var silence = Nanoseconds.seconds(1)

  init(_ configuration: PingSession.Configuration) {
    targetCount = UInt64(configuration.targets.count)
    pacing = configuration.pacing
    gap = configuration.gap
    preload = UInt64(max(1, configuration.preload))
    let round = Nanoseconds(gap.count * Int64(targetCount))
    switch pacing {
    case .steady(let interval): period = max(interval, round)
    case .onAnswer: period = round
    }
    if configuration.retries != nil {
      limit = targetCount
    } else if configuration.deadline == nil || !configuration.expectsAnswers,
      let count = configuration.count
    {
      let (product, isTooMuch) = UInt64(max(0, count)).multipliedReportingOverflow(by: targetCount)
      limit = isTooMuch ? nil : product
    } else {
      limit = nil
    }
  }

  /// All probes were sent.
  var isOver: Bool { nextSendAt == nil }

  mutating func start(at now: MonotonicInstant) {
    nextSendAt = limit == 0 || targetCount == 0 ? nil : now
  }

  /// Whose turn is next.
  var target: Int { Int(sentCount % targetCount) }

  /// The probe that was due has been sent; `inFlight` counts those before the newest one answered too.
  mutating func sent(at now: MonotonicInstant, inFlight: UInt64) {
    sentCount += 1
    if let limit, sentCount >= limit { return nextSendAt = nil }
    switch pacing {
    case .steady: nextSendAt = nextSteady(at: now)
    case .onAnswer(let atLeast, let silence):
      nextSendAt =
        now + (inFlight < preload * targetCount ? max(atLeast, gap) : silence ?? self.silence)
    }
  }

  /// The schedule has no drift: each probe is due a fixed time after the one before was due. After a
  /// pause of the whole process (SIGSTOP, suspend) it starts anew instead of catching up; where targets
  /// follow each other closely, less than a round is caught up.
  private func nextSteady(at now: MonotonicInstant) -> MonotonicInstant? {
    guard let due = nextSendAt else { return nil }
    var step = gap
    if sentCount.isMultiple(of: targetCount) {
      let round = sentCount / targetCount
      step =
        round < preload
        ? gap : period + (.zero - Nanoseconds(gap.count * Int64(targetCount - 1)))
    }
    let next = due + step
    let patience = targetCount > 1 || sentCount < preload ? period : .zero
    return next + patience <= now && step > .zero ? now + step : next
  }

  /// An answer came: where answers set the pace, the next probe is due.
  mutating func answered(
    at now: MonotonicInstant, lastSentAt: MonotonicInstant, inFlight: UInt64,
    longest: Nanoseconds
  ) {
    guard case .onAnswer(let atLeast, _) = pacing, nextSendAt != nil else { return }
    silence = max(Nanoseconds(longest.count * 2), .milliseconds(10))
    guard inFlight < preload * targetCount else { return }
    nextSendAt = max(now, lastSentAt + max(atLeast, gap))
  }
}
