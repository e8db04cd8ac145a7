import PacketTestSupport
import PacketWire
import Testing

@Suite("DNS message (RFC 1035 §4.1)")
struct DNSMessageTests {
  /// One record of every type that has a decoder, compressed as servers do; the offset of each
  /// entry stands behind it.
  static let distinct = hex(
    """
    0102 85b3 0001 0004 0002 0003
    03777777 076578616d706c65 0474657374 00  00ff 0001           # 12: www.example.test ANY
    c00c 0005 0001 00000102 0006  03616263 c010                  # 34: CNAME abc.example.test
    c02e 0001 0001 00000203 0004  c0000201                       # 52: A
    c02e 001c 0001 00000304 0010  20010db8000000000000000000000001   # 68: AAAA
    c02e 0010 0001 00000405 0009  03616263 00 0364ff65           # 96: TXT
    c010 0002 0001 00000506 0005  026e73 c010                    # 117: NS ns.example.test
    c010 0006 0001 00000607 001d  c081 04686f7374 c010           # 134: SOA ns host
    11121314 21222324 31323334 41424344 51525354
    c010 000f 0001 00000708 0007  000a 026d78 c010               # 175: MX 10 mx.example.test
    0131 c010 000c 0003 00000809 0002 c00c                       # 194: PTR, class CHAOS
    00 0029 04d0 01008000 0008  0003 0004 01020304               # 210: OPT with an NSID
    """)

  @Test func fields() throws {
    let message: DNSMessage = try parse(Self.distinct, at: 42)
    #expect(message.identifier == 0x0102 && message.flags == 0x85b3)
    #expect(message.questions == [DNSQuestion(try name("www.example.test"), .any)])
    #expect(message.answers.map(\.type) == [.cname, .a, .aaaa, .txt])
    #expect(message.authorities.map(\.type) == [.ns, .soa])
    #expect(message.additionals.map(\.type) == [.mx, .ptr, .opt])
    #expect(message.length == Self.distinct.count)
  }

