public import PacketWire

/// A path under watch: round for round one probe to each hop, without a socket, a clock or a terminal.
///
/// The probes of a round are spread over the time to the next one. Once the target is known nothing is
/// probed behind it; where it is not known, a few hops behind the last that answers. With several flows a
/// round is of one of them, in turn. What it keeps does not grow with the rounds.
public struct RouteMonitor: ReplayableTraceEngine {
  /// What the user asked for.
  public struct Configuration: Hashable, Sendable {
    /// The first TTL probed.
    public var firstTTL = 1
    /// The last one.
    public var maximumTTL = 30
    /// Rounds of each flow; nil for no end.
    public var rounds: Int?
    /// From one round to the next.
    public var interval = Nanoseconds.seconds(1)
    /// How many flows, at most `flowLimit`.
    public var flows = 1
    /// More of them take turns as soon as those that there are have met so many routers at a hop that the
    /// stopping rule asks for more (`RouteWays`), up to `flowLimit`.
    public var addsFlows = false
    /// No probe is waited for any longer.
    public var longestWait = Nanoseconds.seconds(5)

    /// Rounds without end, one a second.
    public init() {}

    /// More would say nothing that fits a screen.
    public static let flowLimit = 16
    /// What the stopping rule asks for where each hop has one router (95 %).
    public static let leastFlows = 6
  }

  /// What the user asked for.
  public let configuration: Configuration
  /// The probes of the last rounds.
  public internal(set) var ledger = TraceLedger()
  /// The monitor has said `finish`.
  public internal(set) var isFinished = false
  /// Its probes were sent long ago.
  public var isReplay = false
  /// What is known of each flow's path.
  public internal(set) var flows: [RouteFlow]
  /// When the first round began.
  public private(set) var startedAt = MonotonicInstant(nanoseconds: 0)
  /// No probes are sent; what is on its way is still waited for.
  public private(set) var isPaused = false
  /// From one round to the next, which a user may change.
  public private(set) var interval: Nanoseconds

  /// Rounds of which something may still be heard, oldest first.
  var rounds: [Round] = []
  /// How many of them were told.
  var toldCount = 0
  /// How many rounds there were, forgotten ones included, and whose the last one was.
  var begunCount = 0
  var lastFlow: Int?
  var nextRoundAt = MonotonicInstant(nanoseconds: 0)
  var lastSendingAt: MonotonicInstant?
  /// The oldest probe that may not be settled.
  private var oldestOpen = 0
  private var slowestAnswer = Nanoseconds.zero

  struct Round {
    let number: Int
    let flow: Int
    /// Which of the flow's own rounds, from 1.
    let own: Int
    let first: Int
    let startedAt: MonotonicInstant
    var nextTTL: Int
    /// Another one has begun.
    var isOver = false
    /// Before all of its hops were probed.
    var isCut = false
    var count = 0
    var waiting = 0
    var isReached = false

    var numbers: Range<Int> { first..<first + count }
  }

  /// Probes are known for so long, and so many of them, that late answers find theirs.
  static let memory = Nanoseconds.seconds(60)
  static let memoryLimit = 16_384

