import PacketTestSupport
import PacketWire
import Testing

@Suite("X.509 certificates (RFC 5280 §4.1, X.690)")
struct X509CertificateTests {
  /// Made by OpenSSL's `ca`: version 3, valid from 2021-02-03 04:05:06 to 2051-07-08 09:10:11, an
  /// elliptic key, and for its extensions basic constraints (critical), alternative names (two of the
  /// DNS, one address of each family, one of mail) and two key identifiers.
  static let sample = hex(
    """
    30820239308201dea00302010202024d2a300a06082a8648ce3d040302302d31163014060355040a0c0d4c61
    6220417574686f726974793113301106035504030c0a4c616220526f6f7420373020170d3231303230333034
    303530365a180f32303531303730383039313031315a303f310b300906035504061302444531153013060355
    040a0c0c5769726577616c6b204c61623119301706035504030c107777772e6578616d706c652e7465737430
    59301306072a8648ce3d020106082a8648ce3d0301070342000416a659add32ef86ed9be5aa5d86746ffc307
    735e801de9da62ba852cfa2af0e541d59c22440cc3d18279ae4f536af424d01279f9094411954089785ba571
    891ba381d93081d6300c0603551d130101ff0402300030530603551d11044c304a82107777772e6578616d70
    6c652e74657374820e2a2e6578616d706c652e746573748704c0000250871020010db8000000000000000000
    000080810e61406578616d706c652e74657374301d0603551d0e041604148c9ef8bb8a7ae2aef28c0459dbdb
    190c12404bd730520603551d23044b3049a131a42f302d31163014060355040a0c0d4c616220417574686f72
    6974793113301106035504030c0a4c616220526f6f74203782143343222b96838222c2ea03a61e4b5e5cfc8c
    23ad300a06082a8648ce3d0403020349003046022100c52190299e628e2fd0efc46cac56881f27a1b03cbad0
    4634d942db2805bd717a022100d7fb6fe4713607891f6be044f2928f74e9f7e05bf21242254f86a60179462b
    00
    """)

