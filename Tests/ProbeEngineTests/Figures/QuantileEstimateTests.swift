import PacketWire
import Testing

@testable import ProbeEngine

@Suite("Quantiles and what they rest on")
struct QuantileEstimateTests {
  @Test("places as scipy has them", arguments: ReferenceStatistics.ranks.indices)
  func reference(index: Int) {
    let expected = ReferenceStatistics.ranks[index]
    let ranks = BinomialRanks(of: expected.share, among: expected.count)
    #expect(ranks.lower == expected.lower && ranks.upper == expected.upper)
  }

  @Test(
    "how many it takes",
    arguments: [
      (0.5, 6), (0.9, 36), (0.1, 36), (0.95, 72), (0.99, 368), (0.999, 3_688),
    ])
  func needed(share: Double, count: Int) {
    #expect(QuantileEstimate.samplesNeeded(for: share) == count)
    for (samples, isEnough) in [(count - 1, false), (count, true)] {
      let ranks = BinomialRanks(of: share, among: samples)
      #expect((ranks.lower != nil && ranks.upper != nil) == isEnough)
    }
  }

  /// 1, 2 … 100 ns: a delay is its own place.
  @Test func estimates() throws {
    var histogram = DelayHistogram()
    #expect(histogram.estimate(of: 0.5) == nil)
    for delay in 1...100 as ClosedRange<Int64> { histogram.add(Nanoseconds(delay)) }
    let median = try #require(histogram.estimate(of: 0.5))
    #expect(median.value.count == 50 && median.samples == 100 && median.isReliable)
    // The places that tables of the sign test give for 100.
    #expect(median.lower?.count == 40 && median.upper?.count == 61)
    let last = try #require(histogram.estimate(of: 0.99))
    #expect(last.value.count == 99 && last.upper == nil && !last.isReliable)
    #expect(last.lower?.count == 97)
  }

  @Test func aSingleDelayTellsLittle() throws {
    var histogram = DelayHistogram()
    histogram.add(Nanoseconds(7))
    let median = try #require(histogram.estimate(of: 0.5))
    #expect(median.value.count == 7 && median.lower == nil && median.upper == nil)
  }
}
