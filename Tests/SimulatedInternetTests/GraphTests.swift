import PacketWire
import SimulatedInternet
import Testing

@Suite("Ways that part and meet")
struct GraphTests {
  static let head = "client a.test 198.18.0.2 2001:db8::2\n"
  static let site = "site b.test 203.0.113.80 2001:db8:cb::80\n"
  static let diamond =
    head + """
      router r1.test 198.18.1.1 2001:db8:1::1
      row 4 as middle
      router r3.test 198.18.3.1 2001:db8:3::1

      """ + site

  /// Who answers a datagram from one port to another with this time to live, by hop.
  private func hops(
    _ topology: Topology, ports: ClosedRange<UInt16>, timeToLive: UInt8,
    to destination: String = "203.0.113.80"
  ) throws -> [String: Int] {
    var network = VirtualNetwork(topology: topology)
    var found: [String: Int] = [:]
    for port in ports {
      let probe = try Probe(to: destination, hopLimit: timeToLive).udp(port: port)
      for reply in answers(to: probe, in: &network) {
        found[Answer(reply.octets).source?.description ?? "", default: 0] += 1
      }
    }
    return found
  }

  @Test("flows spread over all ways, and each keeps to its own")
  func flows() throws {
    let topology = try Topology(parsing: Self.diamond)
    #expect(try hops(topology, ports: 1...40, timeToLive: 1) == ["198.18.1.1": 40])
    let middle = try hops(topology, ports: 1...400, timeToLive: 2)
    #expect(Set(middle.keys) == Set((1...4).map { "198.18.2.\($0)" }))
    // A quarter each; six standard deviations of a binomial distribution are 52.
    #expect(middle.values.allSatisfy { (48...152).contains($0) })
    #expect(try hops(topology, ports: 1...40, timeToLive: 3) == ["198.18.3.1": 40])
    #expect(try hops(topology, ports: 1...40, timeToLive: 4) == ["203.0.113.80": 40])
    for port in 1...10 as ClosedRange<UInt16> {
      var network = VirtualNetwork(topology: topology)
      var seen: Set<IPAddress?> = []
      for length in 0..<8 {
        let probe = try Probe(to: "203.0.113.80", hopLimit: 2)
          .udp(port: port, payload: .init(repeating: 0, count: length))
        seen.insert(Answer(try #require(answers(to: probe, in: &network).first).octets).source)
      }
      #expect(seen.count == 1)
    }
  }

  @Test("what makes a flow: the first four octets behind the header, and the flow label")
  func whatMakesAFlow() throws {
    let topology = try Topology(parsing: Self.diamond)
    func ways(_ packets: [[UInt8]]) throws -> Int {
      var network = VirtualNetwork(topology: topology)
      var seen: Set<IPAddress?> = []
      for packet in packets {
        seen.insert(Answer(try #require(answers(to: packet, in: &network).first).octets).source)
      }
      return seen.count
    }
    let v4 = try Probe(to: "203.0.113.80", hopLimit: 2)
    // The checksum of an echo request is among the four octets.
    #expect(try ways((0..<40).map { try v4.echoRequest(sequenceNumber: $0) }) == 4)
    // Identifier and sequence number are not: one up, one down, the same checksum.
    #expect(
      try ways((0..<40).map { try v4.echoRequest(identifier: 100 + $0, sequenceNumber: 100 - $0) })
        == 1)
    let v6 = try Probe(to: "2001:db8:cb::80", hopLimit: 2).udp()
    #expect(
      try ways(
        (0..<40).map { label in
          var packet = v6
          packet[3] = UInt8(label)
          return packet
        }) == 4)
    // Fragments have no ports, but for the first, which goes with the others.
    var fragment = v4
    fragment.flagsAndOffset = 0x2000
    #expect(
      try ways((1...40).map { try fragment.udp(port: $0, payload: .init(repeating: 0, count: 16)) })
        == 1)
  }

  @Test("a seed has its own choices, and the same ones each time")
  func seeds() throws {
    let topology = try Topology(parsing: Self.diamond)
    func choices(_ seed: UInt64) throws -> [IPAddress?] {
      var network = VirtualNetwork(topology: topology, seed: seed)
      return try (1...32 as ClosedRange<UInt16>).map { port in
        let probe = try Probe(to: "203.0.113.80", hopLimit: 2).udp(port: port)
        return Answer(try #require(answers(to: probe, in: &network).first).octets).source
      }
    }
    #expect(try choices(1) == choices(1))
    #expect(try choices(1) != choices(2))
  }

  @Test("diamonds one behind the other choose apart")
  func independence() throws {
    let topology = try Topology(
      parsing: Self.head + """
        path 1
        row 2
        path 1
        row 2
        path 1

        """ + Self.site)
    var pairs: [[IPAddress?]: Int] = [:]
    var network = VirtualNetwork(topology: topology)
    for port in 1...200 as ClosedRange<UInt16> {
      let pair = try ([2, 4] as [UInt8]).map { hop in
        let probe = try Probe(to: "203.0.113.80", hopLimit: hop).udp(port: port)
        return Answer(try #require(answers(to: probe, in: &network).first).octets).source
      }
      pairs[pair, default: 0] += 1
    }
    #expect(pairs.count == 4 && pairs.values.allSatisfy { $0 > 20 })
  }

  @Test("a balancer by packet, by destination, and by time")
  func otherBalancers() throws {
    func lab(_ balance: String, _ more: String = "") throws -> Topology {
      try Topology(
        parsing: Self.head + "path 1 balance \(balance)\nrow 2\npath 1\n" + Self.site + more)
    }
    #expect(try hops(lab("packet"), ports: 7...7, timeToLive: 2).count == 1)
    var network = VirtualNetwork(topology: try lab("packet"))
    let probe = try Probe(to: "203.0.113.80", hopLimit: 2).udp()
    let seen = Set(answersOfMany(probe, 40, &network))
    #expect(seen == ["198.18.2.1", "198.18.2.2"])
    #expect(try hops(lab("destination"), ports: 1...40, timeToLive: 2).count == 1)
    var ways: Set<String> = []
    let more = (1...20).map { "site s\($0).test 203.0.113.\($0)\n" }.joined()
    for number in 1...20 {
      ways.formUnion(
        try hops(
          lab("destination", more), ports: 1...2, timeToLive: 2, to: "203.0.113.\(number)"
        ).keys)
    }
    #expect(ways.count == 2)
  }

  private func answersOfMany(
    _ probe: [UInt8], _ count: Int, _ network: inout VirtualNetwork
  ) -> [String] {
    (0..<count).flatMap { _ in answers(to: probe, in: &network) }
      .compactMap { Answer($0.octets).source?.description }
  }

  @Test func routesThatFlap() throws {
    let topology = try Topology(
      parsing: Self.head + "path 1 balance flap:10s\nrow 3\npath 1\n" + Self.site)
    for (second, number) in [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3), (30, 1)] {
      var network = VirtualNetwork(
        topology: topology, startingAt: .init(nanoseconds: Int64(second) * 1_000_000_000))
      let probe = try Probe(to: "203.0.113.80", hopLimit: 2).udp()
      #expect(answersOfMany(probe, 1, &network) == ["198.18.2.\(number)"])
    }
  }

  @Test("ways of different lengths, and names for paths")
  func unevenWays() throws {
    let topology = try Topology(
      parsing: Self.head + """
        router r1.test 198.18.1.1
        path 1 as short behind r1.test
        path 3 as long behind r1.test
        router r5.test 198.18.5.1 behind short long

        """ + Self.site)
    #expect(topology.routers[5].predecessors == [1, 4])
    // The second router at place 2 has the next number.
    #expect(
      topology.routers[1...4].map { $0.node.addresses.ipv4?.description } == [
        "198.18.2.1", "198.18.2.2", "198.18.3.1", "198.18.4.1",
      ])
    let third = try hops(topology, ports: 1...60, timeToLive: 3)
    #expect(Set(third.keys) == ["198.18.3.1", "198.18.5.1"])
  }

  @Test("every router answers to its own addresses, also those beside the way")
  func everyRouter() throws {
    let topology = try Topology(
      parsing: Self.head + """
        router r1.test 198.18.1.1
        path 2 as up behind r1.test
        path 2 as down behind r1.test
        path 2 behind up down
        row 3
        row 3
        path 1

        """ + Self.site)
    var network = VirtualNetwork(topology: topology)
    for router in topology.routers {
      let address = try #require(router.node.addresses.ipv4)
      let replies = answers(to: try Probe(to: address.description).echoRequest(), in: &network)
      #expect(replies.map { Answer($0.octets).source } == [.v4(address)])
    }
    // From one branch into the other: back to where they part, and out again.
    let across = try Probe(from: "203.0.113.80", to: "198.18.2.1").echoRequest()
    var internet = SimulatedInternet(topology: topology)
    let effects = internet.step(.packet(across, from: .server), at: .init(nanoseconds: 0))
    #expect(effects.contains { if case .deliver(_, .server, _) = $0 { true } else { false } })
  }

  @Test("there by one way and back by the other")
  func oneWayStreets() throws {
    let topology = try Topology(
      parsing: Self.head + """
        router r1.test 198.18.1.1 2001:db8:1::1
        router there.test 198.18.2.1 2001:db8:2::1 behind r1.test only outward delay 1ms
        router back.test 198.18.2.2 2001:db8:2::2 behind r1.test only homeward delay 5ms
        router r3.test 198.18.3.1 2001:db8:3::1 behind there.test back.test

        """ + Self.site)
    #expect(try hops(topology, ports: 1...40, timeToLive: 2) == ["198.18.2.1": 40])
    var network = VirtualNetwork(topology: topology)
    for port in 1...20 as ClosedRange<UInt16> {
      let probe = try Probe(to: "203.0.113.80").udp(port: port)
      #expect(answers(to: probe, in: &network).map(\.after) == [.milliseconds(6)])
    }
    // Its own answer cannot go back by the way that the question came.
    let echo = try Probe(to: "198.18.2.1").echoRequest()
    #expect(answers(to: echo, in: &network).map(\.after) == [.milliseconds(6)])
  }

  @Test("a site in two places answers from the one that was asked")
  func anycast() throws {
    let topology = try Topology(
      parsing: Self.head + """
        router r1.test 198.18.1.1
        path 1 as near behind r1.test delay 1ms
        path 1 as far behind r1.test delay 20ms
        site b.test 203.0.113.80 behind near
        site b.test 203.0.113.80 behind far
        resolver dns.test 203.0.113.53

        """)
    #expect(topology.sites.count == 2 && topology.serverAddresses.count == 2)
    #expect(topology.dnsRecords.count { $0.name == DNSName("b.test") } == 1)
    var network = VirtualNetwork(topology: topology)
    var times: Set<Nanoseconds> = []
    for port in 1...40 as ClosedRange<UInt16> {
      let probe = try Probe(to: "203.0.113.80").udp(port: port)
      times.formUnion(answers(to: probe, in: &network).map(\.after))
    }
    #expect(times == [.milliseconds(2), .milliseconds(40)])
  }

  @Test("ten thousand routers in memory")
  func manyRouters() throws {
    // 40 rows of 247 behind 60 routers, each row behind one of them, and a path through all.
    var text = Self.head + "path 1 as p0\n"
    for row in 0..<40 { text += "path 1 as p\(row + 1) behind p\(row)\n" }
    for row in 0..<40 { text += "row 247 as r\(row) behind p\(row)\n" }
    text += "path 20 behind p40\n" + Self.site
    let topology = try Topology(parsing: text)
    #expect(topology.routers.count == 9941)
    var network = VirtualNetwork(topology: topology)
    let last = try #require(topology.routers[41 + 39 * 247 + 200].node.addresses.ipv4)
    let echo = try Probe(to: last.description).echoRequest()
    #expect(answers(to: echo, in: &network).map { Answer($0.octets).source } == [.v4(last)])
    let far = try Probe(to: "203.0.113.80", hopLimit: 61).echoRequest()
    let end = Answer(try #require(answers(to: far, in: &network).first).octets)
    #expect(end.source == topology.routers.last?.node.addresses.ipv4.map { .v4($0) })
  }
}
