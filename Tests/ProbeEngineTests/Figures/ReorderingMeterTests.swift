import PacketTestSupport
import ProbeEngine
import Testing

@Suite("Reordering by RFC 4737")
struct ReorderingMeterTests {
  private func meter(_ arrivals: [UInt64]) -> ReorderingMeter {
    var meter = ReorderingMeter()
    for number in arrivals { meter.add(number) }
    return meter
  }

  @Test("as the definition has it", arguments: ReferenceStatistics.reorderings.indices)
  func reference(index: Int) throws {
    let expected = ReferenceStatistics.reorderings[index]
    let meter = meter(ReferenceSample.order(seed: expected.seed, count: expected.count))
    #expect(meter.arrived == expected.arrived && meter.reordered == expected.reordered)
    #expect(meter.largestExtent == expected.largest && meter.clippedExtents == 0)
    #expect(abs(try #require(meter.meanExtent) - expected.mean) < 1e-9)
  }

  /// RFC 4737 §4.2.3's examples are of this kind: 4 comes first, then three that should have before it.
  @Test func extents() {
    var meter = ReorderingMeter()
    let found = [1, 4, 2, 3, 5, 9, 8, 6].map { meter.add($0) }
    #expect(found == [nil, nil, 1, 2, nil, nil, 1, 2])
    #expect(meter.ratio == 0.5 && meter.largestExtent == 2 && meter.meanExtent == 1.5)
  }

  /// Nobody should say so, but then the first answer behind it counts, in the middle of a run.
  @Test func aDuplicate() {
    var meter = meter([1, 2, 3, 4, 5])
    #expect(meter.add(2) == 3)
  }

  @Test func lossIsNoReordering() {
    let meter = meter([3, 4, 9, 10, 1_000_000])
    #expect(meter.reordered == 0 && meter.ratio == 0 && meter.meanExtent == nil)
    #expect(ReorderingMeter().ratio == 0)
  }

  /// More gaps than runs are remembered: what comes from before them counts as far as can be seen.
  @Test func forgottenRuns() {
    var meter = meter((1...100).map { $0 * 2 })
    #expect(meter.add(199) == 1 && meter.clippedExtents == 0)
    #expect(meter.add(1) == 65 && meter.clippedExtents == 1)
    #expect(meter.largestExtent == 65)
  }

  /// A long run in order is one entry: an answer that comes a million late is placed exactly.
  @Test func aLongRunIsRememberedWhole() {
    var meter = ReorderingMeter()
    for number in 2...1_000_000 as ClosedRange<UInt64> { meter.add(number) }
    #expect(meter.add(1) == 999_999 && meter.clippedExtents == 0)
  }
}
