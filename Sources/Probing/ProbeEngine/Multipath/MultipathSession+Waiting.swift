import PacketWire

// How long probes are waited for, and what happens when nothing comes.
extension MultipathSession {
  /// Linux gives each peer a token a second for its errors.
  private static let tokenInterval = Nanoseconds.milliseconds(1_050)
  /// A flow is sent so often, where a limit may be the reason that it is not answered.
  private static let mostAttempts = 4
  /// The shortest wait: routers make errors when they have nothing better to do.
  private static let shortestWait = Nanoseconds.milliseconds(100)

  /// When a probe's time is up, or it is time to look at what lies behind it.
  func expiry(of number: Int) -> MonotonicInstant {
    guard let entry = ledger[number] else { return MonotonicInstant(nanoseconds: 0) }
    let sent = entry.timing.clock.monotonic
    let ttl = Int(entry.request.timeToLive)
    if looksPast(entry.request.flow, ttl) { return sent + justifiedWait }
    return sent + wait(at: ttl)
  }

  /// Three times the slowest answer, with time for a router to make it.
  private var justifiedWait: Nanoseconds {
    let wait = Nanoseconds(min(slowest.count, 10_000_000_000) * 3 + 30_000_000)
    return min(max(wait, Self.shortestWait), configuration.maximumWait)
  }

  /// A hop that never answered may be far away, as long as nobody behind it has answered.
  private func wait(at ttl: Int) -> Nanoseconds {
    let isKnown = hops[ttl...].contains { $0.answers > 0 }
    if isKnown { return justifiedWait }
    return min(max(justifiedWait, .seconds(1)), configuration.maximumWait)
  }

  /// Nobody has answered at that hop or behind it, and the flow was not sent farther yet.
  private func looksPast(_ flow: Int, _ ttl: Int) -> Bool {
    guard ttl < lastTTL, hops[ttl].answers == 0, hops[ttl].vertices.isEmpty,
      hops[ttl + 1].sent == 0
    else { return false }
    let silent = hops[sourceTTL + 1...ttl].reversed().prefix { $0.answers == 0 }.count
    return silent < configuration.gapLimit
  }

  /// Gives up what has waited long enough, and sends it again where that makes sense.
  mutating func expire(at now: MonotonicInstant, _ effects: inout [TraceEffect<Report>]) {
    for number in waiting where expiry(of: number) <= now {
      guard let entry = ledger[number] else { continue }
      let (flow, ttl) = (entry.request.flow, Int(entry.request.timeToLive))
      if looksPast(flow, ttl) {
        guard !send(flow, ttl + 1, .classify, at: now, &effects) else { continue }
      }
      guard entry.timing.clock.monotonic + wait(at: ttl) <= now else { continue }
      takeBack(number, .lost, at: now, &effects)
    }
    for flow in parked where flow.until <= now { resume(flow.flow, flow.timeToLive, now, &effects) }
  }

  /// A probe will not be answered, or was never sent.
  mutating func takeBack(
    _ number: Int, _ outcome: TraceOutcome, at now: MonotonicInstant,
    _ effects: inout [TraceEffect<Report>]
  ) {
    guard let place = waiting.firstIndex(of: number), let entry = ledger[number] else { return }
    waiting.remove(at: place)
    ledger.settle(number, outcome)
    let (flow, ttl) = (entry.request.flow, Int(entry.request.timeToLive))
    hops[ttl].waiting -= 1
    isNews = true
    effects.append(.report(.silence(entry.request)))
    if case .repetition(let balancer) = purposes[number] { return note(repetitionOf: balancer) }
    guard hops[ttl][flow].state == .waiting else { return }
    let attempts = Int(hops[ttl][flow].attempts)
    guard hops[ttl].answering > 0 else {
      // The first flow here is tried twice; the others follow it.
      if attempts < 2, hops[ttl].silent == nil,
        send(flow, ttl, .classify, at: now, &effects)
      {
        return
      }
      return placeInSilence(flow, at: ttl)
    }
    if attempts == 1, send(flow, ttl, .classify, at: now, &effects) { return }
    if attempts == 2 { return park(flow, ttl, now) }
    if attempts < Self.mostAttempts, hops[ttl].isUndecided {
      park(flow, ttl, now)
      hops[ttl].quietUntil = now + Self.tokenInterval
      return
    }
    giveUp(flow, ttl)
  }

  private mutating func giveUp(_ flow: Int, _ ttl: Int) {
    // After a pause a tired router has an answer to give, if only one.
    if hops[ttl].lateAnswers > 0 { return fall(back: flow, ttl) }
    hops[ttl].silentFlows.append(flow)
    // One flow can be lost three times; two of them pass a router that says nothing.
    guard hops[ttl].silentFlows.count > 1 else { return fall(back: flow, ttl) }
    for flow in hops[ttl].silentFlows { placeInSilence(flow, at: ttl) }
    hops[ttl].silentFlows = []
  }

  private mutating func park(_ flow: Int, _ ttl: Int, _ now: MonotonicInstant) {
    hops[ttl][flow].state = .parked
    let origin = Int(hops[ttl][flow].origin)
    if origin >= 0 { vertices[origin].parked += 1 }
    parked.append((flow, ttl, now + Self.tokenInterval))
  }

  private mutating func resume(
    _ flow: Int, _ ttl: Int, _ now: MonotonicInstant, _ effects: inout [TraceEffect<Report>]
  ) {
    guard waiting.count < configuration.window else { return }
    unpark(flow, ttl)
    if !send(flow, ttl, .classify, at: now, &effects) { fall(back: flow, ttl) }
  }
}
