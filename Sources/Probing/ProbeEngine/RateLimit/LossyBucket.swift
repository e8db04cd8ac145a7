/// A token bucket on a path that loses packets: how likely it makes what became of probes.
///
/// A lost probe has taken a token only if the loss was behind the router. So there are two beliefs about the
/// bucket: one in which lost probes have taken tokens, and one in which they have not.
struct LossyBucket {
  /// The logarithm of the likelihood of all that was taken in.
  var likelihood: Double { sum + logarithm(product) }
  /// Probes that there was most likely a token for, and how many of them were not answered.
  private(set) var tokens = 0
  private(set) var lost = 0
  /// Probes that went as was most likely.
  private(set) var told = 0

  private let rate: Double
  private let size: Double
  private let passing: Double
  /// How many tokens there are if lost probes have taken theirs, and if not.
  private var fewest: Double
  private var most: Double
  /// How likely the second is.
  private var belief = 0.5
  private var last: Double?
  private var sum = 0.0
  /// Of the latest likelihoods, so that few logarithms are needed.
  private var product = 1.0

  /// So much of a token may be missing, or spare: probes do not keep their distance on the way.
  static let slack = 0.1
  /// The chance of an answer that there is no token for.
  private static let wonder = 0.005

  /// A bucket with `start` tokens, or else a full one; of what it lets pass the share `loss` is lost.
  init(rate: Double, burst: Int, loss: Double, start: Double? = nil) {
    (self.rate, size, passing) = (rate, Double(burst), 1 - loss)
    let start = min(start ?? size, size)
    (fewest, most) = (start + Self.slack, start + Self.slack)
  }

  /// How likely there is a token at that level; a full bucket has one to spare by what ran over.
  private static func chance(_ level: Double) -> Double {
    min(max((level - 1) / (2 * slack) + 0.5, 0), 1)
  }

  mutating func take(_ probe: TokenBucketFit.Probe) {
    let fresh = rate * (probe.seconds - (last ?? probe.seconds))
    last = probe.seconds
    let (ofFewest, ofMost) = (Self.chance(fewest + fresh), Self.chance(most + fresh))
    (fewest, most) = (min(size, fewest + fresh), min(size, most + fresh))
    let token = belief * ofMost + (1 - belief) * ofFewest
    let answer = max(passing * token, Self.wonder)
    note(probe.isAnswered ? answer : 1 - answer)
    if token > 0.5 { tokens += 1 }
    if probe.isAnswered == (token > 0.5) { told += 1 }
    guard !probe.isAnswered else {
      if token > 0 { belief = belief * ofMost / token }
      (fewest, most) = (max(fewest, 1) - 1, max(most, 1) - 1)
      return
    }
    if token > 0.5 { lost += 1 }
    let silence = 1 - passing * token
    belief = belief * (1 - passing * ofMost) / max(silence, 1e-9)
    if ofFewest > 0.5 {
      // Before the router, or behind it: nobody knows.
      fewest = max(fewest - 1, 0)
      belief = 0.5
    } else if belief < 0.1 {
      (most, belief) = (fewest, 0.5)
    }
  }

  private mutating func note(_ likelihood: Double) {
    product *= likelihood
    guard product < 1e-200 else { return }
    sum += logarithm(product)
    product = 1
  }
}
