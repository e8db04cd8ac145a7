import PacketTestSupport
import PacketWire
import Testing

@Suite("Frame: transport")
struct FrameTransportTests {
  @Test("each transport is read with its own header")
  func transports() throws {
    let echo: ICMPv4Header = try parse(Array(KernelPackets.echoOverIPv4[20...]))
    let four = decode(KernelPackets.echoOverIPv4, .raw)
    #expect(four.transport == .icmpv4(echo) && four.payload == 28..<45 && four.ports == nil)
    let echo6: ICMPv6Header = try parse(Array(KernelPackets.echoOverIPv6[40...]))
    let six = decode(KernelPackets.echoOverIPv6, .raw)
    #expect(six.transport == .icmpv6(echo6) && six.payload == 48..<65 && six.payloadLength == 17)
    let syn: TCPHeader = try parse(Array(KernelPackets.synOverIPv4[20...]))
    #expect(decode(KernelPackets.synOverIPv4, .raw).transport == .tcp(syn))
  }

  @Test("ICMP of the other family is not taken for this one's")
  func otherFamily() {
    var four = KernelPackets.echoOverIPv4
    four[9] = 58
    #expect(decode(four, .raw).transport == .other(.icmpv6))
    #expect(decode(four, .raw).payload == 20..<45)
    var six = KernelPackets.echoOverIPv6
    six[6] = 1
    #expect(decode(six, .raw).transport == .other(.icmp))
  }

  @Test("a cut header is a problem of its own layer")
  func cutHeaders() {
    let short = PacketError.Reason.truncated(needed: 8, available: 7)
    let four = decode(Array(KernelPackets.echoOverIPv4.prefix(27)), .raw)
    #expect(four.problem == PacketError(.icmpv4, at: 20, short))
    let six = decode(Array(KernelPackets.echoOverIPv6.prefix(47)), .raw)
    #expect(six.problem == PacketError(.icmpv6, at: 40, short))
    let udp = decode(Array(KernelPackets.udpOverIPv6.prefix(47)), .raw)
    #expect(udp.problem == PacketError(.udp, at: 40, short))
    #expect(udp.payload == 40..<47 && udp.payloadLength == 11)
  }

  @Test("a bad data offset is a problem where it stands")
  func badDataOffset() {
    var packet = KernelPackets.synOverIPv4
    packet[32] = 0x4f
    let frame = decode(packet, .raw)
    #expect(frame.problem == PacketError(.tcp, at: 32, .badHeaderLength(16)))
    #expect(frame.transport == .none && frame.payload == 20..<60)
  }

  @Test(
    "a UDP length shorter than IP's ends the payload, one that cannot be does not",
    arguments: [
      (17, 9), (16, 8), (9, 1), (8, 0), (7, 9), (0, 9), (18, 9), (65_535, 9),
    ] as [(UInt16, Int)])
  func udpLength(declared: UInt16, expected: Int) {
    var packet = KernelPackets.udpOverIPv4
    (packet[24], packet[25]) = (UInt8(declared >> 8), UInt8(declared & 0xff))
    let frame = decode(packet, .raw)
    #expect(frame.problem == nil)
    #expect(frame.payload == 28..<28 + expected && frame.payloadLength == expected)
  }

  @Test("a UDP length shorter than IP's counts for a cut datagram too")
  func cutUDPLength() {
    var packet = KernelPackets.udpOverIPv4
    packet[25] = 12
    let frame = decode(Array(packet.prefix(30)), .raw, originalLength: 37)
    #expect(frame.payload == 28..<30 && frame.payloadLength == 4)
  }

  @Test("random octets never trap and stay in bounds", arguments: 0..<8 as Range<UInt64>)
  func randomOctets(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    let links: [LinkType] = [.ethernet, .null, .loop, .raw, .linuxSLL, .linuxSLL2, .ipv4, .ipv6]
    let packets = [
      KernelPackets.udpOverIPv4, KernelPackets.synOverIPv6, KernelPackets.echoOverIPv6,
      KernelPackets.synOverIPv4,
    ]
    for _ in 0..<1_000 {
      let (linkType, prefix) = FrameLinkTests.beforeIPv4.randomElement(using: &rng) ?? (.raw, [])
      var octets = prefix + (packets.randomElement(using: &rng) ?? [])
      for _ in 0..<Int.random(in: 1...4, using: &rng) {
        octets[Int.random(in: 0..<octets.count, using: &rng)] = .random(in: 0...255, using: &rng)
      }
      octets.removeLast(Int.random(in: 0...octets.count / 2, using: &rng))
      let isOther = Bool.random(using: &rng)
      let frame = decode(
        octets, isOther ? links.randomElement(using: &rng) ?? .raw : linkType,
        originalLength: .random(in: 0...100, using: &rng))
      #expect(frame.payload.upperBound <= octets.count, "seed \(seed)")
      #expect(frame.payloadLength >= frame.payload.count, "seed \(seed)")
      _ = frame.transportChecksum(over: octets.span)
    }
  }
}
