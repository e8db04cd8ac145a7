import PacketTestSupport
import PacketWire
import Testing

@Suite("IPv4 header (RFC 791 §3.1)")
struct IPv4HeaderTests {
  /// Every field holds a value of its own, so that a swapped or misread field shows.
  static let distinct = hex(
    """
    45 ba 01 1e  02 03 5a 04    # v4 IHL 5, DSCP 46 ECN 2, length 286, id, DF, offset 53280
    1a 11 56 d7  c0 00 02 01    # TTL 26, UDP, checksum, 192.0.2.1
    c6 33 64 02                 # 198.51.100.2
    """)
  static let withRouterAlert = hex(
    """
    46 c0 00 20  00 00 00 00  01 02 82 00  c0 00 02 01  e0 00 00 16
    94 04 00 00                 # RFC 2113 router alert
    """)

  @Test func fields() throws {
    let header: IPv4Header = try parse(Self.distinct)
    #expect(header.typeOfService == 0xba && header.dscp == 46 && header.ecn == 2)
    #expect(header.totalLength == 286)
    #expect(header.identification == 0x0203)
    #expect(header.dontFragment && !header.moreFragments && !header.reservedFlag)
    #expect(header.fragmentOffset == 53_280)
    #expect(header.timeToLive == 26 && header.protocolNumber == .udp)
    #expect(header.checksum == 0x56d7)
    #expect(header.source == IPv4Address(192, 0, 2, 1))
    #expect(header.destination == IPv4Address(198, 51, 100, 2))
    #expect(header.options.isEmpty && header.length == 20)
    #expect(header.isChecksumValid)
  }

  @Test(
    "each flag is read from its own bit",
    arguments: [
      (0x8000, [true, false, false, false]), (0x4000, [false, true, false, false]),
      (0x2000, [false, false, true, true]), (0x1fff, [false, false, false, true]),
      (0x0001, [false, false, false, true]), (0, [false, false, false, false]),
    ] as [(UInt16, [Bool])])
  func flags(word: UInt16, expected: [Bool]) throws {
    var header: IPv4Header = try parse(Self.distinct)
    header.flagsAndOffset = word
    let seen = [
      header.reservedFlag, header.dontFragment, header.moreFragments, header.isFragment,
    ]
    #expect(seen == expected)
    #expect(header.fragmentOffset == Int(word & 0x1fff) * 8)
  }

  @Test func optionOctets() throws {
    let header: IPv4Header = try parse(KernelPackets.recordRouteHeader)
    #expect(header.options.count == 40 && header.length == 60)
    #expect(Array(copying: header.options.span) == Array(KernelPackets.recordRouteHeader[20...]))
  }

  @Test(
    "what is read is written back octet for octet",
    arguments: [distinct, withRouterAlert, KernelPackets.recordRouteHeader])
  func roundTrip(packet: [UInt8]) throws { try expectRoundTrip(of: packet, as: IPv4Header.self) }

