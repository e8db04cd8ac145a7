import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("What each octet of a DNS message is")
struct DNSAnnotationTests {
  private func lines(_ message: [UInt8]) -> [String] {
    DNSPart.all(of: message).map { "\($0.range.lowerBound) \($0.kind): \($0.meaning)" }
  }

  private func octets(_ message: DNSMessage) -> [UInt8] {
    [UInt8](capacity: message.length) { message.write(to: &$0) }
  }

  /// A response with a record of every kind that is told of.
  static let everything: DNSMessage = {
    func name(_ text: String) -> DNSName { DNSName(text) ?? .root }
    func record(_ type: DNSType, _ data: DNSRecordData) -> DNSRecord {
      DNSRecord(name("www.a.test"), type, timeToLive: 260, data)
    }
    return DNSMessage(
      identifier: 4711, flags: 0x8580, questions: [DNSQuestion(name("www.a.test"), .a)],
      answers: [
        record(.cname, .name(name("b.test"))), record(.a, .a(IPv4Address(192, 165, 1, 1))),
        record(.aaaa, .aaaa(IPv6Address(bits: 0x2001_0db8 << 96 | 1))),
        record(.mx, .mx(preference: 10, exchange: name("a.test"))),
        record(.txt, .txt([Array("x\u{1b}".utf8), []])),
        record(
          .srv, .service(DNSService(priority: 1, weight: 2, port: 80, target: name("b.test")))),
        record(
          .caa,
          .certificateIssuer(
            DNSCertificateIssuer(flags: 128, tag: Array("issue".utf8), value: Array("ca".utf8)))),
      ],
      authorities: [
        record(
          .soa,
          .soa(
            .init(
              primaryServer: name("ns.a.test"), mailbox: name("m.a.test"), serial: 1, refresh: 2,
              retry: 3, expire: 4, minimum: 5))),
        record(.ns, .name(name("ns.a.test"))), record(.ptr, .name(name("a.test"))),
      ],
      additionals: [
        DNSRecord(
          .root, .opt, timeToLive: 0x8000, .options([EDNSOption(.cookie, [1, 2])]),
          recordClass: DNSClass(rawValue: 1232)),
        DNSRecord(name("x.test"), DNSType(rawValue: 65280), timeToLive: 1, .opaque([9, 9, 9])),
      ])
  }()

  @Test("a whole message with pointers")
  func wholeMessage() {
    #expect(lines(octets(Self.everything.compressed())) == Self.expected)
  }

