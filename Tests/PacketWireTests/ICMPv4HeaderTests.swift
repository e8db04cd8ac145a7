import PacketTestSupport
import PacketWire
import Testing

@Suite("ICMP header (RFC 792)")
struct ICMPv4HeaderTests {
  static let distinct = hex("03 04 0506 0708090a")

  @Test func fields() throws {
    let header: ICMPv4Header = try parse(Self.distinct)
    #expect(header.type == .destinationUnreachable && header.code == 4)
    #expect(header.checksum == 0x0506 && header.rest == 0x0708_090a)
  }

  @Test("the second word is what the type makes of it")
  func readings() throws {
    let header: ICMPv4Header = try parse(Self.distinct)
    #expect(header.identifier == 0x0708 && header.sequenceNumber == 0x090a)
    #expect(header.nextHopMTU == 0x090a)
    #expect(header.gateway == IPv4Address(7, 8, 9, 10))
    #expect(header.pointer == 7)
    #expect(header.quotedLength == 8 * 4 && header.probeSequenceNumber == 9)
    let odd: ICMPv4Header = try parse(hex("0b00 0000 00 09 0000"))
    #expect(odd.quotedLength == 9 * 4)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: ICMPv4Header.self) }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...16, as: ICMPv4Header.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(of: Self.distinct, takenIn: [8], by: .icmpv4, as: ICMPv4Header.self)
  }

  @Test("an echo request like the kernel's is built from scratch")
  func builtFromFields() {
    let packet = KernelPackets.echoOverIPv4
    let payload = Array(packet[28...])
    var header = ICMPv4Header(.echoRequest, identifier: 0x31d5, sequenceNumber: 1)
    header.fill(payload: payload.span)
    #expect(octets(of: header) == Array(packet[20..<28]))
  }

  @Test func builtFromWord() {
    var header = ICMPv4Header(.destinationUnreachable, code: 4, rest: 0x0708_090a)
    #expect(octets(of: header) == hex("03 04 0000 0708090a"))
    header.checksum = 0x0506
    #expect(octets(of: header) == Self.distinct)
    #expect(octets(of: ICMPv4Header(.timeExceeded)) == hex("0b 00 0000 00000000"))
  }

  @Test("every octet counts for the checksum", arguments: 20..<45)
  func checksumCovers(index: Int) throws {
    var message = KernelPackets.echoOverIPv4
    message[index] ^= 0x04
    let payload = Array(message[28...])
    let header: ICMPv4Header = try parse(Array(message[20...]))
    #expect(header.computedChecksum(payload: payload.span) != header.checksum)
  }

  @Test("messages that quote a datagram", arguments: 0...255 as ClosedRange<UInt8>)
  func errors(number: UInt8) {
    let isError = ICMPv4Header.MessageType(rawValue: number).isError
    #expect(isError == ([3, 4, 5, 11, 12] as Set).contains(number))
  }
}
