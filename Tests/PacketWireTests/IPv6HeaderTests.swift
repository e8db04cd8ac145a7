import PacketTestSupport
import PacketWire
import Testing

@Suite("IPv6 header (RFC 8200 §3)")
struct IPv6HeaderTests {
  static let distinct = hex(
    """
    6 ba 12345  0607 11 1a              # class 0xba, label, length, UDP, hop limit 26
    20010db8 0a0b0c0d 0e0f1011 12131415
    20010db8 1a1b1c1d 1e1f2021 22232425
    """)

  @Test func fields() throws {
    let header: IPv6Header = try parse(Self.distinct)
    #expect(header.trafficClass == 0xba && header.dscp == 46 && header.ecn == 2)
    #expect(header.flowLabel == 0x12345)
    #expect(header.payloadLength == 0x0607)
    #expect(header.nextHeader == .udp && header.hopLimit == 26)
    #expect(header.source == IPv6Address("2001:db8:a0b:c0d:e0f:1011:1213:1415"))
    #expect(header.destination == IPv6Address("2001:db8:1a1b:1c1d:1e1f:2021:2223:2425"))
  }

  @Test("traffic class and flow label keep to their own bits")
  func firstWord() throws {
    var header: IPv6Header = try parse(Self.distinct)
    header.trafficClass = 0x45
    #expect(octets(of: header).prefix(4) == hex("6 45 12345")[...])
    header.flowLabel = 0xfff6_789a
    #expect(octets(of: header).prefix(4) == hex("6 45 6789a")[...])
    header.trafficClass = 0
    #expect(octets(of: header).prefix(4) == hex("6 00 6789a")[...])
    #expect(header.flowLabel == 0x6789a && header.trafficClass == 0)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: IPv6Header.self) }

  @Test("random octets are refused or written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 30...50, as: IPv6Header.self) { octets, _ in
      octets[0] = 0x60 | octets[0] & 0x0f  // or nearly all would fail on the version
    }
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(of: Self.distinct, takenIn: [40], by: .ipv6, as: IPv6Header.self)
  }

  @Test(
    "any version but 6 is refused", arguments: (0...15 as ClosedRange<UInt8>).filter { $0 != 6 })
  func version(_ version: UInt8) {
    #expect(throws: PacketError(.ipv6, at: 100, .unexpectedVersion(version))) {
      try parse([version << 4 | 0xb] + Self.distinct.dropFirst(), at: 100, as: IPv6Header.self)
    }
  }

  @Test func builtFromFields() throws {
    var header = try IPv6Header(
      nextHeader: .udp, from: #require(IPv6Address("2001:db8:a0b:c0d:e0f:1011:1213:1415")),
      to: #require(IPv6Address("2001:db8:1a1b:1c1d:1e1f:2021:2223:2425")))
    (header.trafficClass, header.flowLabel, header.hopLimit) = (0xba, 0x12345, 26)
    try header.fill(payloadLength: 0x0607)
    #expect(octets(of: header) == Self.distinct)
  }

  @Test("a new header has 64 hops to go and nothing else set")
  func defaults() {
    let header = IPv6Header(nextHeader: .icmpv6, from: .any, to: .loopback)
    #expect(octets(of: header) == hex("60000000 00003a40") + [UInt8](repeating: 0, count: 31) + [1])
  }

  @Test("the longest payload is filled, a longer one refused")
  func fillLimit() throws {
    var header: IPv6Header = try parse(Self.distinct)
    try header.fill(payloadLength: 65_535)
    #expect(header.payloadLength == 65_535)
    #expect(throws: PacketError(.ipv6, at: 4, .badHeaderLength(65_536))) {
      try header.fill(payloadLength: 65_536)
    }
    #expect(header.payloadLength == 65_535)
  }
}
