import PacketTestSupport
import PacketWire
import Testing

@Suite("Frame: lengths and truncation")
struct FrameLengthTests {
  static let syn = FrameLinkTests.macs + hex("0800") + KernelPackets.synOverIPv4

  @Test("a cut frame is read as far as it goes, and the problem says where", arguments: 0..<74)
  func truncation(count: Int) {
    let frame = decode(Array(Self.syn.prefix(count)), .ethernet, originalLength: 74)
    let layers: [(start: Int, parts: [Int], layer: Layer)] = [
      (0, [14], .ethernet), (14, [20], .ipv4), (34, [20, 20], .tcp),
    ]
    for (start, parts, layer) in layers {
      var partStart = start
      for part in parts {
        if count >= partStart, count < partStart + part {
          let reason = PacketError.Reason.truncated(needed: part, available: count - partStart)
          #expect(frame.problem == PacketError(layer, at: partStart, reason))
          let isCutTCP = count >= 54
          #expect(frame.payload == (isCutTCP ? count..<count : start..<count))
          #expect(frame.payloadLength == (isCutTCP ? 0 : 74 - start))
        }
        partStart += part
      }
    }
    #expect((frame.link == .none) == (count < 14) && (frame.network == .none) == (count < 34))
    #expect((frame.transport == .none) == (count < 54) && (frame.ports == nil) == (count < 54))
    if case .tcp(let header) = frame.transport {
      #expect(header.options.count == count - 54 && Int(header.missingOptions) == 74 - count)
      #expect(header.length == 40 && header.flags == .syn)
      let written = [UInt8](capacity: 40) { header.write(to: &$0) }
      #expect(written == Self.syn[34..<count] + [UInt8](repeating: 0, count: 74 - count))
      #expect(
        frame.transportChecksum(over: Self.syn.span.extracting(first: count)) == .unverifiable)
    }
    #expect(frame.networkOffset == (count < 14 ? 0 : 14))
    #expect(frame.transportOffset == (count < 34 ? 0 : 34))
  }

  @Test(
    "a cut header of TCP leaves its payload's length, and what it claims beyond the packet is none")
  func cutHeader() {
    let segment = Self.syn + [UInt8](repeating: 7, count: 100)
    var packet = segment
    (packet[16], packet[17]) = (0, 160)
    var frame = decode(Array(packet.prefix(60)), .ethernet, originalLength: 174)
    #expect(frame.payload == 60..<60 && frame.payloadLength == 100)
    // 60 octets of header in 40 of packet.
    packet = Self.syn
    packet[46] = 0xf0
    frame = decode(packet, .ethernet)
    #expect(frame.transport == .none && frame.problem?.layer == .tcp)
    // A data offset of less than any header's.
    packet[46] = 0x40
    frame = decode(packet, .ethernet)
    #expect(frame.transport == .none && frame.problem?.reason == .badHeaderLength(16))
  }

  @Test("a cut payload is no problem, but shorter than it was")
  func cutPayload() {
    let udp = FrameLinkTests.macs + hex("0800") + KernelPackets.udpOverIPv4
    for count in 42...51 {
      let frame = decode(Array(udp.prefix(count)), .ethernet, originalLength: 51)
      #expect(frame.problem == nil && frame.payload == 42..<count && frame.payloadLength == 9)
    }
  }

  @Test("the padding of a short frame is no payload")
  func padding() {
    let frame = decode(Self.syn + hex("0102030405060708"), .ethernet)
    #expect(frame.payload == 74..<74 && frame.payloadLength == 0)
    let six = FrameLinkTests.macs + hex("86dd") + KernelPackets.udpOverIPv6
    let padded = decode(six + hex("0102"), .ethernet)
    #expect(padded.payload == 62..<65 && padded.payloadLength == 3)
  }

  @Test("a total length of zero counts as the frame's (TSO)")
  func zeroTotalLength() {
    var packet = KernelPackets.synOverIPv4 + hex("616263")
    (packet[2], packet[3]) = (0, 0)
    let whole = decode(packet, .raw)
    #expect(whole.problem == nil && whole.payload == 60..<63 && whole.payloadLength == 3)
    let cut = decode(packet, .raw, originalLength: 3_000)
    #expect(cut.payload == 60..<63 && cut.payloadLength == 2_940)
  }

  @Test("a payload length of zero counts as the frame's (jumbogram, TSO)")
  func zeroPayloadLength() {
    var packet = KernelPackets.synOverIPv6 + hex("616263")
    (packet[4], packet[5]) = (0, 0)
    let whole = decode(packet, .raw)
    #expect(whole.problem == nil && whole.payload == 80..<83 && whole.payloadLength == 3)
    let cut = decode(packet, .raw, originalLength: 70_000)
    #expect(cut.payload == 80..<83 && cut.payloadLength == 69_920)
  }

  @Test(
    "a total length shorter than the header is a problem", arguments: 1...23 as ClosedRange<UInt8>)
  func shortTotalLength(total: UInt8) {
    var packet = IPv4HeaderTests.withRouterAlert + hex("16000000")
    packet[3] = total
    let frame = decode([0, 0, 0, 2] + packet, .loop)
    #expect(frame.problem == PacketError(.ipv4, at: 6, .badHeaderLength(Int(total))))
    #expect(frame.network != .none && frame.protocolNumber == .igmp)
    #expect(frame.transportOffset == 28 && frame.payload == 28..<32)
  }

  @Test("a total length that is just the header leaves an empty payload")
  func emptyPayload() {
    var packet = IPv4HeaderTests.withRouterAlert + hex("16000000")
    (packet[3], packet[9]) = (24, 89)
    let frame = decode(packet, .raw)
    #expect(frame.problem == nil && frame.transport == .other(IPProtocol(rawValue: 89)))
    #expect(frame.payload == 24..<24 && frame.payloadLength == 0)
  }

  @Test("lengths that cut the transport header are a problem of the transport")
  func lengthInsideTransport() {
    var four = KernelPackets.udpOverIPv4
    four[3] = 27
    let reason = PacketError.Reason.truncated(needed: 8, available: 7)
    #expect(decode(four, .raw).problem == PacketError(.udp, at: 20, reason))
    #expect(decode(four, .raw).payloadLength == 7)
    var six = KernelPackets.udpOverIPv6
    six[5] = 7
    #expect(decode(six, .raw).problem == PacketError(.udp, at: 40, reason))
  }

  @Test("a length beyond the frame is what the payload should have been")
  func longTotalLength() {
    var packet = KernelPackets.udpOverIPv4
    (packet[2], packet[3], packet[24], packet[25]) = (0x05, 0xdc, 0x05, 0xc8)
    let frame = decode(packet, .raw, originalLength: 40)
    #expect(frame.problem == nil && frame.payload == 28..<37 && frame.payloadLength == 1_472)
  }

  @Test("an original length shorter than the capture does not count")
  func shortOriginalLength() {
    let frame = decode(hex("00"), LinkType(rawValue: 147), originalLength: 0)
    #expect(frame.payload == 0..<1 && frame.payloadLength == 1)
  }
}

