import PacketTestSupport
import Testing

@testable import ProbeEngine

@Suite("Token buckets fitted to answers")
struct TokenBucketFitTests {
  /// Probes at these rates, a second each, through a bucket that is full at first.
  private func probes(_ rates: [Int], rate: Double, burst: Double) -> [TokenBucketFit.Probe] {
    var (level, now) = (burst, 0.0)
    return rates.flatMap { count in
      (0..<count).map { _ in
        let isAnswered = level >= 1
        if isAnswered { level -= 1 }
        let probe = TokenBucketFit.Probe(seconds: now, isAnswered: isAnswered)
        now += 1 / Double(count)
        level = min(burst, level + rate / Double(count))
        return probe
      }
    }
  }

  @Test("rate and burst come back", arguments: [(0.7, 3), (3.3, 1), (7.7, 12), (33, 25)])
  func exact(rate: Double, burst: Int) throws {
    let sample = probes([5, 11, 57, 57, 41, 41], rate: rate, burst: Double(burst))
    let fit = try #require(TokenBucketFit(sample, fastest: 60))
    #expect(abs(fit.rate / rate - 1) < 0.05 && fit.burst == burst, "\(fit)")
    #expect(fit.rates.contains(rate) && fit.bursts.contains(burst))
    #expect(fit.advantage > 6 && fit.explained > 0.95 && fit.loss < 0.05)
  }

  @Test("a bucket that others had emptied, and that was full later")
  func emptied() throws {
    let sample = probes([16, 16, 1, 1, 1, 1, 1, 1, 1, 1, 16, 16, 16], rate: 2, burst: 7)
    // Those before are another's.
    let later = Array(sample.dropFirst(10))
    let fit = try #require(TokenBucketFit(later, fastest: 60, mayBeginEmpty: true))
    #expect(abs(fit.rate - 2) < 0.1 && fit.burst == 7 && fit.loss < 0.1, "\(fit)")
    let full = try #require(TokenBucketFit(later, fastest: 60))
    #expect(full.advantage < fit.advantage)
  }

  @Test("loss by chance has no advantage as a bucket", arguments: 1...20 as ClosedRange<UInt64>)
  func chance(seed: UInt64) throws {
    var random = SeededRNG(seed: seed)
    let share = Int.random(in: 2...50, using: &random)
    let sample = (0..<150).map { place in
      TokenBucketFit.Probe(
        seconds: Double(place) / 50,
        isAnswered: Int.random(in: 0..<100, using: &random) >= share)
    }
    guard let fit = TokenBucketFit(sample, fastest: 60, leastLoss: Double(share) / 100)
    else { return }
    #expect(fit.advantage < 6 || fit.explained < 0.8, "\(share) %: \(fit)")
  }

  @Test("all or nothing fits any bucket")
  func nothing() {
    let answered = TokenBucketFit.Probe(seconds: 0, isAnswered: true)
    let lost = TokenBucketFit.Probe(seconds: 1, isAnswered: false)
    #expect(TokenBucketFit([], fastest: 100) == nil)
    #expect(TokenBucketFit([answered, answered], fastest: 100) == nil)
    #expect(TokenBucketFit([lost, lost], fastest: 100) == nil)
    #expect(TokenBucketFit([answered, lost], fastest: 100)?.advantage ?? 9 < 0)
    // All at one time, as after a sleep of the machine.
    #expect(
      TokenBucketFit(
        [TokenBucketFit.Probe](
          repeating: TokenBucketFit.Probe(seconds: 5, isAnswered: true), count: 3)
          + [TokenBucketFit.Probe](
            repeating: TokenBucketFit.Probe(seconds: 5, isAnswered: false), count: 9),
        fastest: 100)?.burst == 3)
  }

  @Test(
    "logarithms",
    arguments: [
      (1.0, 0.0), (2.718_281_828_459_045, 1), (0.01, -4.605_170_185_988_091),
      (1e-200, -460.517_018_598_809_14), (1e300, 690.775_527_898_213_7),
    ])
  func logarithms(number: Double, expected: Double) {
    #expect(abs(logarithm(number) - expected) < 1e-12 * max(1, abs(expected)))
    #expect(logarithm(0) == -.infinity)
  }
}
