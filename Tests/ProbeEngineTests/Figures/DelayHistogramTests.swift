import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeEngine

@Suite("Histograms of delays")
struct DelayHistogramTests {
  private func histogram(_ delays: [Int64]) -> DelayHistogram {
    var histogram = DelayHistogram()
    for delay in delays { histogram.add(Nanoseconds(delay)) }
    return histogram
  }

  /// The ends of every power of two, and of buckets in it.
  private static let edges: [Int64] = (0...43).flatMap { power -> [Int64] in
    let value = Int64(1) << Int64(power)
    let width = max(1, value / 128)
    return [value - 1, value, value + 1, value + width - 1, value + width, value + 77 * width]
  }

  @Test("no delay is more than 1/256 off, and each bucket begins where the one before ends")
  func error() {
    for delay in Self.edges {
      var buckets: [DelayHistogram.Bucket] = []
      histogram([delay, delay + 1]).forEachBucket { buckets.append($0) }
      guard let first = buckets.first, let last = buckets.last else {
        Issue.record("no bucket for \(delay)")
        continue
      }
      #expect(first.lowest.count <= delay && delay <= first.highest.count)
      #expect(last.lowest.count <= delay + 1 && delay + 1 <= last.highest.count)
      let off = Double((first.middle.count - delay).magnitude)
      #expect(off <= Double(delay) * DelayHistogram.relativeError)
      if buckets.count == 2 { #expect(first.highest.count + 1 == last.lowest.count) }
    }
  }

  @Test func shortDelaysAreExact() {
    let all = histogram(Array(0...255))
    for share in [0.01, 0.25, 0.5, 0.99] {
      #expect(all.quantile(share)?.count == Int64(DelayHistogram.rank(of: share, among: 256)) - 1)
    }
  }

  @Test("quantiles as numpy has them", arguments: ReferenceStatistics.quantiles.indices)
  func reference(index: Int) throws {
    let expected = ReferenceStatistics.quantiles[index]
    var histogram = DelayHistogram()
    let delays = ReferenceSample.delays(seed: expected.seed, count: expected.count)
    for delay in delays { histogram.add(delay) }
    let value = try #require(histogram.quantile(expected.share))
    let tolerance = Double(expected.value) * DelayHistogram.relativeError
    #expect(abs(Double(value.count - expected.value)) <= tolerance)
    #expect(histogram.sum.count == delays.reduce(0) { $0 + $1.count })
    #expect(histogram.minimum == delays.min() && histogram.maximum == delays.max())
  }

  @Test(
    "nearest rank",
    arguments: [
      (0.5, 1, 1), (0.5, 2, 1), (0.5, 3, 2), (0.9, 10, 9), (0.99, 100, 99), (0.07, 100, 7),
      (0.99, 101, 100), (0.999, 1_000, 999), (0.0, 10, 1), (1.0, 10, 10), (0.95, 20, 19),
    ])
  func rank(share: Double, count: Int, rank: Int) {
    #expect(DelayHistogram.rank(of: share, among: count) == rank)
  }

  @Test func theEndsAreExact() {
    let few = histogram([1_000_003, 5_000_017, 9_999_991])
    #expect(few.quantile(0.01)?.count == 1_000_003)
    #expect(few.quantile(0.99)?.count == 9_999_991)
    #expect(histogram([1_000_003]).quantile(0.5)?.count == 1_000_003)
    // The middle of their bucket is beyond all of them.
    #expect(histogram([65_536_001, 65_536_002, 65_536_003]).quantile(0.5)?.count == 65_536_003)
    #expect(DelayHistogram().quantile(0.5) == nil)
  }

  @Test func whatIsOutOfRange() {
    let odd = histogram([-5, .min, 0, .max, 1 << 44, 1 << 43])
    #expect(odd.count == 6 && odd.minimum == .zero && odd.maximum.count == .max)
    #expect(odd.sum.count == .max)
    var buckets: [DelayHistogram.Bucket] = []
    odd.forEachBucket { buckets.append($0) }
    #expect(buckets.map(\.count) == [3, 1, 2])
    #expect(buckets.last?.highest.count == 1 << 44 - 1)
    #expect(odd.memorySize == 38 * 1024)
  }

  @Test func memoryGrowsOnlyWithTheRange() {
    #expect(DelayHistogram().memorySize == 0)
    var histogram = DelayHistogram()
    for _ in 0..<100_000 { histogram.add(.milliseconds(20)) }
    #expect(histogram.memorySize == 1024)
    histogram.add(.milliseconds(10))
    histogram.add(.milliseconds(39))
    #expect(histogram.memorySize == 3 * 1024)
    #expect(histogram.count(atMost: .milliseconds(15)) == 1)
    #expect(histogram.count(atMost: .milliseconds(25)) == 100_001)
    #expect(histogram.count(atMost: .milliseconds(9)) == 0)
    #expect(histogram.count(atMost: .milliseconds(39)) == 100_002)
  }

  @Test("two histograms together are the histogram of all", arguments: [1, 2, 3] as [UInt64])
  func merging(seed: UInt64) {
    let delays = ReferenceSample.delays(seed: seed, count: 500).map(\.count)
    var scaled = delays.map { $0 / 1_000 }
    scaled.append(1 << 40)
    for (left, right) in [(delays, scaled), (scaled, delays), ([], delays), (delays, [])] {
      var merged = histogram(left)
      merged.merge(histogram(right))
      let all = histogram(left + right)
      #expect(merged.count == all.count && merged.sum == all.sum)
      #expect(merged.minimum == all.minimum && merged.maximum == all.maximum)
      for share in [0.01, 0.1, 0.5, 0.75, 0.99] {
        #expect(merged.quantile(share) == all.quantile(share))
      }
    }
  }
}
