import PacketWire

// MARK: - From hop to hop

extension ManyTraces {
  /// What became of one probe.
  mutating func settle(
    _ request: TraceRequest, _ outcome: TraceOutcome, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    let timeToLive = Int(request.timeToLive)
    if traces[request.target]?.distanceProbe == request.number {
      return begin(request.target, behind: outcome)
    }
    guard var trace = traces[request.target], var hop = trace[timeToLive],
      let query = hop.numbers.firstIndex(of: request.number)
    else { return }
    // What was given up may be answered after all, and what was answered is answered once.
    guard hop.outcomes[query].map({ $0.answer == nil && $0 != outcome }) ?? true else { return }
    hop.outcomes[query] = outcome
    trace[timeToLive] = hop
    if let duration = outcome.roundTrip?.duration {
      trace.slowest = max(duration, trace.slowest ?? duration)
    }
    if outcome.isFinal { trace.finalTTL = min(trace.finalTTL ?? timeToLive, timeToLive) }
    traces[request.target] = trace
    // Late, but not too late.
    if outcome.isFinal, !trace.asks(timeToLive) { end(request.target) }
    goOn(request.target, from: timeToLive, &effects)
  }

  /// Goes on from a hop when all of its probes are settled.
  private mutating func goOn(
    _ target: Int, from timeToLive: Int, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    guard var trace = traces[target], var hop = trace[timeToLive], hop.isComplete else { return }
    if trace.asks(timeToLive) {
      if !hop.hasAnswer, hop.wanted < configuration.attempts {
        hop.wanted += 1
        trace[timeToLive] = hop
        traces[target] = trace
        return want(1, target, timeToLive)
      }
      hop.isSettled = true
      trace[timeToLive] = hop
      traces[target] = trace
      if timeToLive == trace.finalTTL { end(target) }
      if timeToLive <= trace.start { goBack(target, from: timeToLive, hop) }
      if timeToLive >= trace.start { goOut(target, from: timeToLive, hop) }
    }
    completeIfDone(target, &effects)
  }

  /// Learns from a hop behind the start, or the start, and asks the next one, or ends.
  private mutating func goOut(_ target: Int, from timeToLive: Int, _ hop: OngoingTrace.Hop) {
    if timeToLive > (traces[target]?.start ?? 0) { learnOutward(target, timeToLive, hop.router) }
    guard var trace = traces[target], trace.ending == nil else { return }
    let isKnown =
      hop.router.map { !far.add($0, at: timeToLive, towards: trace.address) } ?? false
    if isKnown {
      trace.ending = .known
    } else if trace.isLoop {
      trace.ending = .loop
    } else if timeToLive >= configuration.maximumTTL {
      trace.ending = .hops
    } else if trace.gap >= configuration.gapLimit {
      trace.ending = .silence
    } else {
      trace.open(timeToLive + 1, probes: configuration.queries)
      want(configuration.queries, target, timeToLive + 1)
    }
    traces[target] = trace
  }

  /// The target, or a refusal, has answered.
  private mutating func end(_ target: Int) {
    guard let trace = traces[target], let finalTTL = trace.finalTTL else { return }
    let answers = trace[finalTTL]?.outcomes.compactMap { $0 } ?? []
    let isTarget = answers.contains { $0.isFinal && $0.comes(from: trace.address) }
    traces[target]?.ending = isTarget ? .target : .refusal
  }

  /// Learns from the start, or a hop before it, and asks the next nearer one, or ends.
  private mutating func goBack(_ target: Int, from timeToLive: Int, _ hop: OngoingTrace.Hop) {
    guard configuration.usesStopSets else {
      traces[target]?.isBackAtStart = true
      return
    }
    if !learnBackward(target, timeToLive, hop.router), timeToLive > configuration.firstTTL {
      traces[target]?.open(timeToLive - 1, probes: configuration.queries)
      return want(configuration.queries, target, timeToLive - 1)
    }
    if let back = traces[target]?.back, traces[target]?.joint == nil { near.end(back) }
    traces[target]?.isBackAtStart = true
  }
}

// MARK: - Where traces begin

extension ManyTraces {
  var hops: ClosedRange<Int> { configuration.firstTTL...configuration.maximumTTL }

  func choice(_ family: IPFamily) -> FirstHopChoice {
    family == .v4 ? choices.v4 : choices.v6
  }

  /// Begins to ask hops.
  mutating func begin(_ target: Int, at timeToLive: Int) {
    traces[target]?.begin(at: timeToLive, probes: configuration.queries)
    want(configuration.queries, target, timeToLive)
  }

  /// The target was asked how far it is.
  private mutating func begin(_ target: Int, behind outcome: TraceOutcome) {
    guard let trace = traces[target] else { return }
    let distance = outcome.distance.flatMap { hops.contains($0) ? $0 : nil }
    begin(target, at: distance ?? choice(trace.address.family).best(in: hops))
  }
}

