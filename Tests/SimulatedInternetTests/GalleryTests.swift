import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("The gallery of lab files")
struct GalleryTests {
  private func lab(_ name: String) throws -> Topology {
    try #require(TopologyGallery.entry(named: name)).topology
  }

  @Test(
    "every lab file can be read, and its site answers", arguments: TopologyGallery.all.map(\.name))
  func everyOne(name: String) throws {
    let entry = try #require(TopologyGallery.entry(named: name))
    let topology = try Topology(parsing: entry.text, named: name)
    #expect(entry.text.contains("# Try: \(entry.example)\n") || name == "default")
    for line in entry.text.split(separator: "\n") where line.utf8.count > 120 {
      Issue.record("a line of \(line.utf8.count) octets: \(line)")
    }
    // A connection is what passes all firewalls.
    let client = try #require(topology.client.addresses.ipv4?.description)
    var network = VirtualNetwork(topology: topology)
    var count = 0
    for _ in 0..<20 {
      count += try answers(to: Probe(from: client, to: "203.0.113.80").tcp(.syn), in: &network)
        .count
    }
    #expect(count > 0)
  }

  @Test func namesAreUniqueAndPlain() {
    let names = TopologyGallery.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(
        name.utf8.allSatisfy {
          (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
        })
    }
    #expect(TopologyGallery.entry(named: "nothing") == nil)
  }

  @Test("what routers and links are like can be said in the words of the file")
  func words() throws {
    let texts = [
      "delay 0.3ms", "delay 2s/1ms jitter 0.5ms normal reorder",
      "late 2%:15ms/0%:1ms loss 0.05%/0%",
      "burst 0.5%:20% duplicate 1% corrupt 0.0001%", "burst 1%:2%:3% mtu 1400/1500",
      "rate 1.5gbit/500kbit queue 64kB/50ms", "rate 1234bit",
      "silent limit 0.5/s:6 quote 28 zerottl",
      "source far oldext probe balance flap:10s", "source 192.0.2.1 2001:db8::9 balance packet",
      "mpls 24001,16 interface \"a b\" balance destination", "dscp 46 bleach mss 1360 nat",
      "drop udp:33434-33534,icmp/none reject none/tcp:25 prohibit all", "only outward delay 1ms",
      "limit 3/s interface xe-0/0/1",
    ]
    func router(_ words: String) throws -> Topology.Router {
      try #require(
        Topology(parsing: "client a.test 198.18.0.2\npath 1 \(words)\nsite b.test 203.0.113.1")
          .routers.first)
    }
    for text in texts {
      let first = try router(text)
      let said = (first.link.words + first.words).joined(separator: " ")
      #expect(try router(said) == first, "\(text) became \(said)")
    }
    #expect(try router("delay 2s/1ms").link.words == ["delay 2s/1ms"])
    #expect(try router("").link.words.isEmpty && router("").words.isEmpty)
    for entry in TopologyGallery.all {
      for router in entry.topology.routers {
        let said = (router.link.words + router.words).joined(separator: " ")
        var again = try #require(
          Topology(parsing: "client a.test 198.18.0.2\npath 1 \(said)\nsite b.test 203.0.113.1")
            .routers.first)
        (again.node, again.farAddresses, again.predecessors) = (
          router.node, router.farAddresses, router.predecessors
        )
        #expect(again == router)
      }
    }
  }

  /// Who answers at a hop, over many flows, and after how long.
  private func seen(
    _ name: String, hop: UInt8, flows: ClosedRange<UInt16> = 1...60
  ) throws -> (addresses: Set<String>, delays: Set<Nanoseconds>) {
    let topology = try lab(name)
    let client = try #require(topology.client.addresses.ipv4?.description)
    var network = VirtualNetwork(topology: topology)
    var (addresses, delays): (Set<String>, Set<Nanoseconds>) = ([], [])
    for port in flows {
      var probe = try Probe(from: client, to: "203.0.113.80")
      probe.hopLimit = hop
      for reply in try answers(to: probe.udp(port: port), in: &network) {
        addresses.insert(Answer(reply.octets).source?.description ?? "")
        delays.insert(reply.after)
      }
    }
    return (addresses, delays)
  }

  @Test("each shows what it says")
  func phenomena() throws {
    #expect(try seen("straight", hop: 6).delays == [.milliseconds(20)])
    #expect(try seen("diamond", hop: 2).addresses.count == 3)
    #expect(try seen("nested", hop: 3).addresses.count == 3)
    #expect(try seen("mesh", hop: 3).addresses.count == 3)
    #expect(try seen("wide", hop: 2, flows: 1...300).addresses.count == 16)
    #expect(
      try seen("per-packet", hop: 5).delays
        == Set([6, 14, 22].map { Nanoseconds.milliseconds($0) }))
    #expect(try seen("asymmetric", hop: 2).addresses.count == 1)
    #expect(try seen("asymmetric", hop: 5).delays == [.milliseconds(36)])
    #expect(try seen("anycast", hop: 9).delays.count == 2)
    #expect(try seen("64-hops", hop: 63).addresses == ["198.18.63.1"])
    #expect(try seen("64-hops", hop: 64).addresses == ["203.0.113.80"])
    #expect(try seen("silent-middle", hop: 4).addresses.isEmpty)
    #expect(try seen("rude", hop: 2).addresses == ["198.18.3.129"])
    #expect(try seen("home", hop: 2).addresses == ["198.18.2.1"])
    #expect(try seen("carrier", hop: 3).addresses == ["198.18.3.1"])
    #expect(try seen("firewall", hop: 5, flows: 33434...33440).addresses.isEmpty)
    #expect(try seen("firewall", hop: 5, flows: 1...7).addresses == ["203.0.113.80"])
  }

  @Test("the black hole swallows long packets and no short ones")
  func blackHole() throws {
    var network = VirtualNetwork(topology: try lab("black-hole"))
    func replies(_ size: Int) throws -> Int {
      var probe = try Probe(to: "203.0.113.80")
      probe.flagsAndOffset = 0x4000
      return try answers(
        to: probe.echoRequest(payload: .init(repeating: 0, count: size)), in: &network
      ).count
    }
    #expect(try replies(1372) == 1 && replies(1373) == 0)
  }

  @Test("the flapping route has two lengths, one after the other")
  func flap() throws {
    var network = VirtualNetwork(topology: try lab("flap"))
    let echo = try Probe(to: "203.0.113.80").echoRequest()
    let first = answers(to: echo, in: &network).map(\.after)
    network = VirtualNetwork(
      topology: try lab("flap"), startingAt: .init(nanoseconds: 10_000_000_000))
    let second = answers(to: echo, in: &network).map(\.after)
    #expect(first == [.milliseconds(4)] && second == [.milliseconds(42)])
  }
}
