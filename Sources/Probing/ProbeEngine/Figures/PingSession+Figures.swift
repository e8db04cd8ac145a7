import PacketWire

extension PingSession {
  /// The figures of a target; nil where they are not kept.
  public func figures(of target: Int) -> ProbeFigures? {
    figures.isEmpty ? nil : figures[target]
  }

  /// How many probes to a target are neither answered nor lost: those whose time is not up, and at the
  /// end those that were cut short so early that nobody can say what would have become of them. Nil
  /// where figures are not kept.
  public func undecidedCount(of target: Int) -> Int? {
    guard let figures = figures(of: target) else { return nil }
    return max(0, summaries[target].transmitted - summaries[target].received - figures.lost)
  }

  /// Takes in an answer, if it is the first one to its probe.
  mutating func noteAnswer(
    _ answer: PingReply, _ entry: ProbeTable.Entry, _ effects: inout Effects
  ) {
    guard !figures.isEmpty, !answer.isDuplicate, answer.reply.isChecksumValid else { return }
    let target = Int(entry.target)
    let outageCount = figures[target].outages.outages.total
    let changeCount = figures[target].replyPath.changes.total
    figures[target].answered(
      entry.number, after: answer.roundTrip.duration, sentAt: entry.sentAt,
      timeToLive: answer.reply.timeToLive, trafficClass: answer.reply.typeOfService,
      wasLost: entry.state != .waiting)
    for change in figures[target].replyPath.changes.values(after: changeCount) {
      effects.reports.append(.pathChange(target: target, change))
    }
    reportOutages(of: target, after: outageCount, &effects)
  }

  /// Takes in that a probe was lost for sure, met an error or was not sent.
  mutating func noteLoss(_ entry: ProbeTable.Entry, _ effects: inout Effects) {
    guard !figures.isEmpty else { return }
    let target = Int(entry.target)
    let outageCount = figures[target].outages.outages.total
    figures[target].lost(entry.number, sentAt: entry.sentAt)
    reportOutages(of: target, after: outageCount, &effects)
  }

  /// An answer can end an outage, and so can a loss that was all that was not known yet of it.
  private func reportOutages(of target: Int, after count: Int, _ effects: inout Effects) {
    for outage in figures[target].outages.outages.values(after: count) {
      effects.reports.append(.outage(target: target, outage))
    }
  }
}
