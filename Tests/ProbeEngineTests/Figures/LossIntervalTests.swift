import ProbeEngine
import Testing

@Suite("Wilson's interval for loss")
struct LossIntervalTests {
  @Test("as statsmodels has it", arguments: ReferenceStatistics.wilson.indices)
  func reference(index: Int) {
    let expected = ReferenceStatistics.wilson[index]
    let interval = LossInterval(lost: expected.lost, of: expected.sent)
    #expect(abs(interval.lower - expected.lower) < 1e-12)
    #expect(abs(interval.upper - expected.upper) < 1e-12)
  }

  /// z² ÷ (n + z²): "0 of 5" can be 43 %.
  @Test func nothingLostIsNotNoLoss() {
    let interval = LossInterval(lost: 0, of: 5)
    let square = 1.959963984540054 * 1.959963984540054
    #expect(interval.lower == 0 && interval.ratio == 0)
    #expect(abs(interval.upper - square / (5 + square)) < 1e-15)
    #expect((0.43...0.44).contains(interval.upper))
  }

  @Test("both ends mirror each other", arguments: [1, 2, 7, 100, 12_345])
  func symmetry(sent: Int) {
    for lost in [0, 1, sent / 3, sent] {
      let interval = LossInterval(lost: lost, of: sent)
      let mirrored = LossInterval(lost: sent - lost, of: sent)
      #expect(abs(interval.lower - (1 - mirrored.upper)) < 1e-12)
      #expect(interval.lower <= interval.ratio && interval.ratio <= interval.upper)
      #expect(interval.lower < interval.upper)
    }
    #expect(LossInterval(lost: sent, of: sent).upper == 1)
  }

  @Test func whatCannotBe() {
    let nothing = LossInterval(lost: 0, of: 0)
    #expect(nothing.lower == 0 && nothing.upper == 1 && nothing.ratio == 0)
    #expect(LossInterval(lost: 7, of: 5) == LossInterval(lost: 5, of: 5))
    #expect(LossInterval(lost: -1, of: 5) == LossInterval(lost: 0, of: 5))
    #expect(LossInterval(lost: 0, of: -5) == nothing)
  }
}
