import PacketWire

/// A hop in a search for limits: the trains that it was sent and is to be sent.
struct RatedHop: Sendable {
  /// What is next.
  enum Stage: Hashable, Sendable {
    /// A faster train.
    case waiting
    /// That train is sent or answered.
    case raising
    /// A slower train, to see how many errors come in the long run.
    case limited
    /// That train is sent or answered.
    case lowering
    /// Nothing.
    case done
  }

  /// Probes at one rate.
  struct Train: Hashable, Sendable {
    /// Probes a second.
    var rate: Double
    /// How many are still to be sent.
    var left: Int
    /// When the next one is due.
    var nextAt: MonotonicInstant
    /// The place of its first probe among the hop's.
    var first: Int
  }

  let timeToLive: Int
  var stage = Stage.waiting
  /// All probes to the hop.
  var numbers: [Int]
  var train: Train?
  /// The place of the next rate to try.
  var step = 0
  var fastest: Double?
  var addresses: [IPAddress]
  var slowestAnswer: Nanoseconds
  var fit: TokenBucketFit?
  /// The slower train waits until its bucket is full again.
  var restsUntil = MonotonicInstant(nanoseconds: 0)
  /// The answers a second of the last train, if it lost surely more than those before it.
  var drop: Double?
  /// The smallest share that a train lost.
  var leastLoss: Double?
  var finding: HopRateLimit.Finding?

  init(
    _ timeToLive: Int, numbers: [Int], addresses: [IPAddress], slowestAnswer: Nanoseconds,
    _ finding: HopRateLimit.Finding?
  ) {
    (self.timeToLive, self.numbers, self.addresses) = (timeToLive, numbers, addresses)
    (self.slowestAnswer, self.finding) = (slowestAnswer, finding)
    if finding != nil { stage = .done }
  }

  /// A train is sent, or its answers are waited for.
  var isAtWork: Bool { stage == .raising || stage == .lowering }

  /// Longer than its answers have taken: what is not there by then counts as not answered, unless it comes.
  var wait: Nanoseconds { max(Nanoseconds(slowestAnswer.count * 3), .milliseconds(300)) }

  /// The answers show a limit.
  var isLimited: Bool {
    guard let fit else { return false }
    return fit.advantage >= Self.leastAdvantage && fit.explained >= Self.leastExplained
  }

  /// An advantage over chance that makes a limit: 400 to 1.
  private static let leastAdvantage = 6.0
  /// A bucket that tells less explains nothing.
  private static let leastExplained = 0.8

  /// What is known if nothing more is sent.
  var likelyFinding: HopRateLimit.Finding {
    if let fit, isLimited { .limited(fit) } else { .unfinished }
  }

  mutating func end(_ finding: HopRateLimit.Finding) {
    (self.finding, stage, train) = (finding, .done, nil)
  }
}

extension RateLimitTrace.Configuration {
  /// The rates that are tried one after the other, in probes a second: twice as fast each time.
  var rates: [Double] {
    var rates: [Double] = []
    var rate = Self.slowestRate
    // The last step is no smaller than a quarter.
    while rate * 1.25 < Double(highestRate) {
      rates.append(rate)
      rate *= 2
    }
    return rates + [Double(highestRate)]
  }

  /// How many probes a train has: half a second's, and of the fastest one and a half's, to empty a bucket.
  func count(ofStep step: Int) -> Int {
    let rate = rates[min(step, rates.count - 1)]
    return step + 1 < rates.count ? max(4, Int(rate / 2)) : max(24, Int(rate * 1.5))
  }
}