  @Test func fields() {
    let certificate = X509Certificate(decoding: Self.sample.span)
    #expect(certificate.problem == nil)
    #expect(certificate.issuer == name("Lab Root 7", "Lab Authority"))
    #expect(certificate.subject == name("www.example.test", "Wirewalk Lab"))
    #expect(
      certificate.notBefore
        == X509Time(year: 2021, month: 2, day: 3, hour: 4, minute: 5, second: 6))
    #expect(certificate.notAfter?.description == "2051-07-08T09:10:11Z")
    #expect(
      certificate.alternativeNames == [
        .dns(Array("www.example.test".utf8)), .dns(Array("*.example.test".utf8)),
        .address(.v4(IPv4Address(192, 0, 2, 80))),
        .address(.v6(IPv6Address(bits: 0x2001_0db8 << 96 | 0x80))),
      ])
  }

  @Test("every shorter one gives nothing but where it ends", arguments: [0, 1, 2, 3, 4, 100, 572])
  func cut(count: Int) {
    let certificate = X509Certificate(
      decoding: Array(Self.sample.prefix(count)).span, offset: 7)
    let (start, needed) = count < 2 ? (0, 2) : count < 4 ? (2, 2) : (4, 569)
    #expect(
      certificate.problem
        == PacketError(
          .x509, at: 7 + start, .truncated(needed: needed, available: count - start)))
    #expect(certificate.subject.best == nil)
  }

  /// The sample with other octets in one place.
  private func changed(_ place: Int, _ text: String) -> X509Certificate {
    var octets = Self.sample
    for (index, octet) in hex(text).enumerated() { octets[place + index] = octet }
    return X509Certificate(decoding: octets.span, offset: 100)
  }

  @Test(
    "what is not DER ends the reading, and the error says where",
    arguments: [
      (0, "31", 0, .unsupported(0x31)), (4, "02", 4, .unsupported(2)),
      // Indefinite, in four octets, not as short as can be, with a zero before it.
      (1, "80", 1, .badHeaderLength(0)), (1, "84", 1, .badHeaderLength(0x0239_3082)),
      (267, "82 0001", 267, .badHeaderLength(1)),
      (268, "7f", 267, .badHeaderLength(0x7f)),
      (13, "04", 13, .unsupported(4)), (17, "31", 17, .unsupported(0x31)),
      (29, "31", 29, .unsupported(0x31)), (31, "30", 31, .unsupported(0x30)),
      (33, "31", 33, .unsupported(0x31)), (35, "05", 35, .unsupported(5)),
      (76, "31", 76, .unsupported(0x31)), (78, "19", 78, .unsupported(0x19)),
      (110, "31", 110, .unsupported(0x31)), (175, "31", 175, .unsupported(0x31)),
      (269, "31", 269, .unsupported(0x31)), (272, "31", 272, .unsupported(0x31)),
      (286, "31", 286, .unsupported(0x31)), (288, "05", 288, .unsupported(5)),
      (295, "31", 295, .unsupported(0x31)),
      (296, "4b", 297, .truncated(needed: 75, available: 74)),
      (298, "7f", 299, .truncated(needed: 127, available: 72)),
    ] as [(Int, String, Int, PacketError.Reason)])
  func damage(place: Int, text: String, offset: Int, reason: PacketError.Reason) {
    let certificate = changed(place, text)
    #expect(certificate.problem == PacketError(.x509, at: 100 + offset, reason))
    // What stands before the damage is told, what is behind it is not.
    #expect((certificate.issuer.best == nil) == (offset < 76))
    #expect((certificate.notBefore == nil) == (offset < 93))
    #expect((certificate.notAfter == nil) == (offset < 110))
    #expect((certificate.subject.best == nil) == (offset < 175))
    #expect(certificate.alternativeNames.isEmpty)
  }

  @Test("names before a damaged one stay")
  func damagedName() {
    let certificate = changed(315, "30")
    #expect(certificate.problem == nil && certificate.alternativeNames.count == 3)
    let cut = changed(316, "7e")
    #expect(cut.alternativeNames == [.dns(Array("www.example.test".utf8))])
    #expect(
      cut.problem == PacketError(.x509, at: 417, .truncated(needed: 126, available: 54)))
    // An address of fourteen octets is none.
    #expect(changed(315, "87").alternativeNames.count == 3)
  }

  @Test("a first version does not say so, and has no extensions (RFC 5280 §4.1.2.1)")
  func firstVersion() {
    let octets = sequence(sequence(Array(Self.sample[13..<266])))
    let certificate = X509Certificate(decoding: octets.span)
    #expect(certificate.problem == nil && certificate.alternativeNames.isEmpty)
    #expect(certificate.subject == name("www.example.test", "Wirewalk Lab"))
    #expect(certificate.issuer == name("Lab Root 7", "Lab Authority"))
  }

  @Test("lengths at the ends of their forms (X.690 §8.1.3)", arguments: [127, 128, 255, 256])
  func lengths(count: Int) {
    // A serial number of so many octets in the place of the sample's.
    let serial = wrap(0x02, [UInt8](repeating: 1, count: count))
    let octets = sequence(sequence(serial + Array(Self.sample[17..<266])))
    let certificate = X509Certificate(decoding: octets.span)
    #expect(certificate.problem == nil)
    #expect(certificate.subject == X509Certificate(decoding: Self.sample.span).subject)
  }

  @Test(
    "times (RFC 5280 §4.1.2.5)",
    arguments: [
      ("17 0d 343931323331323335393539 5a", "2049-12-31T23:59:59Z"),
      ("17 0d 353030313031303030303030 5a", "1950-01-01T00:00:00Z"),
      ("17 0d 303030313031303030303030 2b", nil), ("17 0d 303030303031303030303030 5a", nil),
      ("17 0d 303031333031303030303030 5a", nil), ("17 0d 303030313030303030303030 5a", nil),
      ("17 0d 303030313332303030303030 5a", nil), ("17 0d 303030313031323430303030 5a", nil),
      ("17 0d 303030313031303036303030 5a", nil), ("17 0d 303030313031303030303630 5a", nil),
      ("17 0d 30303a313031303030303030 5a", nil), ("17 0d 30302f313031303030303030 5a", nil),
      ("18 0d 323031323031303030303030 5a", nil), ("19 0d 303030313031303030303030 5a", nil),
    ] as [(String, String?)])
  func times(text: String, expected: String?) {
    let certificate = changed(78, text)
    #expect(certificate.notBefore?.description == expected)
    #expect((certificate.problem == nil) == (expected != nil))
  }

  @Test("a time without end is later than any other")
  func endless() {
    let certificate = changed(93, "18 0f 3939393931323331323335393539 5a")
    #expect(certificate.notAfter?.description == "9999-12-31T23:59:59Z")
    let fields = [
      X509Time(year: 2021, month: 1, day: 1), X509Time(year: 2021, month: 1, day: 2),
      X509Time(year: 2021, month: 1, day: 2, hour: 1),
      X509Time(year: 2021, month: 1, day: 2, hour: 1, minute: 1),
      X509Time(year: 2021, month: 1, day: 2, hour: 1, minute: 1, second: 1),
      X509Time(year: 2021, month: 2, day: 1), X509Time(year: 2022, month: 1, day: 1),
    ]
    #expect(fields.shuffled().sorted() == fields)
    #expect(X509Time(year: 33, month: 1, day: 2).description == "0033-01-02T00:00:00Z")
  }

  @Test(
    "kinds of strings in a name (RFC 5280 §4.1.2.4)",
    arguments: [
      ("13 10 7777772e6578616d706c652e74657374", "www.example.test"),
      ("1e 10 00410042 00e900e8 d83dde00 00430044", "AB\u{e9}\u{e8}\u{1f600}CD"),
      ("1c 10 00000041 000000e9 0001f600 00110000", "A\u{e9}\u{1f600}\u{fffd}"),
      ("1e 10 00410042 d83d0041 00410041 00410041", "AB\u{fffd}AAAAA"),
    ])
  func strings(text: String, expected: String) {
    let certificate = changed(157, text)
    #expect(certificate.subject.commonName.map { String(decoding: $0, as: UTF8.self) } == expected)
  }

  @Test("of several common names the last one counts, without any the organization")
  func bestName() {
    #expect(changed(133, "03").subject == name("www.example.test", nil))
    #expect(changed(156, "0a").subject == name(nil, "www.example.test"))
    #expect(X509Name(organization: [1]).best == [1])
    #expect(X509Name(commonName: [2], organization: [1]).best == [2])
    #expect(changed(154, "56").subject == name(nil, "Wirewalk Lab"))
    #expect(changed(292, "12").alternativeNames.isEmpty)
  }

  @Test("no more names are kept than the limit")
  func limit() {
    let names = hex("8201 61") * (X509Certificate.maximumNames + 2)
    let list = sequence(sequence(hex("0603551d11") + wrap(4, sequence(names))))
    let head = Self.sample[13..<266]
    let octets = sequence(sequence(Array(head) + wrap(0xa3, list)))
    let certificate = X509Certificate(decoding: octets.span)
    #expect(certificate.problem == nil)
    #expect(certificate.alternativeNames.count == X509Certificate.maximumNames)
    #expect(certificate.alternativeNames.last == .dns([0x61]))
  }

  @Test("changed octets never trap", arguments: 0..<8 as Range<UInt64>)
  func hostile(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    for _ in 0..<500 {
      var octets = Self.sample
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let certificate = X509Certificate(decoding: octets.span, offset: 50)
      if let problem = certificate.problem {
        #expect((50...50 + octets.count).contains(problem.offset) && problem.layer == .x509)
      } else {
        #expect(certificate.notAfter != nil)
      }
      #expect(certificate.alternativeNames.count <= 40)
    }
  }

  private func name(_ common: String?, _ organization: String?) -> X509Name {
    X509Name(
      commonName: common.map { Array($0.utf8) }, organization: organization.map { Array($0.utf8) })
  }

  /// An element of DER with a length in one to three octets.
  private func wrap(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    if count < 128 { return [tag, UInt8(count)] + content }
    if count < 256 { return [tag, 0x81, UInt8(count)] + content }
    return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xff)] + content
  }

  private func sequence(_ content: [UInt8]) -> [UInt8] { wrap(0x30, content) }
}

extension [UInt8] {
  fileprivate static func * (octets: Self, count: Int) -> Self {
    (0..<count).flatMap { _ in octets }
  }
}
