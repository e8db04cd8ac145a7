public import PacketWire

/// Something that a trace has to say.
public enum TraceReport: Hashable, Sendable {
  /// Probe `query` (from zero) with this TTL was answered; as it comes, in no order.
  case answer(timeToLive: Int, query: Int, TraceOutcome)
  /// All probes of a hop are settled; hops come in order.
  case hop(TraceHop)
}

/// The way to a target, hop by hop, without a socket, a clock or a terminal.
///
/// All hops are probed at once, first with one probe each, then with the rest where there is a hop for sure,
/// so that a trace takes little more than its longest round trip and hardly a probe goes to waste on the
/// target. Hops are told in order.
public struct TraceSession: HopTracer {
  /// What the user asked for.
  public struct Configuration: Sendable {
    /// The first TTL probed.
    public var firstTTL = 1
    /// The last one.
    public var maximumTTL = 30
    /// Probes a hop.
    public var queries = 3
    /// How many probes may be on the way at once.
    public var window = 48
    /// How many hops are probed ahead of the first one that is not settled; no more than `window`.
    public var lookahead = 16
    /// The least time between two probes.
    public var gap = Nanoseconds.zero
    /// The target is asked again only when it has answered, and what was sent beyond it does not count: it
    /// answers a second SYN of a connection that is half open at another pace, if at all.
    public var asksTargetSingly = false
    /// How long a probe is waited for.
    public var wait = TraceWait()

    /// Defaults for everything.
    public init() {}
  }

  /// What the user asked for.
  public let configuration: Configuration
  /// The probes.
  public private(set) var ledger = TraceLedger()
  /// The trace has said `finish`.
  public private(set) var isFinished = false
  /// The target itself, or a refusal to go on, answered at this TTL.
  public private(set) var finalTTL: Int?
  /// Its probes were sent long ago.
  public var isReplay = false

  private var nextHopToReport: Int
  /// The numbers of each hop's probes, from the first hop on.
  private var numbers: [[Int]] = []
  private var lastSending: MonotonicInstant?
  private var slowestAnswer: Nanoseconds?

