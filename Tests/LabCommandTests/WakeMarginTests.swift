import PacketWire
import Testing

@testable import LabCommand

@Suite("The margin before an instant")
struct WakeMarginTests {
  @Test("it covers how late the kernel was, and no more than it may")
  func lateness() {
    var margin = WakeMargin()
    margin.noteLateness(Nanoseconds(80_000))
    #expect(margin.value == Nanoseconds(100_000))
    margin.noteLateness(Nanoseconds(10_000))
    #expect(margin.value == Nanoseconds(100_000))
    margin.noteLateness(.seconds(1))
    #expect(margin.value == WakeMargin.most)
  }

  @Test("it shrinks towards nothing while all is in time")
  func shrinking() {
    var margin = WakeMargin()
    margin.noteLateness(Nanoseconds(80_000))
    var values = [margin.value]
    for _ in 0..<1000 {
      margin.noteSuccess()
      values.append(margin.value)
    }
    #expect(values[1] == Nanoseconds(98_438))
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(margin.value < Nanoseconds(100) && margin.value >= .zero)
  }
}