@Suite("Frame: IPv6 extension headers and fragments")
struct FrameExtensionTests {
  static let hopByHop = hex("00 0502 0000 0100")  // router alert, padded; before it the next header
  static let udp = hex("9c42 0035 000b 3487 6f6464")

  @Test("extension headers are walked to the transport")
  func walk() throws {
    // Hop-by-hop, routing with a segment left, authentication of 24 octets, destination options.
    let chain =
      [43] + Self.hopByHop
      + hex("33 00 04 02 00000000") + hex("3c 04") + [UInt8](repeating: 7, count: 22)
      + hex("11 00 0104 00000000")
    let frame = decode(packet(0, chain + Self.udp), .raw)
    #expect(frame.problem == nil && frame.protocolNumber == .udp)
    #expect(frame.transportOffset == 40 + 48 && frame.ports?.destination == 53)
    #expect(frame.payload == 96..<99 && frame.payloadLength == 3)
    #expect(frame.segmentsLeft == 2 && frame.ipv6Fragment == nil)
  }

  @Test("the segments left are the routing header's own")
  func segmentsLeft() {
    #expect(decode(packet(60, hex("11 00 0104 00000000") + Self.udp), .raw).segmentsLeft == 0)
    #expect(decode(packet(43, hex("11 00 0000 00000000") + Self.udp), .raw).segmentsLeft == 0)
    #expect(decode(packet(43, hex("11 00 0401 00000000") + Self.udp), .raw).segmentsLeft == 1)
  }

  @Test("a first fragment holds the transport header")
  func firstFragment() throws {
    let header: IPv6FragmentHeader = try parse(hex("11 00 0001 01020304"))
    let frame = decode(packet(44, hex("11 00 0001 01020304") + Self.udp), .raw)
    #expect(frame.ipv6Fragment == header && frame.protocolNumber == .udp)
    #expect(frame.ports?.source == 40_002 && frame.problem == nil)
  }

