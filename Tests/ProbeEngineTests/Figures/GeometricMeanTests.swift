import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("The geometric mean of delays")
struct GeometricMeanTests {
  private func mean(_ delays: [Int64]) -> Double {
    var mean = GeometricMean()
    for delay in delays { mean.add(Nanoseconds(delay)) }
    return mean.value(
      from: Nanoseconds(delays.min() ?? 0), to: Nanoseconds(delays.max() ?? 0))
  }

  @Test(
    "known ones",
    arguments: [
      ([], 0), ([7], 7), ([1_000, 1_000_000_000], 1_000_000), ([2, 4, 8], 4),
      ([1_000_000, 1_000_000, 8_000_000], 2_000_000), ([0, 100], 10), ([0, 0], 1),
      ([3_600_000_000_000, 1], 1_897_366.596101028),
    ] as [([Int64], Double)])
  func known(delays: [Int64], expected: Double) {
    #expect(abs(mean(delays) - expected) <= 0.1)
  }

  @Test("a million of them are no more than one: the product outgrows every number that holds one")
  func many() {
    var mean = GeometricMean()
    for index in 0..<1_000_000 { mean.add(Nanoseconds(index % 2 == 0 ? 40_000_000 : 10_000_000)) }
    #expect(mean.count == 1_000_000)
    let value = mean.value(from: .milliseconds(10), to: .milliseconds(40))
    #expect(abs(value - 20_000_000) < 1)
  }

  @Test("it lies between the shortest delay and the arithmetic mean")
  func between() {
    var random = SeededRNG(seed: 5)
    for _ in 0..<200 {
      let delays = (0..<50).map { _ in Int64.random(in: 1...1_000_000_000, using: &random) }
      let arithmetic = Double(delays.reduce(0, +)) / 50
      let value = mean(delays)
      #expect(value >= Double(delays.min() ?? 0) && value <= arithmetic + 0.1)
      // In any order.
      #expect(abs(mean(delays.shuffled(using: &random)) - value) < 0.2)
    }
  }
}
