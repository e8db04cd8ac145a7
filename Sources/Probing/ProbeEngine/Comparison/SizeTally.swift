/// Which payload lengths of a sweep were answered.
public struct SizeTally: Hashable, Sendable {
  /// What became of the probes of some neighbouring lengths.
  public enum Outcome: Hashable, Sendable {
    case answered
    case unanswered
    /// Some probes were answered and some were not.
    case partly
  }

  /// Neighbouring lengths with the same outcome, in octets.
  public struct Run: Hashable, Sendable {
    /// The first and the last length.
    public var lengths: ClosedRange<Int>
    /// What became of them.
    public var outcome: Outcome
  }

  /// The lengths, and from one to the next.
  public let sweep: PingSession.PayloadSweep
  private var answered: [UInt32]

  /// Nothing answered yet.
  public init(_ sweep: PingSession.PayloadSweep) {
    self.sweep = sweep
    answered = [UInt32](repeating: 0, count: sweep.count)
  }

  /// The first answer to probe `number` of a target came.
  public mutating func answer(number: UInt64) {
    let place = Int((number &- 1) % UInt64(sweep.count))
    answered[place] &+= 1
  }

  /// All lengths that were tried, in order, when so many probes have been sent.
  public func runs(sent: Int) -> [Run] {
    var runs: [Run] = []
    for (place, count) in answered.enumerated() {
      let tries = sent / sweep.count + (place < sent % sweep.count ? 1 : 0)
      guard tries > 0 else { break }
      let outcome: Outcome =
        count == 0 ? .unanswered : Int(count) >= tries ? .answered : .partly
      let length = sweep.lengths.lowerBound + place * sweep.step
      if let last = runs.last, last.outcome == outcome {
        runs[runs.count - 1].lengths = last.lengths.lowerBound...length
      } else {
        runs.append(Run(lengths: length...length, outcome: outcome))
      }
    }
    return runs
  }
}