  @Test("a later fragment holds only payload")
  func laterFragment() {
    // The destination options belong to the packet's start; here they are payload.
    let frame = decode(packet(44, hex("3c 00 0009 01020304") + Self.udp), .raw)
    #expect(frame.transport == .laterFragment(.destinationOptions) && frame.problem == nil)
    #expect(frame.protocolNumber == .destinationOptions && frame.transportOffset == 48)
    #expect(frame.payload == 48..<59 && frame.payloadLength == 11 && frame.ports == nil)
  }

  @Test("an IPv4 fragment holds the transport header only when it is the first")
  func ipv4Fragments() {
    var packet = KernelPackets.udpOverIPv4
    (packet[6], packet[7]) = (0x20, 0)
    #expect(decode(packet, .raw).ports?.destination == 53)
    (packet[6], packet[7]) = (0x00, 1)
    let later = decode(packet, .raw)
    #expect(later.transport == .laterFragment(.udp) && later.protocolNumber == .udp)
    #expect(later.payload == 20..<37 && later.payloadLength == 17 && later.problem == nil)
  }

  @Test("sixteen extension headers are walked, a seventeenth is refused")
  func chainLimit() {
    let header = hex("3c 00 0104 00000000")
    let fifteen = (0..<15).flatMap { _ in header }
    let accepted = decode(packet(60, fifteen + hex("11 00 0104 00000000") + Self.udp), .raw)
    #expect(accepted.problem == nil && accepted.transportOffset == 40 + 128)
    let refused = decode(packet(60, fifteen + header + header + Self.udp), .raw)
    #expect(refused.problem == PacketError(.ipv6Extension, at: 168, .tooMany(limit: 16)))
    #expect(refused.transport == .none && refused.transportOffset == 168)
    #expect(refused.payload == 168..<187 && refused.payloadLength == 19)
  }

  @Test("fragment headers count for the limit too")
  func fragmentLimit() {
    let seventeen = (0..<17).flatMap { _ in hex("2c 00 0001 00000000") }
    let refused = decode(packet(44, seventeen), .raw)
    #expect(refused.problem == PacketError(.ipv6Extension, at: 168, .tooMany(limit: 16)))
  }

  @Test("a cut chain says where, and keeps what it had come to", arguments: 40..<56)
  func cutChain(count: Int) {
    let whole = packet(0, [44] + Self.hopByHop + hex("11 00 0001 01020304") + Self.udp)
    let frame = decode(Array(whole.prefix(count)), .raw, originalLength: whole.count)
    let (start, needed) = count < 42 ? (40, 2) : count < 48 ? (42, 6) : (48, 8)
    let reason = PacketError.Reason.truncated(needed: needed, available: count - start)
    #expect(frame.problem == PacketError(.ipv6Extension, at: start, reason))
    let header = count < 48 ? 40 : 48
    #expect(frame.transportOffset == header && frame.payload == header..<count)
    #expect(frame.payloadLength == whole.count - header)
    #expect(frame.protocolNumber == (count < 48 ? .hopByHop : .fragment))
  }

  @Test("a chain is not read beyond the payload length")
  func chainBeyondPayload() {
    var bytes = packet(0, [17] + Self.hopByHop + Self.udp)
    bytes[5] = 7
    let reason = PacketError.Reason.truncated(needed: 6, available: 5)
    #expect(decode(bytes, .raw).problem == PacketError(.ipv6Extension, at: 42, reason))
  }

  @Test("what has no decoder ends the chain", arguments: [108, 59, 89] as [UInt8])
  func other(number: UInt8) {
    let frame = decode(packet(number, hex("010203")), .raw)
    #expect(frame.transport == .other(IPProtocol(rawValue: number)) && frame.problem == nil)
    #expect(frame.payload == 40..<43)
  }

  /// An IPv6 packet from 2001:db8::1 to 2001:db8::2.
  private func packet(_ nextHeader: UInt8, _ payload: [UInt8]) -> [UInt8] {
    var packet = Array(KernelPackets.udpOverIPv6[..<40]) + payload
    (packet[4], packet[5]) = (UInt8(payload.count >> 8), UInt8(payload.count & 0xff))
    packet[6] = nextHeader
    return packet
  }
}
