import LinuxSystem
import PacketWire
import SimulatedInternet
import Testing

@Suite("docs/lab-topology.md")
struct LabTopologyDocumentTests {
  @Test("the examples are lab files, and say what the text says")
  func example() throws {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let path = root.joined(separator: "/") + "/docs/lab-topology.md"
    let document = String(decoding: try readFile(path), as: UTF8.self)
    var examples: [Topology] = []
    var rest = document[...]
    while let start = rest.firstRange(of: "```lab\n")?.upperBound {
      let end = try #require(rest[start...].firstRange(of: "```\n")).lowerBound
      examples.append(try Topology(parsing: String(rest[start..<end]), named: "example"))
      rest = rest[end...].dropFirst(3)
    }
    #expect(examples.count == 3)
    #expect(examples[1].routers[4].predecessors == [1, 2, 3])
    #expect(examples[2].routers[5].predecessors == [1, 4])
    #expect(examples[2].routers.map(\.direction) == [nil, .outward, nil, nil, nil, nil])
    let topology = examples[0]
    #expect(topology.seed == 42)
    #expect(topology.routers.map(\.manners.isSilent) == [false, false, false, true, true, true])
    #expect(topology.routers[1].link.homeward.delay == .milliseconds(6))
    #expect(topology.routers[2].farAddresses?.ipv4 == IPv4Address("198.18.3.129"))
    #expect(topology.routers[5].node.addresses.ipv6 == IPv6Address("2001:db8:6::1"))
    #expect(topology.records.count == 4)
  }
}
