public import PacketWire

/// How many ICMP errors a second each router of a path sends, without a socket, a clock or a terminal.
///
/// First the path is found. Then each hop that answers gets short trains of probes whose TTL runs out there,
/// twice as fast each time, one hop at a time, until the answers show a limit or the highest rate is reached.
/// Then those with a limit get a slower train, to see what comes in the long run. No two probes are ever closer
/// together than the highest rate has them. The target and whatever is behind a hop get none of the trains.
public struct RateLimitTrace: ReplayableTraceEngine {
  /// What the user asked for.
  public struct Configuration: Sendable {
    /// How the path is found; its `gap` is not used.
    public var path = TraceSession.Configuration()
    /// Probes a second at the most, over all hops, at most `rateLimit`.
    public var highestRate = 100
    /// The only hop to ask; it is asked even where it is the target, if that answers with errors.
    public var hop: Int?

    /// 100 a second.
    public init() {}

    /// More is not asked of anybody.
    public static let rateLimit = 1_000
    /// The first train's, in probes a second.
    static let slowestRate = 8.0
    /// Probes in all; whatever is not known by then stays so.
    public var probeLimit = 20_000
    /// The same of the time.
    public var longest = Nanoseconds.seconds(300)
    /// Before a slow train a bucket gets as many tokens, if that takes no longer than the longest rest.
    static let refill = 12.0
    static let longestRest = 8.0
    /// A slow train takes no longer.
    static let longestTrain = 10.0
    /// So many errors are seen in the long run, if they come in that time.
    static let longRun = 8.0

    /// Probes to one hop.
    var hopLimit: Int { 4 * highestRate + 200 }
    /// The least time between two probes.
    var gap: Nanoseconds { Nanoseconds(1_000_000_000 / Int64(max(highestRate, 1))) }
  }

  /// What the user asked for.
  public let configuration: Configuration
  /// The probes.
  public var ledger: TraceLedger { session?.ledger ?? own }
  /// Nothing is sent.
  public var isReplay = false { didSet { session?.isReplay = isReplay } }
  /// The search has said `finish`.
  public internal(set) var isFinished = false

  /// Finds the path; nil once that is known.
  var session: TraceSession?
  private var path: [TraceHop] = []
  var own = TraceLedger()
  private var startedAt = MonotonicInstant(nanoseconds: 0)
  var hops: [RatedHop] = []
  /// How many hops were told.
  private var toldCount = 0
  /// No probe is due before.
  var freeAt = MonotonicInstant(nanoseconds: 0)
  /// The oldest probe that may not be settled.
  private var oldestOpen = 0

  /// A search that has not begun.
  public init(_ configuration: Configuration) {
    var configuration = configuration
    configuration.highestRate = min(max(configuration.highestRate, 1), Configuration.rateLimit)
    configuration.path.gap = configuration.gap
    if let hop = configuration.hop {
      (configuration.path.firstTTL, configuration.path.maximumTTL) = (hop, hop)
    }
    self.configuration = configuration
    session = TraceSession(configuration.path)
  }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [TraceEffect<RateLimitReport>] {
    guard !isFinished else { return [] }
    if case .start = event { startedAt = now }
    if case .interrupted = event {
      isFinished = true
      return [.finish]
    }
    var effects: [TraceEffect<RateLimitReport>] = []
    if session != nil {
      let path = session?.step(event, at: now) ?? []
      findPath(path, at: now, &effects)
      guard session == nil else { return effects }
    } else {
      guard !own.note(event) else { return [] }
      takeIn(event, &effects)
    }
    goOn(at: now, &effects)
    return effects
  }

  /// What the time brings.
  mutating func goOn(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RateLimitReport>]
  ) {
    expire(at: now)
    proceed(at: now, &effects)
    tell(&effects)
    finishOrWake(at: now, &effects)
  }

  /// What is known of each hop.
  public var results: [HopRateLimit] { hops.map { result(of: $0) } }

  private func result(of hop: RatedHop) -> HopRateLimit {
    let probes = probes(of: hop)
    return HopRateLimit(
      timeToLive: hop.timeToLive, addresses: hop.addresses,
      loss: LossInterval(lost: probes.count { !$0.isAnswered }, of: probes.count),
      fastest: hop.fastest,
      finding: hop.finding ?? hop.likelyFinding)
  }

  /// The fate of a hop's probes that is known.
  func probes(of hop: RatedHop) -> [TokenBucketFit.Probe] {
    hop.numbers.compactMap { number in
      guard let entry = own[number], let outcome = entry.outcome, outcome.sendError == nil
      else { return nil }
      let sent = entry.timing.clock.monotonic - startedAt
      return TokenBucketFit.Probe(
        seconds: Double(sent.count) / 1e9, isAnswered: outcome.answer != nil)
    }
  }
}

// MARK: - The path

