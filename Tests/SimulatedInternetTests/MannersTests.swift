import PacketWire
import SimulatedInternet
import Testing

@Suite("Routers with manners of their own")
struct MannersTests {
  static let sites = ["203.0.113.80", "2001:db8:cb::80"]

  /// Three routers without delay, of which the second has these manners.
  private func topology(_ change: (inout RouterManners) -> Void) -> Topology {
    var topology = path(3) { _ in }
    change(&topology.routers[1].manners)
    return topology
  }

  @Test("a limited router sends so many errors at once, and then one at a time", arguments: sites)
  func limit(site: String) throws {
    let topology = topology { $0.errorLimit = ErrorLimit(every: .milliseconds(100), burst: 3) }
    var internet = SimulatedInternet(topology: topology)
    let probe = try Probe(to: site, hopLimit: 2).udp()
    var answeredAt: [Int64] = []
    for tick in 0..<100 {
      let now = MonotonicInstant(nanoseconds: Int64(tick) * 10_000_000)
      for case .deliver(_, .client, _) in internet.step(.packet(probe, from: .client), at: now) {
        answeredAt.append(Int64(tick) * 10)
      }
    }
    #expect(answeredAt == [0, 10, 20] + (1...9).map { $0 * 100 })
    #expect(internet.counters.errorsSent == 12 && internet.counters.errorsLimited == 88)
    // After a pause of a second there are three at once again.
    let later = MonotonicInstant(nanoseconds: 3_000_000_000)
    let burst = (0..<5).map { _ in internet.step(.packet(probe, from: .client), at: later).count }
    #expect(burst == [1, 1, 1, 0, 0])
  }

  @Test func theLimitIsForErrorsOnly() throws {
    let topology = topology { $0.errorLimit = ErrorLimit(every: .seconds(60)) }
    var network = VirtualNetwork(topology: topology)
    let request = try Probe(to: "198.18.2.1").echoRequest()
    for _ in 0..<5 { #expect(answers(to: request, in: &network).count == 1) }
  }

  @Test("quotations are cut", arguments: [(0, 0), (28, 28), (48, 48), (1280, 128)])
  func quotation(limit: Int, expected: Int) throws {
    for site in Self.sites {
      let headers = site.contains(":") ? 48 : 28
      let probe = try Probe(to: site, hopLimit: 2)
        .udp(payload: [UInt8](repeating: 7, count: 128 - headers))
      let answer = try answer(to: probe, in: topology { $0.quotedLength = limit })
      var quoted = probe
      quoted[site.contains(":") ? 7 : 8] = 1
      // All but the IPv4 checksum, which the first router has changed.
      if !site.contains(":") {
        quoted.replaceSubrange(10...11, with: answer.payload.dropFirst(10).prefix(2))
      }
      #expect(answer.payload == Array(quoted.prefix(expected)))
    }
  }

  @Test("a router that forwards what is used up hides, and the next one is seen twice")
  func exhausted() throws {
    let topology = topology { $0.forwardsExhausted = true }
    for (hopLimit, hop, left) in [(1, 1, 1), (2, 3, 0), (3, 3, 1)] as [(UInt8, Int, UInt8)] {
      for site in Self.sites {
        let answer = try answer(to: Probe(to: site, hopLimit: hopLimit).udp(), in: topology)
        let hopAddress = site.contains(":") ? "2001:db8:\(hop)::1" : "198.18.\(hop).1"
        #expect(answer.source == IPAddress(hopAddress))
        let frame = Frame(decoding: answer.payload.span, linkType: .raw)
        switch frame.network {
        case .ipv4(let header): #expect(header.timeToLive == left && header.isChecksumValid)
        case .ipv6(let header): #expect(header.hopLimit == left)
        default: Issue.record("nothing quoted")
        }
      }
    }
  }

  @Test func errorsFromElsewhere() throws {
    var topology = topology { $0.errorSource = .farInterface }
    topology.routers[1].farAddresses = NodeAddresses(
      IPv4Address("198.18.2.99"), IPv6Address("2001:db8:2::99"))
    for (site, far, other) in zip3(
      Self.sites, ["198.18.2.99", "2001:db8:2::99"], ["192.0.2.9", "2001:db8::9"])
    {
      let probe = try Probe(to: site, hopLimit: 2).udp()
      topology.routers[1].manners.errorSource = .farInterface
      #expect(try answer(to: probe, in: topology).source == IPAddress(far))
      topology.routers[1].manners.errorSource = .address(
        NodeAddresses(IPv4Address("192.0.2.9"), IPv6Address("2001:db8::9")))
      #expect(try answer(to: probe, in: topology).source == IPAddress(other))
      // What is asked of the router itself is answered by the address that was asked.
      let request = try Probe(to: far).udp()
      #expect(try answer(to: request, in: topology).source == IPAddress(far))
    }
  }

  /// Without an address of the family there is nobody to send the error.
  @Test func noAddressOfTheFamily() throws {
    let topology = topology {
      $0.errorSource = .address(NodeAddresses(IPv4Address("192.0.2.9"), nil))
    }
    var network = VirtualNetwork(topology: topology)
    let probe = try Probe(to: "2001:db8:cb::80", hopLimit: 2).udp()
    #expect(answers(to: probe, in: &network).isEmpty)
    #expect(network.internet.counters.errorsSuppressed == 1)
  }
}

private func zip3<A, B, C>(_ first: [A], _ second: [B], _ third: [C]) -> [(A, B, C)] {
  zip(first, zip(second, third)).map { ($0, $1.0, $1.1) }
}
