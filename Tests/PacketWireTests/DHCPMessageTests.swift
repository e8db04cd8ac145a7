import PacketTestSupport
import PacketWire
import Testing

@Suite("DHCP messages (RFC 2131 §2, RFC 9915 §8)")
struct DHCPMessageTests {
  static let header: [UInt8] =
    hex("02 01 06 03 04050607 0809 0a0b 0c0d0e0f 10111213 14151617 18191a1b")
    + Array(0x20..<0x30) + Array(0x40..<0x80) + Array(0x80...0xff)

  @Test func fieldsOfVersion4() throws {
    let wire = Self.header + hex("63825363 35 01 05 00 0c 02 6162 ff 0c")
    let message: DHCPv4Message = try parse(wire)
    #expect(message.operation == 2 && message.hardwareType == 1)
    #expect(message.hardwareLength == 6 && message.hops == 3)
    #expect(message.transactionIdentifier == 0x0405_0607)
    #expect(message.seconds == 0x0809 && message.flags == 0x0a0b)
    #expect(message.clientAddress.bits == 0x0c0d_0e0f && message.yourAddress.bits == 0x1011_1213)
    #expect(message.serverAddress.bits == 0x1415_1617 && message.gatewayAddress.bits == 0x1819_1a1b)
    #expect(message.hardwareAddress == Array(0x20..<0x30))
    #expect(message.serverName == Array(0x40..<0x80) && message.bootFile == Array(0x80...0xff))
    #expect(
      message.options == [
        DHCPv4Option(code: 53, value: [5]), DHCPv4Option(code: 12, value: [0x61, 0x62]),
      ])
    #expect(message.length == wire.count && octets(of: message) == wire)
  }

  @Test(
    "options that do not fit end the list",
    arguments: [
      ("", 0), ("63825363", 0), ("63825364 0c 00", 0), ("638253", 0), ("63825363 0c", 0),
      ("63825363 0c 01", 0), ("63825363 0c 00 0c 02 61", 1), ("63825363 ff 0c 00", 0),
      ("63825363 00 00 0c 00", 1),
    ])
  func optionsOfVersion4(area: String, count: Int) throws {
    let message: DHCPv4Message = try parse(Self.header + hex(area))
    #expect(message.options.count == count)
    #expect(octets(of: message) == Self.header + hex(area))
  }

  @Test("shorter than a header", arguments: [0, 1, 44, 235])
  func prefixesOfVersion4(count: Int) {
    #expect(throws: PacketError(.dhcpv4, at: 9, .truncated(needed: 236, available: count))) {
      let _: DHCPv4Message = try parse(Array(Self.header.prefix(count)), at: 9)
    }
  }

  @Test func transaction() throws {
    let wire = hex("01 020304 0008 0002 0506 000e 0000 0001")
    let message: DHCPv6Message = try parse(wire)
    #expect(message.type.rawValue == 1 && !message.type.isRelay)
    #expect(message.header == .transaction(identifier: 0x02_0304))
    #expect(
      message.options == [
        DHCPv6Option(code: 8, value: [5, 6]), DHCPv6Option(code: 14, value: []),
      ])
    #expect(message.length == wire.count && octets(of: message) == wire)
  }

  @Test("a relay's message", arguments: [DHCPv6Type.relayForward, .relayReply])
  func relay(type: DHCPv6Type) throws {
    let wire = [type.rawValue, 7] + Array(0x10..<0x30) + hex("0009 0003 010203")
    let message: DHCPv6Message = try parse(wire)
    let expected = DHCPv6Message(
      type,
      .relay(
        hops: 7, link: IPv6Address(bits: 0x1011_1213_1415_1617_1819_1a1b_1c1d_1e1f),
        peer: IPv6Address(bits: 0x2021_2223_2425_2627_2829_2a2b_2c2d_2e2f)),
      optionOctets: hex("0009 0003 010203"))
    #expect(message == expected && message.length == wire.count)
    #expect(octets(of: message) == wire)
    #expect(throws: PacketError(.dhcpv6, at: 0, .truncated(needed: 34, available: 33))) {
      let _: DHCPv6Message = try parse(Array(wire.prefix(33)))
    }
  }

  @Test("shorter than a header", arguments: 0..<4)
  func prefixesOfVersion6(count: Int) {
    #expect(throws: PacketError(.dhcpv6, at: 9, .truncated(needed: 4, available: count))) {
      let _: DHCPv6Message = try parse(Array([1, 2, 3, 4].prefix(count)), at: 9)
    }
  }

  @Test(
    "options that do not fit end the list", arguments: ["", "0001", "0001 0001", "0001 0002 05"])
  func optionsOfVersion6(text: String) throws {
    let message: DHCPv6Message = try parse(hex("01 000001") + hex(text))
    #expect(message.options.isEmpty && octets(of: message) == hex("01 000001") + hex(text))
  }

  @Test func randomOctets() throws {
    var rng = SeededRNG(seed: 546)
    for _ in 0..<200 {
      let long = rng.bytes(count: Int.random(in: 236...400, using: &rng))
      let old: DHCPv4Message = try parse(long)
      #expect(octets(of: old) == long && old.options.count <= long.count)
      let new: DHCPv6Message = try parse(long)
      #expect(octets(of: new) == long && new.options.count <= long.count)
    }
  }
}
