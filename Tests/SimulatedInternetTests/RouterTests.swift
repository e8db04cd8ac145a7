import PacketWire
import SimulatedInternet
import Testing

@Suite("Routers")
struct RouterTests {
  static let routers = ["198.18.3.1", "2001:db8:3::1"]

  @Test("a router answers echo requests to itself", arguments: routers)
  func echo(router: String) throws {
    var probe = try Probe(to: router, hopLimit: 3)
    probe.typeOfService = 0x48
    let answer = try answer(to: probe.echoRequest(payload: [9, 8, 7, 6, 5]))
    #expect(answer.source == IPAddress(router))
    #expect(answer.payload == [9, 8, 7, 6, 5])
    if case .ipv4(let header) = answer.frame.network {
      #expect(header.typeOfService == 0x48)  // RFC 1812 §4.3.3.6
    }
  }

  @Test("a router has no UDP port open", arguments: routers)
  func udp(router: String) throws {
    let probe = try Probe(to: router).udp(port: 53)
    let answer = try answer(to: probe)
    #expect(answer.source == IPAddress(router))
    #expect(answer.typeAndCode == (router.contains(":") ? [1, 4] : [3, 3]))
  }

  @Test("a router resets TCP connections (RFC 9293 §3.10.7.1)", arguments: routers)
  func tcp(router: String) throws {
    typealias Row = (TCPHeader.Flags, [UInt8], TCPHeader.Flags, UInt32, UInt32)
    let rows: [Row] = [
      (.syn, [], [.rst, .ack], 0, 1001), ([.syn, .fin], [1, 2], [.rst, .ack], 0, 1004),
      (.ack, [], .rst, 5000, 0), ([.syn, .ack], [], .rst, 5000, 0),
    ]
    for (flags, payload, expectedFlags, sequence, acknowledgment) in rows {
      let segment = try Probe(to: router).tcp(flags, acknowledgment: 5000, payload: payload)
      guard case .tcp(let header) = try answer(to: segment).frame.transport else {
        Issue.record("no TCP segment")
        continue
      }
      #expect(header.sourcePort == 80 && header.destinationPort == 50_000)
      #expect(header.flags == expectedFlags)
      #expect(header.sequenceNumber == sequence && header.acknowledgmentNumber == acknowledgment)
    }
  }

