import PacketTestSupport
import PacketWire
import Testing

@Suite("SCTP, DCCP and IGMP headers (RFC 9260 §3.1, RFC 4340 §5.1, RFC 9776 §4)")
struct SCTPHeaderTests {
  @Test func sctp() throws {
    let octetsOnWire = hex("0102 0304 05060708 090a0b0c")
    let header: SCTPHeader = try parse(octetsOnWire)
    #expect(header.sourcePort == 0x0102 && header.destinationPort == 0x0304)
    #expect(header.verificationTag == 0x0506_0708 && header.checksum == 0x090a_0b0c)
    try expectRoundTrip(of: octetsOnWire, as: SCTPHeader.self)
    expectEveryPrefixIsRefused(of: octetsOnWire, takenIn: [12], by: .sctp, as: SCTPHeader.self)
    let built = SCTPHeader(from: 1, to: 2, verificationTag: 3)
    #expect(octets(of: built) == hex("0001 0002 00000003 00000000"))
  }

  @Test("the sum takes its own field for zeros (RFC 3720 appendix B.4, RFC 9260 appendix A)")
  func checksum() {
    var zeros = [UInt8](repeating: 0, count: 32)
    #expect(SCTPHeader.checksum(over: zeros.span) == 0xaa36_918a)
    zeros.replaceSubrange(8..<12, with: [1, 2, 3, 4])
    #expect(SCTPHeader.checksum(over: zeros.span) == 0xaa36_918a)
    let packet: [UInt8] = Array(1...8) + [0xff, 0xff, 0xff, 0xff] + Array(0x81...0x94)
    #expect(SCTPHeader.checksum(over: packet.span) == 0x9098_8f04)
  }

  @Test("a DCCP sequence number has 48 bits or 24")
  func dccp() throws {
    let long = hex("0102 0304 05 67 0809 ab 0c0d0e0f 101112")
    let header: DCCPHeader = try parse(long)
    #expect(header.sourcePort == 0x0102 && header.destinationPort == 0x0304)
    #expect(header.dataOffset == 5 && header.congestionValue == 6 && header.checksumCoverage == 7)
    #expect(header.checksum == 0x0809 && header.type == 5 && header.isExtended)
    #expect(header.sequenceNumber == 0x0d0e_0f10_1112 && header.length == 16)
    try expectRoundTrip(of: long, as: DCCPHeader.self)
    expectEveryPrefixIsRefused(of: long, takenIn: [12, 4], by: .dccp, as: DCCPHeader.self)
    let short = hex("0102 0304 05 67 0809 f4 0c0d0e")
    let other: DCCPHeader = try parse(short)
    #expect(other.type == 10 && !other.isExtended && other.sequenceNumber == 0x0c_0d0e)
    #expect(other.length == 12)
    // The last bit counts too.
    #expect(
      try parse(hex("0001 0002 05 00 0000 01 00 000000000003"), as: DCCPHeader.self)
        .sequenceNumber == 3)
    #expect(
      try parse(hex("0001 0002 05 00 0000 00 000005"), as: DCCPHeader.self)
        .sequenceNumber == 5)
    try expectRoundTrip(of: short, as: DCCPHeader.self)
  }

  @Test func igmp() throws {
    let octetsOnWire = hex("16 02 0304 e0050607")
    let header: IGMPHeader = try parse(octetsOnWire)
    #expect(header.type == 0x16 && header.maximumResponseCode == 2 && header.checksum == 0x0304)
    #expect(header.group.description == "224.5.6.7" && header.recordCount == 0x0607)
    try expectRoundTrip(of: octetsOnWire, as: IGMPHeader.self)
    expectEveryPrefixIsRefused(of: octetsOnWire, takenIn: [8], by: .igmp, as: IGMPHeader.self)
    let built = IGMPHeader(type: 0x11, maximumResponseCode: 100, group: IPv4Address(bits: 1))
    #expect(octets(of: built) == hex("11 64 0000 00000001"))
  }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 8...20, as: DCCPHeader.self)
  }
}
