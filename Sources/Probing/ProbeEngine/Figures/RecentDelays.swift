public import PacketWire

/// What became of the last probes, for a picture of them.
public struct RecentDelays: Hashable, Sendable {
  /// What became of a probe.
  public enum Outcome: Hashable, Sendable {
    /// That is not known yet.
    case waiting
    /// It was answered after this time.
    case answered(Nanoseconds)
    /// It was lost.
    case lost
  }

  /// The newest probe that was told of; 0 before the first one.
  public private(set) var newest: UInt64 = 0
  private var outcomes: [Outcome]

  /// Room for the last `limit` probes, at least one.
  public init(limit: Int) {
    precondition(limit > 0, "there must be room for a probe")
    outcomes = [Outcome](repeating: .waiting, count: limit)
  }

  /// Takes in what is known of a probe, counted from 1; what is older than the room reaches back to
  /// changes nothing.
  public mutating func set(_ number: UInt64, to outcome: Outcome) {
    let limit = UInt64(outcomes.count)
    guard number > 0, number > newest || newest - number < limit else { return }
    if number > newest {
      // Of those in between nothing is known.
      let first = number - newest > limit ? number - limit + 1 : newest + 1
      for skipped in first..<number { outcomes[place(skipped)] = .waiting }
      newest = number
    }
    outcomes[place(number)] = outcome
  }

  /// What is known of a probe; nil for one that is too old or was not told of yet.
  public func outcome(of number: UInt64) -> Outcome? {
    guard number > 0, number <= newest, newest - number < UInt64(outcomes.count) else { return nil }
    return outcomes[place(number)]
  }

  /// The outcomes of the last `count` probes, or fewer where there are none, in the order of sending.
  public func last(_ count: Int) -> [Outcome] {
    let shown = min(UInt64(clamping: count), UInt64(outcomes.count), newest)
    return (0..<shown).map { outcomes[place(newest - shown + 1 + $0)] }
  }

  private func place(_ number: UInt64) -> Int {
    Int(truncatingIfNeeded: number % UInt64(outcomes.count))
  }
}
