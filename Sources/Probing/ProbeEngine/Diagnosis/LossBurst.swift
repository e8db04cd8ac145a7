import PacketWire

/// Notices that a target has stopped answering, before it is sure that the probes are lost: a probe may
/// take ten seconds to be given up, and by then much of what was wrong can be over.
///
/// Three of the newest probes in a row that have waited longer than answers have taken so far are a
/// burst. An answer to a newer probe ends it. Memory is constant.
struct LossBurst: Hashable, Sendable {
  /// How many probes in a row are a burst: one more than an outage, for to look into it costs probes.
  static let length = 3
  /// How long any answer may take.
  private static let leastPatience = Nanoseconds.seconds(1)
  private static let mostPatience = Nanoseconds.seconds(5)

  private struct Missing: Hashable {
    var number: UInt64
    var sentAt: MonotonicInstant
    /// It was given up, or met an error.
    var isLost = false
  }

  /// The oldest ones behind the newest that was answered.
  private var missing: [Missing] = []
  private var newestAnswered: UInt64 = 0
  private var longestRoundTrip = Nanoseconds.zero
  /// It was looked into.
  private var isKnown = false
  /// TTL or hop limit of the newest answer.
  private(set) var timeToLive: UInt8?

  /// How long an answer may take: twice the longest round trip, within limits.
  var patience: Nanoseconds {
    let known = min(longestRoundTrip, Self.mostPatience)
    return min(max(Nanoseconds(known.count * 2), Self.leastPatience), Self.mostPatience)
  }

  mutating func sent(_ number: UInt64, at time: MonotonicInstant) {
    guard missing.count < Self.length, number > newestAnswered else { return }
    missing.append(Missing(number: number, sentAt: time))
  }

  mutating func answered(_ number: UInt64, after time: Nanoseconds, timeToLive: UInt8?) {
    longestRoundTrip = max(longestRoundTrip, time)
    guard number > newestAnswered else { return }
    (newestAnswered, self.timeToLive, isKnown) = (number, timeToLive ?? self.timeToLive, false)
    missing.removeAll { $0.number <= number }
  }

  mutating func lost(_ number: UInt64) {
    for index in missing.indices where missing[index].number == number {
      missing[index].isLost = true
    }
  }

  /// Somebody looks into it: it is not said again until there is another one.
  mutating func lookedInto() { isKnown = true }

  /// From when on this is a burst, if no answer comes; `nil` while too few probes wait.
  var beginsAt: MonotonicInstant? {
    guard !isKnown, missing.count == Self.length else { return nil }
    return missing.map { $0.isLost ? $0.sentAt : $0.sentAt + patience }.max()
  }
}
