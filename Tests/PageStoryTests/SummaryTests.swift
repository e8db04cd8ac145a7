import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@testable import PageStory

@Suite("What a story comes to")
struct SummaryTests {
  static func milliseconds(_ tenths: Int64) -> Nanoseconds { Nanoseconds(tenths * 100_000) }

  @Test func phasesOfAPage() {
    let summary = tell(Scenario.page()).summary
    #expect(summary.packets == 15 && summary.duration == Self.milliseconds(724))
    #expect(summary.octets == Scenario.page().packets.reduce(0) { $0 + $1.octets.count })
    let spans = summary.spans
    #expect(
      spans.map(\.phase) == [
        .linkAddress, .nameLookup, .handshake, .request, .transfer, .teardown,
      ])
    #expect(spans.map(\.numbers) == [1...2, 3...4, 5...7, 8...9, 10...12, 13...15])
    #expect(spans.map(\.packets) == [2, 2, 3, 2, 3, 3])
    #expect(spans.map { $0.start } == [0, 2, 234, 477, 719, 722].map { Self.milliseconds($0) })
    // The request ends with the first octet of the answer, and no ACK makes the transfer longer.
    #expect(spans.map { $0.end } == [1, 233, 476, 719, 720, 723].map { Self.milliseconds($0) })
    #expect(
      spans.map(\.label) == [
        "", "www.discord.test", "www.discord.test port 80", "GET /", "200 OK", "",
      ])
    #expect(spans.reduce(0) { $0 + $1.octets } == summary.octets)
  }

  @Test func handshakeLookupAndExchange() throws {
    let summary = tell(Scenario.page()).summary
    let handshake = try #require(summary.handshakes.first)
    #expect(summary.handshakes.count == 1 && handshake.flow == FlowID(.tcp, 1))
    #expect(handshake.client == Endpoint(address("198.18.0.2"), port: 40_001))
    #expect(handshake.server.name == LearnedName(text: "www.discord.test", number: 4))
    let packets = handshake.packets
    #expect([packets.syn, packets.synAck, packets.ack].map(\.number) == [5, 6, 7])
    let lookup = try #require(summary.lookups.first)
    #expect(lookup.query.number == 3 && lookup.response?.number == 4)
    #expect(lookup.question == "the IPv4 address (A) of www.discord.test")
    #expect(lookup.answer == "www.discord.test has the IPv4 address 203.0.113.80")
    let exchange = try #require(summary.exchanges.first)
    #expect(exchange.request == "GET www.discord.test/" && exchange.status == "200 OK")
    #expect(exchange.requestStart.number == 8 && exchange.requestEnd.number == 8)
    #expect(exchange.responseStart?.number == 10 && exchange.responseEnd?.number == 11)
    #expect(exchange.bodyOctets == 2_000 && !exchange.isIncomplete)
    #expect(summary.unseen.isEmpty && summary.missing.isEmpty && summary.warnings.isEmpty)
  }

  @Test func flows() throws {
    let flows = tell(Scenario.page()).summary.flows
    #expect(flows.map(\.id.description) == ["arp:1", "udp:1", "tcp:1"])
    #expect(flows.map(\.protocolName) == ["ARP", "DNS", "HTTP"])
    #expect(flows.map(\.packets) == [[1, 1], [1, 1], [6, 5]])
    #expect(flows[2].octets == [403, 2_348])
    #expect(flows[2].start == Self.milliseconds(234) && flows[2].end == Self.milliseconds(724))
    #expect(flows[2].responder?.name?.text == "www.discord.test")
  }

  @Test("connections of TLS, by the first hello of each side")
  func encryptions() throws {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(to: "203.0.113.80", 443)
    capture.open(&connection)
    for name in ["a.test", "b.test"] {
      capture.send(&connection, .client, [.ack], TLSOctets.clientHello(server: name))
    }
    capture.send(&connection, .server, [.ack], TLSOctets.serverHello(version: 4))
    var other = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_002, to: "203.0.113.80", 443)
    capture.open(&other)
    capture.send(&other, .server, [.ack], TLSOctets.serverHello(version: 3))
    let found = tell(capture).summary.encryptions
    #expect(found.map(\.flow) == [FlowID(.tcp, 1), FlowID(.tcp, 2)])
    #expect(found.map { $0.clientHello?.number } == [4, nil])
    #expect(found.map { $0.serverHello?.number } == [6, 10])
    #expect(found.map(\.site) == ["a.test", ""])
    #expect(
      found.map(\.agreed) == ["TLS 1.3, TLS_AES_128_GCM_SHA256", "TLS 1.2, TLS_AES_128_GCM_SHA256"])
    let client = try #require(found[0].client)
    #expect(found[0].fingerprints.map(\.name) == ["JA3", "JA4", "JA3S"])
    #expect(found[0].fingerprints.map(\.packet) == [4, 4, 6])
    #expect(found[0].fingerprints[1].value == client.ja4(isQUIC: false))
    #expect(found[1].fingerprints.map(\.name) == ["JA3S"])
    #expect(found[1].fingerprints[0].value == found[1].server?.ja3s)
  }

  @Test("a question that was asked again is one look-up, and one without an answer is missing")
  func lookups() {
    let lookups = tell(Trouble.names()).summary.lookups
    #expect(lookups.map(\.query.number) == [1, 3, 5, 7, 10, 13, 15, 17, 19])
    #expect(lookups.map { $0.response?.number } == [2, 4, 6, 8, 11, 14, 16, 18, nil])
  }

  @Test("a name that comes later names a flow too, and its sides stay")
  func lateRoles() throws {
    let flow = try #require(tell(Trouble.midStream()).summary.flows.first)
    #expect(flow.packets == [3, 2] && flow.beginsMidStream)
    #expect(flow.initiator?.port == 40_001)
  }

  @Test func incompleteAnswers() {
    let captures = [Trouble.reset(), Trouble.cutShort(), Trouble.lostData()]
    let exchanges = captures.compactMap { tell($0).summary.exchanges.first }
    #expect(exchanges.map(\.isIncomplete) == [true, true, false])
    #expect(exchanges.map(\.bodyOctets) == [5, 5, 5_000])
  }
}
