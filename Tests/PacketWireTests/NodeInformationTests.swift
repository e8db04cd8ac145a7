import PacketTestSupport
import PacketWire
import Testing

@Suite("Node information (RFC 4620)")
struct NodeInformationTests {
  static let distinct = hex("0102030405060708 090a0b")

  @Test func fields() throws {
    let message: NodeInformation = try parse(Self.distinct)
    #expect(message.nonce == 0x0102_0304_0506_0708 && message.data == [9, 10, 11])
    #expect(message.length == 11)
    try expectRoundTrip(of: Self.distinct, as: NodeInformation.self)
    expectEveryPrefixIsRefused(
      of: Array(Self.distinct.prefix(8)), takenIn: [8], by: .icmpv6, as: NodeInformation.self)
    #expect(octets(of: NodeInformation(nonce: 7, data: [1])) == hex("0000000000000007 01"))
  }

  @Test("random octets are refused or written back", arguments: 0..<4 as Range<UInt64>)
  func random(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 1...60, as: NodeInformation.self)
    var rng = SeededRNG(seed: seed)
    for _ in 0..<1_000 {
      var data = rng.bytes(count: .random(in: 0...80, using: &rng))
      for index in data.indices {
        data[index] = [0, 1, 2, 0xc0, 0x61, data[index]].randomElement(using: &rng) ?? 0
      }
      let message = NodeInformation(nonce: 0, data: data)
      _ = try? message.names()
      _ = try? message.addresses(of: .ipv4Addresses)
      for code in 0...3 as ClosedRange<UInt8> { _ = try? message.subject(code: code) }
    }
  }

  @Test func headerFields() throws {
    let header: ICMPv6Header = try parse(hex("8b00 0000 0003 002a"))
    #expect(header.type == .nodeInformationQuery && header.informationType == .nodeAddresses)
    #expect(header.informationFlags == [.global, .linkLocal, .all])
    #expect(header.informationFlags.isDisjoint(with: [.siteLocal, .compatible, .truncated]))
  }

  private func name(_ text: String, _ isFull: Bool = true) throws -> NodeInformation.Name {
    NodeInformation.Name(try #require(DNSName(text)), isFullyQualified: isFull)
  }

  @Test func subjects() throws {
    let cases: [(NodeInformation.Subject, UInt8, String)] = [
      (.ipv6(.loopback), 0, "00000000000000000000000000000001"), (.name(nil), 1, ""),
      (.name(try name("a.test")), 1, "0161 0474657374 00"),
      (.name(try name("a", false)), 1, "0161 00 00"), (.ipv4(.loopback), 2, "7f000001"),
    ]
    for (subject, code, text) in cases {
      #expect(subject.code == code && subject.data == hex(text))
      #expect(try NodeInformation(nonce: 0, data: hex(text)).subject(code: code) == subject)
    }
    for (code, text) in [(0, "00"), (2, "7f0000"), (3, "")] as [(UInt8, String)] {
      #expect(throws: PacketError(.icmpv6, at: 0, .unsupported(UInt32(code)))) {
        try NodeInformation(nonce: 0, data: hex(text)).subject(code: code)
      }
    }
  }

  @Test("names stand behind a time to live, whole or not, compressed or not") func names() throws {
    let data = hex("00000e10 01620474657374 00  0161 c006  0163 0000")
    let (timeToLive, names) = try NodeInformation(nonce: 0, data: data).names()
    #expect(timeToLive == 3_600)
    #expect(names == [try name("b.test"), try name("a.test"), try name("c", false)])
    let built = NodeInformation.data(
      names: [try name("b.test"), try name("c", false)], timeToLive: 9)
    #expect(built == hex("00000009 01620474657374 00 0163 0000"))
    #expect(NodeInformation.data(names: []) == hex("00000000"))
    #expect(try name("b.test").length == 8 && name("c", false).length == 4)
    #expect(try NodeInformation(nonce: 0, data: hex("00000000")).names().names.isEmpty)
    let most = hex("00000000") + [UInt8](repeating: 0, count: 2 * 512)
    #expect(try NodeInformation(nonce: 0, data: most).names().names.count == 512)
    for (data, layer, offset, reason) in [
      (hex("000000"), .icmpv6, 0, .truncated(needed: 4, available: 3)),
      (hex("00000000 0261"), .dns, 4, .truncated(needed: 3, available: 2)),
      (hex("00000000 c004"), .dns, 4, .badPointer(4)),
      (most + [0], .icmpv6, 1_028, .tooMany(limit: 512)),
    ] as [([UInt8], Layer, Int, PacketError.Reason)] {
      #expect(throws: PacketError(layer, at: offset, reason)) {
        _ = try NodeInformation(nonce: 0, data: data).names()
      }
    }
  }

  @Test func addresses() throws {
    let four = hex("00000001 c0000201 00000002 c0000202")
    let list = try NodeInformation(nonce: 0, data: four).addresses(of: .ipv4Addresses)
    #expect(
      list == [
        .init(.v4(IPv4Address(192, 0, 2, 1)), timeToLive: 1),
        .init(.v4(IPv4Address(192, 0, 2, 2)), timeToLive: 2),
      ])
    #expect(NodeInformation.data(addresses: list) == four)
    let six = hex("00000003 00000000000000000000000000000001")
    let other = try NodeInformation(nonce: 0, data: six).addresses(of: .nodeAddresses)
    #expect(other == [.init(.v6(.loopback), timeToLive: 3)])
    #expect(NodeInformation.data(addresses: other) == six)
    #expect(throws: PacketError(.icmpv6, at: 8, .truncated(needed: 8, available: 7))) {
      _ = try NodeInformation(nonce: 0, data: Array(four.dropLast())).addresses(of: .ipv4Addresses)
    }
    let many = [UInt8](repeating: 0, count: 8 * 513)
    #expect(throws: PacketError(.icmpv6, at: 4_096, .tooMany(limit: 512))) {
      _ = try NodeInformation(nonce: 0, data: many).addresses(of: .ipv4Addresses)
    }
  }
}
