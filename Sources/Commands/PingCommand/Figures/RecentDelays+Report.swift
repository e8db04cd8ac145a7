import ProbeEngine

extension RecentDelays {
  /// Takes in what a report tells of a probe.
  mutating func take(_ report: PingReport) {
    switch report {
    case .reply(let answer) where !answer.isDuplicate && answer.reply.isChecksumValid:
      set(answer.number, to: .answered(answer.roundTrip.duration))
    case .answer(let answer): take(.reply(answer.reply))
    case .lost(let probe), .sendFailed(let probe, _): set(probe.number, to: .lost)
    case .error(let probe, let error) where !error.isNotice:
      // An answer may have come before it.
      if outcome(of: probe.number) ?? .waiting == .waiting { set(probe.number, to: .lost) }
    default: break
    }
  }

  /// So many probes were sent.
  mutating func reach(_ count: Int) {
    let number = UInt64(max(count, 0))
    if number > newest { set(number, to: .waiting) }
  }
}

extension PingReport {
  /// Whose report it is.
  var target: Int {
    switch self {
    case .reply(let answer): answer.probe.target
    case .answer(let answer): answer.reply.probe.target
    case .error(let probe, _), .sendFailed(let probe, _), .outstanding(let probe), .lost(let probe),
      .rejected(let probe, _):
      probe.target
    case .unreachable(let target), .outage(let target, _), .pathChange(let target, _): target
    case .diagnosis(let diagnosis): diagnosis.target
    }
  }
}
