import PacketTestSupport
import PacketWire
import Testing

@testable import ServerShell

@Suite("Deadlines in order")
struct InstantHeapTests {
  @Test(
    "agrees with a plain search, whatever is set, changed and removed",
    arguments: 1...8 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var heap = InstantHeap()
    var model: [Int: MonotonicInstant] = [:]
    for _ in 0..<2000 {
      let place = Int.random(in: 0..<40, using: &random)
      if Int.random(in: 0..<3, using: &random) == 0 {
        heap[place] = nil
        model[place] = nil
      } else {
        let instant = MonotonicInstant(nanoseconds: .random(in: 0..<60, using: &random))
        heap[place] = instant
        model[place] = instant
      }
      #expect(heap[place] == model[place])
      #expect(heap.first?.instant == model.values.min())
      if let first = heap.first { #expect(model[first.place] == first.instant) }
    }
    while let first = heap.first {
      #expect(first.instant == model.values.min())
      heap[first.place] = nil
      model[first.place] = nil
    }
    #expect(model.isEmpty)
  }
}
