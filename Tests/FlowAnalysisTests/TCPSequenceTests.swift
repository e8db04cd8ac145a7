@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("What sequence and acknowledgment numbers say")
struct TCPSequenceTests {
  /// An open connection; the next packet is number 4.
  static func opened(
    clientISN: UInt32 = 2_837_462, serverISN: UInt32 = 991_000_001
  ) -> (ConversationBuilder, ConversationBuilder.Connection) {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    (connection.clientISN, connection.serverISN) = (clientISN, serverISN)
    capture.open(&connection)
    return (capture, connection)
  }

  static let ten = [UInt8](repeating: 7, count: 10)

  @Test func acknowledgmentNamesThePacketsItCovers() {
    var (capture, connection) = Self.opened()
    for _ in 0..<3 { capture.send(&connection, .client, [.ack], Self.ten) }
    capture.segment(connection, .server, [], at: 1, acknowledging: 21)
    capture.segment(connection, .server, [], at: 1, acknowledging: 31)
    let facts = follow(capture)
    let marks = facts.map(\.mark)
    #expect(
      facts[6].tcp?.acknowledgment
        == .advances(
          over: 1..<21, packets: TCPPacketSpan(first: marks[3], last: marks[4], count: 2),
          outstanding: 10, unseen: nil))
    #expect(
      facts[7].tcp?.acknowledgment
        == .advances(
          over: 21..<31, packets: TCPPacketSpan(first: marks[5], last: marks[5], count: 1),
          outstanding: 0, unseen: nil))
  }

  @Test("positions do not wrap where sequence numbers do (RFC 9293 section 3.4)")
  func wraparound() {
    var (capture, connection) = Self.opened(clientISN: .max - 14, serverISN: .max)
    for _ in 0..<3 { capture.send(&connection, .client, [.ack], Self.ten) }
    capture.send(&connection, .server, [.ack], Self.ten)
    capture.send(&connection, .client)
    let facts = follow(capture)
    #expect(facts[3...5].map { $0.tcp?.positions } == [1..<11, 11..<21, 21..<31])
    #expect(facts[3...6].allSatisfy { $0.tcp?.data == .inOrder })
    #expect(facts[5].tcp?.sequenceNumber == 6)
    #expect(facts[6].tcp?.positions == 1..<11)
    #expect(
      facts[6].tcp?.acknowledgment
        == .advances(
          over: 1..<31,
          packets: TCPPacketSpan(first: facts[3].mark, last: facts[5].mark, count: 3),
          outstanding: 0, unseen: nil))
  }

  @Test func retransmissionNamesTheFirstSending() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .client, [.ack], Self.ten)
    capture.send(&connection, .client, [.ack], Self.ten)
    capture.wait(.milliseconds(200))
    capture.segment(connection, .client, [], at: 11, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    #expect(
      facts[5].tcp?.data
        == .retransmission(
          TCPRetransmission(
            original: facts[4].mark, duplicateAcknowledgments: 0, acknowledgedBy: nil,
            hasNewOctets: false)))
  }

  @Test func retransmissionThatNobodyNeeded() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .client, [.ack], Self.ten)
    capture.send(&connection, .server)
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    #expect(
      facts[5].tcp?.data
        == .retransmission(
          TCPRetransmission(
            original: facts[3].mark, duplicateAcknowledgments: 0, acknowledgedBy: facts[4].mark,
            hasNewOctets: false)))
  }

  @Test("duplicate acknowledgments are counted, and ask for a retransmission")
  func duplicates() {
    var (capture, connection) = Self.opened()
    for _ in 0..<5 { capture.send(&connection, .server, [.ack], Self.ten) }
    // The client has only the first ten octets, and says so with each that follows.
    for _ in 0..<4 { capture.segment(connection, .client, [], at: 1, acknowledging: 11) }
    capture.segment(connection, .server, [], at: 11, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    #expect(
      facts[9...11].map { $0.tcp?.acknowledgment }
        == (1...3).map {
          .duplicate(position: 11, count: $0)
        })
    #expect(
      facts[12].tcp?.data
        == .retransmission(
          TCPRetransmission(
            original: facts[4].mark, duplicateAcknowledgments: 3, acknowledgedBy: nil,
            hasNewOctets: false)))
  }

  @Test("a repeated acknowledgment with nothing on the way is no duplicate (RFC 5681 section 2)")
  func idleRepetition() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .client)
    #expect(follow(capture)[3].tcp?.acknowledgment == TCPAcknowledgment.none)
  }

  @Test func windowUpdate() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .server, [.ack], Self.ten)
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, window: 600)
    #expect(follow(capture)[4].tcp?.acknowledgment == .windowUpdate(before: 502 << 7))
  }

  @Test func overtakenSegment() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.step = .milliseconds(20)
    capture.open(&connection)
    capture.step = .milliseconds(1)
    capture.segment(connection, .client, [], at: 11, acknowledging: 1, Self.ten)
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, Self.ten)
    capture.segment(connection, .client, [], at: 21, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    #expect(facts[3].tcp?.data == .afterGap(missing: 1..<11))
    #expect(facts[4].tcp?.data == .outOfOrder(gap: facts[3].mark))
    #expect(facts[5].tcp?.data == .inOrder)
  }

  @Test("what fills a gap a round trip later was sent again")
  func filledGap() {
    var (capture, connection) = Self.opened()  // round trip 2 ms
    capture.segment(connection, .client, [], at: 11, acknowledging: 1, Self.ten)
    capture.wait(.milliseconds(5))
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    #expect(facts[4].tcp?.data == .fillsGap(gap: facts[3].mark))
  }

  @Test("a gap filled in two pieces is two fillings, and then none is left")
  func partlyFilledGap() {
    var (capture, connection) = Self.opened()
    capture.segment(connection, .client, [], at: 21, acknowledging: 1, Self.ten)
    capture.segment(connection, .client, [], at: 5, acknowledging: 1, Self.ten)
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, [1, 2, 3, 4])
    capture.segment(connection, .client, [], at: 15, acknowledging: 1, [1, 2, 3, 4, 5, 6])
    capture.segment(connection, .client, [], at: 15, acknowledging: 1, [1, 2, 3, 4, 5, 6])
    let facts = follow(capture)
    for index in 4...6 {
      switch facts[index].tcp?.data {
      case .outOfOrder(let gap), .fillsGap(let gap): #expect(gap.number == 4)
      default: #expect(Bool(false), "packet \(index + 1) fills nothing")
      }
    }
    guard case .retransmission(let again)? = facts[7].tcp?.data else {
      return #expect(Bool(false), "the gap was filled already")
    }
    #expect(again.original?.number == 7)
  }

  @Test func partlyNewSegment() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .client, [.ack], Self.ten)
    capture.segment(connection, .client, [], at: 6, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    guard case .retransmission(let again)? = facts[4].tcp?.data else {
      return #expect(Bool(false), "it overlaps what was sent")
    }
    #expect(again.hasNewOctets && again.original?.number == 4)
  }

  @Test(arguments: [[], [0]] as [[UInt8]])
  func keepAlive(_ data: [UInt8]) {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .client, [.ack], Self.ten)
    capture.send(&connection, .server)
    capture.wait(.seconds(60))
    capture.segment(connection, .client, [], at: 10, acknowledging: 1, data)
    capture.send(&connection, .server)
    let facts = follow(capture)
    #expect(facts[5].tcp?.data == .keepAlive)
    #expect(facts[6].tcp?.acknowledgment == .answersProbe(facts[5].mark))
  }

  @Test("one octet that is not acknowledged yet is sent again, and no keep-alive")
  func oneOctetAgain() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .client, [.ack], [1])
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, [1])
    guard case .retransmission? = follow(capture)[4].tcp?.data else {
      return #expect(Bool(false), "it is a retransmission")
    }
  }

  @Test func closedWindowAndProbe() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .server, [.ack], Self.ten)
    capture.send(&connection, .client, window: 0)
    capture.segment(connection, .server, [], at: 11, acknowledging: 1, [1])
    capture.segment(connection, .client, [], at: 1, acknowledging: 11, window: 0)
    capture.segment(connection, .client, [], at: 1, acknowledging: 11, window: 9)
    capture.segment(connection, .server, [], at: 11, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    #expect(facts[4].tcp?.window.change == .closed)
    #expect(facts[5].tcp?.data == .zeroWindowProbe)
    #expect(facts[6].tcp?.acknowledgment == .answersProbe(facts[5].mark))
    #expect(facts[7].tcp?.window == TCPWindow(octets: 9 << 7, isExact: true, change: .opened))
    #expect(facts[8].tcp?.data == .inOrder)
  }

  @Test("what was acknowledged and not seen is missing from the capture")
  func acknowledgedUnseen() {
    var (capture, connection) = Self.opened()
    capture.segment(connection, .client, [], at: 1, acknowledging: 501)
    capture.segment(connection, .server, [], at: 501, acknowledging: 1, Self.ten)
    capture.segment(connection, .client, [], at: 1, acknowledging: 521)
    let facts = follow(capture)
    #expect(
      facts[3].tcp?.acknowledgment
        == .advances(over: 1..<501, packets: nil, outstanding: 0, unseen: 1..<501))
    #expect(facts[4].tcp?.data == .inOrder)
    guard case .advances(501..<521, _?, 0, 511..<521)? = facts[5].tcp?.acknowledgment else {
      return #expect(Bool(false), "\(String(describing: facts[5].tcp?.acknowledgment))")
    }
  }

  @Test("an acknowledged gap is missing from the capture, and is no gap any more")
  func acknowledgedGap() {
    var (capture, connection) = Self.opened()
    capture.segment(connection, .client, [], at: 11, acknowledging: 1, Self.ten)
    capture.segment(connection, .server, [], at: 1, acknowledging: 21)
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, Self.ten)
    let facts = follow(capture)
    #expect(
      facts[4].tcp?.acknowledgment
        == .advances(
          over: 1..<21,
          packets: TCPPacketSpan(first: facts[3].mark, last: facts[3].mark, count: 1),
          outstanding: 0, unseen: 1..<11))
    guard case .retransmission(let again)? = facts[5].tcp?.data else {
      return #expect(Bool(false), "\(String(describing: facts[5].tcp?.data))")
    }
    #expect(again.original == nil && again.acknowledgedBy == facts[4].mark)
  }

  @Test("a segment without data shows by its number what was not seen")
  func emptySegmentAfterGap() {
    var (capture, connection) = Self.opened()
    capture.segment(connection, .client, [], at: 101, acknowledging: 1)
    capture.segment(connection, .client, [], at: 101, acknowledging: 1, Self.ten)
    capture.segment(connection, .client, [], at: 1 << 31 - 1, acknowledging: 1)
    let facts = follow(capture)
    #expect(facts[3].tcp?.data == .afterGap(missing: 1..<101))
    #expect(facts[4].tcp?.data == .inOrder)
    #expect(facts[5].tcp?.data == .outsideWindow)
  }

  @Test("a sequence number further away than any window is no part of the stream")
  func farAway() {
    var (capture, connection) = Self.opened()
    capture.segment(connection, .client, [], at: 1 << 30 + 2, acknowledging: 1, Self.ten)
    capture.send(&connection, .client, [.ack], Self.ten)
    let facts = follow(capture)
    #expect(facts[3].tcp?.data == .outsideWindow)
    #expect(facts[4].tcp?.data == .inOrder)
  }

  @Test("an acknowledgment of more than any window is not believed")
  func absurdAcknowledgment() {
    var (capture, connection) = Self.opened()
    capture.segment(connection, .server, [], at: 1, acknowledging: 1 << 30 + 3)
    capture.send(&connection, .client, [.ack], Self.ten)
    capture.send(&connection, .server)
    let facts = follow(capture)
    #expect(facts[3].tcp?.acknowledgment == TCPAcknowledgment.none)
    guard case .advances(1..<11, _, 0, nil)? = facts[5].tcp?.acknowledgment else {
      return #expect(Bool(false), "\(String(describing: facts[5].tcp?.acknowledgment))")
    }
  }

  @Test func overtakenAcknowledgment() {
    var (capture, connection) = Self.opened()
    capture.send(&connection, .client, [.ack], Self.ten)
    capture.segment(connection, .server, [], at: 1, acknowledging: 11)
    capture.segment(connection, .server, [], at: 1, acknowledging: 6)
    #expect(follow(capture)[5].tcp?.acknowledgment == .outdated)
  }
}
