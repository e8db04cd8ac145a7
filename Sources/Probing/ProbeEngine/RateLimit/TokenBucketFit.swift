/// The token bucket that best explains which probes of a hop were answered.
///
/// Routers that limit their errors keep a bucket: each error takes a token, so many come a second, and no more
/// than the bucket holds are kept for a burst (RFC 1812 §4.3.2.8, RFC 4443 §2.4 (f)). The bucket is full at
/// the first probe. Chance may lose probes and answers beside it.
public struct TokenBucketFit: Hashable, Sendable {
  /// Errors a second.
  public let rate: Double
  /// The rates that explain the answers nearly as well.
  public let rates: ClosedRange<Double>
  /// Errors at once after a pause.
  public let burst: Int
  /// The bursts that explain the answers nearly as well.
  public let bursts: ClosedRange<Int>
  /// The share of probes without an answer among those that there was a token for.
  public let loss: Double
  /// By how much it explains the answers better than loss by chance alone: the logarithm of the ratio of
  /// likelihoods, less what its freedom is worth.
  public let advantage: Double
  /// The share of probes whose fate it tells; where that is low, the router limits in another way.
  public let explained: Double

  /// No slower limit is told from silence.
  public static let slowest = 0.02
  /// Less than e⁻³ times as likely as the best is not "nearly as well" (95 % for two figures together).
  private static let tolerance = 3.0

  /// The best bucket for `probes`, which are in the order of sending; nil where all were answered or none.
  ///
  /// - Parameters:
  ///   - probes: all that were sent to the hop.
  ///   - fastest: no limit beyond so many a second is looked for.
  ///   - leastLoss: the smallest share that any train lost.
  ///   - mayBeginEmpty: somebody else may have taken tokens before; the bucket was full later.
  public init?(
    _ probes: [Probe], fastest: Double, leastLoss: Double = 0, mayBeginEmpty: Bool = false
  ) {
    let answered = probes.count { $0.isAnswered }
    guard answered > 0, answered < probes.count else { return nil }
    let opening = mayBeginEmpty ? Self.opening(probes) : nil
    var candidates: [Candidate] = []
    var best: Candidate?
    for start in leastLoss > 0.04 ? [0.02, leastLoss] : [0.02] {
      var loss = start
      // The first turn finds out how much is lost beside the limit.
      for _ in 0..<2 {
        let found = Self.candidates(probes, opening, fastest: fastest, loss: loss)
        guard let first = found.first else { continue }
        loss = min(max(Double(first.lost) / Double(max(first.tokens, 1)), 0.01), 0.9)
        if best.map({ $0.likelihood < first.likelihood }) ?? true {
          (candidates, best) = (found, first)
        }
      }
    }
    guard let best else { return nil }
    let good = candidates.filter { $0.likelihood >= best.likelihood - Self.tolerance }
    (rate, burst) = (best.rate, best.burst)
    loss = Double(best.lost) / Double(max(best.tokens, 1))
    // Within a token, chance decides which probe gets it.
    let blur = max(0.02, 0.8 / Double(answered)) + loss / 4
    let rates = good.map(\.rate) + [rate * (1 - blur), rate * (1 + blur)]
    self.rates = (rates.min() ?? rate)...(rates.max() ?? rate)
    // What is lost of a burst is not seen.
    let doubt = loss > 0.02 ? Int((2 * loss * Double(burst)).rounded(.up)) : 0
    let bursts = good.map(\.burst) + [max(burst - doubt, 1), burst + doubt]
    self.bursts = (bursts.min() ?? burst)...(bursts.max() ?? burst)
    advantage = best.likelihood - Self.likelihoodOfChance(answered, probes.count) - 3
    explained = Double(best.told) / Double(probes.count)
  }

  /// A probe, and whether it was answered.
  public struct Probe: Hashable, Sendable {
    /// When it went, from any beginning.
    public var seconds: Double
    /// Whether an answer came.
    public var isAnswered: Bool

    /// A probe from its fields.
    public init(seconds: Double, isAnswered: Bool) {
      (self.seconds, self.isAnswered) = (seconds, isAnswered)
    }
  }
}

// MARK: - Candidates

