public import PacketWire

/// Traces to many targets, at a rate, by doubletree (Donnet, Raoult, Friedman and Crovella, "Efficient
/// Algorithms for Large-Scale Topology Discovery", 2005), without a socket, a clock or a terminal.
///
/// Each trace begins in the middle of its path. It goes outward until the target answers, somebody refuses, too many
/// hops keep silent, or the way on is known; and back until it meets a router that another trace has met at the
/// same TTL. What is before that one is taken over and told as such.
///
/// A target that has not begun takes nothing here, one under way some two kibioctets a hop, and one that is done
/// nothing but its routers in the stop sets, about 100 octets each and at most `stopSetLimit`.
public struct ManyTraces: TraceEngine {
  /// How it goes about it.
  public let configuration: ManyConfiguration
  /// The probes that may still be answered. Its outcomes only say that a probe is settled.
  public private(set) var ledger = TraceLedger()
  /// It has said `finish`.
  public private(set) var isFinished = false
  /// What it came to so far.
  public internal(set) var totals = ManyTotals()

  /// How many targets there are.
  public let targetCount: Int
  private let address: @Sendable (Int) -> IPAddress
  private var nextTarget = 0

  /// What a probe is to be sent to, in the order in which that was found.
  private struct Want: Sendable {
    var target: Int
    var timeToLive: Int
  }
  private var wants: [Want] = []
  private var nextWant = 0

  /// By target.
  var traces: [Int: OngoingTrace] = [:]
  /// Traces that need only the way that another one is looking for: by that one's target.
  var waiting: [Int: [Int]] = [:]
  var near: LocalStopSet
  var far: GlobalStopSet
  var choices: (v4: FirstHopChoice, v6: FirstHopChoice) = (FirstHopChoice(), FirstHopChoice())

  private var pacer: ProbePacer
  private var deadlines = ProbeDeadlines()
  private var wait = WaitEstimate()
  /// No probe before it is waited for.
  private var firstWaiting = 0

  /// Traces to targets 0 to `targetCount` - 1, whose addresses are asked for when their traces begin.
  public init(
    _ configuration: ManyConfiguration, targetCount: Int,
    address: @escaping @Sendable (Int) -> IPAddress
  ) {
    self.configuration = configuration
    (self.targetCount, self.address) = (targetCount, address)
    near = LocalStopSet(limit: configuration.stopSetLimit)
    far = GlobalStopSet(configuration.networkLengths, limit: configuration.stopSetLimit)
    pacer = ProbePacer(rate: configuration.rate)
  }

  /// How many traces are under way.
  public var ongoingCount: Int { traces.count }
  /// How many routers and silent hops the stop sets hold.
  public var stopSetCounts: (near: Int, far: Int) { (near.count, far.count) }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [TraceEffect<ManyReport>] {
    guard !isFinished, !ledger.note(event) else { return [] }
    var effects: [TraceEffect<ManyReport>] = []
    switch event {
    case .start, .timer, .sent, .transmitted: break
    case .sendFailed(let number, let errorNumber): fail(number, errorNumber, &effects)
    case .arrived(let arrival, let time): takeIn(arrival, time, &effects)
    case .interrupted:
      isFinished = true
      return [.finish]
    }
    expire(at: now, &effects)
    sendWhatFits(at: now, &effects)
    finishOrWake(at: now, &effects)
    return effects
  }
}

// MARK: - Answers

extension ManyTraces {
  private mutating func takeIn(
    _ arrival: TraceArrival, _ time: Arrival, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    if case .error(let error) = arrival.answer, error.report.isNotice { return }
    guard let request = ledger[arrival.number]?.request,
      let outcome = ledger.outcome(of: arrival, at: time)
    else { return }
    ledger.settle(arrival.number, .lost)
    if let roundTrip = outcome.roundTrip { wait.note(roundTrip.duration) }
    settle(request, outcome, &effects)
  }