// MARK: - The stop sets

extension ManyTraces {
  /// Puts a hop into the tree of near routers.
  ///
  /// - Returns: the router stands there already: what is before it is known, or being asked for.
  private mutating func learnBackward(
    _ target: Int, _ timeToLive: Int, _ router: IPAddress?
  ) -> Bool {
    guard var trace = traces[target] else { return true }
    defer { traces[target] = trace }
    if let router, timeToLive < trace.start {
      _ = far.add(router, at: timeToLive, towards: trace.address)
    }
    if let router, let place = near.place(of: router, at: timeToLive) {
      if let back = trace.back { near.connect(back, to: place) }
      (trace.back, trace.joint) = (place, place)
      trace.front = trace.front ?? place
      trace.lastShared = max(trace.lastShared ?? 0, timeToLive)
      return true
    }
    // Beyond the target, and where it refused, there is nothing to learn.
    let isBeyond = trace.finalTTL.map { timeToLive >= $0 } ?? false
    guard !isBeyond || trace.back != nil else { return false }
    let place = near.add(router, at: timeToLive, target: target, inFrontOf: trace.back)
    trace.back = place
    trace.front = trace.front ?? place
    return false
  }

  /// Puts a hop behind what this trace has found so far. Silent ones only if there is somebody behind them.
  private mutating func learnOutward(_ target: Int, _ timeToLive: Int, _ router: IPAddress?) {
    guard configuration.usesStopSets, var trace = traces[target] else { return }
    defer { traces[target] = trace }
    guard let router else {
      trace.silentHops += 1
      return
    }
    if let place = near.place(of: router, at: timeToLive) {
      trace.front = place
      trace.lastShared = max(trace.lastShared ?? 0, timeToLive)
    } else {
      for behind in (0..<trace.silentHops).reversed() {
        trace.front = trace.front.flatMap {
          near.add(nil, at: timeToLive - 1 - behind, target: target, behind: $0)
        }
      }
      trace.front = trace.front.flatMap {
        near.add(router, at: timeToLive, target: target, behind: $0)
      }
    }
    trace.silentHops = 0
  }
}

// MARK: - The end of a trace

extension ManyTraces {
  private mutating func completeIfDone(
    _ target: Int, _ effects: inout [TraceEffect<ManyReport>]
  ) {
    guard let trace = traces[target] else { return }
    // Whoever waits for the way that this trace was looking for has it, or waits for the next one.
    if trace.isBackAtStart, let others = waiting.removeValue(forKey: target) {
      for other in others { completeIfDone(other, &effects) }
    }
    guard trace.isBackAtStart, trace.ending != nil else { return }
    guard let joint = trace.joint else { return finish(target, [], &effects) }
    switch near.way(to: joint) {
    case .complete(let hops): finish(target, hops, &effects)
    case .asked(let other): waiting[other, default: []].append(target)
    }
  }

  /// Tells of a trace, and forgets it.
  mutating func finish(
    _ target: Int, _ known: [KnownHop], _ effects: inout [TraceEffect<ManyReport>]
  ) {
    guard let trace = traces.removeValue(forKey: target), let ending = trace.ending else { return }
    var report = ManyTrace(
      target: target, hops: known.map { .known($0) }, ending: ending, finalTTL: trace.finalTTL,
      probes: trace.probes, sendError: trace.sendError)
    totals.spared += known.reduce(0) {
      $0 + ($1.address == nil ? configuration.attempts : configuration.queries)
    }
    var useful = 0
    if ending != .failure {
      for timeToLive in trace.nearest...max(trace.lastTTL, trace.nearest) {
        guard let hop = trace[timeToLive] else { continue }
        let outcomes = hop.outcomes.map { $0 ?? .lost }
        useful += hop.numbers.count
        report.hops.append(.measured(TraceHop(timeToLive: timeToLive, outcomes: outcomes)))
      }
    }
    totals.beyond += trace.probes - useful
    totals.traces += 1
    if ending == .target { totals.reached += 1 }
    if ending != .failure { note(trace) }
    effects.append(.report(.trace(report)))
  }

  /// Learns where traces ought to begin.
  private mutating func note(_ trace: OngoingTrace) {
    let shared = trace.lastShared ?? configuration.firstTTL
    let isReached = trace.ending == .target
    switch trace.address.family {
    case .v4: choices.v4.note(lastShared: shared, end: trace.lastAnswer, isReached: isReached)
    case .v6: choices.v6.note(lastShared: shared, end: trace.lastAnswer, isReached: isReached)
    }
  }
}

extension TraceOutcome {
  /// The target itself answered, be it from another of its addresses: only a target says that a port or a
  /// protocol is none of its own (RFC 1122 §3.2.2.1).
  func comes(from target: IPAddress) -> Bool {
    source == target || error?.isFromTarget ?? true
  }
}
