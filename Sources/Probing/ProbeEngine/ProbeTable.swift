import PacketWire

/// The last probes of a session, found by the 16 bits that come back. A ring: the oldest one makes room,
/// so that memory stays flat however long a run is.
struct ProbeTable: Sendable {
  /// At 2 ms between probes this remembers 16 s, more than any answer is waited for by default.
  static let usualCapacity = 8192
  /// As many as sequence numbers can tell apart.
  static let largestCapacity = 65_536

  enum State: UInt8, Hashable, Sendable {
    case waiting
    case answered
    /// An error settled it.
    case failed
    /// Its time was up.
    case lost
  }

  struct Entry: Sendable {
    var serial: UInt64
    var number: UInt64
    var target: UInt32
    /// How often the target was asked before, where one answer is all that is wanted.
    var attempt: UInt8
    var state = State.waiting
    /// The octets of payload.
    var length: UInt16
    var timing: ProbeTiming

    var probe: PingProbe { PingProbe(serial: serial, target: Int(target), number: number) }
  }

  /// The probe with serial number n is at (n - 1) modulo `capacity`; the first ones are appended.
  private var ring: [Entry] = []
  private var capacity = Self.usualCapacity
  private(set) var waitingCount = 0
  private(set) var newest: UInt64 = 0
  /// No first attempt below this serial number is waiting.
  private var oldestCandidate: UInt64 = 1

  /// Adds the next probe. If the one that makes room was still waiting, gives it back.
  mutating func insert(_ entry: Entry) -> Entry? {
    newest = entry.serial
    waitingCount += 1
    if ring.count < capacity {
      ring.append(entry)
      return nil
    }
    if ring[slot(of: entry.serial)].state == .waiting, capacity < Self.largestCapacity { grow() }
    let slot = slot(of: entry.serial)
    let evicted = ring[slot]
    ring[slot] = entry
    guard evicted.state == .waiting else { return nil }
    waitingCount -= 1
    return evicted
  }

  /// The next probe would take the place of one that is waiting.
  var wouldForgetWaiting: Bool {
    ring.count == Self.largestCapacity && ring[slot(of: newest + 1)].state == .waiting
  }

  /// Doubles the room.
  private mutating func grow() {
    let old = ring
    capacity *= 2
    var nobody = old[0]
    (nobody.serial, nobody.state) = (0, .answered)
    ring = [Entry](repeating: nobody, count: capacity)
    for entry in old { ring[slot(of: entry.serial)] = entry }
  }

  /// The serial numbers that may still be remembered, in order.
  var remembered: ClosedRange<UInt64> {
    (newest > UInt64(capacity) ? newest - UInt64(capacity) + 1 : 1)...max(newest, 1)
  }

  /// The probe with this serial number, if it is still remembered.
  func entry(_ serial: UInt64) -> Entry? {
    guard serial > 0 else { return nil }
    let slot = slot(of: serial)
    guard slot < ring.count, ring[slot].serial == serial else { return nil }
    return ring[slot]
  }

  /// The newest probe that was sent so many probes before the newest one; a sequence number's distance
  /// from the newest is all that it tells.
  func entry(behindNewest distance: UInt16) -> Entry? {
    UInt64(distance) < newest ? entry(newest - UInt64(distance)) : nil
  }

  func isWaiting(_ serial: UInt64) -> Bool { entry(serial)?.state == .waiting }

  mutating func setDeparture(_ clock: ClockSample, of serial: UInt64) {
    let slot = slot(of: serial)
    guard slot < ring.count, ring[slot].serial == serial else { return }
    ring[slot].timing = ProbeTiming(clock: clock)
  }

  mutating func setKernelStamp(_ stamp: WallInstant, of serial: UInt64) {
    let slot = slot(of: serial)
    guard slot < ring.count, ring[slot].serial == serial else { return }
    ring[slot].timing.kernelStamp = stamp
  }

  mutating func setDeviceStamp(_ stamp: WallInstant, of serial: UInt64) {
    let slot = slot(of: serial)
    guard slot < ring.count, ring[slot].serial == serial else { return }
    ring[slot].timing.deviceStamp = stamp
  }

  mutating func setCardStamp(_ stamp: CardInstant, of serial: UInt64) {
    let slot = slot(of: serial)
    guard slot < ring.count, ring[slot].serial == serial else { return }
    ring[slot].timing.cardStamp = stamp
  }

  mutating func settle(_ serial: UInt64, as state: State) {
    let slot = slot(of: serial)
    guard slot < ring.count, ring[slot].serial == serial else { return }
    if ring[slot].state == .waiting { waitingCount -= 1 }
    ring[slot].state = state
  }

  /// The first attempt that has been waiting longest, and since when.
  mutating func oldestWaiting() -> (serial: UInt64, sentAt: MonotonicInstant)? {
    guard waitingCount > 0 else { return nil }
    if newest > UInt64(capacity) {
      oldestCandidate = max(oldestCandidate, newest - UInt64(capacity))
    }
    while oldestCandidate <= newest {
      let slot = slot(of: oldestCandidate)
      // Field by field: a whole entry is a hundred octets to copy.
      if slot < ring.count, ring[slot].state == .waiting, ring[slot].serial == oldestCandidate,
        ring[slot].attempt == 0
      {
        return (oldestCandidate, ring[slot].sentAt)
      }
      oldestCandidate += 1
    }
    return nil
  }

  private func slot(of serial: UInt64) -> Int {
    // A power of two: the remainder is a mask.
    Int(truncatingIfNeeded: (serial &- 1) & UInt64(capacity - 1))
  }
}
