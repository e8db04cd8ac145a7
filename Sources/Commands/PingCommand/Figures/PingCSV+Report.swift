import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

extension PingCSV.Row {
  /// The row of a report; nil for one that says nothing final of a probe.
  init?(_ report: PingReport, _ targets: PingTargets, at time: WallInstant) {
    switch report {
    case .reply(let answer):
      self.init(Self.event(of: answer), answer.probe, targets, at: time)
      (from, timeToLive) = (answer.reply.source, answer.reply.timeToLive)
      (length, roundTrip) = (answer.reply.length, answer.roundTrip.duration)
    case .answer(let answer): self.init(.reply(answer.reply), targets, at: time)
    case .error(let probe, let error):
      self.init(.error, probe, targets, at: time)
      (from, timeToLive, detail) = (error.source, error.timeToLive, error.iputilsText)
    case .sendFailed(let probe, let errorNumber):
      self.init(.sendFailed, probe, targets, at: time)
      detail = SystemError.message(for: errorNumber)
    case .lost(let probe): self.init(.lost, probe, targets, at: time)
    case .outstanding, .rejected, .unreachable, .outage, .pathChange, .diagnosis: return nil
    }
  }

  private init(
    _ event: PingCSV.Event, _ probe: PingProbe, _ targets: PingTargets, at time: WallInstant
  ) {
    self.init(
      time: time, event: event, target: targets.label(of: probe.target),
      address: targets.targets[probe.target].address, number: probe.number)
  }

  private static func event(of answer: PingReply) -> PingCSV.Event {
    if !answer.reply.isChecksumValid { return .corrupted }
    if answer.isDuplicate { return .duplicate }
    return answer.isLate ? .late : .reply
  }
}
