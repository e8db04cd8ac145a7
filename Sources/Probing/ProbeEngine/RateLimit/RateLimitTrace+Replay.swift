public import PacketWire

extension RateLimitTrace {
  /// Sends a train's next probe.
  mutating func send(
    toHopAt place: Int, at now: MonotonicInstant, _ effects: inout [TraceEffect<RateLimitReport>]
  ) {
    guard !isReplay else { return }
    let request = own.add(timeToLive: UInt8(clamping: hops[place].timeToLive), at: now)
    note(request, ofHopAt: place, at: now)
    effects.append(.send(request))
  }

  /// A probe of a train was sent.
  private mutating func note(
    _ request: TraceRequest, ofHopAt place: Int, at now: MonotonicInstant
  ) {
    hops[place].numbers.append(request.number)
    freeAt = now + configuration.gap
    guard var train = hops[place].train, train.left > 0 else { return }
    train.left -= 1
    let pause = Nanoseconds(Int64(1e9 / train.rate))
    // After a pause of this host's own no probes are made up for.
    train.nextAt = max(train.nextAt + pause, now + Nanoseconds(pause.count / 2))
    hops[place].train = train
  }

  /// A probe was sent, long ago.
  public mutating func replay(
    _ request: TraceRequest, _ timing: ProbeTiming
  ) -> [TraceEffect<RateLimitReport>] {
    guard !isFinished else { return [] }
    let now = timing.clock.monotonic
    var effects: [TraceEffect<RateLimitReport>] = []
    if session != nil {
      let path = session?.replay(request, timing) ?? []
      findPath(path, at: now, &effects)
      return effects
    }
    // The train that it is of may begin now.
    goOn(at: now, &effects)
    guard !isFinished,
      let place = hops.firstIndex(where: { $0.timeToLive == Int(request.timeToLive) }),
      own.add(replayed: request, timing)
    else { return effects }
    note(request, ofHopAt: place, at: now)
    goOn(at: now, &effects)
    return effects
  }

  /// Nothing more was sent.
  public mutating func endReplay(at now: MonotonicInstant) -> [TraceEffect<RateLimitReport>] {
    step(.interrupted, at: now)
  }
}