  /// A trace that has not begun.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    nextHopToReport = configuration.firstTTL
  }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [TraceEffect<TraceReport>] {
    guard !isFinished, !ledger.note(event) else { return [] }
    var effects: [TraceEffect<TraceReport>] = []
    switch event {
    case .start, .timer, .sent, .transmitted: break
    case .sendFailed(let number, let errorNumber):
      ledger.settle(number, .refused(errorNumber))
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

  private var lastTTL: Int { min(finalTTL ?? .max, configuration.maximumTTL) }

  /// The numbers of the probes that were sent with a TTL.
  private func numbers(sentTo timeToLive: Int) -> [Int] {
    let index = timeToLive - configuration.firstTTL
    return numbers.indices.contains(index) ? numbers[index] : []
  }

  /// The numbers of a hop's probes. What was sent with larger TTLs before it was known where the target is
  /// ended there too: its first answers stand for the last hop's own.
  private func numbers(at timeToLive: Int) -> [Int] {
    guard timeToLive == finalTTL, !configuration.asksTargetSingly else {
      return numbers(sentTo: timeToLive)
    }
    let beyond = numbers.indices.map { $0 + configuration.firstTTL }.filter { $0 > timeToLive }
      .flatMap { numbers(sentTo: $0) }
      .filter { ledger[$0]?.outcome?.answer?.isFinal ?? true }
    return Array((numbers(sentTo: timeToLive) + beyond).sorted().prefix(configuration.queries))
  }
}

// MARK: - Answers

extension TraceSession {
  private mutating func takeIn(
    _ arrival: TraceArrival, _ time: Arrival, _ effects: inout [TraceEffect<TraceReport>]
  ) {
    if case .error(let error) = arrival.answer, error.report.isNotice { return }
    guard let outcome = ledger.outcome(of: arrival, at: time),
      let request = ledger[arrival.number]?.request
    else { return }
    let timeToLive = Int(request.timeToLive)
    // What was given up may be answered after all, until its hop is told.
    guard timeToLive >= nextHopToReport, ledger.settle(arrival.number, outcome) else { return }
    if let duration = outcome.roundTrip?.duration {
      slowestAnswer = max(duration, slowestAnswer ?? duration)
    }
    if outcome.isFinal { finalTTL = min(finalTTL ?? timeToLive, timeToLive) }
    let query = numbers(sentTo: timeToLive).firstIndex(of: arrival.number) ?? 0
    effects.append(.report(.answer(timeToLive: timeToLive, query: query, outcome)))
  }

  /// Hops are told in order, each when all of its probes are settled.
  private mutating func reportHops(_ effects: inout [TraceEffect<TraceReport>]) {
    while nextHopToReport <= lastTTL {
      let outcomes = numbers(at: nextHopToReport).compactMap { ledger[$0]?.outcome }
      guard outcomes.count == configuration.queries else { return }
      effects.append(.report(.hop(TraceHop(timeToLive: nextHopToReport, outcomes: outcomes))))
      nextHopToReport += 1
    }
  }
}

// MARK: - Sending

extension TraceSession {
  private mutating func sendWhatFits(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<TraceReport>]
  ) {
    guard !isReplay else { return }
    while ledger.waitingCount < configuration.window, isGapOver(at: now),
      let timeToLive = nextTTL(at: now)
    {
      let request = ledger.add(timeToLive: UInt8(clamping: timeToLive), at: now)
      note(request, at: now)
      effects.append(.send(request))
    }
  }

  private mutating func note(_ request: TraceRequest, at now: MonotonicInstant) {
    let index = Int(request.timeToLive) - configuration.firstTTL
    while numbers.count <= index { numbers.append([]) }
    numbers[index].append(request.number)
    lastSending = now
  }

  private func isGapOver(at now: MonotonicInstant) -> Bool {
    guard let lastSending else { return true }
    return lastSending + configuration.gap <= now
  }

  /// Where the next probe goes: first one to each hop, then the rest to those that are there.
  private func nextTTL(at now: MonotonicInstant) -> Int? {
    let unexplored = configuration.firstTTL + numbers.count
    let ahead = min(configuration.lookahead, configuration.window)
    if unexplored <= lastTTL, unexplored < firstOpenTTL(at: now) + ahead { return unexplored }
    return (nextHopToReport..<max(nextHopToReport, unexplored)).first { timeToLive in
      timeToLive <= lastTTL && numbers(at: timeToLive).count < configuration.queries
        && isWorthMore(timeToLive, at: now)
    }
  }

  /// The first hop whose first probe may still be answered in the time that others took; step by step, the
  /// first hop that lacks anything.
  private func firstOpenTTL(at now: MonotonicInstant) -> Int {
    guard configuration.window > 1 else { return nextHopToReport }
    let known = nextHopToReport..<max(nextHopToReport, configuration.firstTTL + numbers.count)
    return known.first { !isFirstProbeDone(at: $0, now) } ?? known.upperBound
  }

  private func isFirstProbeDone(at timeToLive: Int, _ now: MonotonicInstant) -> Bool {
    guard let number = numbers(sentTo: timeToLive).first else { return false }
    return ledger[number]?.outcome != nil || isOverdue(number, at: now)
  }

  /// A hop is there if it has answered, or a router before it has forwarded; where nobody speaks, it gets
  /// its further probes when the first is overdue.
  private func isWorthMore(_ timeToLive: Int, at now: MonotonicInstant) -> Bool {
    if configuration.asksTargetSingly, timeToLive == finalTTL {
      return numbers(at: timeToLive).allSatisfy { ledger[$0]?.outcome != nil }
    }
    let before = max(timeToLive - (configuration.asksTargetSingly ? 0 : 1), configuration.firstTTL)
    let known = (before..<configuration.firstTTL + numbers.count).contains { ttl in
      numbers(sentTo: ttl).contains { ledger[$0]?.outcome?.answer != nil }
    }
    return known || configuration.window == 1 || isFirstProbeDone(at: timeToLive, now)
  }
}

// MARK: - Time

