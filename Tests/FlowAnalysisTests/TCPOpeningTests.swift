@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("How connections open (RFC 9293 section 3.5)")
struct TCPOpeningTests {
  @Test func threePacketsAreNamed() throws {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.frame([UInt8](repeating: 0, count: 60))  // so that numbers are no indices
    capture.send(&connection, .client, [.syn], options: [2, 4, 0x05, 0xb4, 4, 2, 3, 3, 7, 1])
    capture.wait(.milliseconds(23))
    capture.send(
      &connection, .server, [.syn, .ack], options: [2, 4, 0x05, 0x78, 4, 2, 3, 3, 9, 1])
    capture.wait(.milliseconds(4))
    capture.send(&connection, .client)
    let facts = follow(capture)
    let handshake = try #require(facts[3].tcp?.handshake)
    #expect([handshake.syn, handshake.synAck, handshake.ack].map(\.number) == [2, 3, 4])
    #expect(handshake.serverRoundTrip == .milliseconds(24))
    #expect(handshake.clientRoundTrip == .milliseconds(5))
    #expect(handshake.duration == .milliseconds(29))
    #expect(handshake.clientOffer.maximumSegmentSize == 1460)
    #expect(handshake.serverOffer.maximumSegmentSize == 1400)
    #expect(handshake.clientOffer.windowScale == 7 && handshake.serverOffer.windowScale == 9)
    #expect(handshake.usesWindowScale && handshake.usesSACK && !handshake.usesTimestamps)
    #expect(handshake.clientOffer.initialSequenceNumber == 2_837_462)
    #expect(handshake.serverOffer.initialSequenceNumber == 991_000_001)
    #expect(facts.map(\.flow) == [nil] + Array(repeating: FlowID(.tcp, 1), count: 3))
    #expect(facts[1...].map(\.isFromInitiator) == [true, false, true])
    #expect(facts[1...].map(\.isFirstOfFlow) == [true, false, false])
    #expect(facts[2].tcp?.handshake == nil)
    guard case .synAck(_, let request, 1)? = facts[2].tcp?.opening else {
      return #expect(Bool(false), "no SYN-ACK")
    }
    #expect(request?.number == 2)
  }

