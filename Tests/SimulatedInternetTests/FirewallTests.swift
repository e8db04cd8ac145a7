import PacketWire
import SimulatedInternet
import Testing

@Suite("What firewalls let through")
struct FirewallTests {
  static let sites = ["203.0.113.80", "2001:db8:cb::80"]

  private func lab(_ words: String) throws -> Topology {
    try Topology(
      parsing: """
        client a.test 198.18.0.2 2001:db8::2
        path 1
        path 1 \(words)
        site b.test 203.0.113.80 2001:db8:cb::80
        """)
  }

  private func firewall(_ words: String) throws -> Firewall { try lab(words).routers[1].firewall }

  @Test("the words of the lab file")
  func words() throws {
    var expected = Firewall()
    expected.outward = [
      .init(.drop, [.init(.udp, numbers: 33434...33534), .init(.tcp, numbers: 25...25)]),
      .init(.prohibit, [.init(.icmp, numbers: 8...8), .init(.icmpv6, numbers: 128...255)]),
    ]
    expected.homeward = [.init(.reject, [.init()])]
    #expect(
      try firewall(
        "drop udp:33434-33534,tcp:25/none prohibit icmp:8,icmp6:128-255/none reject none/all")
        == expected)
    expected = Firewall()
    expected.outward = [.init(.drop, [.init(.icmp), .init(.icmpv6), .init(.udp)])]
    expected.homeward = expected.outward
    #expect(try firewall("drop icmp,udp") == expected)
    for wrong in [
      "udp:", "udp:1-", "udp:2-1", "udp:65536", "icmp:256", "icmp6:1-256", "sctp", ",", "",
    ] {
      #expect(throws: (any Error).self) { try lab("drop \(wrong)") }
    }
  }

  @Test("what is dropped is gone, and all else passes", arguments: sites)
  func drop(site: String) throws {
    let topology = try lab("drop udp:33434-33534,icmp/none")
    var network = VirtualNetwork(topology: topology)
    let probe = try Probe(to: site)
    #expect(try answers(to: probe.udp(port: 33434), in: &network).isEmpty)
    #expect(try answers(to: probe.udp(port: 33534), in: &network).isEmpty)
    #expect(try answers(to: probe.echoRequest(), in: &network).isEmpty)
    #expect(network.internet.counters.firewalled == 3)
    #expect(try answers(to: probe.udp(port: 33433), in: &network).count == 1)
    #expect(try answers(to: probe.udp(port: 33535), in: &network).count == 1)
    #expect(try answers(to: probe.tcp(.syn), in: &network).count == 1)
    // The router itself still says when hops run out, and is still reached.
    let short = try Probe(to: site, hopLimit: 2)
    #expect(try answers(to: short.udp(), in: &network).count == 1)
    let router = site.contains(":") ? "2001:db8:2::1" : "198.18.2.1"
    #expect(try answers(to: Probe(to: router).echoRequest(), in: &network).count == 1)
  }

  @Test("errors that are kept from coming home")
  func homeward() throws {
    var network = VirtualNetwork(topology: try lab("drop none/icmp:3"))
    let probe = try Probe(to: Self.sites[0])
    #expect(try answers(to: probe.udp(), in: &network).isEmpty)
    #expect(try answers(to: probe.echoRequest(), in: &network).count == 1)
  }

  @Test("what is rejected is answered as by a closed port", arguments: sites)
  func reject(site: String) throws {
    let topology = try lab("reject tcp:80,udp/none")
    let reset = try answer(to: Probe(to: site).tcp(.syn, sequence: 7), in: topology)
    #expect(reset.source == IPAddress(site) && reset.hopLimit == 63)
    guard case .tcp(let segment) = reset.frame.transport else {
      Issue.record("no reset")
      return
    }
    #expect(segment.flags == [.rst, .ack] && segment.acknowledgmentNumber == 8)
    let error = try answer(to: Probe(to: site).udp(), in: topology)
    #expect(error.source == topology.routers[1].node.addresses[error.source?.family ?? .v4])
    #expect(error.typeAndCode == (site.contains(":") ? [1, 4] : [3, 3]))
    // A reset is not answered with one.
    var network = VirtualNetwork(topology: topology)
    #expect(try answers(to: Probe(to: site).tcp(.rst), in: &network).isEmpty)
  }

  @Test("what is prohibited is said to be", arguments: sites)
  func prohibit(site: String) throws {
    let answer = try answer(to: Probe(to: site).echoRequest(), in: lab("prohibit icmp/none"))
    #expect(answer.typeAndCode == (site.contains(":") ? [1, 1] : [3, 13]))
    #expect(answer.payload.count > 28)
  }

  @Test("fragments but the first have no ports")
  func fragments() throws {
    let topology = try lab("drop udp:7/none")
    var probe = try Probe(to: Self.sites[0])
    probe.flagsAndOffset = 0x0001
    var internet = SimulatedInternet(topology: topology)
    let later = try probe.udp(port: 7)
    let effects = internet.step(.packet(later, from: .client), at: .init(nanoseconds: 0))
    #expect(effects.contains { if case .deliver(_, .server, _) = $0 { true } else { false } })
  }
}
