public import PacketWire

/// A quantile of the delays seen, and what it tells of the quantile of all delays that the path would
/// give.
///
/// The interval goes from one delay in the order of all to another, such that the true quantile lies
/// between them with at least 95 % confidence, whatever the distribution: how many of n delays are
/// below the true quantile is binomial (H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed.,
/// 2003, §7.1). Like any such interval it takes the delays to be independent.
///
/// With few delays there is no such place in the order: of 20 answers not even the slowest is
/// likely to be above the true 99 % quantile. Then that end is `nil`, and the quantile is not
/// reliable; `samplesNeeded(for:)` says how many it takes.
public struct QuantileEstimate: Hashable, Sendable {
  /// Which one, between 0 and 1: 0.5 is the median.
  public let share: Double
  /// The quantile of the delays seen, by nearest rank (`DelayHistogram.quantile`).
  public let value: Nanoseconds
  /// The lower end of the interval; nil when even the shortest delay is not low enough.
  public let lower: Nanoseconds?
  /// The upper end; nil when even the longest delay is not high enough.
  public let upper: Nanoseconds?
  /// How many delays it rests on.
  public let samples: Int

  /// There are enough delays for an interval with two ends.
  public var isReliable: Bool { lower != nil && upper != nil }

  /// How many delays it takes until a quantile is reliable: 6 for the median, 36 for 90 %, 72 for
  /// 95 %, 368 for 99 %.
  ///
  /// The least n at which n delays that are all below the quantile, or all above, would be an
  /// accident of 2.5 %.
  public static func samplesNeeded(for share: Double) -> Int {
    let likelier = max(share, 1 - share)
    precondition(likelier < 1, "a quantile lies between 0 and 1, not at \(share)")
    var count = 0
    var chance = 1.0
    while chance > BinomialRanks.tail {
      chance *= likelier
      count += 1
    }
    return count
  }
}

extension DelayHistogram {
  /// A quantile (`share` between 0 and 1) with its interval; nil when there is no delay.
  public func estimate(of share: Double) -> QuantileEstimate? {
    guard count > 0 else { return nil }
    let ranks = BinomialRanks(of: share, among: count)
    return QuantileEstimate(
      share: share, value: delay(at: Self.rank(of: share, among: count)),
      lower: ranks.lower.map { delay(at: $0) }, upper: ranks.upper.map { delay(at: $0) },
      samples: count)
  }
}

/// Between which places in the order of n delays the true quantile lies with 95 % confidence.
struct BinomialRanks: Hashable {
  /// From 1; nil when the first one is not low enough.
  var lower: Int?
  /// To n; nil when the last one is not high enough.
  var upper: Int?

  /// What may be beyond either end.
  static let tail = 0.025

  /// With B of n delays below the quantile, B binomial: the ends are where B's distribution reaches
  /// 2.5 %, and one behind where it reaches 97.5 %.
  ///
  /// The terms are summed as multiples of the largest one, which neither overflows nor needs a
  /// logarithm. Those further than ten standard deviations off are too small to count, so that n
  /// delays cost some 20 √n steps at most.
  init(of share: Double, among count: Int) {
    precondition(share > 0 && share < 1, "a quantile lies between 0 and 1, not at \(share)")
    let n = Double(count)
    let odds = share / (1 - share)
    let reach = 10 * (n * share * (1 - share)).squareRoot() + 20
    let first = max(0, Int((n * share - reach).rounded(.down)))
    let last = min(count, Int((n * share + reach).rounded(.up)))
    let mode = min(max(Int((n + 1) * share), first), last)
    var (lowest, highest, total) = (1.0, 1.0, 1.0)
    for place in stride(from: mode, to: first, by: -1) {
      lowest *= Double(place) / (Double(count - place + 1) * odds)
      total += lowest
    }
    for place in mode..<last {
      highest *= Double(count - place) * odds / Double(place + 1)
      total += highest
    }
    let tail = Self.tail * total
    var (place, term, sum) = (first, lowest, lowest)
    while sum < tail, place < last {
      term *= Double(count - place) * odds / Double(place + 1)
      place += 1
      sum += term
    }
    lower = place > 0 ? place : nil
    (place, term, sum) = (last, highest, highest)
    while sum <= tail, place > first {
      term *= Double(place) / (Double(count - place + 1) * odds)
      place -= 1
      sum += term
    }
    upper = place < count ? place + 1 : nil
  }
}
