import PacketTestSupport
import PacketWire
import Testing

@testable import FlowAnalysis

@Suite("streams put in order for those who follow them")
struct FollowingTests {
  private static func segment(
    _ number: UInt32, _ length: Int, flags: TCPHeader.Flags = [.ack], acknowledgment: UInt32 = 0
  ) -> OrderedConnection.Segment {
    OrderedConnection.Segment(
      isFromLow: true, number: number, acknowledgment: acknowledgment, flags: flags, length: length)
  }

  @Test(
    "pieces in any order, repeated and overlapping, across the end of the numbers",
    arguments: 0..<20)
  func anyOrder(_ seed: UInt64) {
    var random = SeededRNG(seed: seed)
    let text = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) }
    let origin = UInt32.max - 1_000
    var connection = OrderedConnection()
    var seen: [UInt8] = []
    func take(_ event: OrderedConnection.Event, _ octets: Span<UInt8>) {
      if event == .octets { seen += Array(copying: octets) } else { Issue.record("\(event)") }
    }
    connection.add(Self.segment(origin, 0, flags: [.syn]), Span()) { take($0, $2) }
    var pieces = stride(from: 0, to: text.count, by: 100).map { $0..<min($0 + 160, text.count) }
    pieces += pieces.shuffled(using: &random).prefix(20)
    // No further from its place than a window of ten.
    for start in stride(from: 0, to: pieces.count, by: 10) {
      for range in pieces[start..<min(start + 10, pieces.count)].shuffled(using: &random) {
        connection.add(
          Self.segment(origin &+ 1 &+ UInt32(range.lowerBound), range.count),
          text[range].span
        ) { take($0, $2) }
      }
    }
    #expect(seen == text)
    #expect(connection.heldOctets == 0)
  }

  @Test("what waits is bounded: then what is before it is missing")
  func bounded() {
    var limits = AnalysisLimits()
    limits.heldOctetsPerStream = 10_000
    var connection = OrderedConnection(limits: limits)
    let octets = [UInt8](repeating: 7, count: 1_000)
    var missing: Int64 = 0
    connection.add(Self.segment(1, 1), octets.span.extracting(0..<1)) { _, _, _ in }
    for index in 0..<100 {
      connection.add(Self.segment(UInt32(1_000 + index * 2_000), 1_000), octets.span) {
        event, _, _ in
        if case .missing(let count) = event { missing += count }
      }
      #expect(connection.heldOctets <= 12_000)
    }
    connection.finish { event, _, _ in if case .missing(let count) = event { missing += count } }
    #expect(missing == 998 + 99 * 1_000)
  }

  @Test("octets that the capture cut are missing, and the end comes once")
  func cut() {
    var connection = OrderedConnection()
    var events: [OrderedConnection.Event] = []
    let octets: [UInt8] = [1, 2, 3]
    connection.add(Self.segment(5, 10), octets.span) { event, _, _ in events.append(event) }
    for _ in 0..<2 {
      connection.add(Self.segment(15, 0, flags: [.ack, .fin]), Span()) { event, _, _ in
        events.append(event)
      }
    }
    #expect(events == [.octets, .missing(7), .end])
  }
}
