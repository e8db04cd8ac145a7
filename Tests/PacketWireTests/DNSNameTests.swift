import PacketTestSupport
import PacketWire
import Testing

@Suite("DNS name (RFC 1035 §3.1, §4.1.4)")
struct DNSNameTests {
  @Test("a name in place")
  func literal() throws {
    let name = try firstName(hex("03777777 0474657374 00"))
    #expect(name.wire == hex("03777777 0474657374") && name.compression == nil)
    #expect(name.labels.map { Array($0) } == [hex("777777"), hex("74657374")])
    #expect(name.length == 10 && name.description == "www.test.")
  }

  @Test("the root")
  func root() throws {
    let name = try firstName([0])
    #expect(name == .root && name.length == 1 && name.labels.isEmpty && name.description == ".")
  }

  @Test("a pointer goes on where it points, and is remembered")
  func pointer() throws {
    // 12: www.test, 26: a.www.test, 34: a.www.test again, through two pointers
    let names = try names(
      [hex("03777777 0474657374 00"), hex("0161 c00c"), hex("c01a")], at: [12, 26, 34])
    #expect(names.map(\.description) == ["www.test.", "a.www.test.", "a.www.test."])
    #expect(names[1].compression?.literalCount == 2 && names[1].compression?.target == 12)
    #expect(names[2].compression?.literalCount == 0 && names[2].compression?.target == 26)
    #expect(names.map(\.length) == [10, 4, 2])
  }

