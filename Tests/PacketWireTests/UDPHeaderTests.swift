import PacketTestSupport
import PacketWire
import Testing

@Suite("UDP header (RFC 768)")
struct UDPHeaderTests {
  static let distinct = hex("0102 0304 0506 0708")

  @Test func fields() throws {
    let header: UDPHeader = try parse(Self.distinct)
    #expect(header.sourcePort == 0x0102 && header.destinationPort == 0x0304)
    #expect(header.datagramLength == 0x0506 && header.checksum == 0x0708)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: UDPHeader.self) }

  @Test("random octets are written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...16, as: UDPHeader.self)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(of: Self.distinct, takenIn: [8], by: .udp, as: UDPHeader.self)
  }

  @Test("a datagram like the kernel's is built from scratch, over IPv4")
  func builtOverIPv4() throws {
    let packet = KernelPackets.udpOverIPv4
    let payload = Array(packet[28...])
    let ip: IPv4Header = try parse(packet)
    var header = UDPHeader(from: 40_001, to: 53)
    #expect(octets(of: header) == hex("9c41 0035 0008 0000"))
    try header.fill(payload: payload.span, from: .v4(ip.source), to: .v4(ip.destination))
    #expect(octets(of: header) == Array(packet[20..<28]))
  }

  @Test("a datagram like the kernel's is built from scratch, over IPv6")
  func builtOverIPv6() throws {
    let packet = KernelPackets.udpOverIPv6
    let payload = Array(packet[48...])
    let ip: IPv6Header = try parse(packet)
    var header = UDPHeader(from: 40_002, to: 53)
    try header.fill(payload: payload.span, from: .v6(ip.source), to: .v6(ip.destination))
    #expect(octets(of: header) == Array(packet[40..<48]))
  }

  @Test("a computed zero is sent as all ones")
  func computedZero() throws {
    let (source, destination) = (IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2))
    var header = UDPHeader(from: 1, to: 2)
    try header.fill(payload: hex("0000").span, from: .v4(source), to: .v4(destination))
    // A payload that holds the checksum of all the rest makes the sum all ones.
    let payload = [UInt8(header.checksum >> 8), UInt8(header.checksum & 0xff)]
    try header.fill(payload: payload.span, from: .v4(source), to: .v4(destination))
    #expect(header.checksum == 0xffff)
  }

  @Test("the longest datagram is filled, a longer one refused")
  func fillLimit() throws {
    let address = IPAddress.v4(.loopback)
    var header = UDPHeader(from: 1, to: 2)
    let longest = [UInt8](repeating: 7, count: 65_527)
    try header.fill(payload: longest.span, from: address, to: address)
    #expect(header.datagramLength == 65_535)
    let filled = header
    #expect(throws: PacketError(.udp, at: 4, .badHeaderLength(65_536))) {
      try header.fill(payload: (longest + [7]).span, from: address, to: address)
    }
    #expect(header == filled)
  }
}
