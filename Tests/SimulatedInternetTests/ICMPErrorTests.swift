import PacketWire
import SimulatedInternet
import Testing

@Suite("What routers say, and what they must not say")
struct ICMPErrorTests {
  @Test("a quotation is cut where the error would be too long")
  func quotationLengths() throws {
    for (target, room, maximum) in [
      ("203.0.113.80", 548, 576), ("2001:db8:cb::80", 1232, 1280),
    ] {
      for length in [0, 1, 700, 1232, 1233, 1400] {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let probe = try Probe(to: target, hopLimit: 1).udp(payload: payload)
        let answer = try answer(to: probe)
        #expect(answer.payload == Array(probe.prefix(room)))
        #expect(answer.octets.count == min(maximum, maximum - room + probe.count))
      }
    }
  }

  @Test func headersOfErrors() throws {
    var probe = try Probe(to: "203.0.113.80", hopLimit: 1)
    probe.typeOfService = 0x28
    guard case .ipv4(let header) = try answer(to: probe.udp()).frame.network else {
      Issue.record("not IPv4")
      return
    }
    #expect(header.typeOfService == 0xc0)  // RFC 1812 §4.3.2.5
    #expect(header.timeToLive == 64)
    var network = VirtualNetwork(topology: .default)
    let identifications = try (0..<3).flatMap { _ in
      try answers(to: probe.udp(), in: &network).map { Answer($0.octets).octets[4...5] }
    }
    #expect(Set(identifications).count == 3)
  }

  /// Whether the first router says something about a packet that has no hops left.
  private func isAnswered(_ packet: [UInt8]) throws -> Bool {
    var network = VirtualNetwork(topology: .default)
    let all = answers(to: packet, in: &network)
    let counters = network.internet.counters
    #expect(counters.expired == 1)
    #expect(counters.errorsSent == all.count && counters.errorsSuppressed == 1 - all.count)
    for answer in all { _ = Answer(answer.octets) }
    return !all.isEmpty
  }

  @Test("no error about an ICMP error (RFC 1122 §3.2.2)", arguments: 0...42 as ClosedRange<UInt8>)
  func ipv4Types(type: UInt8) throws {
    let probe = try Probe(to: "203.0.113.80", hopLimit: 1)
    let message = [type, 0, 0, 0, 0, 0, 0, 0] as [UInt8]
    let isError = [3, 4, 5, 11, 12].contains(type)
    #expect(try isAnswered(probe.packet(.icmp, message)) == !isError)
    // A message too short to be one still shows its type; without that it could be an error.
    #expect(try isAnswered(probe.packet(.icmp, [type])) == !isError)
    #expect(try !isAnswered(probe.packet(.icmp, [])))
  }

  @Test(
    "no error about an ICMPv6 error (RFC 4443 §2.4 e.1)",
    arguments: [0, 1, 2, 3, 4, 100, 127, 128, 129, 135, 255] as [UInt8])
  func ipv6Types(type: UInt8) throws {
    let probe = try Probe(to: "2001:db8:cb::80", hopLimit: 1)
    let message = [type, 0, 0, 0, 0, 0, 0, 0] as [UInt8]
    #expect(try isAnswered(probe.packet(.icmpv6, message)) == (type >= 128))
    // Behind an extension header, too.
    let hidden = [58, 0, 1, 4, 0, 0, 0, 0] + message
    #expect(try isAnswered(probe.packet(.destinationOptions, hidden)) == (type >= 128))
  }

  @Test("the first fragment is answered, a later one is not")
  func fragments() throws {
    for (flagsAndOffset, expected) in [(0x2000, true), (0x2001, false), (0x0064, false)]
      as [(UInt16, Bool)]
    {
      var probe = try Probe(to: "203.0.113.80", hopLimit: 1)
      probe.flagsAndOffset = flagsAndOffset
      #expect(try isAnswered(probe.udp()) == expected)
    }
    for (offset, expected) in [(0, true), (8, false)] as [(UInt16, Bool)] {
      let fragment = IPv6FragmentHeader(
        nextHeader: .udp, fragmentOffset: offset, moreFragments: true, identification: 9)
      let body = written(8, fragment.write) + [0x9c, 0x40, 0x82, 0x9a, 0, 8, 0, 0]
      let probe = try Probe(to: "2001:db8:cb::80", hopLimit: 1)
      #expect(try isAnswered(probe.packet(.fragment, body)) == expected)
    }
  }

  @Test func brokenExtensionHeadersAreNotAnswered() throws {
    let probe = try Probe(to: "2001:db8:cb::80", hopLimit: 1)
    #expect(try !isAnswered(probe.packet(.hopByHop, [58, 9, 0, 0, 0, 0, 0, 0])))
  }

  @Test("any protocol is answered, whole or not", arguments: [6, 17, 47, 132] as [UInt8])
  func protocols(number: UInt8) throws {
    for target in ["203.0.113.80", "2001:db8:cb::80"] {
      for body in [[], [1], [1, 2, 3, 4, 5, 6, 7, 8]] as [[UInt8]] {
        let probe = try Probe(to: target, hopLimit: 1)
        #expect(try isAnswered(probe.packet(IPProtocol(rawValue: number), body)))
      }
    }
  }
}
