import PacketWire

// Which train goes next, and what its answers mean.
extension RateLimitTrace {
  /// So many losses in a row end a train.
  private static let enoughLosses = 10

  mutating func proceed(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RateLimitReport>]
  ) {
    for place in hops.indices where hops[place].isAtWork { judge(place, at: now) }
    if isSpent(at: now) {
      for place in hops.indices where hops[place].stage != .done {
        hops[place].end(hops[place].likelyFinding)
      }
    }
    beginTrains(at: now)
    sendWhatIsDue(at: now, &effects)
  }

  // MARK: Sending

  /// Fast trains go one after the other, and slow ones when all fast ones are over, as many at once as fit
  /// below the highest rate.
  private mutating func beginTrains(at now: MonotonicInstant) {
    if !hops.contains(where: \.isAtWork),
      let place = hops.firstIndex(where: { $0.stage == .waiting })
    {
      let rates = configuration.rates
      let rate = rates[min(hops[place].step, rates.count - 1)]
      begin(place, .raising, rate, configuration.count(ofStep: hops[place].step), at: now)
      hops[place].step += 1
      hops[place].fastest = max(hops[place].fastest ?? 0, rate)
    }
    guard !hops.contains(where: { $0.stage == .waiting || $0.stage == .raising }) else { return }
    for place in hops.indices where hops[place].stage == .limited && hops[place].restsUntil <= now {
      let rate = slowRate(hops[place])
      let used = hops.compactMap(\.train?.rate).reduce(0, +)
      guard used == 0 || used + rate <= Double(configuration.highestRate) else { return }
      begin(place, .lowering, rate, slowCount(hops[place], rate), at: now)
    }
  }

  private mutating func begin(
    _ place: Int, _ stage: RatedHop.Stage, _ rate: Double, _ count: Int, at now: MonotonicInstant
  ) {
    let room = configuration.hopLimit - hops[place].numbers.count
    hops[place].stage = stage
    hops[place].train = RatedHop.Train(
      rate: rate, left: max(min(count, room), 0), nextAt: now, first: hops[place].numbers.count)
  }

  /// Eight times the limit, so that no error that may be sent is missed by much, and no faster than before.
  private func slowRate(_ hop: RatedHop) -> Double {
    let last = configuration.rates[max(min(hop.step, configuration.rates.count) - 1, 0)]
    return min(last, max(Configuration.slowestRate / 2, 8 * (hop.fit?.rate ?? 0)))
  }

  /// Until the bucket is empty and some errors have come in the long run.
  private func slowCount(_ hop: RatedHop, _ rate: Double) -> Int {
    guard let fit = hop.fit else { return 0 }
    let emptying = Double(fit.burst) / max(rate - fit.rate, rate / 20)
    let length = min(
      max(emptying + Configuration.longRun / fit.rate, 1), Configuration.longestTrain)
    return Int((rate * length).rounded(.up))
  }

  private mutating func sendWhatIsDue(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<RateLimitReport>]
  ) {
    guard freeAt <= now, !isReplay else { return }
    let due = hops.indices.filter { place in
      hops[place].train.map { $0.left > 0 && $0.nextAt <= now } ?? false
    }
    let next = due.min { first, second in
      (hops[first].train?.nextAt ?? now) < (hops[second].train?.nextAt ?? now)
    }
    if let place = next { send(toHopAt: place, at: now, &effects) }
  }

  // MARK: Judging

  private mutating func judge(_ place: Int, at now: MonotonicInstant) {
    guard let train = hops[place].train else { return }
    let sent = hops[place].numbers[train.first...]
    if train.left > 0, !isHopeless(sent, hops[place]) { return }
    hops[place].train?.left = 0
    guard isSettled(sent) else { return }
    hops[place].train = nil
    fit(place, train)
    let hop = hops[place]
    if hop.isLimited, hop.stage == .raising {
      hops[place].stage = .limited
      let rest = min(Configuration.refill / (hop.fit?.rate ?? 1), Configuration.longestRest)
      hops[place].restsUntil = now + Nanoseconds(Int64(1e9 * rest))
    } else if hop.isLimited {
      hops[place].end(hop.likelyFinding)
    } else if hop.step >= configuration.rates.count {
      hops[place].end(hop.drop.map { .irregular($0) } ?? .unlimited)
    } else {
      hops[place].stage = .waiting
    }
  }

  /// The last ones were lost one after the other: more would be.
  private func isHopeless(_ sent: ArraySlice<Int>, _ hop: RatedHop) -> Bool {
    guard hop.stage == .raising else { return false }
    let settled = sent.prefix { ledger[$0]?.outcome != nil }
    return settled.count >= Self.enoughLosses
      && settled.suffix(Self.enoughLosses).allSatisfy { ledger[$0]?.outcome?.answer == nil }
  }

  /// Chance loses as much of a slow train as of a fast one; what is lost so is not worth a fit.
  private mutating func fit(_ place: Int, _ train: RatedHop.Train) {
    func loss(_ numbers: ArraySlice<Int>) -> LossInterval {
      LossInterval(
        lost: numbers.count { ledger[$0]?.outcome?.answer == nil }, of: numbers.count)
    }
    let hop = hops[place]
    let (before, last) = (loss(hop.numbers[..<train.first]), loss(hop.numbers[train.first...]))
    if hop.stage == .raising { hops[place].leastLoss = min(hop.leastLoss ?? 1, last.ratio) }
    let isMore = last.lost >= 2 && last.lower > min(before.ratio, Self.muchLoss)
    hops[place].drop = last.lower > before.upper ? train.rate * (1 - last.ratio) : nil
    guard hop.stage == .lowering || isMore else { return }
    hops[place].fit = TokenBucketFit(
      probes(of: hop), fastest: 1.2 * Double(configuration.highestRate),
      leastLoss: hops[place].leastLoss ?? 0, mayBeginEmpty: hop.stage == .lowering)
  }

  /// What loses more from the beginning has a limit as a rule.
  private static let muchLoss = 0.25
}