extension RateLimitTrace {
  mutating func findPath(
    _ steps: [TraceEffect<TraceReport>], at now: MonotonicInstant,
    _ effects: inout [TraceEffect<RateLimitReport>]
  ) {
    var isFound = false
    for effect in steps {
      switch effect {
      case .send(let request): effects.append(.send(request))
      case .wake(let time): effects.append(.wake(at: time))
      case .report(.hop(let hop)): path.append(hop)
      case .report(.answer(_, _, let outcome)):
        if let source = outcome.source { effects.append(.report(.heard(source))) }
      case .finish: isFound = true
      }
    }
    guard isFound, let session = session.take() else { return }
    own = session.ledger
    oldestOpen = own.numbers.lowerBound
    freeAt = now + configuration.gap
    let last = path.lastIndex { $0.outcomes.contains { $0.answer != nil } }
    hops = path.prefix((last ?? -1) + 1).map { rated($0) }
  }

  private func rated(_ hop: TraceHop) -> RatedHop {
    let answers = hop.outcomes.filter { $0.answer != nil }
    let isTarget = answers.contains { $0.isFinal }
    let isAsked =
      !isTarget || configuration.hop != nil && answers.allSatisfy { $0.error != nil }
    var addresses: [IPAddress] = []
    for source in answers.compactMap(\.source) where !addresses.contains(source) {
      addresses.append(source)
    }
    return RatedHop(
      hop.timeToLive,
      numbers: own.numbers.filter {
        own[$0]?.request.timeToLive == UInt8(clamping: hop.timeToLive)
      },
      addresses: addresses,
      slowestAnswer: answers.compactMap { $0.roundTrip?.duration }.max() ?? .zero,
      answers.isEmpty ? .silent : isAsked ? nil : .target)
  }
}

// MARK: - Answers

extension RateLimitTrace {
  private mutating func takeIn(
    _ event: TraceEvent, _ effects: inout [TraceEffect<RateLimitReport>]
  ) {
    switch event {
    case .sendFailed(let number, let errorNumber): own.settle(number, .refused(errorNumber))
    case .arrived(let arrival, let time):
      if case .error(let error) = arrival.answer, error.report.isNotice { return }
      guard let outcome = own.outcome(of: arrival, at: time), own.settle(arrival.number, outcome),
        let request = own[arrival.number]?.request,
        let place = hops.firstIndex(where: { $0.timeToLive == Int(request.timeToLive) })
      else { return }
      if let duration = outcome.roundTrip?.duration {
        hops[place].slowestAnswer = max(hops[place].slowestAnswer, duration)
      }
      guard let source = outcome.source, !hops[place].addresses.contains(source),
        hops[place].addresses.count < Self.addressLimit
      else { return }
      hops[place].addresses.append(source)
      effects.append(.report(.heard(source)))
    case .start, .timer, .sent, .transmitted, .interrupted: break
    }
  }

  private static let addressLimit = 16

  private func expiry(of number: Int) -> MonotonicInstant? {
    guard let entry = own[number], entry.outcome == nil else { return nil }
    let hop = hops.first { $0.timeToLive == Int(entry.request.timeToLive) }
    let wait = min(hop?.wait ?? .zero, configuration.path.wait.maximum)
    return entry.timing.clock.monotonic + wait
  }

  private mutating func expire(at now: MonotonicInstant) {
    for number in oldestOpen..<max(oldestOpen, own.count) {
      if let expiry = expiry(of: number), expiry <= now { own.settle(number, .lost) }
      if number == oldestOpen, own[number]?.outcome != nil { oldestOpen += 1 }
    }
  }

  /// All of them are answered or given up.
  func isSettled(_ numbers: ArraySlice<Int>) -> Bool {
    numbers.allSatisfy { own[$0]?.outcome != nil }
  }
}

// MARK: - Telling and time

extension RateLimitTrace {
  /// Nothing more may be sent.
  func isSpent(at now: MonotonicInstant) -> Bool {
    own.count >= configuration.probeLimit || startedAt + configuration.longest <= now
  }

  private mutating func tell(_ effects: inout [TraceEffect<RateLimitReport>]) {
    while toldCount < hops.count, hops[toldCount].stage == .done {
      effects.append(.report(.hop(result(of: hops[toldCount]))))
      toldCount += 1
    }
  }

  private mutating func finishOrWake(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RateLimitReport>]
  ) {
    if toldCount == hops.count {
      isFinished = true
      return effects.append(.finish)
    }
    var times = (oldestOpen..<max(oldestOpen, own.count)).compactMap { expiry(of: $0) }
    for train in hops.compactMap(\.train) where train.left > 0 && !isReplay {
      times.append(max(train.nextAt, freeAt))
    }
    times += hops.filter { $0.stage == .limited && $0.restsUntil > now }.map(\.restsUntil)
    // In a replay the next probe comes of itself.
    if let next = times.min() ?? (isReplay ? nil : now) {
      effects.append(.wake(at: max(next, now)))
    }
  }
}