  @Test("each record has its own name, class, time to live and content")
  func records() throws {
    let message: DNSMessage = try parse(Self.distinct)
    let (www, alias, zone) = (
      try name("www.example.test"), try name("abc.example.test"), try name("example.test")
    )
    #expect(
      message.answers == [
        DNSRecord(www, .cname, timeToLive: 0x102, .name(alias)),
        DNSRecord(alias, .a, timeToLive: 0x203, .a(IPv4Address(192, 0, 2, 1))),
        DNSRecord(
          alias, .aaaa, timeToLive: 0x304, .aaaa(IPv6Address(bits: 0x2001_0db8 << 96 | 1))),
        DNSRecord(alias, .txt, timeToLive: 0x405, .txt([hex("616263"), [], hex("64ff65")])),
      ])
    let soa = DNSRecordData.StartOfAuthority(
      primaryServer: try name("ns.example.test"), mailbox: try name("host.example.test"),
      serial: 0x1112_1314, refresh: 0x2122_2324, retry: 0x3132_3334, expire: 0x4142_4344,
      minimum: 0x5152_5354)
    #expect(
      message.authorities == [
        DNSRecord(zone, .ns, timeToLive: 0x506, .name(soa.primaryServer)),
        DNSRecord(zone, .soa, timeToLive: 0x607, .soa(soa)),
      ])
    let exchange = DNSRecordData.mx(preference: 10, exchange: try name("mx.example.test"))
    #expect(
      message.additionals == [
        DNSRecord(zone, .mx, timeToLive: 0x708, exchange),
        DNSRecord(
          try name("1.example.test"), .ptr, timeToLive: 0x809, .name(www), recordClass: .chaos),
        DNSRecord(
          .root, .opt, timeToLive: 0x0100_8000,
          .options([EDNSOption(.nameServerIdentifier, hex("01020304"))]),
          recordClass: DNSClass(rawValue: 1_232)),
      ])
  }

  @Test("each flag is its own bit", arguments: 0..<16)
  func flags(bit: Int) {
    let message = DNSMessage(identifier: 0, flags: 1 << bit, questions: [])
    let flags = [
      15: message.isResponse, 10: message.isAuthoritative, 9: message.isTruncated,
      8: message.recursionDesired, 7: message.recursionAvailable, 5: message.isAuthenticData,
      4: message.isCheckingDisabled,
    ]
    #expect(flags.filter(\.value).map(\.key) == (flags[bit] == nil ? [] : [bit]))
  }

  @Test func codes() {
    let message = DNSMessage(identifier: 0, flags: 0x2803, questions: [])
    #expect(message.opcode == 5 && message.responseCode == 3)
    let other = DNSMessage(identifier: 0, flags: ~0x780f, questions: [])
    #expect(other.opcode == 0 && other.responseCode == 0)
  }

  @Test func roundTrip() throws { try expectRoundTrip(of: Self.distinct, as: DNSMessage.self) }

  @Test("what stands behind the message is left")
  func trailing() throws {
    let octets = Self.distinct + [1, 2, 3]
    var reader = PacketReader(octets.span, offset: 42)
    _ = try DNSMessage(parsing: &reader)
    #expect(reader.available == 3 && reader.offset == 42 + Self.distinct.count)
  }

  @Test("random changes are refused or written back unchanged", arguments: 0..<8 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 0...0, as: DNSMessage.self) { octets, rng in
      octets = Self.distinct
      for _ in 0..<Int.random(in: 1...3, using: &rng) {
        octets[.random(in: 0..<octets.count, using: &rng)] = .random(in: 0...255, using: &rng)
      }
      if Bool.random(using: &rng) { octets.removeLast(.random(in: 0..<30, using: &rng)) }
    }
  }

  @Test("random octets after a plausible header too", arguments: 0..<4 as Range<UInt64>)
  func randomOctets(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 12...80, as: DNSMessage.self) { octets, rng in
      octets.replaceSubrange(4..<12, with: hex("0001 0001 0000 0000"))
      for index in 12..<octets.count where octets[index] > 3 && Bool.random(using: &rng) {
        octets[index] = 0
      }
    }
  }

  @Test("every shorter prefix is refused, and the error says where")
  func truncation() {
    let message = hex(
      """
      0102 8180 0001 0001 0000 0000
      03777777 0474657374 00 0001 0001  c00c 0001 0001 00000203 0004 c0000201
      """)
    // Of a name's parts the first octet tells how long they are.
    let parts: [(count: Int, isName: Bool)] = [
      (12, false), (4, true), (5, true), (1, true), (4, false), (2, true), (10, false), (4, false),
    ]
    var start = 0
    for part in parts {
      for available in 0..<part.count {
        let needed = part.isName && available == 0 ? 1 : part.count
        let reason = PacketError.Reason.truncated(needed: needed, available: available)
        #expect(throws: PacketError(.dns, at: 100 + start, reason)) {
          try parse(Array(message.prefix(start + available)), at: 100, as: DNSMessage.self)
        }
      }
      start += part.count
    }
    #expect(start == message.count)
  }

  @Test("counts that promise more than there is are refused at the end", arguments: [4, 6, 8, 10])
  func counts(offset: Int) {
    for count in [hex("0005"), hex("ffff")] {
      var message = hex("0102 0100 0001 0000 0000 0000  0161 00 0001 0001")
      message.replaceSubrange(offset..<offset + 2, with: count)
      let error = PacketError(.dns, at: 119, .truncated(needed: 1, available: 0))
      #expect(throws: error) { try parse(message, at: 100, as: DNSMessage.self) }
    }
  }

  @Test("a query is built from scratch")
  func builtQuery() throws {
    let query = DNSMessage(query: try name("www.example.test"), .aaaa, identifier: 0x0102)
    let expected = hex(
      """
      0102 0100 0001 0000 0000 0000
      03777777 076578616d706c65 0474657374 00  001c 0001
      """)
    #expect(octets(of: query) == expected)
    #expect(query.length == expected.count)
  }

  @Test("a response is built from scratch, without compression")
  func builtResponse() throws {
    let (www, host) = (try name("w.test"), try name("h.test"))
    let soa = DNSRecordData.StartOfAuthority(
      primaryServer: host, mailbox: www, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5)
    let message = DNSMessage(
      identifier: 0x0102, flags: 0x8583, questions: [DNSQuestion(www, .a, .chaos)],
      answers: [
        DNSRecord(www, .a, timeToLive: 1, .a(IPv4Address(192, 0, 2, 1))),
        DNSRecord(www, .txt, timeToLive: 2, .txt([[1, 2], [3]])),
      ],
      authorities: [DNSRecord(.root, .soa, timeToLive: 3, .soa(soa))],
      additionals: [
        DNSRecord(.root, .mx, timeToLive: 4, .mx(preference: 5, exchange: host)),
        DNSRecord(.root, .aaaa, timeToLive: 6, .aaaa(.loopback)),
        DNSRecord(.root, .ns, timeToLive: 7, .name(host), recordClass: .chaos),
      ])
    let expected = hex(
      """
      0102 8583 0001 0002 0001 0003
      0177 0474657374 00  0001 0003
      0177 0474657374 00  0001 0001 00000001 0004 c0000201
      0177 0474657374 00  0010 0001 00000002 0005 020102 0103
      00 0006 0001 00000003 0024  0168 0474657374 00  0177 0474657374 00
      00000001 00000002 00000003 00000004 00000005
      00 000f 0001 00000004 000a 0005 0168 0474657374 00
      00 001c 0001 00000006 0010 00000000000000000000000000000001
      00 0002 0003 00000007 0008 0168 0474657374 00
      """)
    #expect(octets(of: message) == expected)
    #expect(message.length == expected.count)
    #expect(try parse(expected) == message)
  }

  private func name(_ text: String) throws -> DNSName { try #require(DNSName(text)) }
}
