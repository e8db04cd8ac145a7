import Glibc
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
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"),
    ])
  func recommendedText(input: String, expected: String) throws {
    let address = try #require(IPv6Address(input))
    #expect(address.description == expected)
    #expect(IPv6Address(expected) == address)
  }

  @Test(
    "the longest run of zero groups, wherever zeros are", arguments: [1, 0x7fff, 0x8000, 0xffff])
  func longestRun(other: UInt128) {
    for zeros in 0..<256 {
      let isZero = (0..<8).map { zeros >> $0 & 1 == 1 }
      let bits = isZero.reduce(UInt128(0)) { $0 << 16 | ($1 ? 0 : other) }
      // The first of the longest, straight from §4.2.
      var longest: Range<Int>?
      for start in 0..<8 {
        for end in start + 1...8 where isZero[start..<end].allSatisfy({ $0 }) {
          if end - start > max(longest?.count ?? 0, 1) { longest = start..<end }
        }
      }
      #expect(IPv6Address(bits: bits).longestZeroRun == longest)
    }
  }

  @Test(
    "what is no IPv6 address is refused",
    arguments: [
      "", ":", ":::", "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::", "::+1", "::-1", ":1", "1:", "fe80::1%eth0",
      "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7:8::1::2",
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

  @Test("any text of an IPv6 address, its groups and colons, is read as inet_pton reads it")
  func randomIPv6Text() {
    let parts = ["0", "1", "f", "ffff", "12345", ":", ":", ":", "::", "1.2.3.4", ".", "g"]
    var rng = SeededRNG(seed: 6)
    var accepted = 0
    for _ in 0..<100_000 {
      let text = (0..<Int.random(in: 1...16, using: &rng)).map { _ in
        parts.randomElement(using: &rng) ?? ""
      }.joined()
      var octets = in6_addr()
      let isAddress = unsafe inet_pton(AF_INET6, text, &octets) == 1
      let wire = unsafe withUnsafeBytes(of: octets) { unsafe Array($0) }
      let address = IPv6Address(text)
      #expect(address == (isAddress ? wire.span.ipv6Address(at: 0) : nil), "\(text)")
      accepted += isAddress ? 1 : 0
    }
    #expect(accepted > 1_000)
  }

  @Test("IPv4 text", arguments: ["0.0.0.0", "192.0.2.1", "255.255.255.255"])
  func ipv4Text(text: String) { #expect(IPv4Address(text)?.description == text) }

  @Test(
    "what is no IPv4 address is refused",
    arguments: [
      "", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.5", "1.2.3.4.", "100.100.100.1000", "256.1.1.1",
      "01.2.3.4", "1..2.3", "+1.2.3.4", "1.2.3.4 ",
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
    #expect(try !#require(IPAddress("::1")).isMulticast)
    #expect(try #require(IPAddress("192.0.2.1")).family == .v4)
    #expect(try #require(IPAddress("::1")).family == .v6)
    #expect(MACAddress.broadcast.isGroup && MACAddress(bits: 0x0100_0000_0000).isGroup)
    #expect(!MACAddress(bits: 0xfeff_ffff_ffff).isGroup)
  }

  @Test(
    "the first and last addresses of each kind, and their neighbours",
    arguments: [
      ("223.255.255.255", "224.0.0.0"), ("240.0.0.0", "239.255.255.255"),
      ("feff:ffff::", "ff00::"), ("feff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
  func multicastEdges(outside: String, inside: String) throws {
    #expect(try !#require(IPAddress(outside)).isMulticast)
    #expect(try #require(IPAddress(inside)).isMulticast)
  }

  @Test func otherEdges() throws {
    #expect(try #require(IPv6Address("fe80::")).isLinkLocal)
    #expect(try #require(IPv6Address("febf:ffff::1")).isLinkLocal)
    #expect(try !#require(IPv6Address("fe7f:ffff::1")).isLinkLocal)
    #expect(try !#require(IPv6Address("fec0::1")).isLinkLocal)
    #expect(try #require(IPv4Address("127.3.2.1")).isLoopback)
    #expect(try !#require(IPv4Address("126.255.255.255")).isLoopback)
    #expect(try !#require(IPv4Address("128.0.0.1")).isLoopback)
    #expect(IPv4Address.loopback.description == "127.0.0.1" && IPv4Address.any.bits == 0)
    #expect(IPv6Address.loopback.description == "::1" && IPv6Address.any.bits == 0)
  }

  @Test("the IPv4 address in a mapped one, and only in one")
  func mapped() throws {
    #expect(
      try #require(IPv6Address("::ffff:1.2.3.4")).mappedIPv4 == IPv4Address(1, 2, 3, 4))
    for text in ["::1.2.3.4", "::fffe:1.2.3.4", "::1:ffff:1.2.3.4", "1::ffff:1.2.3.4"] {
      #expect(try #require(IPv6Address(text)).mappedIPv4 == nil)
    }
  }

  @Test("the 128 bits are two words, and can be set")
  func words() {
    var address = IPv6Address(bits: 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10)
    #expect(address.highWord == 0x0102_0304_0506_0708)
    #expect(address.lowWord == 0x090a_0b0c_0d0e_0f10)
    #expect(address.bits == 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10)
    address.bits = 0x1112_1314_1516_1718_191a_1b1c_1d1e_1f20
    #expect(address.description == "1112:1314:1516:1718:191a:1b1c:1d1e:1f20")
  }

  @Test("addresses are ordered as numbers, IPv4 first")
  func order() throws {
    let texts = ["1.2.3.4", "1.2.4.0", "200.0.0.0", "::1", "::2:0:0:0:0", "1::", "ff02::1"]
    let addresses = try texts.map { try #require(IPAddress($0)) }
    for (left, first) in addresses.enumerated() {
      for (right, second) in addresses.enumerated() {
        #expect((first < second) == (left < right))
      }
    }
    let (low, high) = (MACAddress(bits: 0x0200_0000_0001), MACAddress(bits: 0x0200_0000_0002))
    #expect(low < high && !(high < low) && !(low < low))
    let four = IPv4Address(192, 0, 2, 1)
    #expect(four < IPv4Address(192, 0, 2, 2) && !(four < four))
    #expect(MACAddress(bits: 0xff01_0200_0000_0001) == low, "48 bits count")
  }
}
