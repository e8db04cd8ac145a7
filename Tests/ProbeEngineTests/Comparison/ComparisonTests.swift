import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeEngine

@Suite("Sizes and flows compared")
struct ComparisonTests {
  private func flow(_ delays: [Int64], sent: Int? = nil) -> FlowComparison.Flow {
    FlowComparison.Flow(
      sent: sent ?? delays.count, received: delays.count, delays: delays.map { Nanoseconds($0) })
  }

  @Test("H is what the ranks by hand give")
  func ranks() throws {
    let two = FlowComparison([flow([1, 2, 3, 4, 5]), flow([6, 7, 8, 9, 10])])
    // Rank sums 15 and 40: 12 / 110 * (45 + 320) - 33.
    #expect(abs(try #require(two.delays).statistic - 6.818181818) < 1e-6)
    #expect(two.delays?.differs == true)
    let tied = FlowComparison([flow([1, 1, 1, 2, 2]), flow([2, 2, 3, 3, 3])])
    // Ranks 2, 5.5 and 9: sums 17 and 38; the correction is 1 - (24 + 60 + 24) / 990.
    let statistic = (12.0 / 110 * (17 * 17 / 5.0 + 38 * 38 / 5.0) - 33) / (1 - 108.0 / 990)
    #expect(abs(try #require(tied.delays).statistic - statistic) < 1e-9)
    #expect(
      FlowComparison([flow([7, 7, 7, 7, 7]), flow([7, 7, 7, 7, 7])]).delays?.statistic == 0)
    #expect(FlowComparison([flow([1, 2, 3, 4]), flow([1, 2, 3, 4, 5])]).delays == nil)
    #expect(FlowComparison([flow([1, 2, 3, 4, 5])]).delays == nil)
  }

  @Test("chi-square of losses is what the table of four gives")
  func losses() throws {
    func lossy(_ received: Int) -> FlowComparison.Flow {
      FlowComparison.Flow(sent: 100, received: received, delays: [])
    }
    // n (ad - bc)^2 / (r1 r2 c1 c2) = 200 * (90 * 30 - 10 * 70)^2 / (100 * 100 * 160 * 40)
    let verdict = try #require(FlowComparison([lossy(90), lossy(70)]).losses)
    #expect(abs(verdict.statistic - 12.5) < 1e-9 && verdict.differs)
    let same = try #require(FlowComparison([lossy(80), lossy(80)]).losses)
    #expect(same.statistic == 0 && !same.differs)
    #expect(FlowComparison([lossy(100), lossy(100)]).losses == nil)
    #expect(FlowComparison([lossy(100), lossy(92)]).losses == nil)
  }

  @Test("the bounds are those of the tables")
  func critical() {
    for (degrees, value) in [(1, 6.635), (2, 9.210), (3, 11.345), (7, 18.475), (15, 30.578)] {
      let found = FlowComparison.critical(degreesOfFreedom: degrees)
      #expect(abs(found - value) / value < 0.015, "\(degrees): \(found)")
    }
  }

  @Test("equal flows are found different about once in a hundred times")
  func falseAlarms() {
    var rng = SeededRNG(seed: 11)
    var alarms = 0
    for _ in 0..<1_000 {
      let flows = (0..<4).map { _ in
        flow((0..<20).map { _ in .random(in: 0...1_000_000, using: &rng) })
      }
      if FlowComparison(flows).delays?.differs == true { alarms += 1 }
    }
    #expect((2...20).contains(alarms), "\(alarms)")
  }

  @Test("neighbouring sizes with the same outcome are one run")
  func runs() {
    var tally = SizeTally(.init(100...400, step: 100))
    for number: UInt64 in [1, 2, 5] { tally.answer(number: number) }
    #expect(
      tally.runs(sent: 6) == [
        .init(lengths: 100...100, outcome: .answered), .init(lengths: 200...200, outcome: .partly),
        .init(lengths: 300...400, outcome: .unanswered),
      ])
    #expect(
      tally.runs(sent: 3) == [
        .init(lengths: 100...200, outcome: .answered),
        .init(lengths: 300...300, outcome: .unanswered),
      ])
    #expect(tally.runs(sent: 0) == [])
  }
}
