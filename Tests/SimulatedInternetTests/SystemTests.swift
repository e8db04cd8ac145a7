import AddressOrigins
import LineFormat
import PacketWire
import SimulatedInternet
import Testing

@Suite("Autonomous systems of a lab")
struct SystemTests {
  private static func lab(_ lines: String) -> String {
    """
    client laptop.test 198.18.0.2 2001:db8::2
    router r1.test 198.18.1.1 2001:db8:1::1 far 198.18.9.1
    path 1
    site www.test 203.0.113.80
    \(lines)
    """
  }

  /// The texts of the TXT records of a name.
  private func texts(_ topology: Topology, _ name: DNSName?) throws -> [String] {
    let name = try #require(name)
    return topology.dnsRecords.filter { $0.name.isSame(as: name) }.map {
      guard case .txt(let strings) = $0.data else { return "no text" }
      return String(decoding: strings.joined(), as: UTF8.self)
    }
  }

  @Test(
    "the longest prefix wins, and all that announce it are named",
    arguments: [
      ("198.18.0.2", ["64496 | 198.18.0.0/15 | ZZ | lab | 2008-12-01"]),
      ("198.18.1.1", ["64497 64498 | 198.18.1.0/24 | ZZ | lab | 2008-12-01"]),
      ("198.18.9.1", ["64496 | 198.18.0.0/15 | ZZ | lab | 2008-12-01"]),
      ("198.18.2.1", ["64496 | 198.18.0.0/15 | ZZ | lab | 2008-12-01"]),
      ("2001:db8:1::1", ["64498 | 2001:db8::/32 | ZZ | lab | 2008-12-01"]),
      ("203.0.113.80", []), ("198.18.1.2", []),
    ])
  func origins(address: String, expected: [String]) throws {
    let topology = try Topology(
      parsing: Self.lab(
        """
        system 64496 ONE 198.18.0.0/15
        system 64497 "TWO Two, and more" 198.18.1.0/24 192.0.2.0/24
        system 64498 THREE 198.18.1.0/24 2001:db8::/32
        """))
    let zone = OriginZone.cymru
    let key = try #require(IPAddress(address))
    #expect(try texts(topology, zone.name(of: key)) == expected)
    #expect(
      try texts(topology, zone.name(ofSystem: 64_497))
        == ["64497 | ZZ | lab | 2008-12-01 | TWO Two, and more"])
  }

  @Test(
    "what is wrong, and where",
    arguments: [
      (
        "system",
        "expected the number of an autonomous system, 1 to 4294967295, found the end of the line"
      ),
      (
        "system 0 A 10.0.0.0/8",
        "expected the number of an autonomous system, 1 to 4294967295, found \"0"
      ),
      ("system 64496 10.0.0.0/8", "expected a name of at most 200 octets, found \"10.0.0.0/8\""),
      ("system 64496 A", "expected a network such as 198.18.0.0/15, found the end of the line"),
      ("system 64496 A 10.0.0.1", "expected a network such as 198.18.0.0/15, found \"10.0.0.1\""),
      ("system 64496 A 10.0.0.1/8", "expected a network such as 10.0.0.0/8, found \"10.0.0.1/8\""),
      (
        "system 64496 A 10.0.0.0/8\nsystem 64496 B 11.0.0.0/8",
        "expected one line for each system, found"
      ),
    ])
  func wrong(lines: String, message: String) {
    let error = #expect(throws: LineError.self) { try Topology(parsing: Self.lab(lines)) }
    #expect(error?.description.contains(message) == true)
  }

  @Test("every address of the built-in labs but an exchange's has an origin")
  func gallery() throws {
    for entry in TopologyGallery.all {
      let topology = entry.topology
      let nodes = topology.routers.map(\.node) + [topology.client, topology.site]
      for address in nodes.flatMap(\.addresses.all) {
        let name = OriginZone.cymru.name(of: address)
        let isExchange = ["198.18.6.1", "2001:db8:6::1"].contains(address.description)
        let count = entry.name == "default" && isExchange ? 0 : 1
        #expect(try texts(topology, name).count == count, "\(entry.name) \(address)")
      }
    }
  }
}
