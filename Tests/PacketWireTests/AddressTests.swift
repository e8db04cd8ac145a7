import PacketTestSupport
import PacketWire
import Testing

@Suite("Addresses as text (RFC 4291 §2.2, RFC 5952)")
struct AddressTests {
  @Test(
    "IPv6 text is the recommended one",
    arguments: [
      ("::", "::"), ("::1", "::1"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),  // RFC 5952 §4.2.2: one group stays
      ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),  // §4.2.3: the longest run
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),  // §4.2.3: the first of equals
      ("1:0:0:0:0:0:0:0", "1::"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
      ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("fe80::0001", "fe80::1"),
    ])
  func recommendedText(input: String, expected: String) throws {
    let address = try #require(IPv6Address(input))
    #expect(address.description == expected)
    #expect(IPv6Address(expected) == address)
  }

  @Test(
    "what is no IPv6 address is refused",
    arguments: [
      "", ":", ":::", "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::", "::+1", "::-1", ":1", "1:", "fe80::1%eth0",
      "1:2:3:4:5:6:7:1.2.3.4",
    ])
  func refusedIPv6(text: String) { #expect(IPv6Address(text) == nil) }

  @Test("every IPv6 address is read back from its text", arguments: 0..<4 as Range<UInt64>)
  func textRoundTrip(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    for _ in 0..<500 {
      // Half of the groups are zero, so that runs of every length and place come up.
      let bits = (0..<8).reduce(UInt128(0)) { bits, _ in
        bits << 16 | (Bool.random(using: &rng) ? 0 : .random(in: 0...0xffff, using: &rng))
      }
      #expect(IPv6Address(IPv6Address(bits: bits).description)?.bits == bits)
    }
  }

  @Test("IPv4 text", arguments: ["0.0.0.0", "192.0.2.1", "255.255.255.255"])
  func ipv4Text(text: String) { #expect(IPv4Address(text)?.description == text) }

  @Test(
    "what is no IPv4 address is refused",
    arguments: [
      "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1..2.3", "+1.2.3.4", "1.2.3.4 ",
      "1.2.3.٤",
    ])
  func refusedIPv4(text: String) { #expect(IPv4Address(text) == nil) }

  @Test func macText() {
    #expect(MACAddress("02:00:5e:10:00:ff")?.bits == 0x0200_5e10_00ff)
    #expect(MACAddress(bits: 0x0200_5e10_00ff).description == "02:00:5e:10:00:ff")
    #expect(MACAddress("02:00:5e:10:00") == nil && MACAddress("02:00:5e:10:00:100") == nil)
  }

  @Test func kinds() throws {
    #expect(try #require(IPAddress("224.0.0.1")).isMulticast)
    #expect(try #require(IPAddress("ff02::1")).isMulticast)
    #expect(try !#require(IPAddress("192.0.2.1")).isMulticast)
    #expect(try #require(IPv6Address("fe80::1")).isLinkLocal)
    #expect(try !#require(IPv6Address("fec0::1")).isLinkLocal)
    #expect(try #require(IPv4Address("127.3.2.1")).isLoopback)
  }
}
