public import PacketWire

extension MultipathSession {
  /// A probe was sent, long ago. What was answered at its hop already is sent again to see how a router balances.
  public mutating func replay(
    _ request: TraceRequest, _ timing: ProbeTiming
  ) -> [TraceEffect<Report>] {
    let (flow, ttl) = (request.flow, Int(request.timeToLive))
    guard !isFinished, (sourceTTL + 1...lastTTL).contains(ttl),
      (0..<configuration.maximumFlows).contains(flow), ledger.add(replayed: request, timing)
    else { return [] }
    while purposes.count < request.number { purposes.append(.classify) }
    flowCount = max(flowCount, flow + 1)
    unpark(flow, ttl)
    let slot = hops[ttl][flow]
    if slot.vertex != nil, slot.origin >= 0 {
      repeatProbe(request, through: Int(slot.origin))
    } else {
      note(request, .classify)
    }
    due = timing.clock.monotonic
    return step(.timer, at: timing.clock.monotonic)
  }

  private mutating func repeatProbe(_ request: TraceRequest, through balancer: Int) {
    if vertices[balancer].announced > 0 {
      vertices[balancer].announced -= 1
    } else {
      vertices[balancer].repetitions += 1
    }
    note(request, .repetition(balancer))
  }

  /// The hop's vertices have what they ask for, or will not get it.
  mutating func isServed(_ demands: [Int], at ttl: Int) -> Bool {
    let missing = zip(hops[ttl].vertices, demands).filter { !isServed($0, $1) }.map(\.0)
    if isTriedOut(ttl) || flowCount >= configuration.maximumFlows {
      for vertex in missing {
        vertices[vertex].isStarved = true
        isNews = true
        note(.flows)
      }
    }
    return missing.isEmpty
  }

  /// Nothing more was sent: what was found was enough, or as much as may be sent.
  public mutating func endReplay(at now: MonotonicInstant) -> [TraceEffect<Report>] {
    guard !isFinished else { return [] }
    if ledger.count >= configuration.maximumProbes { note(.probes) }
    if flowCount >= configuration.maximumFlows { note(.flows) }
    isFinished = true
    return [.finish]
  }
}
