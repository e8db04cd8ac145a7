import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

@Suite("Questions to simulated routers")
struct SimulatedQuestionTests {
  static let text = """
    client a.test 198.18.0.2 2001:db8::2
    router r1.test 198.18.1.1 2001:db8:1::1 interface ge-0 probe clock -7s mask 20 network info delay 4ms/9ms
    site b.test 203.0.113.80 2001:db8:cb::80
    """

  /// The proved answer of the first router, and how long it took.
  private func ask(
    _ question: ProbeQuestion, family: IPFamily
  ) throws -> (reply: QuestionReply, proof: QuestionReply.Proof, roundTrip: Nanoseconds) {
    let isV4 = family == .v4
    let probe = QuestionProbe(
      question, target: try #require(IPAddress(isV4 ? "198.18.1.1" : "2001:db8:1::1")),
      source: try #require(IPAddress(isV4 ? "198.18.0.2" : "2001:db8::2")), identifier: 7,
      cookies: KeyedCookie(key: 1, 2))
    let packet = try ProbePacket(
      from: probe.source, to: probe.target, carrying: isV4 ? .icmp : .icmpv6, timeToLive: 64
    ).octets(payload: probe.message(number: 5).span)
    var network = VirtualNetwork(topology: try Topology(parsing: Self.text))
    var found: (reply: QuestionReply, at: MonotonicInstant)?
    network.run { event, now in
      switch event {
      case .start: return [.send(packet)]
      case .received(let octets):
        // An IPv6 raw socket hands out what stands behind the IP header.
        let message = isV4 ? octets : Array(octets.dropFirst(IPv6Header.length))
        let arrival = probe.decode(
          message.span, framing: isV4 ? .packet : .message,
          fields: ArrivalFields(source: probe.target, timeToLive: nil))
        if case .answer(let reply) = arrival { found = (reply, now) }
      case .timer: break
      }
      return []
    }
    let (reply, instant) = try #require(found)
    return (reply, probe.proof(of: reply, number: 5), Nanoseconds(instant.nanoseconds))
  }

  @Test("the clock is as far behind as was said, between bounds that the delays leave")
  func clock() throws {
    let answer = try ask(.timestamp, family: .v4)
    #expect(answer.proof == .keyed)
    guard case .timestamps(let stamps) = answer.reply.content else { throw NotThat() }
    let offset = try #require(
      ClockOffset(
        stamps, sentAt: WallInstant(nanoseconds: 0), roundTrip: answer.roundTrip))
    #expect(offset.lower <= .seconds(-7) && offset.upper >= .seconds(-7))
    #expect(offset.uncertainty <= .milliseconds(8))
  }

  private struct NotThat: Error {}

  @Test func mask() throws {
    let answer = try ask(.addressMask, family: .v4)
    #expect(answer.proof == .numbersOnly)
    #expect(answer.reply.content == .addressMask(ICMPAddressMask(prefixLength: 20)))
  }

  @Test func information() throws {
    let answer = try ask(.information, family: .v4)
    #expect(answer.proof == .numbersOnly)
    #expect(answer.reply.content == .information && answer.reply.length == 8)
  }

  @Test func nodeInformation() throws {
    let answer = try ask(.nodeInformation(NodeQuestion(.nodeName)), family: .v6)
    let name = NodeInformation.Name(
      try #require(DNSName("r1.test")), isFullyQualified: true)
    #expect(answer.proof == .keyed)
    #expect(answer.reply.content == .node(.names([name], timeToLive: 0)))
  }

  @Test(arguments: IPFamily.allCases)
  func interface(family: IPFamily) throws {
    let state = ICMPInterfaceState(isActive: true, runsIPv4: true, runsIPv6: true)
    for (name, code, expected) in [
      ("ge-0", 0, state), ("ge-9", 2, ICMPInterfaceState(rawValue: 0)),
    ] as [(String, UInt8, ICMPInterfaceState)] {
      let question = InterfaceQuestion(.name(Array(name.utf8)))
      let answer = try ask(.interface(question), family: family)
      #expect(answer.proof == .keyed)
      #expect(answer.reply.content == .interface(code: code, expected))
    }
  }
}
