import PacketTestSupport
import PacketWire
import Testing

@Suite("TCP header (RFC 9293 §3.1)")
struct TCPHeaderTests {
  static let distinct = hex(
    """
    0102 0304 05060708 090a0b0c
    5 5a5 0e0f 1011 1213            # offset 5, reserved and flags 0x5a5, window, checksum, urgent
    """)
  static let withOption = hex(
    """
    0102 0304 05060708 090a0b0c
    6 002 0e0f 1011 1213  020405b4  # SYN with a maximum segment size
    """)

  @Test func fields() throws {
    let header: TCPHeader = try parse(Self.distinct)
    #expect(header.sourcePort == 0x0102 && header.destinationPort == 0x0304)
    #expect(header.sequenceNumber == 0x0506_0708)
    #expect(header.acknowledgmentNumber == 0x090a_0b0c)
    #expect(header.flags.rawValue == 0x5a5)
    #expect(header.window == 0x0e0f && header.checksum == 0x1011 && header.urgentPointer == 0x1213)
    #expect(header.options.isEmpty && header.length == 20)
  }

  @Test("what was captured of the options, and how many octets of them were not")
  func captured() throws {
    let long = hex("0102 0304 05060708 090a0b0c 7 002 0e0f 1011 1213 020405b4 01030307 ffff")
    for (count, missing) in [(20, 8), (21, 7), (27, 1), (28, 0), (30, 0)] {
      let octets = Array(long.prefix(count))
      let parsed = TCPHeader(captured: octets.span)
      let header = try #require(parsed)
      #expect(header.missingOptions == missing && header.flags == .syn)
      #expect(header.urgentPointer == 0x1213)
      let options = Array(long[20..<min(count, 28)])
      #expect(header.options == OptionOctets(copying: options.span))
    }
    let less = TCPHeader(captured: Array(long.prefix(19)).span)
    #expect(less == nil)
    var short = long
    short[12] = 0x40
    let none = TCPHeader(captured: short.span)
    #expect(none == nil)
  }

  @Test(
    "each flag is its own bit",
    arguments: [
      (.fin, 0x001), (.syn, 0x002), (.rst, 0x004), (.psh, 0x008), (.ack, 0x010), (.urg, 0x020),
      (.ece, 0x040), (.cwr, 0x080), (.ae, 0x100),
    ] as [(TCPHeader.Flags, UInt16)])
  func flags(flag: TCPHeader.Flags, bit: UInt16) throws {
    var packet = Self.distinct
    (packet[12], packet[13]) = (0x50 | UInt8(bit >> 8), UInt8(bit & 0xff))
    let header: TCPHeader = try parse(packet)
    #expect(header.flags == flag)
  }

  @Test func optionOctets() throws {
    let header: TCPHeader = try parse(Self.withOption)
    #expect(header.flags == .syn && header.length == 24)
    #expect(Array(copying: header.options.span) == hex("020405b4"))
  }

  static let longest = hex("0102 0304 05060708 090a0b0c f010 0e0f 1011 1213") + [UInt8](1...40)

  @Test(
    "what is read is written back octet for octet", arguments: [distinct, withOption, longest])
  func roundTrip(segment: [UInt8]) throws { try expectRoundTrip(of: segment, as: TCPHeader.self) }

  @Test("random octets are refused or written back unchanged", arguments: 0..<8 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 12...70, as: TCPHeader.self)
  }

  @Test("every shorter prefix is refused, and the error says where")
  func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.withOption, takenIn: [20, 4], by: .tcp, as: TCPHeader.self)
  }

  @Test("a data offset under 5 is refused", arguments: 0..<5 as Range<UInt8>)
  func dataOffset(words: UInt8) {
    var segment = Self.distinct
    segment[12] = words << 4 | 5
    #expect(throws: PacketError(.tcp, at: 112, .badHeaderLength(Int(words) * 4))) {
      try parse(segment, at: 100, as: TCPHeader.self)
    }
  }

  @Test("a new header has its flags and nothing else set; bits over the twelve are dropped")
  func defaults() {
    let header = TCPHeader(from: 1, to: 2, flags: .init(rawValue: 0xf012))
    #expect(octets(of: header) == hex("0001 0002 00000000 00000000 5012 0000 0000 0000"))
  }

  private let nothing: [UInt8] = []

  @Test("a SYN like the kernel's is built from scratch, over IPv4")
  func builtOverIPv4() throws {
    let packet = KernelPackets.synOverIPv4
    let ip: IPv4Header = try parse(packet)
    var header = TCPHeader(from: 40_003, to: 80, flags: .syn)
    (header.sequenceNumber, header.window) = (0xcefd_0fdd, 0xfaf0)
    header.options = try #require(
      OptionOctets(padding: hex("020405b4 0402 080a 82a9c8bf 00000000 01 03030a")))
    header.fill(payload: nothing.span, from: .v4(ip.source), to: .v4(ip.destination))
    #expect(octets(of: header) == Array(packet[20...]))
  }

  @Test("a SYN like the kernel's is built from scratch, over IPv6")
  func builtOverIPv6() throws {
    let packet = KernelPackets.synOverIPv6
    let ip: IPv6Header = try parse(packet)
    var header = TCPHeader(from: 40_004, to: 80, flags: .syn)
    (header.sequenceNumber, header.window) = (0x6f7b_49d5, 0xfd20)
    header.options = try #require(
      OptionOctets(padding: hex("020405a0 0402 080a fae5877d 00000000 01 03030a")))
    header.fill(payload: nothing.span, from: .v6(ip.source), to: .v6(ip.destination))
    #expect(octets(of: header) == Array(packet[40...]))
  }

  @Test("every octet, both addresses and the payload count for the checksum", arguments: 12..<63)
  func checksumCovers(index: Int) throws {
    let payload = hex("616263")
    var header: TCPHeader = try parse(Array(KernelPackets.synOverIPv4[20...]))
    let ip: IPv4Header = try parse(KernelPackets.synOverIPv4)
    header.fill(payload: payload.span, from: .v4(ip.source), to: .v4(ip.destination))

    var packet = Array(KernelPackets.synOverIPv4[..<20]) + octets(of: header) + payload
    packet[index] ^= index == 32 ? 0x01 : 0x04  // not the data offset
    let changed: TCPHeader = try parse(Array(packet[20...]))
    let changedIP: IPv4Header = try parse(packet)
    let changedPayload = Array(packet[60...])
    let computed = changed.computedChecksum(
      payload: changedPayload.span, from: .v4(changedIP.source), to: .v4(changedIP.destination))
    #expect(computed != changed.checksum)
  }
}
