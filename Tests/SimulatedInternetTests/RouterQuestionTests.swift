import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("Routers that tell their time, their mask and their name")
struct RouterQuestionTests {
  static let text = """
    client a.test 198.18.0.2 2001:db8::2
    router r1.test 198.18.1.1 2001:db8:1::1 far 198.18.1.129 2001:db8:1::81 clock 5s mask 24 network info
    row 2
    site b.test 203.0.113.80 2001:db8:cb::80
    """

  private func topology(without words: String = "") throws -> Topology {
    try Topology(parsing: Self.text.replacing(words, with: ""))
  }

  private func request(
    _ type: ICMPv4Header.MessageType, _ payload: [UInt8], to address: String = "198.18.1.1"
  ) throws -> [UInt8] {
    var header = ICMPv4Header(type, rest: 0xabcd_0005)
    header.fill(payload: payload.span)
    return try Probe(to: address).packet(.icmp, octets(of: header) + payload)
  }

  private func query(
    _ type: NodeInformation.QueryType, flags: NodeInformation.Flags = [],
    about subject: NodeInformation.Subject
  ) throws -> [UInt8] {
    let probe = try Probe(to: "2001:db8:1::1")
    guard case (.v6(let source), .v6(let target)) = (probe.source, probe.destination) else {
      throw NotIPv6()
    }
    let payload = octets(of: NodeInformation(nonce: 0x0102_0304_0506_0708, data: subject.data))
    var header = ICMPv6Header(
      .nodeInformationQuery, code: subject.code,
      rest: UInt32(type.rawValue) << 16 | UInt32(flags.rawValue))
    header.fill(payload: payload.span, from: source, to: target)
    return try probe.packet(.icmpv6, octets(of: header) + payload)
  }

  private struct NotIPv6: Error {}

  @Test("the time of day, as far ahead as was said")
  func time() throws {
    let packet = try request(.timestampRequest, hex("80000007 00000000 00000000"))
    var network = VirtualNetwork(
      topology: try topology(), startingAt: MonotonicInstant(nanoseconds: 86_399_000_000_000))
    let all = answers(to: packet, in: &network)
    let answer = Answer(try #require(all.first).octets)
    guard case .icmpv4(let header) = answer.frame.transport else { throw NotIPv6() }
    #expect(header.type == .timestampReply && header.code == 0 && header.rest == 0xabcd_0005)
    let stamps: ICMPTimestamps = try parse(answer.payload)
    #expect(stamps.originate.rawValue == 0x8000_0007 && stamps.receive == stamps.transmit)
    let milliseconds = try #require(stamps.receive.milliseconds)
    #expect((4_000..<4_100).contains(milliseconds))
    #expect(answer.source == IPAddress("198.18.1.1") && all.count == 1)
  }

  @Test func mask() throws {
    let answer = try answer(to: request(.addressMaskRequest, hex("00000000")), in: topology())
    #expect(answer.typeAndCode == [18, 0] && answer.payload == hex("ffffff00"))
  }

  @Test("an information request is given back as its answer")
  func informationReply() throws {
    let answer = try answer(to: request(.informationRequest, []), in: topology())
    #expect(answer.typeAndCode == [16, 0] && answer.payload.isEmpty)
    guard case .icmpv4(let header) = answer.frame.transport else { throw NotIPv6() }
    #expect(header.rest == 0xabcd_0005 && answer.source == IPAddress("198.18.1.1"))
  }

  @Test("names and addresses")
  func information() throws {
    let own = NodeInformation.Subject.ipv6(try #require(IPv6Address("2001:db8:1::1")))
    let name = try #require(DNSName("R1.test"))
    for (type, flags, subject, code, data) in [
      (.noOperation, [], .name(nil), 0, []),
      (.nodeName, [], own, 0, hex("00000000 027231 0474657374 00")),
      (
        .nodeName, [], .name(NodeInformation.Name(name, isFullyQualified: true)), 0,
        hex("00000000 027231 0474657374 00")
      ),
      (.ipv4Addresses, [], .ipv4(IPv4Address(198, 18, 1, 129)), 0, hex("ffffffff c6120101")),
      (.ipv4Addresses, .all, own, 0, hex("ffffffff c6120101 ffffffff c6120181")),
      (.nodeAddresses, [], own, 0, hex("ffffffff 20010db8000100000000000000000001")),
      (NodeInformation.QueryType(rawValue: 9), [], own, 2, []),
    ]
      as [(
        NodeInformation.QueryType, NodeInformation.Flags, NodeInformation.Subject, UInt8, [UInt8]
      )]
    {
      let answer = try answer(to: query(type, flags: flags, about: subject), in: topology())
      #expect(answer.typeAndCode == [140, code])
      let body: NodeInformation = try parse(answer.payload)
      #expect(body.nonce == 0x0102_0304_0506_0708 && body.data == data)
      guard case .icmpv6(let header) = answer.frame.transport else { throw NotIPv6() }
      #expect(header.informationType == type && header.informationFlags == flags)
    }
  }

  @Test("nothing is said of others, to bad checksums, or by who was not told to")
  func silence() throws {
    let others = try query(.nodeName, about: .ipv4(.loopback))
    var damaged = try request(.addressMaskRequest, hex("00000000"))
    damaged[damaged.count - 1] ^= 1
    let mask = try request(.addressMaskRequest, hex("00000000"))
    let time = try request(.timestampRequest, hex("80000007 00000000 00000000"))
    let information = try request(.informationRequest, [])
    let name = try query(.nodeName, about: .name(nil))
    let short = try request(.timestampRequest, hex("80000007 00000000 000000"))
    for (packet, words) in [
      (others, ""), (damaged, ""), (short, ""), (mask, " mask 24"), (time, " clock 5s"),
      (information, " network"), (name, " info"),
    ] {
      var network = VirtualNetwork(topology: try topology(without: words))
      #expect(answers(to: packet, in: &network).isEmpty, "\(words)")
    }
  }
}
