import PacketWire
import SimulatedInternet
import Testing

@Suite("The names of a topology")
struct NameTests {
  private func lines(_ records: [DNSRecord]) -> Set<String> {
    Set(
      records.map { record in
        let data =
          switch record.data {
          case .a(let address): address.description
          case .aaaa(let address): address.description
          case .name(let name): name.description
          case .soa(let soa): "\(soa.primaryServer) \(soa.mailbox)"
          default: ""
          }
        return "\(record.name) \(record.type.rawValue) \(data)"
      })
  }

  @Test func everyNodeAndItsZone() throws {
    let topology = try Topology(
      parsing: """
        client me.home.test 198.18.0.2
        router r.isp.example 198.18.1.1 far 198.18.1.129
        path 1
        site www.site.test 203.0.113.80 2001:db8::80
        resolver dns.site.test 203.0.113.53
        record site.test SOA dns.site.test admin.site.test
        record 2.0.18.198.in-addr.arpa PTR other.test
        """)
    #expect(
      lines(topology.dnsRecords) == [
        "me.home.test. 1 198.18.0.2", "r.isp.example. 1 198.18.1.1",
        "r.isp.example. 1 198.18.1.129", "www.site.test. 1 203.0.113.80",
        "www.site.test. 28 2001:db8::80", "dns.site.test. 1 203.0.113.53",
        "site.test. 6 dns.site.test. admin.site.test.",
        "2.0.18.198.in-addr.arpa. 12 other.test.",
        "1.1.18.198.in-addr.arpa. 12 r.isp.example.",
        "129.1.18.198.in-addr.arpa. 12 r.isp.example.",
        "80.113.0.203.in-addr.arpa. 12 www.site.test.",
        "53.113.0.203.in-addr.arpa. 12 dns.site.test.",
        "0.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 12 www.site.test.",
        "test. 6 dns.site.test. hostmaster.test.", "test. 2 dns.site.test.",
        "example. 6 dns.site.test. hostmaster.example.", "example. 2 dns.site.test.",
        "in-addr.arpa. 6 dns.site.test. hostmaster.in-addr.arpa.",
        "in-addr.arpa. 2 dns.site.test.",
        "ip6.arpa. 6 dns.site.test. hostmaster.ip6.arpa.", "ip6.arpa. 2 dns.site.test.",
        "asn.cymru.com. 6 dns.site.test. hostmaster.asn.cymru.com.",
        "asn.cymru.com. 2 dns.site.test.",
      ])
    #expect(topology.dnsRecords.count == 23)
  }

  @Test func reverseNames() throws {
    let v4 = DNSName(reverse: .v4(IPv4Address(1, 2, 3, 4)))
    #expect(v4.description == "4.3.2.1.in-addr.arpa.")
    let v6 = DNSName(reverse: .v6(try #require(IPv6Address("4321:0:1:2:3:4:567:89ab"))))
    // RFC 3596 §2.5's own example.
    #expect(
      v6.description
        == "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa.")
  }

  @Test(
    "a name is inside a zone by whole labels, without case",
    arguments: [
      ("www.a.test", "a.test", true), ("a.test", "A.TEST", true), ("xa.test", "a.test", false),
      ("test", "a.test", false), ("a.test", ".", true), (".", ".", true),
      ("a.test.b", "a.test", false),
    ])
  func inside(name: String, zone: String, expected: Bool) throws {
    #expect(try #require(DNSName(name)).isInside(#require(DNSName(zone))) == expected)
  }
}
