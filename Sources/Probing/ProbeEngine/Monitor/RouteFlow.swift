import PacketWire

/// The path of one flow, as a monitor knows it.
public struct RouteFlow: Sendable {
  /// Which flow, from 0.
  public let number: Int
  /// The hop behind which nothing is, as far as is known.
  public private(set) var finalTTL: Int?
  /// How often the target answered in time and how often not, in rounds; whatever its TTL was.
  public private(set) var reachedRounds = 0
  /// Rounds without an answer of the target's.
  public private(set) var missedRounds = 0
  /// Rounds that have begun, and those that are settled.
  var begunRounds = 0
  private(set) var toldRounds = 0
  /// Changes of the path: the newest ones, and how many there were.
  public private(set) var changes = RecentValues<RouteChange>(limit: 32)
  /// What can be said about loss.
  public private(set) var verdict = RouteVerdict(
    hops: [], first: 1, target: LossInterval(lost: 0, of: 0), isReached: false)

  private let firstTTL: Int
  private let maximumTTL: Int
  /// All that were probed, from the first TTL on.
  private var known: [RouteHop] = []
  /// The probe whose answer told the final TTL.
  private var finalNumber = 0
  private var farthestTTL = 0
  private var missedInARow = 0
  private var hasAnswered = false

  /// So many hops are probed behind the last one that answers.
  static let lookahead = 8
  /// When the target has missed so many rounds, it is looked for behind where it was.
  static let patience = 3

  init(_ number: Int, firstTTL: Int, maximumTTL: Int) {
    (self.number, self.firstTTL, self.maximumTTL) = (number, firstTTL, maximumTTL)
    farthestTTL = firstTTL - 1
  }

  /// The hops of the path, from the first TTL to the target's, or else to the last one that answers.
  public var hops: ArraySlice<RouteHop> {
    known.prefix(max(0, (finalTTL ?? farthestTTL) - firstTTL + 1))
  }

  /// How much of the target's answers is missing, of rounds that are settled.
  public var loss: LossInterval {
    LossInterval(lost: missedRounds, of: missedRounds + reachedRounds)
  }

  /// The target itself has answered.
  public var isReached: Bool { hasAnswered }

  /// The last TTL to probe in a round.
  var lastTTL: Int {
    guard let finalTTL else { return min(farthestTTL + Self.lookahead, maximumTTL) }
    // It may have moved behind a router that says nothing.
    let beyond = min(max(0, missedInARow - Self.patience + 1), Self.lookahead)
    return min(finalTTL + beyond, maximumTTL)
  }

  private func place(_ timeToLive: Int) -> Int? {
    let place = timeToLive - firstTTL
    return known.indices.contains(place) ? place : nil
  }
}

// MARK: - Probes

extension RouteFlow {
  mutating func send(_ timeToLive: Int) {
    while known.count <= timeToLive - firstTTL { known.append(RouteHop(firstTTL + known.count)) }
    if let place = place(timeToLive) { known[place].send() }
  }

  /// A probe is given up. `round` counts the flow's own rounds, from 1.
  mutating func giveUp(_ request: TraceRequest, in round: Int) {
    guard let place = place(Int(request.timeToLive)), known[place].counts(request.number) else {
      return
    }
    if Int(request.timeToLive) > finalTTL ?? .max { return known[place].takeBack() }
    known[place].giveUp(in: round)
  }

  /// A probe is answered; it was given up before if `wasLost`. `next` is the number of the probe that will be
  /// sent next.
  mutating func take(
    _ outcome: TraceOutcome, to request: TraceRequest, wasLost: Bool, in round: Int, next: Int
  ) {
    let timeToLive = Int(request.timeToLive)
    learn(outcome, request, next: next)
    guard let place = place(timeToLive), known[place].counts(request.number) else { return }
    guard timeToLive <= finalTTL ?? .max else {
      if !wasLost { known[place].takeBack() }
      return
    }
    known[place].take(outcome, wasLost: wasLost, in: round)
  }

