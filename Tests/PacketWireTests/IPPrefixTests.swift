import PacketWire
import Testing

@Suite("Prefixes")
struct IPPrefixTests {
  static let bounds = [
    ("192.0.2.77/24", "192.0.2.0", "192.0.2.255"), ("0.0.0.0/0", "0.0.0.0", "255.255.255.255"),
    ("192.0.2.77/32", "192.0.2.77", "192.0.2.77"), ("192.0.2.77", "192.0.2.77", "192.0.2.77"),
    ("198.19.0.1/15", "198.18.0.0", "198.19.255.255"),
    ("2001:db8::1/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), ("::1/128", "::1", "::1"),
    ("2001:db8::1/127", "2001:db8::", "2001:db8::1"),
  ]

  @Test("first and last address", arguments: bounds)
  func range(text: String, first: String, last: String) throws {
    let prefix = try #require(IPPrefix(text))
    #expect(prefix.first.description == first && prefix.last.description == last)
    #expect(prefix.contains(prefix.first) && prefix.contains(prefix.last))
    #expect(prefix.contains(prefix.address))
  }

  @Test func everything() {
    #expect(IPPrefix.everything(.v4) == IPPrefix("0.0.0.0/0"))
    #expect(IPPrefix.everything(.v6) == IPPrefix("::/0"))
  }

  @Test func outside() throws {
    let prefix = try #require(IPPrefix("192.0.2.0/24"))
    for text in ["192.0.1.255", "192.0.3.0", "::c000:200"] {
      #expect(!prefix.contains(try #require(IPAddress(text))))
    }
  }

  @Test(
    "no prefixes",
    arguments: [
      "", "/", "192.0.2.0/", "/24", "192.0.2.0/33", "192.0.2.0/024", "192.0.2.0/1x", "192.0.2/24",
      "::/129", "::/1000", "192.0.2.0/-1", "192.0.2.0/24/24", "192.0.2.0/:", "192.0.2.0//",
      "192.0.2.0/1:",
    ])
  func refused(text: String) { #expect(IPPrefix(text) == nil) }
}
