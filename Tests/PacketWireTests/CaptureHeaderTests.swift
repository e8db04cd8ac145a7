import PacketTestSupport
import PacketWire
import Testing

@Suite("Headers of how a packet was captured: NFLOG, IPNET, PPI, PKTAP")
struct CaptureHeaderTests {
  @Test func nflogFields() throws {
    let octetsOnWire = hex("0a 12 3456")
    let header: NFLOGHeader = try parse(octetsOnWire)
    #expect(header.family == 10 && header.version == 0x12 && header.resourceID == 0x3456)
    #expect(header.ipFamily == .v6)
    try expectRoundTrip(of: octetsOnWire, as: NFLOGHeader.self)
    expectEveryPrefixIsRefused(of: octetsOnWire, takenIn: [4], by: .nflog, as: NFLOGHeader.self)
    #expect(octets(of: NFLOGHeader(family: 2, resourceID: 20)) == hex("0200 0014"))
    #expect(NFLOGHeader(family: 3, resourceID: 0).ipFamily == nil)
  }

  @Test func ipnetFields() throws {
    let octetsOnWire = hex("02 1a 0304 05060708 090a0b0c 0d0e0f10 11121314 15161718")
    let header: IPNETHeader = try parse(octetsOnWire)
    #expect(header.version == 2 && header.family == 26 && header.hookType == 0x0304)
    #expect(header.packetLength == 0x0506_0708 && header.interface == 0x090a_0b0c)
    #expect(header.group == 0x0d0e_0f10 && header.ipFamily == .v6)
    #expect(header.sourceZone == 0x1112_1314 && header.destinationZone == 0x1516_1718)
    try expectRoundTrip(of: octetsOnWire, as: IPNETHeader.self)
    expectEveryPrefixIsRefused(of: octetsOnWire, takenIn: [24], by: .ipnet, as: IPNETHeader.self)
    let built = IPNETHeader(family: 2, packetLength: 84, sourceZone: .max, destinationZone: 0)
    #expect(octets(of: built) == hex("0102 0000 00000054 00000000 00000000 ffffffff 00000000"))
    #expect(built.ipFamily == .v4)
  }

  @Test func ppiFields() throws {
    let octetsOnWire = hex("01 02 5400 69000000")
    let header: PPIHeader = try parse(octetsOnWire)
    #expect(header.version == 1 && header.flags == 2 && header.wholeLength == 84)
    #expect(header.linkType == .ieee80211)
    try expectRoundTrip(of: octetsOnWire, as: PPIHeader.self)
    expectEveryPrefixIsRefused(of: octetsOnWire, takenIn: [8], by: .ppi, as: PPIHeader.self)
    #expect(octets(of: PPIHeader(wholeLength: 8, linkType: .ethernet)) == hex("0000 0800 01000000"))
  }

  @Test func pktapFields() throws {
    let octetsOnWire = hex("6c000000 02000000 0c010000")
    let header: PKTAPHeader = try parse(octetsOnWire)
    #expect(header.wholeLength == 108 && header.recordType == 2)
    #expect(header.linkType.rawValue == 0x10c)
    try expectRoundTrip(of: octetsOnWire, as: PKTAPHeader.self)
    expectEveryPrefixIsRefused(of: octetsOnWire, takenIn: [12], by: .pktap, as: PKTAPHeader.self)
    let built = PKTAPHeader(wholeLength: 12, linkType: .ethernet)
    #expect(octets(of: built) == hex("0c000000 01000000 01000000"))
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrips(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 0...6, as: NFLOGHeader.self)
    expectRandomRoundTrip(seed: seed, lengths: 20...26, as: IPNETHeader.self)
    expectRandomRoundTrip(seed: seed, lengths: 4...10, as: PPIHeader.self)
    expectRandomRoundTrip(seed: seed, lengths: 8...14, as: PKTAPHeader.self)
  }

  // MARK: In frames