  /// Where the path ends.
  private mutating func learn(_ outcome: TraceOutcome, _ request: TraceRequest, next: Int) {
    let timeToLive = Int(request.timeToLive)
    if outcome.isFromTarget { hasAnswered = true }
    if outcome.isFinal {
      if timeToLive <= finalTTL ?? .max { end(at: timeToLive, request.number, next: next) }
    } else if let finalTTL, timeToLive >= finalTTL, request.number > finalNumber {
      // A router stands where the target was.
      (self.finalTTL, farthestTTL) = (nil, timeToLive)
    } else if finalTTL == nil {
      farthestTTL = max(farthestTTL, timeToLive)
    }
  }

  private mutating func end(at timeToLive: Int, _ number: Int, next: Int) {
    (finalTTL, finalNumber, farthestTTL) = (timeToLive, number, timeToLive)
    for place in known.indices where place + firstTTL > timeToLive {
      known[place].forgetTarget(before: next)
    }
  }
}

// MARK: - Rounds

extension RouteFlow {
  /// A round is settled: what became of its probes, by TTL, and whether the target answered; nil if the round
  /// was over before it was asked.
  ///
  /// - Returns: what has changed of the path, if anything, with the flow's own round (from 1) in which it did.
  mutating func settle(
    _ outcomes: [RouteRound.Hop], in round: Int, isReached: Bool?
  ) -> (since: Int, hops: [RouteChange.Hop])? {
    toldRounds += 1
    lookBeyond(outcomes)
    switch isReached {
    case true?: (reachedRounds, missedInARow) = (reachedRounds + 1, 0)
    case false?: (missedRounds, missedInARow) = (missedRounds + 1, missedInARow + 1)
    case nil: break
    }
    var changed: [RouteChange.Hop] = []
    for hop in outcomes where hop.timeToLive <= finalTTL ?? .max {
      guard let source = hop.outcome.source, let place = place(hop.timeToLive),
        let before = known[place].owner.add(source, in: round)
      else { continue }
      changed.append(RouteChange.Hop(timeToLive: hop.timeToLive, before: before, after: source))
    }
    guard !changed.isEmpty else { return nil }
    // A path changes in the middle of a round: some hops show it a round later than others.
    for hop in hops {
      guard let place = place(hop.timeToLive), let before = known[place].owner.follow(),
        let after = known[place].owner.current
      else { continue }
      changed.append(RouteChange.Hop(timeToLive: hop.timeToLive, before: before, after: after))
    }
    changed.sort { $0.timeToLive < $1.timeToLive }
    let since =
      changed.compactMap { place($0.timeToLive) }.map { known[$0].owner.newestSince }.min() ?? round
    // The target is the same on each path: what it leaves unanswered is lost.
    for place in known.indices where place + firstTTL != finalTTL {
      known[place].beginPath(since: since, now: round)
    }
    return (since, changed)
  }

  mutating func note(_ change: RouteChange) { changes.append(change) }

  /// A late answer of the target's makes a round that it was missed in one that it was not.
  mutating func reachLate() {
    (reachedRounds, missedRounds) = (reachedRounds + 1, max(0, missedRounds - 1))
    missedInARow = 0
  }

  /// The target has moved: it answers only behind where it was.
  private mutating func lookBeyond(_ outcomes: [RouteRound.Hop]) {
    guard let finalTTL, missedInARow >= Self.patience,
      let found = outcomes.first(where: { $0.timeToLive >= finalTTL && $0.outcome.isFinal })
    else { return }
    (self.finalTTL, farthestTTL) = (found.timeToLive, found.timeToLive)
  }

  /// - Returns: whether something else is to be said than before.
  mutating func judge() -> Bool {
    let verdict = RouteVerdict(
      hops: Array(hops), first: firstTTL, target: loss, isReached: hasAnswered)
    defer { self.verdict = verdict }
    return verdict.finding != self.verdict.finding || verdict.hops != self.verdict.hops
  }

  mutating func reset(before number: Int) {
    for place in known.indices { known[place].reset(before: number) }
    (reachedRounds, missedRounds) = (0, 0)
    changes = RecentValues(limit: changes.limit)
    _ = judge()
  }
}
