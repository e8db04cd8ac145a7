import PacketTestSupport
import PacketWire
import Testing

@Suite("ICMPv6 header (RFC 4443 §2.1)")
struct ICMPv6HeaderTests {
  static let distinct = hex("02 04 0506 0708090a")
  static let source = IPv6Address(bits: 0x2001_0db8 << 96 | 1)
  static let destination = IPv6Address(bits: 0x2001_0db8 << 96 | 2)

  @Test func fields() throws {
    let header: ICMPv6Header = try parse(Self.distinct)
    #expect(header.type == .packetTooBig && header.code == 4)
    #expect(header.checksum == 0x0506 && header.rest == 0x0708_090a)
  }

  @Test("the second word is what the type makes of it")
  func readings() throws {
    let header: ICMPv6Header = try parse(Self.distinct)
    #expect(header.identifier == 0x0708 && header.sequenceNumber == 0x090a)
    #expect(header.nextHopMTU == 0x0708_090a && header.pointer == 0x0708_090a)
    #expect(header.quotedLength == 7 * 8 && header.probeSequenceNumber == 9)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: ICMPv6Header.self) }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...16, as: ICMPv6Header.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(of: Self.distinct, takenIn: [8], by: .icmpv6, as: ICMPv6Header.self)
  }

  @Test("an echo request like the kernel's is built from scratch")
  func builtFromFields() {
    let packet = KernelPackets.echoOverIPv6
    let payload = Array(packet[48...])
    var header = ICMPv6Header(.echoRequest, identifier: 0x31d6, sequenceNumber: 1)
    header.fill(payload: payload.span, from: Self.source, to: Self.destination)
    #expect(octets(of: header) == Array(packet[40..<48]))
  }

  @Test func builtFromWord() {
    var header = ICMPv6Header(.packetTooBig, code: 4, rest: 0x0708_090a)
    #expect(octets(of: header) == hex("02 04 0000 0708090a"))
    header.checksum = 0x0506
    #expect(octets(of: header) == Self.distinct)
    #expect(octets(of: ICMPv6Header(.timeExceeded)) == hex("03 00 0000 00000000"))
  }

  @Test("every octet and both addresses count for the checksum", arguments: 8..<65)
  func checksumCovers(index: Int) throws {
    var packet = KernelPackets.echoOverIPv6
    packet[index] ^= 0x04
    let ip: IPv6Header = try parse(packet)
    let header: ICMPv6Header = try parse(Array(packet[40...]))
    let payload = Array(packet[48...])
    let computed = header.computedChecksum(
      payload: payload.span, from: ip.source, to: ip.destination)
    #expect(computed != header.checksum)
  }

  @Test("messages that quote a datagram", arguments: 0...255 as ClosedRange<UInt8>)
  func errors(number: UInt8) {
    #expect(ICMPv6Header.MessageType(rawValue: number).isError == (number < 128))
  }
}
