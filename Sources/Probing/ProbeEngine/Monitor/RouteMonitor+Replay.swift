public import PacketWire

extension RouteMonitor {
  /// A probe was sent, long ago. TTLs rise within a round: one that does not begins the next.
  public mutating func replay(
    _ request: TraceRequest, _ timing: ProbeTiming
  ) -> [TraceEffect<RouteReport>] {
    let now = timing.clock.monotonic
    let hops = configuration.firstTTL...configuration.maximumTTL
    guard !isFinished, hops.contains(Int(request.timeToLive)),
      flows.indices.contains(request.flow), ledger.add(replayed: request, timing)
    else { return [] }
    var effects: [TraceEffect<RouteReport>] = []
    if rounds.last.map({ !$0.takes(request) }) ?? true {
      close(&effects)
      // Of a file that was damaged whole rounds may be missing.
      let turns = (request.flow - begunCount % flows.count + flows.count) % flows.count
      begin(begunCount + turns, probesFrom: request.number, at: now)
    }
    note(request, at: now)
    return effects + step(.timer, at: now)
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
