public import PacketWire

extension RouteMonitor {
  /// A probe was sent, long ago. TTLs rise within a round: one that does not begins the next.
  public mutating func replay(
    _ request: TraceRequest, _ timing: ProbeTiming
  ) -> [TraceEffect<RouteReport>] {
    let now = timing.clock.monotonic
    let hops = configuration.firstTTL...configuration.maximumTTL
    guard !isFinished, hops.contains(Int(request.timeToLive)),
      canTakeTurns(request.flow), ledger.add(replayed: request, timing)
    else { return [] }
    var effects: [TraceEffect<RouteReport>] = []
    if rounds.last.map({ !$0.takes(request) }) ?? true {
      close(&effects)
      addFlows(upTo: request.flow + 1)
      // Of a file that was damaged whole rounds may be missing.
      for _ in flows.indices {
        guard let skipped = nextFlow, skipped != request.flow else { break }
        count(roundOf: skipped)
      }
      begin(request.flow, probesFrom: request.number, at: now)
    }
    note(request, at: now)
    return effects + step(.timer, at: now)
  }

  private func canTakeTurns(_ flow: Int) -> Bool {
    flows.indices.contains(flow)
      || configuration.addsFlows && (0..<Configuration.flowLimit).contains(flow)
  }

  /// Nothing more was sent.
  public mutating func endReplay(at now: MonotonicInstant) -> [TraceEffect<RouteReport>] {
    guard !isFinished else { return [] }
    var effects: [TraceEffect<RouteReport>] = []
    close(&effects)
    isFinished = true
    return effects + [.finish]
  }
}

extension RouteMonitor.Round {
  /// The probe can be one of this round's.
  fileprivate func takes(_ request: TraceRequest) -> Bool {
    !isOver && request.flow == flow && Int(request.timeToLive) >= nextTTL
  }
}
