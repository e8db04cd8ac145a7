import PacketTestSupport
import PacketWire
import Testing

@Suite("Frame: transport checksums")
struct FrameChecksumTests {
  /// Packets, and where their transport checksums stand.
  static let packets = [
    (KernelPackets.udpOverIPv4, 26), (KernelPackets.udpOverIPv6, 46),
    (KernelPackets.synOverIPv4, 36), (KernelPackets.synOverIPv6, 56),
    (KernelPackets.echoOverIPv4, 22), (KernelPackets.echoOverIPv6, 42),
  ]

  @Test("what the kernel sent is good, and anything else is not", arguments: packets)
  func verdicts(packet: [UInt8], checksumOffset: Int) {
    #expect(verdict(packet) == .good)
    var changed = packet
    changed[checksumOffset + 1] ^= 1
    let (upper, lower) = (UInt16(packet[checksumOffset]) << 8, packet[checksumOffset + 1])
    let (seen, expected) = (upper | UInt16(lower ^ 1), upper | UInt16(lower))
    #expect(verdict(changed) == .bad(seen: seen, expected: expected))
  }

  @Test("a home address option's address is summed instead of the source (RFC 6275 §11.3.1)")
  func homeAddress() {
    let plain = KernelPackets.udpOverIPv6
    for (kind, length) in [(0xc9, 16), (0x1e, 16)] as [(UInt8, UInt8)] {
      var packet = Array(plain.prefix(40))
      (packet[5], packet[6]) = (packet[5] + 24, 60)
      packet[23] ^= 0xff
      packet += [17, 2, 1, 2, 0, 0, kind, length] + plain[8..<24] + plain[40...]
      let verdict = verdict(packet)
      if kind == 0xc9 { #expect(verdict == .good) } else { #expect(verdict != .good) }
    }
    // Behind another header, and behind padding of one octet.
    var packet = Array(plain.prefix(40))
    (packet[5], packet[6]) = (packet[5] + 40, 0)
    packet[23] ^= 0xff
    packet += [60, 0, 1, 4, 0, 0, 0, 0] + [17, 3, 0, 0, 0, 1, 1, 0, 0xc9, 16] + plain[8..<24]
    packet += [1, 4, 0, 0, 0, 0] + plain[40...]
    #expect(verdict(packet) == .good)
  }

  @Test(
    "a home address is found behind one octet of padding, and directly; one that is cut is none")
  func homeAddressPlaces() {
    let plain = KernelPackets.udpOverIPv6
    let (header, source, rest) = (Array(plain.prefix(40)), plain[8..<24], plain[40...])
    for options in [
      [0xc9, 16] + source + [1, 2, 0, 0], [0, 0xc9, 16] + source + [1, 1, 0],
      [0, 1, 0, 0xc9, 16] + source + [0],
    ] as [[UInt8]] {
      var packet = header
      (packet[5], packet[6]) = (packet[5] + 24, 60)
      packet[23] ^= 0xff
      packet += [17, 2] + options + rest
      #expect(verdict(packet) == .good, "\(options)")
    }
    for options in [[1, 0, 0, 0, 0xc9, 16], [0xc9, 16, 1, 2, 3, 4]] as [[UInt8]] {
      var packet = header
      (packet[5], packet[6]) = (packet[5] + 16, 60)
      packet += [60, 0, 1, 4, 0, 0, 0, 0] + [17, 0] + options + rest
      #expect(verdict(packet) == .good, "\(options)")
    }
  }

  @Test("a source route of one address is long enough", arguments: [0, 2, 4] as [UInt8])
  func oneSegment(type: UInt8) {
    let plain = KernelPackets.udpOverIPv6
    var packet = Array(plain.prefix(24)) + [UInt8](repeating: 0xfd, count: 16)
    (packet[5], packet[6]) = (packet[5] + 24, 43)
    packet += [17, 2, type, 1, 0, 0, 0, 0] + plain[24...]
    #expect(verdict(packet) == .good)
  }

  @Test("a changed payload asks for another checksum")
  func changedPayload() {
    var packet = KernelPackets.udpOverIPv4
    packet[36] = 0x02  // the odd last octet counts as 0x0200
    #expect(verdict(packet) == .bad(seen: 0x10b6, expected: 0x0fb6))
  }

  @Test("UDP over IPv4 may have none, over IPv6 it may not (RFC 8200 §8.1)")
  func absent() {
    var four = KernelPackets.udpOverIPv4
    (four[26], four[27]) = (0, 0)
    #expect(verdict(four) == .absent)
    var six = KernelPackets.udpOverIPv6
    (six[46], six[47]) = (0, 0)
    #expect(verdict(six) == .bad(seen: 0, expected: 0x3487))
  }

  @Test("all ones is as good as zero, zero is not as good as all ones")
  func onesComplementZero() {
    // The identifier makes the rest of the message sum to 0xffff.
    var packet = KernelPackets.echoOverIPv4
    let identifier = 0x31d5 + 0x2710
    (packet[24], packet[25]) = (UInt8(identifier >> 8), UInt8(identifier & 0xff))
    (packet[22], packet[23]) = (0, 0)
    #expect(verdict(packet) == .good)
    (packet[22], packet[23]) = (0xff, 0xff)
    #expect(verdict(packet) == .good)
    (packet[22], packet[23]) = (0xff, 0xfe)
    #expect(verdict(packet) == .bad(seen: 0xfffe, expected: 0))
  }

  @Test("a cut packet cannot be verified", arguments: packets)
  func cut(packet: [UInt8], checksumOffset: Int) {
    let cut = Array(packet.dropLast())
    let frame = decode(cut, .raw, originalLength: packet.count)
    #expect(frame.transportChecksum(over: cut.span) == .unverifiable)
  }

  @Test("fewer octets than were decoded cannot be verified")
  func otherOctets() {
    let packet = KernelPackets.udpOverIPv4
    let fewer = Array(packet.dropLast())
    #expect(decode(packet, .raw).transportChecksum(over: fewer.span) == .unverifiable)
  }

  @Test("a fragment cannot be verified")
  func fragments() {
    var first = KernelPackets.udpOverIPv4
    first[6] = 0x20
    #expect(verdict(first) == .unverifiable)
    first[6] = 0
    first[7] = 1
    #expect(verdict(first) == .unverifiable)
    let ipv6 = Array(KernelPackets.udpOverIPv6[..<40])
    for (flags, expected) in [
      ("0001", ChecksumVerdict.unverifiable), ("0008", .unverifiable), ("0000", .good),
    ] {
      var packet = ipv6 + hex("1100 \(flags) 00000000") + KernelPackets.udpOverIPv6[40...]
      (packet[5], packet[6]) = (19, 44)
      #expect(verdict(packet) == expected)
    }
  }

  @Test("a datagram whose UDP length is beyond the packet cannot be verified")
  func longUDPLength() {
    var packet = KernelPackets.udpOverIPv4
    packet[25] = 18
    #expect(verdict(packet) == .unverifiable)
  }

  @Test(
    "an IPv4 source route must be used up for its packet to be verified",
    arguments: [
      ("8307 04 c0000209 00", ChecksumVerdict.unverifiable), ("8307 07 c0000209 00", .unverifiable),
      ("8307 08 c0000209 00", .good), ("8907 04 c0000209 00", .unverifiable),
      ("8907 08 c0000209 00", .good), ("0707 04 c0000209 00", .good), ("83020000", .good),
      ("01 8307 04 c0000209 01 890708 c0000209 00", .unverifiable),
    ])
  func ipv4SourceRoute(options: String, expected: ChecksumVerdict) {
    let options = hex(options)
    var packet = KernelPackets.udpOverIPv4
    packet[0] = 0x45 + UInt8(options.count / 4)
    packet[3] += UInt8(options.count)
    packet.insert(contentsOf: options, at: 20)
    #expect(verdict(packet) == expected)
  }

  @Test(
    "on an IPv6 source route the final destination is summed (RFC 8200 §8.1)",
    arguments: [
      (0, 2, true, .good), (0, 1, true, .good), (2, 1, true, .good), (4, 1, false, .good),
      (4, 1, true, nil), (0, 1, false, nil), (3, 1, true, .unverifiable),
    ] as [(UInt8, UInt8, Bool, ChecksumVerdict?)])
  func finalDestination(
    type: UInt8, segmentsLeft: UInt8, isLast: Bool, expected: ChecksumVerdict?
  ) {
    let plain = KernelPackets.udpOverIPv6
    let (final, other) = (Array(plain[24..<40]), [UInt8](repeating: 0xfc, count: 16))
    var packet = Array(plain.prefix(24)) + [UInt8](repeating: 0xfd, count: 16)
    (packet[5], packet[6]) = (packet[5] + 40, 43)
    packet += [17, 4, type, segmentsLeft, 0, 0, 0, 0]
    packet += (isLast ? other + final : final + other) + plain[40...]
    let verdict = verdict(packet)
    if let expected { #expect(verdict == expected) } else { #expect(verdict != .good) }
  }

  @Test("an IPv6 source route without addresses must be used up", arguments: [0, 1] as [UInt8])
  func ipv6SourceRoute(segmentsLeft: UInt8) {
    var packet = KernelPackets.udpOverIPv6
    (packet[5], packet[6]) = (19, 43)
    packet.insert(contentsOf: [17, 0, 4, segmentsLeft, 0, 0, 0, 0], at: 40)
    #expect(verdict(packet) == (segmentsLeft == 0 ? .good : .unverifiable))
  }

  /// UDP-Lite from port 4000 to 5004 with eleven octets, verified by Wireshark: coverage and checksum.
  static let lite = [(0, 0x3416), (11, 0x5427), (19, 0x3403)] as [(UInt8, UInt16)]

  static func lite(_ coverage: UInt8, _ checksum: UInt16) -> [UInt8] {
    hex("4500 0027 0001 0000 4088 f64a c000 0201 c000 0202 0fa0 138c 00")
      + [coverage, UInt8(checksum >> 8), UInt8(checksum & 0xff)] + Array(1...11)
  }

  @Test("UDP-Lite: what is covered is summed, and nothing else (RFC 3828 §3.1)", arguments: lite)
  func coverage(coverage: UInt8, checksum: UInt16) {
    let packet = Self.lite(coverage, checksum)
    #expect(verdict(packet) == .good)
    for place in 20..<packet.count {
      var changed = packet
      changed[place] ^= 1
      let isCovered = coverage == 0 || place < 20 + Int(coverage)
      #expect((verdict(changed) == .good) == !isCovered, "\(place)")
    }
    // Cut behind what is covered it can be verified, cut before that it cannot.
    for count in 28...packet.count {
      let part = Array(packet.prefix(count))
      let frame = Frame(
        decoding: part.span, linkType: .ipv4, originalLength: packet.count)
      let isThere = count == packet.count || coverage > 0 && count >= 20 + Int(coverage)
      #expect(
        frame.transportChecksum(over: part.span) == (isThere ? .good : .unverifiable))
    }
  }

  @Test("UDP-Lite over IPv6, whose packets cannot be without a checksum")
  func liteOverIPv6() {
    var packet =
      hex("6000 0000 0013 8840 20010db8000000000000000000000001 20010db8000000000000000000000002")
      + hex("0fa0 138c 0008 80bb") + Array(1...11)
    #expect(verdict(packet) == .good)
    (packet[46], packet[47]) = (0, 0)
    #expect(verdict(packet) == .bad(seen: 0, expected: 0x80bb))
  }

  @Test(
    "UDP-Lite: a coverage that cannot be", arguments: [1, 7, 20, 255] as [UInt8])
  func impossibleCoverage(coverage: UInt8) {
    #expect(verdict(Self.lite(coverage, 0)) == .unverifiable)
    var header = UDPHeader(from: 1, to: 2)
    header.datagramLength = UInt16(coverage)
    #expect(header.liteCoverage(packetLength: 19) == nil)
    #expect(header.liteCoverage(packetLength: 255) == (coverage < 8 ? nil : Int(coverage)))
  }

  @Test("a computed zero is sent as all ones")
  func liteZero() {
    var header = UDPHeader(from: 4_000, to: 5_004)
    header.datagramLength = 8
    let address = IPAddress.v4(IPv4Address(bits: 0))
    let none: [UInt8] = []
    func sum() -> UInt16 {
      header.liteChecksum(covered: none.span, packetLength: 8, from: address, to: address)
    }
    header.sourcePort &+= sum()
    #expect(sum() == 0xffff)
  }

  @Test("without a transport there is nothing to verify")
  func none() {
    #expect(verdict(IPv4HeaderTests.withRouterAlert + hex("1600 0904 e0000016")) == .unverifiable)
    let arp = FrameLinkTests.macs + hex("0806") + ARPPacketTests.distinct
    #expect(decode(arp, .ethernet).transportChecksum(over: arp.span) == .unverifiable)
  }

  private func verdict(_ packet: [UInt8]) -> ChecksumVerdict {
    decode(packet, .raw).transportChecksum(over: packet.span)
  }
}