  /// The kernel did not send it. A trace that could send nothing at all ends.
  private mutating func fail(
    _ number: Int, _ errorNumber: Int32, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    guard let request = ledger[number]?.request, ledger[number]?.outcome == nil else { return }
    ledger.settle(number, .lost)
    totals.probes -= 1
    guard var trace = traces[request.target] else { return }
    trace.probes -= 1
    if trace.probes == 0 { (trace.ending, trace.sendError) = (.failure, errorNumber) }
    traces[request.target] = trace
    if trace.ending == .failure { return finish(request.target, [], &effects) }
    settle(request, .refused(errorNumber), &effects)
  }

  private mutating func expire(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    while let number = deadlines.next(at: now) {
      guard let entry = ledger[number], entry.outcome == nil else { continue }
      ledger.settle(number, .lost)
      settle(entry.request, .lost, &effects)
    }
    while firstWaiting < ledger.count, ledger[firstWaiting]?.outcome != nil { firstWaiting += 1 }
    // A late answer is of use for as long as an answer may take.
    let horizon = now + (.zero - configuration.longestWait)
    var kept = ledger.numbers.lowerBound
    while kept < firstWaiting, ledger[kept].map({ $0.timing.clock.monotonic < horizon }) ?? true {
      kept += 1
    }
    // Many at once, since the others have to be moved.
    if kept - ledger.numbers.lowerBound >= 1_024 { ledger.forget(before: kept) }
  }
}

// MARK: - Sending

extension ManyTraces {
  /// Asks for `count` probes to a hop of a trace.
  mutating func want(_ count: Int, _ target: Int, _ timeToLive: Int) {
    for _ in 0..<count { wants.append(Want(target: target, timeToLive: timeToLive)) }
  }

  private mutating func sendWhatFits(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    while pacer.isDue(at: now), hasRoomOnWire {
      guard let want = takeWant() else {
        guard canBegin else { return }
        begin(&effects)
        continue
      }
      guard var trace = traces[want.target] else { continue }
      let request = ledger.add(
        timeToLive: UInt8(clamping: want.timeToLive), target: want.target, at: now)
      trace.add(request)
      traces[want.target] = trace
      totals.probes += 1
      let patience = wait.wait(slowest: trace.slowest, atMost: configuration.longestWait)
      deadlines.add(request.number, at: now + patience)
      pacer.go(at: now)
      effects.append(.send(request))
    }
  }

  private var hasRoomOnWire: Bool { ledger.count - firstWaiting < configuration.wireLimit }
  private var canBegin: Bool { nextTarget < targetCount && traces.count < configuration.parallel }

  /// The oldest that still matters.
  private mutating func takeWant() -> Want? {
    while nextWant < wants.count {
      let want = wants[nextWant]
      nextWant += 1
      if nextWant >= 1_024, nextWant * 2 > wants.count {
        wants.removeFirst(nextWant)
        nextWant = 0
      }
      if traces[want.target]?.asks(want.timeToLive) == true { return want }
    }
    wants.removeAll(keepingCapacity: true)
    nextWant = 0
    return nil
  }

  private mutating func begin(_ effects: inout [TraceEffect<ManyReport>]) {
    let target = nextTarget
    nextTarget += 1
    let address = address(target)
    traces[target] = OngoingTrace(target: target, address: address)
    effects.append(.report(.began(target)))
    if !configuration.usesStopSets {
      begin(target, at: configuration.firstTTL)
    } else if choice(address.family).asksTarget(in: hops) {
      want(1, target, configuration.maximumTTL)
    } else {
      begin(target, at: choice(address.family).best(in: hops))
    }
  }

  private mutating func finishOrWake(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    if traces.isEmpty, nextTarget == targetCount {
      isFinished = true
      return effects.append(.finish)
    }
    let hasWork = hasRoomOnWire && (nextWant < wants.count || canBegin)
    let times = [hasWork ? pacer.due : nil, deadlines.due].compactMap { $0 }
    if let next = times.min() { effects.append(.wake(at: next)) }
  }
}
