import PacketWire
import ProbeEngine
import Testing

@Suite("All figures of a target")
struct ProbeFiguresTests {
  private static func sent(_ number: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 0) + .seconds(Int64(number))
  }

  /// Probes 3 and 4 are lost, 3 comes late; 6 overtakes 5.
  @Test func eachIsToldWhatItCounts() {
    var figures = ProbeFigures()
    func answer(_ number: UInt64, _ milliseconds: Int64, timeToLive: UInt8 = 60) -> Bool {
      figures.answered(
        number, after: .milliseconds(milliseconds), sentAt: Self.sent(number),
        timeToLive: timeToLive, trafficClass: 0)
    }
    #expect(
      [answer(1, 10), answer(2, 12), answer(6, 20), answer(5, 30)]
        == [Bool](repeating: false, count: 4))
    figures.lost(3, sentAt: Self.sent(3))
    figures.lost(4, sentAt: Self.sent(4))
    #expect(answer(3, 5_000, timeToLive: 59))
    #expect(figures.delays.count == 5 && figures.delays.maximum == .milliseconds(5_000))
    #expect(figures.order.arrived == 5 && figures.order.reordered == 2)
    #expect(figures.variation.magnitudes.count == 3)
    #expect(figures.replyPath.changes.total == 1)
    #expect(figures.outages.outages.values().map(\.lost) == [2])
  }
}

@Suite("What became of the last probes")
struct RecentDelaysTests {
  private func milliseconds(_ count: Int64) -> RecentDelays.Outcome {
    .answered(.milliseconds(count))
  }

  @Test func inOrderOfSending() {
    var recent = RecentDelays(limit: 4)
    #expect(recent.last(4).isEmpty)
    recent.set(1, to: milliseconds(1))
    recent.set(3, to: milliseconds(3))
    #expect(recent.last(4) == [milliseconds(1), .waiting, milliseconds(3)])
    recent.set(2, to: .lost)
    recent.set(5, to: milliseconds(5))
    #expect(recent.last(4) == [.lost, milliseconds(3), .waiting, milliseconds(5)])
    #expect(recent.last(2) == [.waiting, milliseconds(5)] && recent.newest == 5)
    #expect(recent.last(9).count == 4 && recent.last(0).isEmpty)
  }

  @Test func whatIsTooOldIsNoMore() {
    var recent = RecentDelays(limit: 3)
    recent.set(100, to: .lost)
    recent.set(97, to: milliseconds(97))
    recent.set(0, to: milliseconds(0))
    #expect(recent.last(3) == [.waiting, .waiting, .lost])
    recent.set(98, to: milliseconds(98))
    #expect(recent.last(3) == [milliseconds(98), .waiting, .lost])
    recent.set(.max, to: .lost)
    #expect(recent.last(3) == [.waiting, .waiting, .lost])
  }
}