  /// A monitor that has not begun.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    interval = configuration.interval
    flows = []
    addFlows(upTo: max(configuration.flows, 1))
  }

  /// Lets more flows take turns, as many as there may be.
  mutating func addFlows(upTo count: Int) {
    while flows.count < min(count, Configuration.flowLimit) {
      flows.append(
        RouteFlow(
          flows.count, firstTTL: configuration.firstTTL, maximumTTL: configuration.maximumTTL))
    }
  }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [TraceEffect<RouteReport>] {
    guard !isFinished, !ledger.note(event) else { return [] }
    var effects: [TraceEffect<RouteReport>] = []
    switch event {
    case .start: (startedAt, nextRoundAt) = (now, now)
    case .timer, .sent, .transmitted: break
    case .sendFailed(let number, let errorNumber):
      settle(number, .refused(errorNumber), &effects)
    case .arrived(let arrival, let time): takeIn(arrival, time, &effects)
    case .interrupted:
      isFinished = true
      return [.finish]
    }
    expire(at: now, &effects)
    tellRounds(&effects)
    forget(at: now)
    sendWhatIsDue(at: now, &effects)
    endSettledRound(&effects)
    finishOrWake(at: now, &effects)
    return effects
  }

  // MARK: What a user changes

  /// Holds the probes, or goes on with them. The shell has to hand in a `timer` afterwards.
  public mutating func pause(_ isPaused: Bool, at now: MonotonicInstant) {
    self.isPaused = isPaused
    if !isPaused { nextRoundAt = max(nextRoundAt, now) }
  }

  /// Sets the time between rounds, from the next one on.
  public mutating func setInterval(_ interval: Nanoseconds) { self.interval = interval }

  /// Forgets all figures, but for who answers where.
  public mutating func reset() {
    for place in flows.indices { flows[place].reset(before: ledger.count) }
  }

  /// When that round of those that are still known began.
  func start(ofRound number: Int, flow: Int) -> MonotonicInstant? {
    rounds.first { $0.flow == flow && $0.own == number }?.startedAt
  }
}

// MARK: - Answers

extension RouteMonitor {
  private mutating func takeIn(
    _ arrival: TraceArrival, _ time: Arrival, _ effects: inout [TraceEffect<RouteReport>]
  ) {
    if case .error(let error) = arrival.answer, error.report.isNotice { return }
    guard let outcome = ledger.outcome(of: arrival, at: time) else { return }
    if let duration = outcome.roundTrip?.duration { slowestAnswer = max(slowestAnswer, duration) }
    settle(arrival.number, outcome, &effects)
  }

  /// A probe was answered, or is given up.
  private mutating func settle(
    _ number: Int, _ outcome: TraceOutcome, _ effects: inout [TraceEffect<RouteReport>]
  ) {
    let wasLost = ledger[number]?.outcome != nil
    guard ledger.settle(number, outcome), let place = place(ofProbe: number),
      let request = ledger[number]?.request
    else { return }
    if !wasLost { rounds[place].waiting -= 1 }
    let round = rounds[place]
    let own = round.own
    if outcome.answer == nil {
      flows[round.flow].giveUp(request, in: own)
    } else {
      flows[round.flow].take(
        outcome, to: request, wasLost: wasLost, in: own, next: ledger.count)
    }
    if outcome.isFromTarget, !round.isReached {
      rounds[place].isReached = true
      if place < toldCount, !round.isCut { flows[round.flow].reachLate() }
    }
    effects.append(
      .report(.update(flow: round.flow, timeToLive: Int(request.timeToLive))))
  }

  private func place(ofProbe number: Int) -> Int? {
    var (low, high) = (0, rounds.count)
    while low < high {
      let middle = (low + high) / 2
      if rounds[middle].first + rounds[middle].count <= number {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < rounds.count && rounds[low].numbers.contains(number) ? low : nil
  }

  /// Longer than any answer has taken, and a second at the least; what comes later counts all the same.
  private var wait: Nanoseconds {
    min(configuration.longestWait, max(.seconds(1), Nanoseconds(slowestAnswer.count * 3)))
  }

  private mutating func expire(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RouteReport>]
  ) {
    oldestOpen = max(oldestOpen, ledger.numbers.lowerBound)
    while oldestOpen < ledger.count {
      if let entry = ledger[oldestOpen], entry.outcome == nil {
        guard entry.timing.clock.monotonic + wait <= now else { return }
        settle(oldestOpen, .lost, &effects)
      }
      oldestOpen += 1
    }
  }

  var nextExpiry: MonotonicInstant? {
    (oldestOpen..<max(oldestOpen, ledger.count)).lazy.compactMap { ledger[$0] }
      .first { $0.outcome == nil }.map { $0.timing.clock.monotonic + wait }
  }
}
