import LinuxSystem
import PacketWire
import SimulatedInternet
import Testing

@Suite("docs/lab-topology.md")
struct LabTopologyDocumentTests {
  @Test("the example is a lab file, and says what the text says")
  func example() throws {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let path = root.joined(separator: "/") + "/docs/lab-topology.md"
    let document = String(decoding: try readFile(path), as: UTF8.self)
    let start = try #require(document.firstRange(of: "```lab\n")).upperBound
    let end = try #require(document[start...].firstRange(of: "```\n")).lowerBound
    let topology = try Topology(parsing: String(document[start..<end]), named: "example")
    #expect(topology.seed == 42)
    #expect(topology.routers.map(\.manners.isSilent) == [false, false, false, true, true, true])
    #expect(topology.routers[1].link.homeward.delay == .milliseconds(6))
    #expect(topology.routers[2].farAddresses?.ipv4 == IPv4Address("198.18.3.129"))
    #expect(topology.routers[5].node.addresses.ipv6 == IPv6Address("2001:db8:6::1"))
    #expect(topology.records.count == 4)
  }
}
