import PacketWire

extension PingSession {
  /// Probes between the newest one that was answered and the newest one of all, as iputils counts those
  /// that are on the way: a lost one does not hold up the others for ever.
  var inFlight: UInt64 { nextSerial - 1 - newestSettled }

  mutating func sendDue(at now: MonotonicInstant, _ effects: inout Effects) {
    guard !isPastDeadline(now), !configuration.isReplayed else { return }
    let room = Self.burst - effects.sends.count
    for _ in 0..<max(0, room) {
      if isHeldUp { return }
      if asking?.hasDue == true, lastSentAt + configuration.gap <= now {
        guard let (target, attempt) = asking?.nextDue(summaries) else { continue }
        send(to: target, attempt: attempt, at: now, &effects)
      } else if let due = schedule.nextSendAt, due <= now {
        send(to: schedule.target, attempt: 0, at: now, &effects)
        schedule.sent(at: now, inFlight: inFlight)
      } else {
        return
      }
    }
  }

  /// Who wants one answer from each target waits rather than forget a probe that may be answered.
  var isHeldUp: Bool { asking != nil && probes.wouldForgetWaiting }

  private mutating func send(
    to target: Int, attempt: UInt8, at now: MonotonicInstant, _ effects: inout Effects
  ) {
    let number = UInt64(summaries[target].transmitted + 1)
    let probe = PingProbe(serial: nextSerial, target: target, number: number)
    send(
      probe, length: payloadLength(of: probe), attempt: attempt, at: now, &effects)
  }

  mutating func send(
    _ probe: PingProbe, length: Int, attempt: UInt8, at now: MonotonicInstant,
    _ effects: inout Effects
  ) {
    let (serial, target) = (nextSerial, probe.target)
    nextSerial += 1
    summaries[target].transmitted += 1
    if summaries[target].transmitted == 1 {
      firstSentAt[target] = now
    } else {
      summaries[target].elapsed = now - firstSentAt[target]
      sayOutstanding(before: probe, &effects)
    }
    let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0))
    let entry = ProbeTable.Entry(
      serial: serial, number: probe.number, target: UInt32(truncatingIfNeeded: target),
      attempt: attempt, length: UInt16(clamping: length),
      timing: ProbeTiming(clock: clock))
    if let pushedOut = probes.insert(entry) { lose(pushedOut, &effects) }
    lastSentAt = now
    effects.sends.append(probe)
    if attempt > 0 { asking?.asked(serial, attempt: attempt) }
  }

  /// In rounds, the target's probe before this one was sent so many serial numbers before.
  private func sayOutstanding(before probe: PingProbe, _ effects: inout Effects) {
    let distance = UInt64(summaries.count)
    guard configuration.reportsOutstanding, asking == nil, probe.serial > distance,
      let previous = probes.entry(probe.serial - distance), previous.state != .answered
    else { return }
    effects.reports.append(.outstanding(previous.probe))
  }
}

// MARK: - Time

extension PingSession {
  /// Reports probes whose time is up; those of one attempt have the same time, so the oldest go first.
  mutating func expire(at now: MonotonicInstant, _ effects: inout Effects) {
    let timeout = timeout(of: 0)
    while let oldest = probes.oldestWaiting(), oldest.sentAt + timeout <= now {
      guard let entry = probes.entry(oldest.serial) else { break }
      lose(entry, &effects)
    }
    guard let retries = asking?.retries, retries.count > 0 else { return }
    for attempt in 1...UInt8(clamping: retries.count) {
      let timeout = self.timeout(of: attempt)
      while let entry = oldestWaiting(of: attempt), entry.sentAt + timeout <= now {
        lose(entry, &effects)
      }
    }
  }

  /// When the next probe's time is up.
  mutating func nextExpiry() -> MonotonicInstant? {
    var next = probes.oldestWaiting().map { $0.sentAt + timeout(of: 0) }
    guard let retries = asking?.retries, retries.count > 0 else { return next }
    for attempt in 1...UInt8(clamping: retries.count) {
      guard let entry = oldestWaiting(of: attempt) else { continue }
      let time = entry.sentAt + timeout(of: attempt)
      next = next.map { min($0, time) } ?? time
    }
    return next
  }

  private mutating func oldestWaiting(of attempt: UInt8) -> ProbeTable.Entry? {
    while let serial = asking?.oldest(of: attempt) {
      if let entry = probes.entry(serial), entry.state == .waiting { return entry }
      asking?.dropOldest(of: attempt)
    }
    return nil
  }

  /// How long an answer to this attempt may take.
  private func timeout(of attempt: UInt8) -> Nanoseconds {
    asking?.timeout(
      of: attempt, initial: configuration.timeout, longest: longestRoundTrip,
      samples: roundTripCount) ?? configuration.timeout
  }

  /// A probe's time is up, or `isSure` is false: the session ends before that.
  mutating func lose(
    _ entry: ProbeTable.Entry, isSure: Bool = true, _ effects: inout Effects
  ) {
    probes.settle(entry.serial, as: .lost)
    guard expectsAnswers else { return }
    effects.reports.append(.lost(entry.probe))
    if isSure { noteLoss(entry, &effects) }
    settleAttempt(entry, &effects)
  }

  /// Nothing more is to be expected of a probe: where one answer is wanted, its target is asked again,
  /// or given up.
  mutating func settleAttempt(_ entry: ProbeTable.Entry, _ effects: inout Effects) {
    let target = Int(entry.target)
    guard asking != nil, summaries[target].received == 0 else { return }
    if asking?.gaveUp(on: target, attempt: entry.attempt) == true {
      effects.reports.append(.unreachable(target: target))
    }
  }
}

extension ProbeTable.Entry {
  var sentAt: MonotonicInstant { timing.clock.monotonic }
}
