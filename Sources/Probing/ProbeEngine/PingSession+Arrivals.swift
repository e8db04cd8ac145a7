import PacketWire

extension PingSession {
  mutating func takeIn(
    _ reply: EchoReply, _ arrival: Arrival, at now: MonotonicInstant, _ effects: inout Effects
  ) {
    guard let request = configuration.requests[reply.source.family],
      let entry = entry(request, reply.sequenceNumber)
    else { return }
    let length = Int(entry.length)
    // Of a corrupted answer the cookie may be what was corrupted; it counts as no answer anyway.
    guard
      !reply.isChecksumValid
        || request.isAuthentic(reply, serial: entry.serial, length: length)
    else {
      summaries[Int(entry.target)].rejected += 1
      effects.reports.append(.rejected(entry.probe, reply))
      return
    }
    var answer = PingReply(
      probe: entry.probe, reply: reply, roundTrip: entry.timing.roundTrip(to: arrival),
      isDuplicate: entry.state == .answered, isLate: entry.state == .lost,
      missingOctets: length + ICMPv4Header.length - reply.length)
    count(&answer, entry, at: now)
    if configuration.reportsReplies { effects.reports.append(.reply(answer)) }
    noteAnswer(answer, entry, &effects)
  }

  mutating func count(
    _ answer: inout PingReply, _ entry: ProbeTable.Entry, at now: MonotonicInstant
  ) {
    let target = Int(entry.target)
    countPipe(entry)
    guard answer.reply.isChecksumValid else {
      summaries[target].corrupted += 1
      answer.isDuplicate = false
      return
    }
    guard !answer.isDuplicate else { return summaries[target].duplicates += 1 }
    summaries[target].received += 1
    if answer.isLate { summaries[target].late += 1 }
    summaries[target].rtt.add(answer.roundTrip.duration)
    if answer.roundTrip.source == .hardware { summaries[target].hardwareTimed += 1 }
    probes.settle(entry.serial, as: .answered)
    newestSettled = max(newestSettled, entry.serial)
    roundTripCount += 1
    longestRoundTrip = max(longestRoundTrip, answer.roundTrip.duration)
    if summaries[target].received == 1 {
      answeredTargets += 1
      asking?.answered(target)
    }
    if summaries[target].received == configuration.count { satisfiedTargets += 1 }
    schedule.answered(
      at: now, lastSentAt: lastSentAt, inFlight: inFlight, longest: longestRoundTrip)
  }

  mutating func takeIn(
    _ error: ICMPErrorReport, about sequenceNumber: UInt16, to target: IPAddress,
    _ effects: inout Effects
  ) {
    // An error that quotes a probe to another target than this one had is made up, or about a probe
    // whose sequence number has come round.
    guard let entry = entry(target.family, sequenceNumber),
      configuration.targets[Int(entry.target)].address == target
    else { return }
    if !error.isNotice {
      summaries[Int(entry.target)].errors += 1
      countPipe(entry)
      // Who wants one answer asks again all the same, when the time for it is up.
      if asking == nil, entry.state == .waiting {
        probes.settle(entry.serial, as: .failed)
        noteLoss(entry, &effects)
        newestSettled = max(newestSettled, entry.serial)
      }
    }
    effects.reports.append(.error(entry.probe, error))
  }

  private func entry(_ family: IPFamily, _ sequenceNumber: UInt16) -> ProbeTable.Entry? {
    if let question = configuration.questions?[family] { return entry(question, sequenceNumber) }
    return configuration.requests[family].flatMap { entry($0, sequenceNumber) }
  }

  /// The newest probe with this sequence number, if it is still remembered.
  private func entry(_ request: EchoRequest, _ sequenceNumber: UInt16) -> ProbeTable.Entry? {
    probes.entry(
      behindNewest: request.sequenceNumber(of: probes.newest) &- sequenceNumber)
  }

  private mutating func countPipe(_ entry: ProbeTable.Entry) {
    let target = Int(entry.target)
    let onTheWay = summaries[target].transmitted - Int(entry.number) + 1
    summaries[target].pipe = max(summaries[target].pipe, onTheWay)
  }
}
