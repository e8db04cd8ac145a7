@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("DNS queries and answers")
struct DNSTests {
  static let query = DNSMessage(query: name("www.discord.test"), .a, identifier: 0x1234)

  /// The answer to `query` with these records.
  static func answer(
    to query: DNSMessage = query, _ records: [DNSRecord] = [], code: UInt16 = 0,
    authorities: [DNSRecord] = [], flags: UInt16 = 0x8180
  ) -> DNSMessage {
    DNSMessage(
      identifier: query.identifier, flags: flags | code, questions: query.questions,
      answers: records, authorities: authorities)
  }

  static func a(_ owner: String, _ text: String, _ seconds: UInt32 = 300) -> DNSRecord {
    let data: DNSRecordData =
      switch address(text) {
      case .v4(let address): .a(address)
      case .v6(let address): .aaaa(address)
      }
    return DNSRecord(
      name(owner), text.contains(":") ? .aaaa : .a, timeToLive: seconds, data)
  }

  static func alias(_ owner: String, _ target: String, _ seconds: UInt32 = 60) -> DNSRecord {
    DNSRecord(name(owner), .cname, timeToLive: seconds, .name(name(target)))
  }

  @Test func answerIsPairedAndTeaches() throws {
    var capture = ConversationBuilder()
    capture.dns(Self.query)
    capture.dns(Self.answer([Self.a("www.discord.test", "203.0.113.80")]))
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    let facts = follow(capture)
    guard case .answer(let query?, nil)? = facts[1].dns?.role else {
      return #expect(Bool(false), "not paired")
    }
    #expect(query.first == facts[0].mark && query.last == facts[0].mark)
    let result = try #require(facts[1].dns?.result)
    #expect(result.outcome == .found && result.addresses == [address("203.0.113.80")])
    #expect(result.timeToLive == 300 && result.aliases.isEmpty)
    #expect(facts[0].destination?.name == nil)
    #expect(
      facts[2].destination?.name == LearnedName(text: "www.discord.test", number: 2))
    #expect(facts[3].source?.name?.number == 2)
    #expect(facts[0].flow == FlowID(.udp, 1) && facts[1].flow == FlowID(.udp, 1))
    #expect(facts[0].isFromInitiator && !facts[1].isFromInitiator)
  }

  @Test("an address is called by the name that was asked for, not by the alias's")
  func aliases() throws {
    var capture = ConversationBuilder()
    capture.dns(Self.query)
    capture.dns(
      Self.answer([
        Self.a("edge.cdn.test", "203.0.113.80", 20), Self.a("other.test", "203.0.113.99"),
        Self.alias("CDN.test", "edge.cdn.test"), Self.alias("www.discord.test", "cdn.test"),
      ]))
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    let facts = follow(capture)
    let result = try #require(facts[1].dns?.result)
    #expect(result.aliases.map(\.description) == ["cdn.test.", "edge.cdn.test."])
    #expect(result.addresses == [address("203.0.113.80")] && result.timeToLive == 20)
    #expect(facts[2].destination?.name?.text == "www.discord.test")
  }

  @Test("aliases in a circle end")
  func circle() throws {
    var capture = ConversationBuilder()
    capture.dns(Self.query)
    capture.dns(
      Self.answer([
        Self.alias("www.discord.test", "b.test"), Self.alias("b.test", "www.discord.test"),
      ]))
    let result = try #require(follow(capture)[1].dns?.result)
    #expect(result.aliases.count == 16 && result.outcome == .noData)
  }

  static let soa = DNSRecord(
    name("test"), .soa, timeToLive: 60,
    .soa(
      .init(
        primaryServer: name("ns.test"), mailbox: name("a.test"), serial: 1, refresh: 2, retry: 3,
        expire: 4, minimum: 5)))
  static let ns = DNSRecord(name("test"), .ns, timeToLive: 60, .name(name("ns.test")))

  static let outcomes: [(DNSMessage, DNSResult.Outcome)] = [
    (answer(code: 3), .noName), (answer(authorities: [soa]), .noData),
    (answer(), .noData), (answer(code: 2), .failed(code: 2)), (answer(code: 5), .failed(code: 5)),
    (answer(authorities: [ns]), .referral), (answer(authorities: [ns, soa]), .noData),
    (answer(flags: 0x8380), .truncated),
    (answer([a("www.discord.test", "2001:db8::1")]), .noData),
    (answer([alias("www.discord.test", "x.test")], code: 3), .noName),
  ]

  @Test(arguments: outcomes)
  func outcome(of answer: DNSMessage, is outcome: DNSResult.Outcome) {
    var capture = ConversationBuilder()
    capture.dns(Self.query)
    capture.dns(answer)
    #expect(follow(capture)[1].dns?.result?.outcome == outcome)
  }

  @Test func repeatedQuery() {
    var capture = ConversationBuilder()
    capture.dns(Self.query)
    capture.wait(.seconds(5))
    capture.dns(Self.query)
    capture.dns(Self.answer([Self.a("www.discord.test", "203.0.113.80")]))
    capture.dns(Self.answer([Self.a("www.discord.test", "203.0.113.80")]))
    let facts = follow(capture)
    guard case .query(repeats: let before)? = facts[1].dns?.role,
      case .answer(let query?, nil)? = facts[2].dns?.role,
      case .answer(_?, let first?)? = facts[3].dns?.role
    else { return #expect(Bool(false), "not paired") }
    #expect(before == facts[0].mark)
    #expect(query.first == facts[0].mark && query.last == facts[1].mark)
    #expect(first == facts[2].mark)
  }

  @Test("the same question to another server, from another port, is asked again too")
  func otherServer() {
    var capture = ConversationBuilder()
    capture.dns(Self.query)
    var other = DNSMessage(query: name("WWW.discord.test"), .a, identifier: 0x9999)
    other.flags = 0x0100
    capture.dns(other, 50_002, server: "203.0.113.54")
    capture.dns(Self.answer(to: other, code: 3), 50_002, server: "203.0.113.54")
    capture.dns(Self.query, 50_003)
    let facts = follow(capture)
    guard case .query(repeats: let before?)? = facts[1].dns?.role,
      case .query(repeats: nil)? = facts[3].dns?.role
    else { return #expect(Bool(false), "the wish was fulfilled by #3") }
    #expect(before.number == 1)
  }

  @Test(
    "an answer must match its query in all that RFC 5452 section 9.1 asks for", arguments: 0..<5)
  func forgeries(_ index: Int) {
    var capture = ConversationBuilder()
    capture.dns(Self.query)
    var answer = Self.answer([Self.a("www.discord.test", "203.0.113.80")])
    switch index {
    case 0: capture.dns(answer, server: "203.0.113.54")
    case 1: capture.dns(answer, 50_002)
    case 2: capture.dns(answer, client: "198.18.0.3")
    case 3:
      answer.identifier = 0x1235
      capture.dns(answer)
    default:
      answer.questions = [DNSQuestion(name("www.discord.tess"), .a)]
      capture.dns(answer)
    }
    guard case .answer(nil, nil)? = follow(capture)[1].dns?.role else {
      return #expect(Bool(false), "a forgery was believed")
    }
  }

  @Test func overTCPInPieces() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(to: "203.0.113.53", 53)
    capture.open(&connection)
    let messages = [
      Self.query, DNSMessage(query: name("www.discord.test"), .aaaa, identifier: 0x1235),
      Self.answer([Self.a("www.discord.test", "203.0.113.80")]),
    ].map { message -> [UInt8] in
      let octets = [UInt8](capacity: message.length) { message.write(to: &$0) }
      return [UInt8(octets.count >> 8), UInt8(octets.count & 0xff)] + octets
    }
    let queries = messages[0] + messages[1]
    capture.send(&connection, .client, [.ack], Array(queries[..<1]))
    capture.send(&connection, .client, [.ack], Array(queries[1..<40]))
    capture.send(&connection, .client, [.ack], Array(queries[40...]))
    capture.send(&connection, .server, [.ack], messages[2])
    let facts = follow(capture)
    #expect(facts.map { $0.tcp?.stream?.dns.count ?? 0 } == [0, 0, 0, 0, 1, 1, 1])
    // the first message ends within the second piece: 34 octets and two of length
    guard case .answer(let query?, nil)? = facts[6].tcp?.stream?.dns.first?.role else {
      return #expect(Bool(false), "not paired")
    }
    #expect(query.last.number == 5)
  }

  @Test("octets on port 53 that are no message are a datagram with a reason")
  func broken() {
    var capture = ConversationBuilder()
    capture.udp(
      from: (address("198.18.0.2"), 50_001), to: (address("203.0.113.53"), 53), [0, 1, 2])
    guard case .udp(let udp) = follow(capture)[0].content, case .brokenDNS(let error) = udp.service
    else { return #expect(Bool(false), "believed") }
    #expect(error == PacketError(.dns, at: 42, .truncated(needed: 12, available: 3)))
  }

  @Test("multicast DNS teaches by its records, and link-local answers come from anywhere")
  func multicast() {
    var capture = ConversationBuilder()
    var answer = Self.answer([Self.a("printer.local", "198.18.0.7")], flags: 0x8400)
    answer.questions = []
    let octets = [UInt8](capacity: answer.length) { answer.write(to: &$0) }
    capture.udp(
      from: (address("198.18.0.7"), 5353), to: (address("224.0.0.251"), 5353), octets)
    let query = [UInt8](capacity: Self.query.length) { Self.query.write(to: &$0) }
    let reply = Self.answer([Self.a("www.discord.test", "198.18.0.8")])
    capture.udp(
      from: (address("198.18.0.2"), 50_001), to: (address("224.0.0.252"), 5355), query)
    capture.udp(
      from: (address("198.18.0.8"), 5355), to: (address("198.18.0.2"), 50_001),
      [UInt8](capacity: reply.length) { reply.write(to: &$0) })
    capture.icmp(
      ICMPv4Header(.echoRequest, identifier: 1, sequenceNumber: 1), from: "198.18.0.2",
      to: "198.18.0.7")
    let facts = follow(capture)
    #expect(facts[0].dns?.service == .multicast && facts[1].dns?.service == .linkLocalMulticast)
    guard case .answer(let asked?, nil)? = facts[2].dns?.role else {
      return #expect(Bool(false), "not paired")
    }
    #expect(asked.last.number == 2)
    #expect(facts[3].destination?.name == LearnedName(text: "printer.local", number: 1))
  }
}
