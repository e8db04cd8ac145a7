@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("How connections close (RFC 9293 section 3.6)")
struct TCPClosingTests {
  @Test func threePackets() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, [.ack], TCPSequenceTests.ten)
    capture.close(&connection)
    let facts = follow(capture)
    #expect(facts[4].tcp?.closing?.fin == .first && facts[4].tcp?.closing?.ended == nil)
    #expect(facts[5].tcp?.closing?.fin == .second(after: facts[4].mark))
    #expect(facts[5].tcp?.closing?.acknowledgesFIN == facts[4].mark)
    #expect(facts[5].tcp?.closing?.ended == nil)
    #expect(facts[6].tcp?.closing?.fin == nil)
    #expect(facts[6].tcp?.closing?.acknowledgesFIN == facts[5].mark)
    #expect(
      facts[6].tcp?.closing?.ended
        == TCPClosing.End(lifetime: .milliseconds(6), clientOctets: 10, serverOctets: 0))
  }

  @Test("a half-closed connection goes on carrying data the other way")
  func halfClose() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, [.fin, .ack])
    capture.send(&connection, .server)
    capture.send(&connection, .server, [.ack], TCPSequenceTests.ten)
    capture.send(&connection, .client)
    capture.send(&connection, .server, [.fin, .ack])
    capture.send(&connection, .client)
    let facts = follow(capture)
    #expect(facts[4].tcp?.closing?.acknowledgesFIN == facts[3].mark)
    #expect(facts[5].tcp?.data == .inOrder && facts[5].tcp?.closing == nil)
    #expect(facts[7].tcp?.closing?.fin == .second(after: facts[3].mark))
    #expect(facts[8].tcp?.closing?.ended?.serverOctets == 10)
    #expect(facts[...7].allSatisfy { $0.tcp?.closing?.ended == nil })
  }

  @Test("both FINs cross on the way, and each waits to be acknowledged")
  func crossingFINs() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.segment(connection, .client, [.fin], at: 1, acknowledging: 1)
    capture.segment(connection, .server, [.fin], at: 1, acknowledging: 1)
    capture.segment(connection, .client, [], at: 2, acknowledging: 2)
    capture.segment(connection, .server, [], at: 2, acknowledging: 2)
    let facts = follow(capture)
    #expect(facts[5].tcp?.closing?.acknowledgesFIN == facts[4].mark)
    #expect(facts[5].tcp?.closing?.waitingFIN == facts[3].mark)
    #expect(facts[6].tcp?.closing?.waitingFIN == nil && facts[6].tcp?.closing?.ended != nil)
  }

  @Test func repeatedFIN() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, [.fin, .ack])
    capture.segment(connection, .client, [.fin], at: 1, acknowledging: 1)
    let facts = follow(capture)
    #expect(facts[4].tcp?.closing?.fin == .repeated(facts[3].mark))
  }

  @Test("a FIN counts as one position, with data before it or without")
  func dataWithFIN() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, [.fin, .ack], TCPSequenceTests.ten)
    capture.segment(connection, .server, [], at: 1, acknowledging: 11)
    capture.segment(connection, .server, [], at: 1, acknowledging: 12)
    let facts = follow(capture)
    #expect(facts[3].tcp?.closing?.fin == .first && facts[3].tcp?.positions == 1..<11)
    #expect(facts[4].tcp?.closing == nil)
    #expect(facts[5].tcp?.closing?.acknowledgesFIN == facts[3].mark)
  }

  @Test func reset() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .server, [.ack], TCPSequenceTests.ten)
    capture.send(&connection, .server, [.rst, .ack])
    capture.send(&connection, .client, [.rst])
    let facts = follow(capture)
    #expect(facts[4].tcp?.closing?.reset == .abort)
    #expect(facts[4].tcp?.closing?.ended?.serverOctets == 10)
    #expect(facts[5].tcp?.closing?.reset == .afterEnd && facts[5].tcp?.closing?.ended == nil)
  }

  @Test("a RST from a side that has closed refuses what comes too late")
  func resetAfterFIN() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, [.fin, .ack])
    capture.send(&connection, .server, [.ack], TCPSequenceTests.ten)
    capture.send(&connection, .client, [.rst])
    #expect(follow(capture)[5].tcp?.closing?.reset == .afterEnd)
  }

  @Test("a reset by the server after its SYN-ACK is no refusal")
  func resetAfterSYNACK() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(&connection, .client, [.syn])
    capture.send(&connection, .server, [.syn, .ack])
    capture.send(&connection, .server, [.rst, .ack])
    #expect(follow(capture)[2].tcp?.closing?.reset == .abort)
  }
}
