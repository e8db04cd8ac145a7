import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("The path of the default topology")
struct PathTests {
  static let v4Hops = (1...11).map { "198.18.\($0).1" } + ["203.0.113.80"]
  static let v6Hops = (1...11).map { "2001:db8:\($0)::1" } + ["2001:db8:cb::80"]
  /// There and back, in microseconds: twice the sum of the delays of defaultText.
  static let microseconds: [Int64] = [
    600, 5_000, 6_000, 7_000, 8_000, 8_600, 11_600, 17_600, 20_600, 21_600, 23_000, 24_000,
  ]

  @Test("each time to live ends at its router, after exactly its delay", arguments: 1...12)
  func ipv4Hop(hop: Int) throws {
    let probe = try Probe(to: "203.0.113.80", hopLimit: UInt8(hop)).udp()
    var network = VirtualNetwork(topology: .default)
    let reply = try #require(answers(to: probe, in: &network).first)
    let answer = Answer(reply.octets)
    #expect(answer.source?.description == Self.v4Hops[hop - 1])
    #expect(answer.destination?.description == "198.18.0.2")
    #expect(answer.typeAndCode == (hop < 12 ? [11, 0] : [3, 3]))
    #expect(reply.after.count == Self.microseconds[hop - 1] * 1000)
    #expect(answer.hopLimit == 64 - UInt8(hop - 1))
    #expect(answer.payload == quotation(of: probe, hop: hop))
  }

  @Test("each hop limit ends at its router, after exactly its delay", arguments: 1...12)
  func ipv6Hop(hop: Int) throws {
    let probe = try Probe(to: "2001:db8:cb::80", hopLimit: UInt8(hop)).udp()
    var network = VirtualNetwork(topology: .default)
    let reply = try #require(answers(to: probe, in: &network).first)
    let answer = Answer(reply.octets)
    #expect(answer.source == IPAddress(Self.v6Hops[hop - 1]))
    #expect(answer.typeAndCode == (hop < 12 ? [3, 0] : [1, 4]))
    #expect(reply.after.count == Self.microseconds[hop - 1] * 1000)
    #expect(answer.hopLimit == 64 - UInt8(hop - 1))
    #expect(answer.payload == quotation(of: probe, hop: hop))
  }

  /// What the router at `hop` sees: one hop less for each router before it, and no other change.
  private func quotation(of probe: [UInt8], hop: Int) -> [UInt8] {
    var expected = probe
    if probe[0] >> 4 == 6 {
      expected[7] = 1
      return expected
    }
    expected[8] = 1
    (expected[10], expected[11]) = (0, 0)
    var sum = InternetChecksum()
    sum.add(expected.span.extracting(first: 20))
    (expected[10], expected[11]) = (UInt8(sum.value >> 8), UInt8(sum.value & 0xff))
    return expected
  }

  @Test("an echo comes back whole", arguments: ["203.0.113.80", "2001:db8:cb::80", "203.0.113.53"])
  func echo(target: String) throws {
    let payload = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    let request = try Probe(to: target).echoRequest(
      identifier: 0x1122, sequenceNumber: 0x3344, payload: payload)
    let answer = try answer(to: request)
    #expect(answer.source == IPAddress(target))
    #expect(answer.payload == payload)
    switch answer.frame.transport {
    case .icmpv4(let header):
      #expect(header.type == .echoReply && header.rest == 0x1122_3344)
    case .icmpv6(let header):
      #expect(header.type == .echoReply && header.rest == 0x1122_3344)
    default: Issue.record("no echo reply")
    }
  }

  @Test("no route ends at the first router", arguments: ["192.0.2.1", "2001:db8:ffff::1"])
  func noRoute(target: String) throws {
    // With one hop left too: the route is looked up first.
    for hopLimit in [1, 64] as [UInt8] {
      let answer = try answer(to: try Probe(to: target, hopLimit: hopLimit).udp())
      #expect(answer.typeAndCode == (target.contains(":") ? [1, 0] : [3, 0]))
      #expect(answer.source == IPAddress(target.contains(":") ? "2001:db8:1::1" : "198.18.1.1"))
    }
  }