extension TraceSession {
  private mutating func expire(at now: MonotonicInstant) {
    guard ledger.waitingCount > 0 else { return }
    for number in ledger.numbers where ledger[number]?.outcome == nil && expiry(of: number) <= now {
      ledger.settle(number, .lost)
    }
  }

  /// When a probe's time is up.
  private func expiry(of number: Int) -> MonotonicInstant {
    guard let entry = ledger[number] else { return MonotonicInstant(nanoseconds: 0) }
    // A TTL behind the last one is not waited for unless it stands for one of the last hop's own.
    let timeToLive = min(Int(entry.request.timeToLive), lastTTL)
    if Int(entry.request.timeToLive) > lastTTL, !numbers(at: lastTTL).contains(number) {
      return entry.timing.clock.monotonic
    }
    let wait = configuration.wait.limit(
      here: slowestAnswer(in: numbers(at: timeToLive)), near: slowestAnswer(behind: timeToLive))
    return entry.timing.clock.monotonic + wait
  }

  /// Of the nearest hop behind `timeToLive` that has answered.
  private func slowestAnswer(behind timeToLive: Int) -> Nanoseconds? {
    let end = min(lastTTL, configuration.firstTTL + numbers.count - 1)
    guard timeToLive < end else { return nil }
    return (timeToLive + 1...end).lazy.compactMap { slowestAnswer(in: numbers(at: $0)) }.first
  }

  private func slowestAnswer(in numbers: [Int]) -> Nanoseconds? {
    numbers.compactMap { ledger[$0]?.outcome?.roundTrip?.duration }.max()
  }

  /// A probe that has taken longer than any so far does. It is waited for all the same.
  private func isOverdue(_ number: Int, at now: MonotonicInstant) -> Bool {
    overdue(number).map { $0 <= now } ?? true
  }

  private func overdue(_ number: Int) -> MonotonicInstant? {
    guard let entry = ledger[number] else { return nil }
    let usual = slowestAnswer.map(TraceWait.stretched) ?? .seconds(1)
    return entry.timing.clock.monotonic + min(configuration.wait.maximum, usual)
  }

  private mutating func finishOrWake(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<TraceReport>]
  ) {
    if nextHopToReport > lastTTL {
      isFinished = true
      return effects.append(.finish)
    }
    var times = [lastSending.map { $0 + configuration.gap }].compactMap { $0 }.filter { $0 > now }
    for number in ledger.numbers where ledger[number]?.outcome == nil {
      times.append(expiry(of: number))
      if let overdue = overdue(number), overdue > now { times.append(overdue) }
    }
    if let next = times.min() { effects.append(.wake(at: next)) }
  }
}

// MARK: - Replay

extension TraceSession {
  /// A probe was sent, long ago.
  public mutating func replay(
    _ request: TraceRequest, _ timing: ProbeTiming
  ) -> [TraceEffect<TraceReport>] {
    let hops = configuration.firstTTL...configuration.maximumTTL
    guard !isFinished, hops.contains(Int(request.timeToLive)),
      ledger.add(replayed: request, timing)
    else { return [] }
    note(request, at: timing.clock.monotonic)
    return step(.timer, at: timing.clock.monotonic)
  }

  /// Nothing more was sent.
  public mutating func endReplay(at now: MonotonicInstant) -> [TraceEffect<TraceReport>] {
    step(.interrupted, at: now)
  }
}

extension HopTracer {
  /// Somebody answered at all.
  public var hasAnswer: Bool { ledger.numbers.contains { ledger[$0]?.outcome?.answer != nil } }

  /// The target itself answered, be it from another of its addresses: only a target says that a port or a
  /// protocol is none of its own (RFC 1122 §3.2.2.1).
  public func isReached(_ target: IPAddress) -> Bool {
    ledger.numbers.contains { number in
      guard let outcome = ledger[number]?.outcome, outcome.isFinal else { return false }
      return outcome.source == target || outcome.error?.isFromTarget ?? true
    }
  }
}

extension ICMPErrorReport {
  /// A port or, in IPv4, a protocol that the target does not know.
  var isFromTarget: Bool {
    switch family {
    case .v4: type == 3 && (code == 2 || code == 3)
    case .v6: type == 1 && code == 4
    }
  }
}
