import PacketText
import PacketWire
import Testing

@Suite("Names of numbers")
struct NameTests {
  @Test func typesOfDNSReadBackFromTheirNames() throws {
    var named = 0
    for number in 0...UInt16.max {
      guard let name = DNSType(rawValue: number).name else { continue }
      named += 1
      #expect(DNSType(name: name)?.rawValue == number)
      #expect(DNSType(name: name.lowercased())?.rawValue == number)
    }
    #expect(named == 78)
  }

  @Test(
    arguments: [
      ("a", 1), ("AAAA", 28), ("mx", 15), ("Txt", 16), ("https", 65), ("CAA", 257),
      ("TYPE65280", 65280), ("type1", 1),
    ] as [(String, UInt16)])
  func typesOfDNS(name: String, number: UInt16) {
    #expect(DNSType(name: name)?.rawValue == number)
  }

  @Test(arguments: ["", "B", "TYPE", "TYPE65536", "TYPE-1", "A ", "Class1"])
  func namesThatAreNoType(name: String) {
    #expect(DNSType(name: name) == nil)
  }

  @Test func othersOfDNS() {
    #expect(DNSClass.internet.name == "IN" && DNSClass(rawValue: 2).name == nil)
    #expect(DNSOpcode.query.shortName == "query" && DNSOpcode(rawValue: 4).shortName == "notify")
    #expect(DNSResponseCode(rawValue: 3).shortName == "NXDomain")
    #expect(DNSResponseCode(rawValue: 3).name == "NXDOMAIN")
    #expect(DNSResponseCode(rawValue: 12).name == nil)
  }

  @Test func protocolsAndLinkTypes() {
    #expect(EtherType.vlan.name == "802.1Q" && EtherType(rawValue: 0x1234).name == nil)
    #expect(IPProtocol.udp.name == "UDP" && IPProtocol.udp.keyword == "udp")
    #expect(IPProtocol(rawValue: 253).name == nil && IPProtocol(rawValue: 253).keyword == nil)
    #expect(DSCP(rawValue: 46).name == "EF" && DSCP(rawValue: 63).name == nil)
  }

  @Test func messagesOfICMP() {
    #expect(ICMPv4Header.MessageType.timeExceeded.name == "time exceeded")
    #expect(ICMPv4Header.MessageType(rawValue: 1).name == nil)
    #expect(ICMPv6Header.MessageType.packetTooBig.name == "packet too big")
    #expect(ICMPv6Header.MessageType(rawValue: 127).name == nil)
    #expect(ICMPv4UnreachableCode.port.name == "port unreachable")
    #expect((0...15).allSatisfy { ICMPv4UnreachableCode(rawValue: $0).name != nil })
    #expect(ICMPv4UnreachableCode(rawValue: 16).name == nil)
  }

  @Test func services() {
    #expect(ServiceNames.name(ofPort: 53, .udp) == "domain")
    #expect(ServiceNames.name(ofPort: 53, .tcp) == "domain")
    #expect(ServiceNames.name(ofPort: 80, .tcp) == "http")
    #expect(ServiceNames.name(ofPort: 80, .udp) == nil)
    #expect(ServiceNames.name(ofPort: 67, .udp) == "bootps")
    #expect(ServiceNames.name(ofPort: 67, .tcp) == nil)
    #expect(ServiceNames.name(ofPort: 53, .icmp) == nil)
  }
}