  static let datagram = KernelPackets.udpOverIPv4
  /// Attributes before the packet's, and its own; lengths and kinds in this order.
  static func attributes(
    _ packet: [UInt8], isLittleEndian: Bool = true, length: Int? = nil
  ) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] {
      let octets = [UInt8(value >> 8), UInt8(value & 0xff)]
      return isLittleEndian ? octets.reversed() : octets
    }
    return number(5) + number(10) + hex("00 000000") + number(4) + number(1)
      + number(length ?? packet.count + 4) + number(9) + packet
  }

  @Test("the packet among netfilter's attributes, in either byte order", arguments: [true, false])
  func logged(isLittleEndian: Bool) {
    let octets = hex("0200 0014") + Self.attributes(Self.datagram, isLittleEndian: isLittleEndian)
    let frame = decode(octets + hex("0400 0100"), .nflog)
    #expect(frame.problem == nil && frame.ports != nil && frame.networkOffset == 20)
    #expect(frame.payload.count == frame.payloadLength && frame.payload.upperBound == octets.count)
    // Cut within the packet.
    let cut = decode(Array(octets.dropLast(3)), .nflog, originalLength: octets.count)
    #expect(cut.problem == nil && cut.payloadLength == cut.payload.count + 3)
  }

  @Test("attributes that cannot be, or are too many")
  func brokenAttributes() {
    let short = decode(hex("0200 0014 0400 0100 0300 0900 45"), .nflog)
    #expect(short.problem == PacketError(.nflog, at: 8, .badHeaderLength(3)))
    let none = decode(hex("0200 0014 0400 0100"), .nflog)
    #expect(none.problem == nil && none.network == .none)
    var many = hex("0200 0014")
    for _ in 0..<65 { many += hex("0400 0100") }
    #expect(decode(many, .nflog).problem?.reason == .tooMany(limit: 64))
    // No version of IP.
    let other = decode(hex("0700 0014") + Self.attributes(Self.datagram), .nflog)
    #expect(other.problem == nil && other.network == .none)
  }

  /// What a wrapped frame of a link type needs before the datagram.
  static let wrapped: [(LinkType, [UInt8])] = [
    (.ethernet, FrameLinkTests.macs + hex("0800")),
    (.ethernet, FrameLinkTests.macs + hex("8100 0001 0800")),
    (
      .ieee80211,
      hex("0801 0000 111111111111 222222222222 333333333333 0000 aaaa03 000000 0800")
    ),
    (.null, hex("02000000")), (.loop, hex("00000002")), (.ipv4, []), (.raw, []),
    (LinkType(rawValue: 12), []), (.ppp, hex("0021")),
  ]

  @Test("frames behind PPI's and PKTAP's headers", arguments: wrapped.indices)
  func isFound(index: Int) {
    let (linkType, before) = Self.wrapped[index]
    let type = octets(of: PPIHeader(wholeLength: 12, linkType: linkType))
    let headers: [(LinkType, [UInt8])] = [
      (.ppi, type + hex("00000000")),
      (.pktap, octets(of: PKTAPHeader(wholeLength: 12, linkType: linkType))),
      (.oldPKTAP, octets(of: PKTAPHeader(wholeLength: 16, linkType: linkType)) + hex("01020304")),
    ]
    for (outer, header) in headers {
      let frame = decode(header + before + Self.datagram, outer)
      #expect(frame.problem == nil && frame.ports != nil, "\(outer)")
      #expect(frame.networkOffset == header.count + before.count)
    }
  }

  @Test("the check sequence that a card has left is no payload")
  func checkSequence() {
    let common = hex("0200 1400 0000000000000000 0100 0000000000000000 0000")
    let header = octets(of: PPIHeader(wholeLength: 32, linkType: .ieee80211)) + common
    let octets = header + Self.wrapped[2].1 + Self.datagram + hex("01020304")
    let frame = decode(octets, .ppi)
    #expect(frame.problem == nil && frame.payload.upperBound == octets.count - 4)
    #expect(frame.payload.count == frame.payloadLength)
    // Behind a field of one octet, which the flag pads to four.
    let padded = hex("0001 2800 69000000 0900 0100 ff000000") + common
    let later = decode(padded + Self.wrapped[2].1 + Self.datagram + hex("01020304"), .ppi)
    #expect(
      later.problem == nil
        && later.payload.upperBound == padded.count + octets.count - header.count - 4)
  }

  @Test("a payload that says no length ends where the check sequence begins")
  func checkSequenceOfUnknown() {
    let frame = FrameLinkTests.macs + hex("88b5 0102030405 01020304")
    // Flags of the field of 802.11, behind its time stamp: 1 for a check sequence.
    for (flags, left) in [(UInt8(1), 4), (0, 0), (0xfe, 0)] {
      let common = hex("0200 1400 0000000000000000") + [flags] + hex("00 0000000000000000 0000")
      // Another field before it, whose length is no multiple of four.
      for field in ["", "0300 0200 ff00", "0102 0500 ffffffffff"] {
        let header =
          octets(of: PPIHeader(wholeLength: UInt16(32 + hex(field).count), linkType: .ethernet))
          + hex(field) + common
        let decoded = decode(header + frame, .ppi)
        #expect(decoded.payload == header.count + 14..<header.count + frame.count - left)
        #expect(decoded.payloadLength == decoded.payload.count)
      }
      // Shorter than the field is.
      let short = octets(of: PPIHeader(wholeLength: 31, linkType: .ethernet)) + common.dropLast()
      #expect(decode(short + frame, .ppi).payload == 45..<short.count + frame.count)
      // A frame of three octets holds none.
      let header = octets(of: PPIHeader(wholeLength: 32, linkType: .raw)) + common
      #expect(decode(header + [0, 1, 2], .ppi).payload == header.count..<header.count + 3)
      #expect(decode(header + [0, 1, 2, 3], .ppi).payload.count == 4 - left)
    }
  }

  @Test("nothing behind a header is no packet", arguments: [101, 228, 229, 12] as [UInt32])
  func nothing(linkType: UInt32) {
    let header = PPIHeader(wholeLength: 8, linkType: LinkType(rawValue: linkType))
    let frame = decode(octets(of: header), .ppi)
    #expect(frame.network == .none && frame.payload.isEmpty && frame.problem == nil)
  }

  @Test("lengths that are too small or too large, and records that are no packets")
  func brokenWrappers() {
    #expect(
      decode(hex("0000 0700 01000000"), .ppi).problem
        == PacketError(.ppi, at: 2, .badHeaderLength(7)))
    #expect(
      decode(hex("0000 0900 01000000"), .ppi).problem
        == PacketError(.ppi, at: 0, .truncated(needed: 9, available: 8)))
    #expect(
      decode(hex("0b000000 01000000 01000000"), .pktap).problem
        == PacketError(.pktap, at: 0, .badHeaderLength(11)))
    #expect(
      decode(hex("ffffffff 01000000 01000000"), .pktap).problem
        == PacketError(.pktap, at: 0, .truncated(needed: 0xffff_ffff, available: 12)))
    let other = decode(hex("0c000000 02000000 01000000 45"), .pktap)
    #expect(other.problem == nil && other.network == .none)
  }
}