  @Test("random octets are refused or written back unchanged", arguments: 0..<8 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...64, as: IPv4Header.self) { octets, _ in
      octets[0] = 0x40 | octets[0] & 0x0f  // or nearly all would fail on the version
    }
  }

  @Test("every shorter prefix is refused, and the error says where")
  func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.withRouterAlert, takenIn: [20, 4], by: .ipv4, as: IPv4Header.self)
  }

  @Test(
    "any version but 4 is refused", arguments: (0...15 as ClosedRange<UInt8>).filter { $0 != 4 })
  func version(_ version: UInt8) {
    #expect(throws: PacketError(.ipv4, at: 100, .unexpectedVersion(version))) {
      try parse([version << 4 | 5] + Self.distinct.dropFirst(), at: 100, as: IPv4Header.self)
    }
  }

  @Test("an IHL under 5 is refused", arguments: 0..<5 as Range<UInt8>)
  func headerLength(ihl: UInt8) {
    #expect(throws: PacketError(.ipv4, at: 100, .badHeaderLength(Int(ihl) * 4))) {
      try parse([0x40 | ihl] + Self.distinct.dropFirst(), at: 100, as: IPv4Header.self)
    }
  }

  @Test func builtFromFields() throws {
    var header = IPv4Header(
      protocolNumber: .udp, from: IPv4Address(192, 0, 2, 1), to: IPv4Address(198, 51, 100, 2))
    (header.typeOfService, header.identification) = (0xba, 0x0203)
    (header.flagsAndOffset, header.timeToLive) = (0x5a04, 26)
    try header.fill(payloadLength: 266)
    #expect(octets(of: header) == Self.distinct)
  }

  @Test func builtWithOptions() throws {
    var header = IPv4Header(
      protocolNumber: .igmp, from: IPv4Address(192, 0, 2, 1), to: IPv4Address(224, 0, 0, 22))
    (header.typeOfService, header.timeToLive) = (0xc0, 1)
    header.options = try #require(OptionOctets(padding: [0x94, 0x04, 0, 0]))
    try header.fill(payloadLength: 8)
    #expect(octets(of: header) == Self.withRouterAlert)
  }

  @Test("options that are no multiple of four octets are padded", arguments: 1...7)
  func oddOptions(count: Int) throws {
    var header = IPv4Header(protocolNumber: .udp, from: .any, to: .loopback)
    let some = [UInt8](repeating: 1, count: count)
    let copied = OptionOctets(copying: some.span)
    header.options = try #require(copied)
    let written = octets(of: header)
    #expect(written.count == header.length && header.length == (count <= 4 ? 24 : 28))
    #expect(written[0] == (count <= 4 ? 0x46 : 0x47))
    #expect(written[20...] == some[...] + [UInt8](repeating: 0, count: -count & 3)[...])
    var segment = TCPHeader(from: 1, to: 2, flags: .syn)
    segment.options = header.options
    #expect(octets(of: segment)[20...] == written[20...])
    #expect(octets(of: segment)[12] == (count <= 4 ? 0x60 : 0x70))
  }

  @Test("a new header is a whole packet with 64 hops to go and nothing else set")
  func defaults() {
    let header = IPv4Header(protocolNumber: .icmp, from: .any, to: .loopback)
    #expect(octets(of: header) == hex("45000014 00000000 40010000 00000000 7f000001"))
  }

  @Test("the longest packet is filled, a longer one refused")
  func fillLimit() throws {
    var header: IPv4Header = try parse(Self.withRouterAlert)
    try header.fill(payloadLength: 65_511)
    #expect(header.totalLength == 65_535 && header.isChecksumValid)
    let filled = header
    #expect(throws: PacketError(.ipv4, at: 2, .badHeaderLength(65_536))) {
      try header.fill(payloadLength: 65_512)
    }
    #expect(header == filled)
  }
}

@Suite("IPv4 header checksum (RFC 791 §3.1)")
struct IPv4HeaderChecksumTests {
  static let fromTheKernel = [
    KernelPackets.udpOverIPv4, KernelPackets.synOverIPv4, KernelPackets.echoOverIPv4,
    KernelPackets.recordRouteHeader, IPv4HeaderTests.distinct, IPv4HeaderTests.withRouterAlert,
  ]

  @Test("checksums that Linux made are valid, and are what is computed", arguments: fromTheKernel)
  func knownGood(packet: [UInt8]) throws {
    let header: IPv4Header = try parse(packet)
    #expect(header.isChecksumValid && header.computedChecksum == header.checksum)
  }

  @Test("one wrong bit anywhere shows", arguments: 0..<60)
  func wrongBit(index: Int) throws {
    var packet = KernelPackets.recordRouteHeader
    packet[index] ^= index == 0 ? 0x01 : 0x10  // not the version
    let header: IPv4Header = try parse(packet)
    #expect(!header.isChecksumValid)
  }

  @Test("0xffff stands for zero, zero does not stand for 0xffff (RFC 1624 §3)")
  func onesComplementZero() throws {
    // The identification makes the rest of the header sum to 0xffff.
    var header: IPv4Header = try parse(IPv4HeaderTests.distinct)
    header.identification = 0x0203 + 0x56d7
    #expect(header.computedChecksum == 0)
    header.checksum = 0
    #expect(header.isChecksumValid)
    header.checksum = 0xffff
    #expect(header.isChecksumValid)
    header.checksum = 0xfffe
    #expect(!header.isChecksumValid)
  }
}
