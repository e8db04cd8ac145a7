import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Jitter, IPDV and PDV")
struct DelayVariationTests {
  private func variation(_ delays: [(number: UInt64, delay: Int64)]) -> DelayVariation {
    var variation = DelayVariation()
    for (number, delay) in delays { variation.add(Nanoseconds(delay), of: number) }
    return variation
  }

  @Test("as RFC 3550 and numpy have them", arguments: ReferenceStatistics.variations.indices)
  func reference(index: Int) throws {
    let expected = ReferenceStatistics.variations[index]
    var variation = DelayVariation()
    let delays = ReferenceSample.delays(seed: expected.seed, count: expected.count)
    for (place, delay) in delays.enumerated() { variation.add(delay, of: UInt64(place + 1)) }
    #expect(abs(variation.jitter - expected.jitter) < 1e-3)
    #expect(variation.jitterSamples == expected.count - 1)
    #expect(variation.magnitudes.count == expected.count - 1)
    #expect(abs(try #require(variation.meanMagnitude) - expected.meanAbsolute) < 1e-3)
    #expect(variation.minimum.count == expected.minimum)
    #expect(variation.maximum.count == expected.maximum)
    let ninth = try #require(variation.magnitudes.quantile(0.9))
    let off = Double((ninth.count - expected.ninth).magnitude)
    #expect(off <= Double(expected.ninth) * DelayHistogram.relativeError)
  }

  /// A step of 16 ns, then none: 16/16, then 15/16 of what is left at each answer.
  @Test func filter() {
    let two = variation([(1, 100), (2, 116)])
    #expect(two.jitter == 1)
    let three = variation([(1, 100), (2, 116), (3, 116)])
    #expect(three.jitter == 0.9375)
  }

  @Test func nothingAndOne() {
    let none = DelayVariation()
    #expect(none.jitter == 0 && none.jitterSamples == 0 && none.meanMagnitude == nil)
    let one = variation([(1, 100)])
    #expect(one.jitterSamples == 0 && one.magnitudes.count == 0)
  }

  /// Probe 3 is lost: no pair with it (RFC 3393), though jitter goes on from 2 to 4.
  @Test func lossLeavesPairsOut() {
    let all = variation([(1, 100), (2, 130), (4, 110), (5, 90)])
    #expect(all.magnitudes.count == 2 && all.jitterSamples == 3)
    #expect(all.minimum.count == -20 && all.maximum.count == 30 && all.meanMagnitude == 25)
  }

  /// The same pairs whatever the order of arrival; jitter is another.
  @Test func orderOfArrival() {
    let inOrder = variation([(1, 100), (2, 130), (3, 110), (4, 190)])
    let mixed = variation([(3, 110), (1, 100), (4, 190), (2, 130)])
    #expect(mixed.magnitudes == inOrder.magnitudes)
    #expect(mixed.minimum.count == -20 && mixed.maximum.count == 80)
    #expect(mixed.jitter != inOrder.jitter)
  }

  @Test func onlyNearNeighboursAreFound() {
    // 65 took the place of 1, so that 2 finds nobody, and 1 itself is not taken back.
    let far = variation([(1, 100), (65, 110), (2, 120), (1, 130), (66, 140)])
    #expect(far.magnitudes.count == 1 && far.maximum.count == 30)
    // The probe before the first one is none.
    #expect(variation([(1, 100), (64, 5)]).magnitudes.count == 0)
    #expect(variation([(.max, 100), (1, 5)]).magnitudes.count == 0)
  }

  @Test func aboveTheShortest() {
    var histogram = DelayHistogram()
    #expect(histogram.variation(at: 0.5) == nil)
    for delay in [100, 110, 150] as [Int64] { histogram.add(Nanoseconds(delay)) }
    #expect(histogram.variation(at: 0.5)?.count == 10)
    #expect(histogram.variation(at: 1)?.count == 50)
  }
}
