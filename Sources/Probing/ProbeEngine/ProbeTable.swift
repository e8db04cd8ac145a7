import PacketWire

/// The last probes of a session, found by the 16 bits that come back. A fixed ring: the oldest one
/// makes room, so that memory stays flat however long a run is.
struct ProbeTable: Sendable {
  /// At 2 ms between probes this remembers 16 s, more than any answer is waited for by default.
  static let capacity = 8192

  enum State: Hashable, Sendable {
    case waiting
    case answered
    /// An error settled it.
    case failed
    /// Its time was up.
    case lost
  }

  struct Probe: Sendable {
    var number: UInt64
    var timing: ProbeTiming
    var state = State.waiting
  }

  /// Probe n is at n modulo `capacity`; grows to that size as the first ones are sent.
  private var ring: [Probe] = []
  private(set) var waitingCount = 0
  /// No probe below this number is waiting.
  private var oldestCandidate: UInt64 = 1
  private var newest: UInt64 = 0

  /// Adds the next probe. If the one that makes room was still waiting, gives its number back.
  mutating func insert(_ number: UInt64, sentAt now: MonotonicInstant) -> UInt64? {
    let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0))
    let probe = Probe(number: number, timing: ProbeTiming(clock: clock))
    newest = number
    waitingCount += 1
    guard ring.count == Self.capacity else {
      ring.append(probe)
      return nil
    }
    let slot = slot(of: number)
    let evicted = ring[slot]
    ring[slot] = probe
    guard evicted.state == .waiting else { return nil }
    waitingCount -= 1
    advanceOldest()
    return evicted.number
  }

  /// The newest probe whose number ends in these 16 bits, if it is still remembered.
  func find(_ sequenceNumber: UInt16) -> Probe? {
    let behind = UInt64(UInt16(truncatingIfNeeded: newest) &- sequenceNumber)
    guard behind < newest else { return nil }
    return probe(newest - behind)
  }

  func isWaiting(_ number: UInt64) -> Bool { probe(number)?.state == .waiting }

  mutating func setDeparture(_ timing: ProbeTiming, of number: UInt64) {
    guard probe(number) != nil else { return }
    ring[slot(of: number)].timing = timing
  }

  mutating func setKernelStamp(_ stamp: WallInstant, of number: UInt64) {
    guard probe(number) != nil else { return }
    ring[slot(of: number)].timing.kernelStamp = stamp
  }

  mutating func settle(_ number: UInt64, as state: State) {
    guard let probe = probe(number) else { return }
    if probe.state == .waiting { waitingCount -= 1 }
    ring[slot(of: number)].state = state
    advanceOldest()
  }

  private mutating func advanceOldest() {
    while oldestCandidate <= newest, !isWaiting(oldestCandidate) { oldestCandidate += 1 }
  }

  /// The one that has been waiting longest.
  var oldestWaiting: Probe? {
    guard waitingCount > 0 else { return nil }
    return probe(oldestCandidate)
  }

  private func slot(of number: UInt64) -> Int { Int((number - 1) % UInt64(Self.capacity)) }

  private func probe(_ number: UInt64) -> Probe? {
    guard number > 0 else { return nil }
    let slot = slot(of: number)
    guard slot < ring.count, ring[slot].number == number else { return nil }
    return ring[slot]
  }
}
