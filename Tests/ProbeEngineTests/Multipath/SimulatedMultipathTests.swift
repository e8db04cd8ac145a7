import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A discovery whose probes cross a simulated internet in virtual time, as packets.
private struct SimulatedMultipath {
  let probe: TraceProbe
  private(set) var session: MultipathSession
  private var network: VirtualNetwork
  private(set) var finishedAt = MonotonicInstant(nanoseconds: 0)

  init(
    _ topology: Topology, _ family: IPFamily, _ method: TraceMethod,
    _ configure: (inout MultipathConfiguration) -> Void
  ) throws {
    probe = TraceProbe(
      target: try #require(topology.site.addresses[family]),
      source: try #require(topology.client.addresses[family]), method: method, packetLength: 80,
      cookies: KeyedCookie(key: 7, 8))
    var configuration = MultipathConfiguration()
    configure(&configuration)
    session = MultipathSession(configuration)
    network = VirtualNetwork(topology: topology)
  }

  mutating func run() {
    var network = network
    network.run { take($0, at: $1) }
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: return step(.start, at: now)
    case .timer: return step(.timer, at: now)
    case .received(let packet):
      guard let arrival = probe.arrival(packet, session.ledger) else { return [] }
      return step(.arrived(arrival, Arrival(clock: ClockSample(at: now))), at: now)
    }
  }

  private mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    session.step(event, at: now).compactMap { effect in
      switch effect {
      case .send(let request):
        _ = session.step(.sent(number: request.number, ClockSample(at: now)), at: now)
        return (try? probe.packet(of: request)).map { .send($0) }
      case .wake(let instant): return .wake(at: instant)
      case .report: return nil
      case .finish:
        finishedAt = now
        return nil
      }
    }
  }

  /// The last number of each IPv4 address, hop by hop: "1.1", "2.1 2.2".
  var hops: [String] {
    let graph = session.graph
    return graph.hops.map { hop in
      hop.vertices.map { vertex in
        guard case .v4(let address) = graph.vertices[vertex].address else { return "*" }
        return "\(address.bits >> 8 & 0xff).\(address.bits & 0xff)"
      }.sorted().joined(separator: " ")
    }
  }
}

@Suite("Multipath discovery through the gallery")
struct SimulatedMultipathTests {
  private static let methods: [TraceMethod] = [
    .udp(sourcePort: 40_001, destinationPort: 33_434), .icmp(identifier: 0x77aa),
  ]

  static let gallery: [(name: String, hops: [String])] = [
    ("straight", ["1.1", "2.1", "3.1", "4.1", "5.1", "113.80"]),
    ("diamond", ["1.1", "2.1 2.2 2.3", "3.1", "113.80"]),
    ("nested", ["1.1", "2.1 2.9", "3.1 3.2 5.1", "113.80 4.1", "5.1", "113.80"]),
    ("mesh", ["1.1", "2.1 2.2", "3.1 3.2 3.3", "4.1", "113.80"]),
    (
      "wide",
      ["1.1", (1...16).map { "2.\($0)" }.sorted().joined(separator: " "), "3.1", "113.80"]
    ),
    ("per-packet", ["1.1", "2.1 2.2", "3.1 3.2", "4.1", "113.80"]),
    ("asymmetric", ["1.1", "2.1", "3.1", "5.1", "113.80"]),
    ("anycast", ["1.1", "2.1 2.2", "113.80 3.1", "4.1", "113.80"]),
    ("silent-middle", ["1.1", "2.1", "*", "*", "*", "6.1", "7.1", "113.80"]),
  ]

  @Test("all ways are found, by every method", arguments: gallery.indices, methods.indices)
  func shapes(entry: Int, method: Int) throws {
    let (name, hops) = Self.gallery[entry]
    let topology = try #require(TopologyGallery.entry(named: name)).topology
    for algorithm in MultipathConfiguration.Algorithm.allCases {
      var discovery = try SimulatedMultipath(topology, .v4, Self.methods[method]) {
        // So low that chance has no part in this test.
        ($0.algorithm, $0.rule) = (algorithm, StoppingRule(failureBound: 1e-6))
      }
      discovery.run()
      #expect(discovery.hops == hops, "\(name) \(algorithm)")
      #expect(discovery.session.isFinished)
      let isByPacket = discovery.session.graph.diamonds.contains { $0.balancing == .packet }
      #expect(isByPacket == (name == "per-packet"), "\(name) \(algorithm)")
    }
  }

  @Test("IPv6 flows are flows too")
  func v6() throws {
    let topology = try #require(TopologyGallery.entry(named: "wide")).topology
    for method in Self.methods {
      var discovery = try SimulatedMultipath(topology, .v6, method) {
        $0.rule = StoppingRule(failureBound: 1e-6)
      }
      discovery.run()
      #expect(discovery.session.graph.hops.map(\.vertices.count) == [1, 16, 1, 1])
    }
  }
}