  @Test func otherProtocols() throws {
    let ipv4 = try answer(to: Probe(to: "198.18.3.1").packet(IPProtocol(rawValue: 47), [1, 2]))
    #expect(ipv4.typeAndCode == [3, 2])
    let ipv6 = try answer(to: Probe(to: "2001:db8:3::1").packet(IPProtocol(rawValue: 47), [1]))
    #expect(ipv6.typeAndCode == [4, 1])
    guard case .icmpv6(let header) = ipv6.frame.transport else { return }
    #expect(header.pointer == 6)
    // The last of two extension headers names it.
    let options: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0, 47, 0, 1, 4, 0, 0, 0, 0, 5]
    let behind = try answer(to: Probe(to: "2001:db8:3::1").packet(.hopByHop, options))
    guard case .icmpv6(let header) = behind.frame.transport else { return }
    #expect(header.pointer == 48)
    // A fragment header in a packet that is whole (RFC 6946).
    let atomic: [UInt8] = [47, 0, 0, 0, 0, 0, 0, 9, 5]
    let fragment = try answer(to: Probe(to: "2001:db8:3::1").packet(.fragment, atomic))
    guard case .icmpv6(let header) = fragment.frame.transport else { return }
    #expect(header.pointer == 40)
  }

  /// Sends one packet that must stay unanswered and tells what the routers counted.
  private func counters(after packet: [UInt8]) -> SimulatedInternet.Counters {
    var network = VirtualNetwork(topology: .default)
    #expect(answers(to: packet, in: &network).isEmpty)
    var counters = network.internet.counters
    #expect(counters.entered == 1)
    counters.entered = 0
    return counters
  }

  @Test("what a router does not answer", arguments: routers)
  func ignored(router: String) throws {
    var expected = SimulatedInternet.Counters()
    (expected.ignored, expected.forwarded) = (1, 2)
    let probe = try Probe(to: router)
    let reply = try answer(to: probe.echoRequest())
    let number = try #require(reply.frame.protocolNumber)
    // The checksum of ICMPv6 does not change when the addresses change places.
    let echoReply = try probe.packet(number, Array(reply.octets[reply.frame.transportOffset...]))
    #expect(counters(after: echoReply) == expected)
    #expect(counters(after: try probe.tcp(.rst)) == expected)
    #expect(counters(after: try probe.packet(.noNextHeader, [])) == expected)
    #expect(counters(after: try probe.packet(.udp, [1, 2, 3])) == expected)
  }

  @Test func fragmentsForARouter() throws {
    var expected = SimulatedInternet.Counters()
    (expected.ignored, expected.forwarded) = (1, 2)
    for flagsAndOffset in [0x2000, 0x0001] as [UInt16] {
      var probe = try Probe(to: "198.18.3.1")
      probe.flagsAndOffset = flagsAndOffset
      #expect(counters(after: try probe.echoRequest()) == expected)
    }
    let fragment = IPv6FragmentHeader(
      nextHeader: .udp, fragmentOffset: 0, moreFragments: true, identification: 1)
    let body = written(8, fragment.write) + [0, 1, 0, 2, 0, 8, 0, 0]
    #expect(counters(after: try Probe(to: "2001:db8:3::1").packet(.fragment, body)) == expected)
  }

  @Test("a wrong transport checksum is for nobody", arguments: routers)
  func transportChecksum(router: String) throws {
    let probe = try Probe(to: router)
    var expected = SimulatedInternet.Counters()
    (expected.badChecksum, expected.forwarded) = (1, 2)
    for packet in try [probe.echoRequest(), probe.udp(), probe.tcp(.syn, payload: [1])] {
      var damaged = packet
      damaged[damaged.count - 1] ^= 0x10
      #expect(counters(after: damaged) == expected)
    }
  }

  @Test("UDP over IPv4 may go without a checksum (RFC 768)")
  func noChecksum() throws {
    let datagram: [UInt8] = [0, 1, 0, 2, 0, 8, 0, 0]
    #expect(try answer(to: Probe(to: "198.18.3.1").packet(.udp, datagram)).typeAndCode == [3, 3])
    var expected = SimulatedInternet.Counters()
    (expected.badChecksum, expected.forwarded) = (1, 2)
    #expect(counters(after: try Probe(to: "2001:db8:3::1").packet(.udp, datagram)) == expected)
  }

  @Test("every single wrong bit of an IPv4 header is seen")
  func headerChecksum() throws {
    let packet = try Probe(to: "203.0.113.80").udp()
    for bit in 0..<160 {
      var damaged = packet
      damaged[bit / 8] ^= 0x80 >> (bit % 8)
      var network = VirtualNetwork(topology: .default)
      #expect(answers(to: damaged, in: &network).isEmpty)
      let counters = network.internet.counters
      #expect(counters.badChecksum + counters.malformed == 1)
      #expect(counters.delivered == 0)
    }
  }

  @Test("a header is refused for what its fields say")
  func malformed() throws {
    var expected = SimulatedInternet.Counters()
    expected.malformed = 1
    for target in ["203.0.113.80", "2001:db8:cb::80"] {
      let packet = try Probe(to: target).udp(payload: [1, 2, 3])
      for length in 0..<packet.count {
        #expect(counters(after: Array(packet.prefix(length))) == expected)
      }
      for version in [0, 5, 7, 15] as [UInt8] {
        #expect(counters(after: [version << 4 | packet[0] & 0xf] + packet.dropFirst()) == expected)
      }
    }
    // A total length within the header, its checksum right.
    var header = IPv4Header(
      protocolNumber: .udp, from: IPv4Address(198, 18, 0, 2), to: IPv4Address(203, 0, 113, 80))
    header.totalLength = 19
    header.checksum = header.computedChecksum
    #expect(counters(after: written(20, header.write)) == expected)
    #expect(counters(after: [UInt8](repeating: 0x45, count: 65_576)) == expected)
  }

  @Test("padding behind a packet is cut off")
  func padding() throws {
    for target in ["203.0.113.80", "2001:db8:cb::80"] {
      let packet = try Probe(to: target).udp()
      var network = VirtualNetwork(topology: .default)
      let reply = try #require(answers(to: packet + [0, 0, 0], in: &network).first)
      let quoted = Answer(reply.octets).payload
      #expect(quoted.count == packet.count)
    }
  }

  @Test(
    "addresses that are never forwarded, as destination and as source",
    arguments: [
      "0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.251", "239.1.1.1", "240.0.0.1",
      "255.255.255.255", "::", "::1", "ff02::fb", "ff0e::1", "fe80::1", "febf::1",
    ])
  func unroutable(text: String) throws {
    var expected = SimulatedInternet.Counters()
    expected.unroutable = 1
    let address = try #require(IPAddress(text))
    var from = try Probe(
      to: address.family == .v4 ? "203.0.113.80" : "2001:db8:cb::80", hopLimit: 1)
    from.source = address
    #expect(counters(after: try from.udp()) == expected)
    #expect(counters(after: try Probe(to: text, hopLimit: 1).udp()) == expected)
  }

  @Test("a packet that says it comes from the router itself is dropped", arguments: routers)
  func ownSource(router: String) throws {
    var expected = SimulatedInternet.Counters()
    (expected.unroutable, expected.forwarded) = (1, 2)
    let target = router.contains(":") ? "2001:db8:cb::80" : "203.0.113.80"
    #expect(counters(after: try Probe(from: router, to: target).udp()) == expected)
  }

  @Test("nobody hears of an error about a packet from nowhere")
  func unknownSource() throws {
    var expected = SimulatedInternet.Counters()
    (expected.expired, expected.errorsSuppressed) = (1, 1)
    let probe = try Probe(from: "192.0.2.99", to: "203.0.113.80", hopLimit: 1)
    #expect(counters(after: try probe.udp()) == expected)
  }

  @Test("IPv4 options pass, and are quoted")
  func options() throws {
    let client = IPv4Address(198, 18, 0, 2)
    var header = IPv4Header(
      protocolNumber: .udp, from: client, to: IPv4Address(203, 0, 113, 80))
    header.options = try #require(OptionOctets(padding: [0x94, 4, 0, 0]))
    for hopLimit in [2, 64] as [UInt8] {
      header.timeToLive = hopLimit
      try header.fill(payloadLength: 8)
      let packet = written(24, header.write) + [0, 1, 0, 2, 0, 8, 0, 0]
      let answer = try answer(to: packet)
      #expect(answer.typeAndCode == (hopLimit == 2 ? [11, 0] : [3, 3]))
      #expect(answer.payload.count == 32 && answer.payload[20...23] == [0x94, 4, 0, 0])
    }
  }

  @Test("a router without an address of a family forwards it and says nothing in it")
  func oneFamily() throws {
    let topology = try Topology(
      parsing: """
        client c.test 198.18.0.2 2001:db8::2
        router r.test 198.18.1.1
        site s.test 203.0.113.80 2001:db8:cb::80
        """)
    var network = VirtualNetwork(topology: topology)
    #expect(answers(to: try Probe(to: "203.0.113.80", hopLimit: 1).udp(), in: &network).count == 1)
    #expect(
      answers(to: try Probe(to: "2001:db8:cb::80", hopLimit: 1).udp(), in: &network).isEmpty)
    #expect(
      answers(to: try Probe(to: "2001:db8:cb::80", hopLimit: 2).udp(), in: &network).count == 1)
  }
}
