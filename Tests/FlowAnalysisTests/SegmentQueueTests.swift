@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("Tables of conversations beside plain ones")
struct SegmentQueueTests {
  /// The same as the pool of queues, one segment after the other.
  private struct PlainQueue {
    var segments: [UnacknowledgedSegments.Segment] = []

    mutating func acknowledge(_ number: UInt32) -> Int? {
      var match: Int?
      segments = segments.compactMap { segment in
        var segment = segment
        guard segment.end.isBehind(number) else {
          if segment.end == number { match = match ?? segment.packet }
          return nil
        }
        if number.isBehind(segment.start) { segment.start = number }
        return segment
      }
      return match
    }

    var extent: Int {
      guard let low = segments.map(\.start).min(), let high = segments.map(\.end).max() else {
        return 0
      }
      return Int(high - low)
    }
  }

  @Test("queues in one pool keep what plain lists keep", arguments: 0..<20 as Range<UInt64>)
  func queues(_ seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var pool = UnacknowledgedSegments(capacity: 10_000)
    var queues = [UnacknowledgedSegments.Queue](repeating: .init(), count: 3)
    var plain = [PlainQueue](repeating: PlainQueue(), count: 3)
    var next: [UInt32] = [1000, 1000, 1000]
    for packet in 1...600 {
      let which = Int.random(in: 0..<3, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        // Now and then one that was sent before.
        let back = UInt32.random(in: 0..<4, using: &random) == 0 ? UInt32(200) : 0
        let start = next[which] - back
        let segment = UnacknowledgedSegments.Segment(
          start: start, end: start + UInt32.random(in: 1...300, using: &random), packet: packet,
          time: WallInstant(nanoseconds: Int64(packet)))
        pool.append(segment, to: &queues[which])
        plain[which].segments.append(segment)
        next[which] = max(next[which], segment.end)
      case 5..<9:
        let ends = plain[which].segments.map(\.end) + [next[which] - 50]
        guard let number = ends.randomElement(using: &random) else { continue }
        let match = pool.acknowledge(number, in: &queues[which])
        #expect(match?.packet == plain[which].acknowledge(number))
      default:
        pool.removeAll(of: &queues[which])
        plain[which] = PlainQueue()
      }
      #expect(pool.extent(of: queues[which], from: 0) == plain[which].extent)
    }
  }

  @Test("a pool that is full takes no more, and what is given back can be used again")
  func fullPool() {
    var pool = UnacknowledgedSegments(capacity: 2)
    var queue = UnacknowledgedSegments.Queue()
    for start in [0, 10, 20] as [UInt32] {
      pool.append(
        .init(start: start, end: start + 10, packet: 1, time: WallInstant(nanoseconds: 0)),
        to: &queue)
    }
    #expect(pool.extent(of: queue, from: 0) == 20)
    pool.removeAll(of: &queue)
    pool.append(
      .init(start: 50, end: 53, packet: 1, time: WallInstant(nanoseconds: 0)), to: &queue)
    #expect(pool.extent(of: queue, from: 0) == 3)
  }

  @Test("a connection is kept in few hundred octets")
  func size() {
    #expect(MemoryLayout<FlowTable<Conversations.Connection>.Slot>.stride <= 400)
    #expect(MemoryLayout<FlowTable<TrafficOfEnds>.Slot>.stride <= 144)
  }

  @Test("the index of flows finds what a dictionary finds", arguments: 0..<10 as Range<UInt64>)
  func index(_ seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var table = FlowTable<UInt16>(capacity: 200)
    var places: [UInt16: Int] = [:]
    for _ in 0..<4000 {
      let port = UInt16.random(in: 0..<500, using: &random)
      let found = table.slot(of: TableTests.key(port))
      #expect(found == places[port])
      guard found == nil || Bool.random(using: &random) else { continue }
      var retired: UInt16?
      let place = table.insert(TableTests.key(port), port) { retired = $0.state }
      // One that was superseded makes room later, and takes nothing with it.
      if let retired, places[retired] == place { places[retired] = nil }
      places[port] = place
    }
    for (port, place) in places { #expect(table.slots[place].state == port) }
    #expect(places.count <= 200)
  }
}
