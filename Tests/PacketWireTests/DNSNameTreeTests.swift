import PacketWire
import Testing

@Suite("Names of addresses, and names in zones")
struct DNSNameTreeTests {
  @Test(
    "the octets or digits of an address, the last one first",
    arguments: [
      ("192.0.2.255", "255.2.0.192.in-addr.arpa"),
      ("10.171.205.1", "1.205.171.10.in-addr.arpa"),
      (
        "2001:db8:1234:5678:9abc:def0:8421:ff0f",
        "f.0.f.f.1.2.4.8.0.f.e.d.c.b.a.9.8.7.6.5.4.3.2.1.8.b.d.0.1.0.0.2.ip6.arpa"
      ),
    ])
  func reverse(text: String, name: String) throws {
    let address = try #require(IPAddress(text))
    #expect(DNSName(reverse: address).description == name + ".")
    let zone = try #require(DNSName("origin.example"))
    let below = try #require(DNSName(reversing: address, below: zone))
    let digits = name.split(separator: ".").dropLast(2).joined(separator: ".")
    #expect(below.description == digits + ".origin.example.")
  }

  @Test func whatIsInsideAZone() throws {
    let zone = try #require(DNSName("example.test"))
    for (text, isInside) in [
      ("example.test", true), ("www.EXAMPLE.test", true), ("a.b.example.test", true),
      ("test", false), ("notexample.test", false), ("example.test.other", false),
    ] {
      #expect(try #require(DNSName(text)).isInside(zone) == isInside)
    }
    #expect(zone.isInside(.root))
    #expect(!DNSName.root.isInside(zone))
  }
}