  @Test("a pointer has fourteen bits")
  func farPointer() throws {
    // A TXT record of 16370 octets stands between the name and the pointer to its end.
    let filler = [UInt8](repeating: 0, count: 16_358)
    let message =
      hex("0102 8180 0000 0002 0000 0000  00 000a 0001 00000000 3fe6") + filler
      + hex("ffff 000a 0001 00000000 0000")
    #expect(throws: PacketError(.dns, at: 12 + 11 + 16_358, .badPointer(0x3fff))) {
      try parse(message, as: DNSMessage.self)
    }
    var accepted = message
    accepted[12 + 11 + 16_358 + 1] = 0xf0
    let parsed: DNSMessage = try parse(accepted)
    #expect(parsed.answers[1].name.compression?.target == 0x3ff0)
    #expect(octets(of: parsed) == accepted)
  }

  @Test(
    "a pointer that does not point before its own run of labels is refused",
    arguments: [
      ("c00c", 12, 12), ("c00d", 12, 13), ("ffff", 12, 0x3fff),  // itself, its own middle, ahead
      ("0161 c00c", 14, 12), ("0161 c00e", 14, 14), ("0161 0162 c00e", 16, 14),  // loops
    ])
  func badPointer(text: String, offset: Int, target: Int) {
    #expect(throws: PacketError(.dns, at: 100 + offset, .badPointer(target))) {
      try firstName(hex(text) + [0, 0, 0])
    }
  }

  @Test("a pointer that leads to a pointer forwards is refused")
  func indirectLoop() {
    // 12: pointer to 18; 18: pointer to 12. The first one is already forwards.
    #expect(throws: PacketError(.dns, at: 112, .badPointer(18))) {
      try names([hex("c012"), hex("c00c")], at: [12, 18])
    }
    // The octets c0 14 of the header's identifier and flags, reached from a name.
    let message = hex("c014 0100 0001 0000 0000 0000  c000 0001 0001")
    #expect(throws: PacketError(.dns, at: 100, .badPointer(20))) {
      try parse(message, at: 100, as: DNSMessage.self)
    }
  }

  @Test("as many pointers as a name can have labels are followed, one more is refused")
  func pointerLimit() throws {
    // A root name at 23, and behind it pointers, each to the one before.
    func message(pointers: Int) -> [UInt8] {
      var message = hex("0102 8180 0000 0002 0000 0000  00 000a 0001 00000000")
      let count = 2 * pointers - 1
      message += [UInt8(count >> 8), UInt8(count & 0xff), 0]
      var target = 23
      for pointer in 0..<pointers - 1 {
        message += [0xc0 | UInt8(target >> 8), UInt8(target & 0xff)]
        target = 24 + 2 * pointer
      }
      return message + [0xc0 | UInt8(target >> 8), UInt8(target & 0xff)]
        + hex("000a 0001 00000000 0000")
    }
    try expectRoundTrip(of: message(pointers: 127), as: DNSMessage.self)
    #expect(throws: PacketError(.dns, at: 24, .tooMany(limit: 127))) {
      try parse(message(pointers: 128), as: DNSMessage.self)
    }
  }

  @Test(
    "the two reserved label types are refused", arguments: [0x40, 0x7f, 0x80, 0xbf] as [UInt8])
  func labelTypes(octet: UInt8) {
    #expect(throws: PacketError(.dns, at: 114, .badLabelType(octet))) {
      try firstName([1, 0x61, octet, 0, 0, 0])
    }
  }

  @Test("a name of 255 octets is read, one of 256 is refused")
  func longest() throws {
    let longLabel = [63] + [UInt8](repeating: 0x61, count: 63)
    let start = longLabel + longLabel + longLabel
    let longest = start + [61] + [UInt8](repeating: 0x62, count: 61) + [0]
    #expect(longest.count == 255)
    #expect(try firstName(longest).length == 255)
    let tooLong = start + [62] + [UInt8](repeating: 0x62, count: 62) + [0]
    #expect(throws: PacketError(.dns, at: 112 + 192, .nameTooLong)) { try firstName(tooLong) }
  }

  @Test("a name that a pointer makes too long is refused where it grows too long")
  func tooLongByPointer() {
    let longLabel = [63] + [UInt8](repeating: 0x61, count: 63)
    let start = longLabel + longLabel + longLabel + [0]
    let more = [61] + [UInt8](repeating: 0x62, count: 61) + hex("c00c")
    let tooMuch = [62] + [UInt8](repeating: 0x62, count: 62) + hex("c00c")
    #expect(throws: Never.self) { try names([start, more], at: [12, 209]) }
    #expect(throws: PacketError(.dns, at: 112 + 128, .nameTooLong)) {
      try names([start, tooMuch], at: [12, 209])
    }
  }

  @Test(
    "text and labels that are no name",
    arguments: [
      "", "..", ".a", "a..b", "a..", String(repeating: "a", count: 64),
      String(repeating: "abcdefghi.", count: 25) + "abcd",
    ])
  func refusedText(text: String) { #expect(DNSName(text) == nil) }

  @Test("text is read with or without its final dot")
  func text() throws {
    #expect(DNSName(".") == .root)
    #expect(DNSName("www.test")?.wire == hex("03777777 0474657374"))
    #expect(DNSName("www.test.") == DNSName("www.test"))
    #expect(DNSName(String(repeating: "a", count: 63))?.length == 65)
    // 25 labels of ten octets, one of four, the final zero: 255.
    #expect(DNSName(String(repeating: "abcdefghi.", count: 25) + "abc")?.length == 255)
    #expect(DNSName("bücher.test")?.labels.first.map { Array($0) } == Array("bücher".utf8))
  }

  @Test("labels hold any octets, from one to sixty-three of them")
  func labels() {
    #expect(DNSName(labels: []) == .root)
    #expect(DNSName(labels: [[0x2e, 0]])?.wire == [2, 0x2e, 0])
    #expect(DNSName(labels: [[1], []]) == nil)
    #expect(DNSName(labels: [[UInt8](repeating: 1, count: 64)]) == nil)
  }

  @Test("what is no plain text is escaped (RFC 1035 §5.1)")
  func description() {
    let labels = [hex("612e5c62"), hex("00071f20217e7f80c7c8ff")]
    let expected = #"a\.\\b.\000\007\031\032!~\127\128\199\200\255."#
    #expect(DNSName(labels: labels)?.description == expected)
  }

  @Test("names are the same without regard to ASCII case, equal only octet for octet")
  func sameness() throws {
    let name = try #require(DNSName("www.TEST@Z["))
    let other = try #require(DNSName("WWW.test@z["))
    #expect(name.isSame(as: other) && name != other)
    for text in ["www.TEST`Z[", "www.TEST@Z{", "www.TEST@Z[.a", "ww.TEST@Z[", "."] {
      #expect(try !name.isSame(as: #require(DNSName(text))))
    }
    // A dot within a label is not a dot between labels.
    let dotted = try #require(DNSName(labels: [Array("a.b".utf8)]))
    #expect(try !dotted.isSame(as: #require(DNSName("a.b"))))
  }

  @Test("how a name was compressed does not count for equality")
  func equality() throws {
    let names = try names([hex("0161 0162 00"), hex("0161 c00e")], at: [12, 21])
    #expect(names[0] == names[1] && Set(names).count == 1)
    #expect(Set([names[0], try #require(DNSName("a.c"))]).count == 2)
  }

  /// The name of a message's only question, which begins at octet 12 and is followed by nothing.
  private func firstName(_ octets: [UInt8]) throws -> DNSName {
    let message = hex("0102 0100 0001 0000 0000 0000") + octets + hex("0001 0001")
    return try parse(message, at: 100, as: DNSMessage.self).questions[0].name
  }

  /// The names of questions; `offsets` says where each is meant to stand.
  private func names(_ names: [[UInt8]], at offsets: [Int]) throws -> [DNSName] {
    var message = hex("0102 0100 00") + [UInt8(names.count)] + hex("0000 0000 0000")
    for (name, offset) in zip(names, offsets) {
      #expect(message.count == offset)
      message += name + hex("0001 0001")
    }
    let parsed: DNSMessage = try parse(message, at: 100)
    #expect(octets(of: parsed) == message)
    return parsed.questions.map(\.name)
  }
}
