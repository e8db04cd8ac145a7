import PacketWire
import Testing

@Suite("Instants and lengths of time")
struct InstantsTests {
  @Test("a difference is later minus earlier")
  func differences() {
    let (early, late) = (MonotonicInstant(nanoseconds: 5), MonotonicInstant(nanoseconds: 12))
    #expect(late - early == Nanoseconds(7) && early - late == Nanoseconds(-7))
    #expect(early < late && !(late < early) && !(early < early))
    let (before, after) = (WallInstant(nanoseconds: -5), WallInstant(nanoseconds: 12))
    #expect(after - before == Nanoseconds(17) && before - after == Nanoseconds(-17))
    #expect(before < after && !(after < before) && !(before < before))
  }

  @Test("a length after an instant")
  func sums() {
    #expect(MonotonicInstant(nanoseconds: 5) + Nanoseconds(7) == MonotonicInstant(nanoseconds: 12))
    #expect(WallInstant(nanoseconds: 5) + Nanoseconds(-7) == WallInstant(nanoseconds: -2))
  }

  @Test func lengths() {
    #expect(Nanoseconds.zero.count == 0)
    #expect(Nanoseconds.milliseconds(3).count == 3_000_000)
    #expect(Nanoseconds.seconds(-2).count == -2_000_000_000)
    #expect(Nanoseconds(5) + Nanoseconds(7) == Nanoseconds(12))
    #expect(Nanoseconds(5) - Nanoseconds(7) == Nanoseconds(-2))
    #expect(Nanoseconds(5) < Nanoseconds(7) && !(Nanoseconds(7) < Nanoseconds(5)))
    #expect(!(Nanoseconds(5) < Nanoseconds(5)))
  }

  @Test("instants that a hostile capture file may hold do not trap")
  func extremes() {
    let (least, most) = (WallInstant(nanoseconds: .min), WallInstant(nanoseconds: .max))
    #expect(most - least == Nanoseconds(-1) && most + Nanoseconds(1) == least)
    let (first, last) = (MonotonicInstant(nanoseconds: .min), MonotonicInstant(nanoseconds: .max))
    #expect(last - first == Nanoseconds(-1) && last + Nanoseconds(1) == first)
    #expect(Nanoseconds(.max) + Nanoseconds(1) == Nanoseconds(.min))
    #expect(Nanoseconds(.min) - Nanoseconds(1) == Nanoseconds(.max))
  }
}
