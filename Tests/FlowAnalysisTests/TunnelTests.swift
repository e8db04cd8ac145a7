import PacketTestSupport
import PacketWire
import Testing

@testable import FlowAnalysis

@Suite("What comes through tunnels")
struct TunnelTests {
  static func page(_ port: UInt16 = 40_001) -> ConversationBuilder {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(from: "198.18.0.2", port)
    capture.open(&connection)
    capture.send(&connection, .client, text: "GET /x HTTP/1.1\r\nHost: x.test\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.1 204 No Content\r\n\r\n")
    return capture
  }

  @Test(
    "a conversation is followed inside, and the tunnel is told",
    arguments: ConversationBuilder.Tunnel.allCases)
  func inside(tunnel: ConversationBuilder.Tunnel) throws {
    var capture = ConversationBuilder()
    capture.wrap(Self.page(), tunnel)
    let facts = follow(capture)
    #expect(
      lines(facts) == [
        "4: request 1 GET /x", "4: request end 1 0", "5: response 1 204", "5: response end 1 0",
      ])
    let kinds: [ConversationBuilder.Tunnel: TunnelFacts.Kind] = [
      .ip: .ip, .gre: .gre, .vxlan: .vxlan, .geneve: .geneve,
    ]
    for fact in facts {
      let tunnelFacts = try #require(fact.tunnel)
      #expect(tunnelFacts.kind == kinds[tunnel] && tunnelFacts.depth == 1)
      #expect(tunnelFacts.source == address("192.0.2.1"))
      #expect(tunnelFacts.destination == address("192.0.2.2"))
      #expect(fact.flow == FlowID(.tcp, 1))
    }
    #expect(facts[0].source?.address == address("198.18.0.2") && facts[0].hopsLeft == 64)
    #expect(facts[4].length == capture.packets[4].octets.count)
  }

  @Test("the same addresses and ports in two tunnels, and outside, are three flows")
  func apart() {
    var capture = ConversationBuilder()
    capture.wrap(Self.page(), .gre)
    capture.wrap(Self.page(), .gre, to: "192.0.2.3")
    for packet in Self.page().packets { capture.frame(packet.octets) }
    let facts = follow(capture)
    #expect(Set(facts.map(\.flow)) == [FlowID(.tcp, 1), FlowID(.tcp, 2), FlowID(.tcp, 3)])
    #expect(facts.flatMap(\.events).count == 12)
    #expect(
      facts.map { $0.tunnel == nil } == Array(repeating: false, count: 10)
        + Array(repeating: true, count: 5))
  }

  @Test("an error inside of a tunnel is about the packet inside of the same tunnel")
  func errorInside() {
    var inner = Self.page()
    inner.icmp(
      ICMPv4Header(.destinationUnreachable, code: 1), from: "192.0.2.9", to: "198.18.0.2",
      Array(inner.packets[0].octets[14...]))
    var capture = ConversationBuilder()
    capture.wrap(inner, .ip)
    guard case .error(let quoted?)? = follow(capture)[5].icmp?.role else {
      Issue.record("no error")
      return
    }
    #expect(quoted.flow == FlowID(.tcp, 1) && quoted.packet?.number == 1)
  }

  @Test("tunnels within tunnels, as deep as they are read")
  func nested() {
    var capture = Self.page()
    for depth in 1...9 {
      var outer = ConversationBuilder()
      outer.wrap(capture, .gre)
      capture = outer
      let first = follow(capture)[0]
      if depth <= Frame.maximumDepth {
        #expect(first.tunnel?.depth == depth && first.tcp != nil, "\(depth)")
      } else {
        #expect(first.tunnel?.depth == Frame.maximumDepth && first.tcp == nil)
      }
    }
  }

  @Test("what cannot be read inside is told as what is outside, and a snapshot's cut is inside")
  func cut() {
    var capture = ConversationBuilder()
    capture.wrap(Self.page(), .gre)
    capture.cutLast(to: 40)
    capture.wrap(Self.page(), .gre)
    capture.cutLast(to: 14 + 20 + 4 + 20 + 20 + 5)
    let facts = follow(capture)
    #expect(facts[4].tunnel == nil && facts[4].flow?.kind == .ip)
    #expect(facts[9].tunnel != nil && facts[9].cutOctets == 22)
  }
}
