import PacketWire

extension PingSession {
  /// Probes that a target may have had: files are written by anybody.
  private static let largestNumber = 1 << 48
  /// Sequence numbers tell no more apart.
  private static let largestGap: UInt64 = 1 << 16

  /// A probe was sent, long ago: in a replay the session says nothing of when to send.
  ///
  /// Its serial number and its number among those of its target grow, and may leave some out: those are
  /// probes that the kernel refused.
  ///
  /// - Parameters:
  ///   - probe: the next one.
  ///   - length: octets behind the ICMP header.
  ///   - countsGaps: its target's numbers began at 1, so that what they leave out was to be sent.
  ///   - timing: when that was.
  ///   - effects: gets what is to be said of earlier probes.
  public mutating func replay(
    _ probe: PingProbe, length: Int, countsGaps: Bool, _ timing: ProbeTiming,
    _ effects: inout Effects
  ) {
    guard probe.serial >= nextSerial, probe.serial - nextSerial <= Self.largestGap,
      summaries.indices.contains(probe.target),
      let number = Int(exactly: probe.number), number <= Self.largestNumber
    else { return }
    let now = timing.clock.monotonic
    step(.timer, at: now, &effects)
    if countsGaps {
      let gap = max(0, number - 1 - summaries[probe.target].transmitted)
      summaries[probe.target].transmitted += gap
      summaries[probe.target].errors += gap
    }
    leaveOut(upTo: probe, at: timing.clock, &effects)
    let attempt = UInt8(clamping: summaries[probe.target].transmitted)
    send(probe, length: length, attempt: asking == nil ? 0 : attempt, at: now, &effects)
    effects.sends.removeAll()
    sent(probe, timing.clock)
    if let stamp = timing.kernelStamp { transmitted(serial: probe.serial, stamp) }
    step(.timer, at: now, &effects)
  }

  /// Nothing will come for the serial numbers before this probe's.
  private mutating func leaveOut(
    upTo probe: PingProbe, at clock: ClockSample, _ effects: inout Effects
  ) {
    for serial in nextSerial..<probe.serial {
      let entry = ProbeTable.Entry(
        serial: serial, number: 0, target: UInt32(truncatingIfNeeded: probe.target), attempt: 0,
        length: 0, timing: ProbeTiming(clock: clock))
      if let pushedOut = probes.insert(entry), expectsAnswers {
        effects.reports.append(.lost(pushedOut.probe))
      }
      probes.settle(serial, as: .failed)
    }
    nextSerial = probe.serial
  }
}
