import PacketWire

// MARK: - Rounds

extension RouteMonitor {
  mutating func tellRounds(_ effects: inout [TraceEffect<RouteReport>]) {
    while toldCount < rounds.count, rounds[toldCount].isOver, rounds[toldCount].waiting == 0 {
      let round = rounds[toldCount]
      toldCount += 1
      tell(round, &effects)
    }
  }

  mutating func tell(_ round: Round, _ effects: inout [TraceEffect<RouteReport>]) {
    let hops = round.numbers.compactMap { number in
      ledger[number].map {
        RouteRound.Hop(
          timeToLive: Int($0.request.timeToLive), outcome: $0.outcome ?? .lost)
      }
    }
    // A target that was not asked cannot be missed.
    let isReached = round.isCut && !round.isReached ? nil : round.isReached
    let changed = flows[round.flow].settle(hops, in: round.own, isReached: isReached)
    let last = flows[round.flow].finalTTL ?? .max
    effects.append(
      .report(
        .round(
          RouteRound(
            number: round.number, flow: round.flow, isReached: round.isReached,
            hops: hops.filter { $0.timeToLive <= last }))))
    if let changed {
      let change = RouteChange(
        flow: round.flow, round: round.number,
        since: start(ofRound: changed.since, flow: round.flow) ?? round.startedAt,
        hops: changed.hops)
      flows[round.flow].note(change)
      effects.append(.report(.change(change)))
    }
    if flows[round.flow].judge() {
      effects.append(.report(.verdict(flow: round.flow, flows[round.flow].verdict)))
    }
    if configuration.addsFlows { addFlowsAsRuled() }
  }

  /// What is not seen yet of the flows that there are would ask for too many.
  private mutating func addFlowsAsRuled() {
    guard flows.count < Configuration.flowLimit, flows.allSatisfy({ $0.toldRounds > 0 }) else {
      return
    }
    let ways = RouteWays(flows)
    // Where routers take turns no number of flows would do.
    guard ways.turns.isEmpty else { return }
    addFlows(upTo: ways.hops.map { $0.flows + $0.missing }.max() ?? 0)
  }

  /// Rounds that are told go after a minute.
  mutating func forget(at now: MonotonicInstant) {
    let count = rounds.prefix(toldCount).prefix {
      $0.startedAt + Self.memory < now || ledger.count - $0.first > Self.memoryLimit
    }.count
    // Many at once, for it costs as much as what is kept.
    guard count > 0, count >= toldCount / 4 else { return }
    rounds.removeFirst(count)
    toldCount -= count
    ledger.forget(before: rounds.first?.first ?? ledger.count)
  }
}

// MARK: - Sending

extension RouteMonitor {
  /// Whose turn is next, of those that have not had all of their rounds; nil where all have. A replay has as
  /// many as there were.
  var nextFlow: Int? {
    let limit = isReplay ? .max : configuration.rounds ?? .max
    let next = (lastFlow ?? -1) + 1
    return flows.indices.lazy.map { ($0 + next) % self.flows.count }
      .first { self.flows[$0].begunRounds < limit }
  }

  var isEnough: Bool { nextFlow == nil }

  mutating func sendWhatIsDue(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RouteReport>]
  ) {
    guard !isReplay else { return }
    if nextRoundAt <= now, !isPaused || rounds.isEmpty { endRound(at: now, &effects) }
    while !isPaused, let ttl = nextTTL, nextSendingAt <= now {
      let place = rounds.count - 1
      let request = ledger.add(
        timeToLive: UInt8(clamping: ttl), flow: rounds[place].flow, at: now)
      note(request, at: now)
      effects.append(.send(request))
    }
  }

  /// A probe of the newest round is on the way.
  mutating func note(_ request: TraceRequest, at now: MonotonicInstant) {
    let (place, ttl) = (rounds.count - 1, Int(request.timeToLive))
    rounds[place].nextTTL = ttl + 1
    rounds[place].count = request.number + 1 - rounds[place].first
    rounds[place].waiting += 1
    flows[rounds[place].flow].send(ttl)
    lastSendingAt = now
  }

  /// Where the next probe of the newest round goes.
  var nextTTL: Int? {
    guard let round = rounds.last, !round.isOver, round.nextTTL <= flows[round.flow].lastTTL
    else { return nil }
    return round.nextTTL
  }

  var nextSendingAt: MonotonicInstant {
    lastSendingAt.map { $0 + gap } ?? MonotonicInstant(nanoseconds: 0)
  }

  /// An even part of the time to the next round, of which a fifth is left to find a target that has moved;
  /// while it is looked for no more than 10 ms.
  var gap: Nanoseconds {
    guard let round = rounds.last else { return .zero }
    let flow = flows[round.flow]
    let count = max(1, flow.lastTTL - configuration.firstTTL + 1)
    let part = Nanoseconds(interval.count / 5 * 4 / Int64(count))
    return flow.finalTTL == nil ? min(part, .milliseconds(10)) : part
  }

  mutating func endRound(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RouteReport>]
  ) {
    close(&effects)
    guard let flow = nextFlow else { return }
    begin(flow, probesFrom: ledger.count, at: now)
  }

  /// The newest round has had its time.
  mutating func close(_ effects: inout [TraceEffect<RouteReport>]) {
    if let last = rounds.indices.last {
      rounds[last].isCut = nextTTL != nil
      rounds[last].isOver = true
    }
    tellRounds(&effects)
  }

  mutating func begin(_ flow: Int, probesFrom first: Int, at now: MonotonicInstant) {
    let number = begunCount
    count(roundOf: flow)
    rounds.append(
      Round(
        number: number, flow: flow, own: flows[flow].begunRounds, first: first, startedAt: now,
        nextTTL: configuration.firstTTL))
    lastSendingAt = nil
    // After a sleep of the machine no rounds are made up for.
    nextRoundAt = max(nextRoundAt + interval, now + Nanoseconds(interval.count / 2))
  }

  /// One more round of a flow, be it one of which a replay knows nothing.
  mutating func count(roundOf flow: Int) {
    flows[flow].begunRounds += 1
    (begunCount, lastFlow) = (begunCount + 1, flow)
  }

  /// All that were probed have answered: the round need not wait for the next one.
  mutating func endSettledRound(_ effects: inout [TraceEffect<RouteReport>]) {
    guard let last = rounds.last, !last.isOver, last.count > 0, last.waiting == 0, nextTTL == nil
    else { return }
    rounds[rounds.count - 1].isOver = true
    tellRounds(&effects)
  }

  mutating func finishOrWake(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RouteReport>]
  ) {
    let isLastOver = rounds.last?.isOver ?? false
    if isEnough, isLastOver, toldCount == rounds.count {
      isFinished = true
      return effects.append(.finish)
    }
    // Held with nothing on its way there is nothing to wake for.
    var next = nextExpiry ?? now + .seconds(3_600)
    if !isPaused, !isReplay {
      if nextTTL != nil { next = min(next, nextSendingAt) }
      if !isLastOver || !isEnough { next = min(next, nextRoundAt) }
    }
    effects.append(.wake(at: next))
  }
}