  @Test func windowsAreScaledAfterTheHandshakeOnly() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    let windows = follow(capture).compactMap(\.tcp?.window)
    #expect(windows.map(\.octets) == [64_240, 65_160, 502 << 7])
    #expect(windows.map(\.isExact) == [false, false, true])
  }

  @Test("a window scale that only one side offers counts for none (RFC 7323 section 2.2)")
  func oneSidedScale() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(&connection, .client, [.syn], options: [3, 3, 7, 0])
    capture.send(&connection, .server, [.syn, .ack])
    capture.send(&connection, .client)
    let facts = follow(capture)
    #expect(facts[2].tcp?.window.octets == 502)
    #expect(facts[2].tcp?.handshake?.usesWindowScale == false)
  }

  @Test(
    "congestion notification is agreed by both flags, then one (RFC 3168 section 6.1.1)",
    arguments: [
      ([.ece, .cwr], [.ece], true), ([.ece, .cwr], [], false),
      ([.ece, .cwr], [.ece, .cwr], false),
      ([], [.ece], false), ([.ece], [.ece], false),
    ] as [(TCPHeader.Flags, TCPHeader.Flags, Bool)])
  func congestionNotification(
    client: TCPHeader.Flags, server: TCPHeader.Flags, isAgreed: Bool
  ) {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(&connection, .client, client.union(.syn))
    capture.send(&connection, .server, server.union([.syn, .ack]))
    capture.send(&connection, .client)
    let handshake = follow(capture)[2].tcp?.handshake
    #expect(handshake?.usesCongestionNotification == isAgreed)
  }

  @Test func unansweredSYNIsSentAgain() {
    var capture = ConversationBuilder()
    let connection = ConversationBuilder.Connection()
    for _ in 0..<3 {
      capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
      capture.wait(.seconds(1))
    }
    let facts = follow(capture)
    #expect(facts.allSatisfy { $0.flow == FlowID(.tcp, 1) })
    let counts = facts[1...].map { facts -> [Int] in
      guard case .synAgain(let first, let count)? = facts.tcp?.opening else { return [] }
      return [first.number, count]
    }
    #expect(counts == [[1, 1], [1, 2]])
  }

  @Test func handshakeAfterRepetitionsNamesTheFirstOfEach() throws {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(&connection, .client, [.syn])
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.wait(.milliseconds(10))
    capture.send(&connection, .server, [.syn, .ack])
    capture.wait(.milliseconds(30))
    capture.segment(connection, .server, [.syn], at: 0, acknowledging: 1)
    capture.wait(.milliseconds(5))
    capture.send(&connection, .client)
    let facts = follow(capture)
    guard case .synAck(_, let request, 2)? = facts[2].tcp?.opening else {
      return #expect(Bool(false), "two SYNs came before")
    }
    #expect(request?.number == 2)
    guard case .synAckAgain(let first)? = facts[3].tcp?.opening else {
      return #expect(Bool(false), "no repeated SYN-ACK")
    }
    #expect(first.number == 3)
    let handshake = try #require(facts[4].tcp?.handshake)
    #expect([handshake.syn, handshake.synAck, handshake.ack].map(\.number) == [1, 3, 5])
    #expect(handshake.serverRoundTrip == .milliseconds(11))
    #expect(handshake.clientRoundTrip == .milliseconds(6))
    #expect(handshake.duration == .milliseconds(49))
  }

  @Test func refusal() {
    var capture = ConversationBuilder()
    let connection = ConversationBuilder.Connection()
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.segment(connection, .server, [.rst], at: -991_000_001, acknowledging: 1)
    let tcp = follow(capture)[1].tcp
    #expect(tcp?.sender == .server)
    #expect(
      tcp?.closing?.reset == .refusal(of: PacketMark(number: 1, time: capture.packets[0].time)))
    #expect(tcp?.closing?.ended?.lifetime == .milliseconds(1))
  }

  @Test("the third packet may carry the request")
  func dataInThirdPacket() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(&connection, .client, [.syn])
    capture.send(&connection, .server, [.syn, .ack])
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\n\r\n")
    let facts = follow(capture)
    #expect(facts[2].tcp?.handshake?.ack.number == 3)
    #expect(lines(facts) == ["3: request 1 GET /", "3: request end 1 0"])
  }

  @Test func simultaneousOpen() {
    var capture = ConversationBuilder()
    let connection = ConversationBuilder.Connection()
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.segment(connection, .server, [.syn], at: 0, acknowledging: nil)
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: 1)
    capture.segment(connection, .server, [.syn], at: 0, acknowledging: 1)
    let facts = follow(capture)
    #expect(Set(facts.map(\.flow)) == [FlowID(.tcp, 1)])
    guard case .simultaneousSYN(_, let peer)? = facts[1].tcp?.opening,
      case .simultaneousSYNACK(let first)? = facts[2].tcp?.opening,
      case .simultaneousSYNACK(let second)? = facts[3].tcp?.opening
    else { return #expect(Bool(false), "not a simultaneous open") }
    #expect([peer.number, first?.number, second?.number] == [1, 2, 1])
    #expect(facts.allSatisfy { $0.tcp?.handshake == nil })
  }

  @Test("a SYN with another number on the same ports begins another connection")
  func portsUsedAgain() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    capture.close(&connection)
    var second = ConversationBuilder.Connection()
    second.clientISN &+= 77
    second.serverISN &+= 99
    capture.open(&second)
    let facts = follow(capture)
    #expect(facts.compactMap(\.flow?.ordinal) == [1, 1, 1, 1, 1, 1, 2, 2, 2])
    #expect(facts[8].tcp?.handshake?.syn.number == 7)
  }

  @Test("a late copy of the SYN begins nothing")
  func lateCopy() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    #expect(follow(capture).allSatisfy { $0.flow?.ordinal == 1 })
  }

  @Test("a capture that begins in the middle: the side with the low port is likely the server")
  func midStream() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    (connection.clientNext, connection.serverNext) = (5_000, 9_000)
    capture.send(&connection, .server, [.psh, .ack], [1, 2, 3])
    capture.send(&connection, .client)
    let facts = follow(capture)
    #expect(facts[0].tcp?.sender == .server && facts[0].tcp?.roles == .likely)
    #expect(facts.map { $0.tcp?.beginsMidStream } == [true, false])
    #expect(facts[0].tcp?.positions == 1..<4)
    #expect(
      facts[1].tcp?.acknowledgment
        == .advances(
          over: 1..<4,
          packets: TCPPacketSpan(first: facts[0].mark, last: facts[0].mark, count: 1),
          outstanding: 0, unseen: nil))
    #expect(facts[1].tcp?.handshake == nil && facts[1].tcp?.window.isExact == false)
  }

  @Test("a request settles who is the client, whatever the ports")
  func requestSettlesRoles() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 8_081, to: "198.18.0.9", 8_080)
    (connection.clientNext, connection.serverNext) = (5_000, 9_000)
    capture.send(&connection, .server)  // seen first, so called client until it is known better
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.1 204 No Content\r\n\r\n")
    let facts = follow(capture)
    #expect(facts.map { $0.tcp?.roles } == [.unknown, .certain, .certain])
    #expect(facts.map { $0.tcp?.sender } == [.client, .client, .server])
    #expect(facts[1].isFromInitiator && !facts[2].isFromInitiator)
    #expect(lines(facts).last == "3: response end 1 0")
  }

  @Test func overIPv6() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "2001:db8:1::2", 40_001, to: "2001:db8:2::80", 80)
    capture.open(&connection)
    let facts = follow(capture)
    #expect(facts[2].tcp?.handshake?.synAck.number == 2)
    #expect(facts[2].destination == Endpoint(address("2001:db8:2::80"), port: 80))
  }
}
