import PacketTestSupport
import PacketWire
import Testing

@Suite("ICMP extensions (RFC 4884, RFC 4950, RFC 5837, RFC 8335)")
struct ICMPExtensionsTests {
  /// Version 2, one object with the label 100 at the bottom; its checksum is right.
  static let labels = hex("2000 93e9 0008 01 01 00064b07")
  static let quoted = CarriedFrameTests.inner + [UInt8](repeating: 0, count: 100)

  static func message(_ type: UInt8, length: UInt8, _ rest: [UInt8]) -> [UInt8] {
    var packet = CarriedFrameTests.ipv4(1, [])
    packet[3] = UInt8(28 + rest.count)
    return packet + [type, 0, 0, 0, 0, length, 0, 0] + rest
  }

  private func place(_ octets: [UInt8], _ linkType: LinkType = .ipv4) -> Range<Int>? {
    Frame(decoding: octets.span, linkType: linkType).icmpExtensions(in: octets.span)
  }

  @Test func header() throws {
    let octetsOnWire = hex("2345 6789")
    let header: ICMPExtensionHeader = try parse(octetsOnWire)
    #expect(header.version == 2 && header.versionAndReserved == 0x2345 && header.checksum == 0x6789)
    try expectRoundTrip(of: octetsOnWire, as: ICMPExtensionHeader.self)
    expectEveryPrefixIsRefused(
      of: octetsOnWire, takenIn: [4], by: .icmpExtension, as: ICMPExtensionHeader.self)
    #expect(octets(of: ICMPExtensionHeader(checksum: 7)) == hex("2000 0007"))
    #expect(octets(of: ICMPExtensionHeader()) == hex("2000 0000"))
  }

  @Test("they stand behind the quotation, or at its octet 128 when nothing says how long it is")
  func places() {
    for type in [3, 11, 12] as [UInt8] {
      #expect(place(Self.message(type, length: 32, Self.quoted + Self.labels)) == 156..<168)
      #expect(place(Self.message(type, length: 0, Self.quoted + Self.labels)) == 156..<168)
    }
    let short = Array(Self.quoted.prefix(32)) + Self.labels
    var bad = Self.labels
    bad[3] ^= 1
    #expect(place(Self.message(11, length: 8, short)) == 60..<72)
    // Seventeen words are quoted, and padded to 128 octets without being counted.
    #expect(place(Self.message(11, length: 17, Self.quoted + Self.labels)) == 156..<168)
    #expect(place(Self.message(11, length: 17, Self.quoted + bad)) == nil)
    // A source quench has no length field, and nobody else's octets are taken for extensions.
    #expect(place(Self.message(4, length: 32, Self.quoted + Self.labels)) == nil)
    #expect(place(Self.message(11, length: 0, Self.quoted + bad)) == nil)
    #expect(place(Self.message(11, length: 32, Self.quoted + bad)) == 156..<168)
    #expect(place(Self.message(11, length: 32, Self.quoted + [0x20, 0, 0])) == nil)
    #expect(place(Self.message(11, length: 0, Self.quoted)) == nil)
    #expect(place(Self.message(11, length: 33, Self.quoted)) == nil)
  }

  @Test("over IPv6 the length counts in eights")
  func overIPv6() {
    let body = Self.quoted + Self.labels
    let message = hex("0300 0000 10 000000") + body
    let octets =
      hex("6000 0000 00") + [UInt8(message.count)] + hex("3a40")
      + [UInt8](repeating: 1, count: 32) + message
    #expect(place(octets, .ipv6) == 176..<188)
  }

  @Test("an extended echo request begins with one object, data may follow")
  func probe() {
    let object = hex("2000 0000 0008 03 02 00000007")
    #expect(place(Self.message(42, length: 0, object + [1, 2, 3])) == 28..<40)
    #expect(place(Self.message(42, length: 0, Array(object.prefix(11)))) == nil)
    #expect(place(Self.message(43, length: 0, object)) == nil)
    // Nothing behind the object, nor in it.
    #expect(place(Self.message(42, length: 0, object)) == 28..<40)
    #expect(place(Self.message(42, length: 0, hex("2000 0000 0004 03 02"))) == 28..<36)
  }

  @Test("they are looked for only in as many octets as were decoded")
  func fewerOctets() {
    let octets = Self.message(11, length: 32, Self.quoted + Self.labels)
    let frame = Frame(decoding: octets.span, linkType: .ipv4)
    #expect(frame.icmpExtensions(in: Array(octets.dropLast()).span) == nil)
    let old = Self.message(11, length: 0, Self.quoted + Self.labels)
    let other = Frame(decoding: old.span, linkType: .ipv4)
    #expect(other.icmpExtensions(in: Array(old.dropLast(8)).span) == nil)
  }

  @Test func objects() throws {
    var found: [ICMPExtensionObject] = []
    let two = Self.labels + hex("0006 09 0a bbcc")
    try ICMPExtensionObject.forEach(in: two.span) { found.append($0) }
    #expect(
      found == [
        ICMPExtensionObject(classNumber: 1, classType: 1, value: 8..<12),
        ICMPExtensionObject(classNumber: 9, classType: 10, value: 16..<18),
      ])
    for (rest, reason) in [
      ("0003 0101", .badHeaderLength(3)), ("0009 0101 aabbccdd", .badHeaderLength(9)),
      ("0004", .truncated(needed: 4, available: 2)),
    ] as [(String, PacketError.Reason)] {
      let octets = hex("2000 0000") + hex(rest)
      #expect(throws: PacketError(.icmpExtension, at: 4, reason)) {
        try ICMPExtensionObject.forEach(in: octets.span) { _ in }
      }
    }
    var count = 0
    let many = hex("2000 0000") + (0..<40).flatMap { _ in hex("0004 0101") }
    try ICMPExtensionObject.forEach(in: many.span) { _ in count += 1 }
    #expect(count == 32)
  }

  @Test func interfaces() throws {
    let value = hex("00000007 0001 0000 c0000201 08 65746830 000000 000005dc")
    var reader = PacketReader(value.span)
    let all = try ICMPInterfaceInformation(classType: 0x8f, parsing: &reader)
    #expect(all.role == .outgoing && all.index == 7 && all.mtu == 1_500)
    #expect(all.address?.description == "192.0.2.1" && reader.available == 0)
    #expect(try Array(value[#require(all.name)]) == Array("eth0".utf8))
    let six = hex("0002 0000 20010db8000000000000000000000001")
    reader = PacketReader(six.span)
    let address = try ICMPInterfaceInformation(classType: 0x44, parsing: &reader)
    #expect(address.role == .sublink && address.address?.description == "2001:db8::1")
    #expect(address.index == nil && address.name == nil && address.mtu == nil)
    for (type, text, offset, reason) in [
      (0x08, "000000", 0, .truncated(needed: 4, available: 3)),
      (0x04, "0003 0000 00", 0, .unsupported(3)), (0x02, "00", 0, .badHeaderLength(0)),
      (0x02, "41", 0, .badHeaderLength(0x41)), (0x02, "", 0, .truncated(needed: 1, available: 0)),
      (0x09, "00000001 0000", 4, .truncated(needed: 4, available: 2)),
    ] as [(UInt8, String, Int, PacketError.Reason)] {
      let octets = hex(text)
      #expect(throws: PacketError(.icmpExtension, at: offset, reason)) {
        var reader = PacketReader(octets.span)
        _ = try ICMPInterfaceInformation(classType: type, parsing: &reader)
      }
    }
  }
}