  static let expected = #"""
    0 header: identifier 4711
    2 header: flags: response, authoritative, recursion desired, recursion available, no error (NOERROR)
    4 header: 1 question
    6 header: 7 answers
    8 header: 3 authorities
    10 header: 2 additional records
    12 question: name: www.a.test.
    24 question: type A
    26 question: class IN
    28 pointer: name: as at octet 12: www.a.test.
    30 answer: type CNAME
    32 answer: class IN
    34 answer: time to live 260 s
    38 answer: 4 octets of data
    40 answer: canonical name begins: b.test.
    42 pointer: canonical name: as at octet 18: test.
    44 pointer: name: as at octet 12: www.a.test.
    46 answer: type A
    48 answer: class IN
    50 answer: time to live 260 s
    54 answer: 4 octets of data
    56 answer: address 192.165.1.1
    60 pointer: name: as at octet 12: www.a.test.
    62 answer: type AAAA
    64 answer: class IN
    66 answer: time to live 260 s
    70 answer: 16 octets of data
    72 answer: address 2001:db8::1
    88 pointer: name: as at octet 12: www.a.test.
    90 answer: type MX
    92 answer: class IN
    94 answer: time to live 260 s
    98 answer: 4 octets of data
    100 answer: preference 10
    102 pointer: mail exchange: as at octet 16: a.test.
    104 pointer: name: as at octet 12: www.a.test.
    106 answer: type TXT
    108 answer: class IN
    110 answer: time to live 260 s
    114 answer: 4 octets of data
    116 answer: 2 octets of text
    117 answer: text "x\x1b"
    119 answer: 0 octets of text
    120 pointer: name: as at octet 12: www.a.test.
    122 answer: type SRV
    124 answer: class IN
    126 answer: time to live 260 s
    130 answer: 14 octets of data
    132 answer: priority 1
    134 answer: weight 2
    136 answer: port 80
    138 answer: host: b.test.
    146 pointer: name: as at octet 12: www.a.test.
    148 answer: type CAA
    150 answer: class IN
    152 answer: time to live 260 s
    156 answer: 9 octets of data
    158 answer: critical
    159 answer: 5 octets of property
    160 answer: property "issue"
    165 answer: value "ca"
    167 pointer: name: as at octet 12: www.a.test.
    169 authority: type SOA
    171 authority: class IN
    173 authority: time to live 260 s
    177 authority: 29 octets of data
    179 authority: primary server begins: ns.a.test.
    182 pointer: primary server: as at octet 16: a.test.
    184 authority: mailbox begins: m.a.test.
    186 pointer: mailbox: as at octet 16: a.test.
    188 authority: serial 1
    192 authority: refresh 2 s
    196 authority: retry 3 s
    200 authority: expire 4 s
    204 authority: minimum 5 s
    208 pointer: name: as at octet 12: www.a.test.
    210 authority: type NS
    212 authority: class IN
    214 authority: time to live 260 s
    218 authority: 2 octets of data
    220 pointer: name server: as at octet 179: ns.a.test.
    222 pointer: name: as at octet 12: www.a.test.
    224 authority: type PTR
    226 authority: class IN
    228 authority: time to live 260 s
    232 authority: 2 octets of data
    234 pointer: name pointed to: as at octet 16: a.test.
    236 additional: name: .
    237 additional: type OPT
    239 additional: takes 1232 octets over UDP
    241 additional: upper bits of the response code: 0
    242 additional: EDNS version 0
    243 additional: EDNS flags: signatures wanted
    245 additional: 6 octets of data
    247 additional: EDNS option COOKIE
    249 additional: 2 octets of it
    251 additional: its content
    253 additional: name begins: x.test.
    255 pointer: name: as at octet 18: test.
    257 additional: type TYPE65280
    259 additional: class IN
    261 additional: time to live 1 s
    265 additional: 3 octets of data
    267 additional: data that is not told of here
    """#.split(separator: "\n").map { String($0) }

  @Test("any octets: every one is told of once, and in bounds")
  func anyOctets() {
    var generator = SeededRNG(seed: 11)
    let whole = octets(Self.everything.compressed())
    for run in 0..<3000 {
      var message = whole
      if run > 0 {
        // Damage in a few places, and a cut.
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
          let place = Int.random(in: 0..<message.count, using: &generator)
          message[place] = UInt8.random(in: 0...255, using: &generator)
        }
        if run.isMultiple(of: 2) {
          message = Array(message.prefix(Int.random(in: 0...message.count, using: &generator)))
        }
      }
      check(message)
    }
    for count in 0..<600 {
      check((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
    for octet in [0x00, 0x3f, 0xc0, 0xff] as [UInt8] {
      check([UInt8](repeating: octet, count: 65_535))
    }
  }

  private func check(_ message: [UInt8]) {
    let parts = DNSPart.all(of: message)
    var end = 0
    for part in parts {
      #expect(part.range.lowerBound == end && !part.range.isEmpty)
      #expect(part.meaning.count <= DNSPart.longestText + 100)
      #expect(part.meaning.unicodeScalars.allSatisfy { SafeText.isPrintable($0) })
      end = part.range.upperBound
    }
    #expect(end == message.count)
  }

  @Test("pointers in a circle and into nothing")
  func badPointers() {
    let header: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    #expect(
      lines(header + [0xc0, 12, 0, 1, 0, 1]).suffix(3) == [
        "12 pointer: name: as at octet 12: <BAD PTR> (no whole name)", "14 question: type A",
        "16 question: class IN",
      ])
    #expect(
      lines(header + [1, 0x61, 0xff, 0xff]).suffix(2) == [
        "12 question: name begins: a.<BAD PTR> (no whole name)",
        "14 pointer: name: as at octet 16383: <BAD PTR> (no whole name)",
      ])
    #expect(
      lines(header + [0x80]).last == "12 remainder: cannot be read as a DNS message any further")
    #expect(lines(header + [0, 0, 1, 0, 1, 7]).last == "17 remainder: behind the last record")
    #expect(lines([1]) == ["0 remainder: no whole header: a DNS message has 12 octets at least"])
    #expect(lines([]) == [])
  }

  @Test("data that is not what its type asks for")
  func wrongData() {
    let header: [UInt8] = [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    for (type, data) in [
      (1, [1, 2, 3]), (1, [1, 2, 3, 4, 5]), (28, [1]), (15, [0, 10]), (16, [5, 65]), (33, [0]),
      (6, [0, 0, 0]), (257, [0, 9]), (2, [3, 65]),
    ] as [(UInt16, [UInt8])] {
      let record: [UInt8] =
        [0, UInt8(type >> 8), UInt8(type & 255), 0, 1, 0, 0, 0, 9, 0, UInt8(data.count)] + data
      #expect(lines(header + record).last == "23 answer: data that is not told of here")
    }
  }

  @Test("records and flags in words")
  func words() {
    #expect(
      Self.everything.answers[1].text
        == "www.a.test: type A, class IN, TTL 260, addr (4) 192.165.1.1")
    #expect(
      (Self.everything.answers + Self.everything.authorities).map { record in
        record.text.replacing("www.a.test: type ", with: "").replacing(
          "class IN, TTL 260, ", with: "")
      } == [
        "CNAME, alias of (8) b.test", "A, addr (4) 192.165.1.1", "AAAA, addr (16) 2001:db8::1",
        "MX, mail exchange (10) a.test, preference 10", #"TXT, text (4) "x\x1b" """#,
        "SRV, service (14) b.test, port 80, priority 1, weight 2",
        #"CAA, certificates (9) issue "ca", critical"#,
        "SOA, start of authority (41) primary server ns.a.test, mailbox m.a.test, serial 1, "
          + "refresh 2, retry 3, expire 4, minimum 5",
        "NS, name server (11) ns.a.test", "PTR, points to (8) a.test",
      ])
    #expect(
      DNSFlagWords(flags: 0x9fb3).text
        == "response, operation 3, authoritative, truncated, recursion desired, recursion available, "
        + "authentic data, checking disabled, no such name (NXDOMAIN)")
    #expect(DNSFlagWords(flags: 0x0003).text == "query")
    #expect(DNSResponseCode(rawValue: 2300).explanation == "response code 2300")
    #expect(DNSType(rawValue: 65280).label == "TYPE65280" && DNSName.root.text == ".")
  }
}
