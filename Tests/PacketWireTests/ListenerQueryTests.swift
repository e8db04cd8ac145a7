import PacketTestSupport
import PacketWire
import Testing

@Suite("Multicast listener queries and records (RFC 2710 §3, RFC 9777 §5)")
struct ListenerQueryTests {
  static let group = IPv6Address(bits: 0xff02 << 112 | 0x0102_0304)
  static let sources = [
    IPv6Address(bits: 0x2001_0db8 << 96 | 5), IPv6Address(bits: 0x2001_0db8 << 96 | 6),
  ]
  static let address = hex("ff020000 00000000 00000000 01020304")
  static let addresses = hex(
    "20010db8 00000000 00000000 00000005 20010db8 00000000 00000000 00000006")
  static let query = address + hex("fb 91 0002") + addresses
  static let record = hex("04 03 0002") + address + addresses + Array(1...12)

  @Test func queryOfVersion2() throws {
    let query: ListenerQuery = try parse(Self.query)
    #expect(query.group == Self.group)
    let sources = try #require(query.sources)
    #expect(sources.suppressesRouters && sources.robustness == 3 && sources.flags == 0xfb)
    #expect(sources.intervalCode == 0x91 && sources.interval == 17 << 4)
    #expect(sources.addresses == Self.sources)
    try expectRoundTrip(of: Self.query, as: ListenerQuery.self)
    let built = ListenerQuery(
      group: Self.group,
      sources: .init(flags: 0xfb, intervalCode: 0x91, addresses: Self.sources))
    #expect(octets(of: built) == Self.query && built.length == 16 + 4 + 32)
    let other: ListenerQuery = try parse(Self.address + hex("f7 00 0000"))
    #expect(other.sources?.suppressesRouters == false && other.sources?.robustness == 7)
  }

  @Test func queryOfVersion1() throws {
    for extra in 0..<4 {
      let query: ListenerQuery = try parse(Self.address + [UInt8](repeating: 9, count: extra))
      #expect(query == ListenerQuery(group: Self.group))
      #expect(octets(of: query) == Self.address && query.length == 16)
    }
  }

  @Test func record() throws {
    let record: ListenerRecord = try parse(Self.record)
    #expect(record.type == 4 && record.group == Self.group && record.sources == Self.sources)
    #expect(record.auxiliary == Array(1...12))
    try expectRoundTrip(of: Self.record, as: ListenerRecord.self)
    let built = ListenerRecord(
      type: 4, group: Self.group, sources: Self.sources, auxiliary: Array(1...12))
    #expect(octets(of: built) == Self.record && built.length == 20 + 32 + 12)
  }

  @Test func truncation() {
    expectEveryPrefixIsRefused(
      of: Self.record, takenIn: [20, 32, 12], by: .icmpv6, as: ListenerRecord.self)
    for count in 0..<16 {
      let error = PacketError(.icmpv6, at: 0, .truncated(needed: 16, available: count))
      #expect(throws: error) { try parse(Array(Self.query.prefix(count)), as: ListenerQuery.self) }
    }
    for count in 20..<52 {
      let error = PacketError(.icmpv6, at: 20, .truncated(needed: 32, available: count - 20))
      #expect(throws: error) { try parse(Array(Self.query.prefix(count)), as: ListenerQuery.self) }
    }
  }

  @Test("random octets are refused or written back", arguments: 0..<4 as Range<UInt64>)
  func random(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 10...120, as: ListenerQuery.self) { input, rng in
      if input.count > 19 { (input[18], input[19]) = (0, UInt8.random(in: 0...6, using: &rng)) }
    }
    expectRandomRoundTrip(seed: seed, lengths: 10...120, as: ListenerRecord.self) { input, rng in
      (input[1], input[2], input[3]) = (UInt8.random(in: 0...3, using: &rng), 0, 1)
    }
  }

  @Test(
    "codes that are floating point numbers (RFC 9777 §5.1.3, §5.1.9)",
    arguments: [
      (0, 0), (0x7fff, 0x7fff), (0x8000, 0x1000 << 3), (0x8001, 0x1001 << 3),
      (0x9000, 0x1000 << 4), (0xffff, 0x1fff << 10),
    ] as [(UInt16, UInt32)])
  func delays(code: UInt16, milliseconds: UInt32) {
    #expect(ListenerQuery.responseDelay(code: code) == milliseconds)
  }

  @Test(
    "an interval's code",
    arguments: [
      (0, 0), (127, 127), (0x80, 16 << 3), (0x8f, 31 << 3), (0x90, 16 << 4), (0xff, 31 << 10),
    ] as [(UInt8, UInt32)])
  func intervals(code: UInt8, seconds: UInt32) {
    #expect(ListenerQuery.interval(code: code) == seconds)
  }
}