extension TokenBucketFit {
  /// A bucket, and how well it explains the answers.
  private struct Candidate {
    var rate: Double
    var burst: Int
    /// Its logarithm.
    var likelihood = 0.0
    /// Probes that there was a token for, and how many of them were not answered.
    var tokens = 0
    var lost = 0
    /// Probes that went as the bucket says.
    var told = 0
  }

  /// The best first: rates in coarse steps, and in fine ones around the best of them: a step that is wrong by more than a
  /// token over all probes misses the best.
  private static func candidates(
    _ probes: [Probe], _ opening: Opening?, fastest: Double, loss: Double
  ) -> [Candidate] {
    let span = max((probes.last?.seconds ?? 0) - (probes.first?.seconds ?? 0), 0.1)
    func step(_ rate: Double, tokens: Double) -> Double {
      min(0.05 * rate, max(tokens / span, 0.002 * rate))
    }
    var found: [Candidate] = []
    var rate = slowest
    while rate <= fastest {
      found += candidates(probes, opening, rate, loss, doubt: loss > 0.04 ? 1 : 0)
      rate += step(rate, tokens: 2)
    }
    found.sort { $0.likelihood > $1.likelihood }
    var tried: [Double] = []
    for best in found.prefix(12).map(\.rate) where !tried.contains(best) && tried.count < 4 {
      tried.append(best)
      let width = step(best, tokens: 2)
      rate = max(best - width, slowest)
      while rate <= min(best + width, fastest) {
        found += candidates(probes, opening, rate, loss, doubt: 1)
        rate += step(rate, tokens: 0.25) / 2
      }
    }
    return found.sorted { $0.likelihood > $1.likelihood }
  }

  private static func candidates(
    _ probes: [Probe], _ opening: Opening?, _ rate: Double, _ loss: Double, doubt: Int
  ) -> [Candidate] {
    let needed = neededBurst(probes, rate)
    // What was there at first is what the answers took before the first one was missing.
    let start = opening.map { max(Double($0.answered) - rate * $0.seconds, 0) + 0.5 }
    return (max(needed - doubt, 1)...needed + doubt).flatMap { burst in
      (start.map { [nil, $0] } ?? [nil]).map { start in
        var candidate = Candidate(rate: rate, burst: burst)
        judge(&candidate, probes, loss, start: start)
        return candidate
      }
    }
  }

  /// The answers before the first probe that had none, and when that went.
  private typealias Opening = (answered: Int, seconds: Double)

  private static func opening(_ probes: [Probe]) -> Opening? {
    guard let place = probes.firstIndex(where: { !$0.isAnswered }) else { return nil }
    return (place, probes[place].seconds - probes[0].seconds)
  }

  /// The smallest bucket that lets all answers pass: how far they ever are ahead of the rate.
  private static func neededBurst(_ probes: [Probe], _ rate: Double) -> Int {
    var (level, highest, last) = (0.0, 0.0, probes.first?.seconds ?? 0)
    for probe in probes {
      level = max(0, level - rate * (probe.seconds - last))
      last = probe.seconds
      if probe.isAnswered { level += 1 }
      highest = max(highest, level)
    }
    return max(1, Int((highest - LossyBucket.slack).rounded(.up)))
  }

  private static func judge(
    _ candidate: inout Candidate, _ probes: [Probe], _ loss: Double, start: Double?
  ) {
    var bucket = LossyBucket(
      rate: candidate.rate, burst: candidate.burst, loss: loss, start: start)
    for probe in probes { bucket.take(probe) }
    candidate.likelihood = bucket.likelihood
    (candidate.tokens, candidate.lost) = (bucket.tokens, bucket.lost)
    candidate.told = bucket.told
  }

  private static func likelihoodOfChance(_ answered: Int, _ sent: Int) -> Double {
    let share = Double(answered) / Double(sent)
    return Double(answered) * logarithm(share) + Double(sent - answered) * logarithm(1 - share)
  }
}

/// Of a number above 0; Swift's own library has none. The series of the inverse hyperbolic tangent, for what is
/// left when the exponent is taken off.
func logarithm(_ number: Double) -> Double {
  guard number > 0 else { return -.infinity }
  let step = (number.significand - 1) / (number.significand + 1)
  var (sum, power) = (0.0, step)
  for odd in stride(from: 1, through: 31, by: 2) {
    sum += power / Double(odd)
    power *= step * step
  }
  return 2 * sum + Double(number.exponent) * 0.693_147_180_559_945_3
}
