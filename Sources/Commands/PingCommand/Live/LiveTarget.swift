import PacketWire
import ProbeEngine

/// What a row of the live view knows of a target, since the start or since it was set back.
struct LiveTarget {
  /// What became of the last probes.
  private(set) var recent = RecentDelays(limit: Self.recentLimit)
  /// How long answers took.
  private(set) var delays = DelayHistogram()
  /// How much that changed.
  private(set) var variation = DelayVariation()
  /// The newest answer's.
  private(set) var last: Nanoseconds?
  /// Probes that were answered.
  private(set) var received = 0
  /// Probes that were lost, met an error or were not sent.
  private(set) var lost = 0
  /// Probes that were sent.
  private(set) var sent = 0

  /// Probes up to this one are none of ours.
  private var base: UInt64 = 0

  /// As many as a wide window shows.
  private static let recentLimit = 256

  /// How much of what is known was lost.
  var loss: LossInterval { LossInterval(lost: lost, of: lost + received) }

  /// Takes in what a report tells of a probe.
  mutating func take(_ report: PingReport) {
    switch report {
    case .reply(let answer):
      guard answer.number > base, !answer.isDuplicate, answer.reply.isChecksumValid else { return }
      // It is not lost after all.
      if recent.outcome(of: answer.number) == .lost { lost = max(0, lost - 1) }
      received += 1
      last = answer.roundTrip.duration
      delays.add(answer.roundTrip.duration)
      variation.add(answer.roundTrip.duration, of: answer.number)
    case .lost(let probe), .sendFailed(let probe, _):
      guard lose(probe.number) else { return }
    case .error(let probe, let error):
      guard !error.isNotice, lose(probe.number) else { return }
    default: return
    }
    recent.take(report)
  }

  /// A probe can meet several errors, and is lost once; one that was answered is not lost.
  private mutating func lose(_ number: UInt64) -> Bool {
    guard number > base, recent.outcome(of: number) ?? .waiting == .waiting else { return false }
    lost += 1
    return true
  }

  /// So many probes were sent in all.
  mutating func reach(_ count: Int) {
    sent = max(0, count - Int(clamping: base))
    if sent > 0 { recent.reach(count) }
  }

  /// Forgets all; probes up to the newest one count no more.
  mutating func reset(sent count: Int) {
    self = LiveTarget()
    base = UInt64(max(0, count))
  }
}