  @Test func silentRoutersForwardAndSayNothing() throws {
    var topology = Topology.default
    topology.routers[4].manners.isSilent = true
    var network = VirtualNetwork(topology: topology)
    for destination in ["203.0.113.80", "2001:db8:cb::80"] {
      let expired = try Probe(to: destination, hopLimit: 5).udp()
      #expect(answers(to: expired, in: &network).isEmpty)
      let reachesNext = try Probe(to: destination, hopLimit: 6).udp()
      #expect(answers(to: reachesNext, in: &network).count == 1)
    }
    #expect(answers(to: try Probe(to: "198.18.5.1").echoRequest(), in: &network).isEmpty)
    #expect(answers(to: try Probe(to: "198.18.5.1").udp(), in: &network).isEmpty)
    #expect(network.internet.counters.errorsSuppressed == 3)
    #expect(network.internet.counters.ignored == 1)
  }

  @Test("an error bears the address that the packet came in by")
  func farAddresses() throws {
    let topology = try Topology(
      parsing: """
        client c.test 198.18.0.2 2001:db8::2
        router r.test 198.18.1.1 2001:db8:1::1 far 198.18.1.129 2001:db8:1::81
        site s.test 203.0.113.80 2001:db8:cb::80
        """)
    for (client, site, near, far) in [
      ("198.18.0.2", "203.0.113.80", "198.18.1.1", "198.18.1.129"),
      ("2001:db8::2", "2001:db8:cb::80", "2001:db8:1::1", "2001:db8:1::81"),
    ] {
      var internet = SimulatedInternet(topology: topology)
      let now = MonotonicInstant(nanoseconds: 5)
      let outward = try Probe(from: client, to: site, hopLimit: 1).udp()
      let homeward = try Probe(from: site, to: client, hopLimit: 1).udp()
      for (packet, side, address) in [
        (outward, AttachmentPoint.client, near), (homeward, .server, far),
      ] {
        guard
          case .deliver(let octets, let to, let due)? =
            internet.step(.packet(packet, from: side), at: now).first
        else {
          Issue.record("no answer")
          continue
        }
        #expect(Answer(octets).source == IPAddress(address))
        #expect(to == side && due == now)
      }
      // Both are the router's own.
      for address in [near, far] {
        let echo = try Probe(from: client, to: address).echoRequest()
        #expect(try answer(to: echo, in: topology).source == IPAddress(address))
      }
    }
  }

  @Test func aPathWithoutRouters() throws {
    let topology = path(0) { $0.delay = .milliseconds(3) }
    var network = VirtualNetwork(topology: topology)
    let request = try Probe(to: "203.0.113.80", hopLimit: 1).echoRequest()
    #expect(answers(to: request, in: &network).map(\.after) == [.milliseconds(6)])
  }

  @Test("254 routers are passed by 255 hops and no fewer")
  func theLongestPath() throws {
    var internet = SimulatedInternet(topology: path(300) { _ in })
    for (hopLimit, delivered) in [(254, 0), (255, 1)] as [(UInt8, Int)] {
      let probe = try Probe(to: "203.0.113.80", hopLimit: hopLimit).udp()
      _ = internet.step(.packet(probe, from: .client), at: .init(nanoseconds: 0))
      #expect(internet.counters.delivered == delivered)
    }
  }

  @Test("an error starts with 64 hops, which bring it home past 63 routers")
  func farErrorsExpireOnTheirWayBack() throws {
    var network = VirtualNetwork(topology: path(100) { $0.delay = .milliseconds(1) })
    #expect(answers(to: try Probe(to: "203.0.113.80", hopLimit: 64).udp(), in: &network).count == 1)
    #expect(answers(to: try Probe(to: "203.0.113.80", hopLimit: 65).udp(), in: &network).isEmpty)
  }
}
