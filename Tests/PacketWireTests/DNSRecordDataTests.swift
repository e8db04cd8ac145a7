import PacketTestSupport
import PacketWire
import Testing

@Suite("DNS record data (RFC 1035 §3.3, RFC 3596)")
struct DNSRecordDataTests {
  static let soa = "0161 00 0162 00 01020304 05060708 090a0b0c 0d0e0f10 11121314"

  @Test(
    "content that fits its type is read, and says its length",
    arguments: [
      (.a, "c0000201", .a(IPv4Address(192, 0, 2, 1))),
      (
        .aaaa, "0102030405060708090a0b0c0d0e0f10",
        .aaaa(IPv6Address(bits: 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10))
      ),
      (.txt, "", .txt([])), (.txt, "00", .txt([[]])),
      (.txt, "0161 026263", .txt([[97], [98, 99]])),
      (DNSType(rawValue: 44), "0001 0002", .opaque([0, 1, 0, 2])), (.opt, "", .options([])),
    ] as [(DNSType, String, DNSRecordData)])
  func fits(type: DNSType, text: String, expected: DNSRecordData) throws {
    #expect(try read(type, hex(text)) == expected)
  }

  @Test(
    "a name stands in CNAME, NS and PTR records", arguments: [DNSType.cname, .ns, .ptr, .dname])
  func names(type: DNSType) throws {
    let name = try #require(DNSName("a.b"))
    #expect(try read(type, hex("0161 0162 00")) == .name(name))
    // Compressed: the question's name, b, stands at octet 12.
    #expect(try read(type, hex("0161 c00c")) == .name(name))
  }

  @Test func mx() throws {
    let expected = DNSRecordData.mx(preference: 0x0102, exchange: try #require(DNSName("a.b")))
    #expect(try read(.mx, hex("0102 0161 0162 00")) == expected)
    #expect(try read(.mx, hex("0102 0161 c00c")) == expected)
  }

  @Test func startOfAuthority() throws {
    let expected = DNSRecordData.StartOfAuthority(
      primaryServer: try #require(DNSName("a")), mailbox: try #require(DNSName("b")),
      serial: 0x0102_0304, refresh: 0x0506_0708, retry: 0x090a_0b0c, expire: 0x0d0e_0f10,
      minimum: 0x1112_1314)
    #expect(try read(.soa, hex(Self.soa)) == .soa(expected))
  }

  @Test(
    "content that does not fit its type is kept as it was",
    arguments: [
      (.a, "c00002"), (.a, "c000020101"), (.a, ""),
      (.aaaa, "0102030405060708090a0b0c0d0e0f"), (.aaaa, "0102030405060708090a0b0c0d0e0f1011"),
      (.cname, ""), (.cname, "0161"), (.cname, "0161 00 00"), (.ns, "c0"), (.ptr, "c0ff"),
      (.ns, "4161"), (.cname, "c01e"),  // a pointer to itself
      (.mx, ""), (.mx, "00"), (.mx, "0001"), (.mx, "0001 0161"), (.mx, "0001 00 00"),
      (.txt, "01"), (.txt, "0161 02 61"), (.txt, "ff"),
      (.soa, ""), (.soa, "00"), (.soa, String(soa.dropLast(2))), (.soa, soa + "00"),
    ] as [(DNSType, String)])
  func opaque(type: DNSType, text: String) throws {
    let octets = hex(text)
    #expect(try read(type, octets) == .opaque(octets))
  }

  @Test("content does not go on behind its length")
  func beyondLength() throws {
    // The name's last octet, and the last string's, belong to the next record.
    for (type, content) in [(DNSType.cname, "0161"), (.mx, "0001 0161"), (.txt, "0261")] {
      let record = hex("00") + bigEndian(type.rawValue) + hex("0001 00000000")
      let octets = record + bigEndian(UInt16(hex(content).count)) + hex(content)
      let message =
        hex("0102 8180 0000 0002 0000 0000") + octets + hex("00 0001 0001 00000000 0004 01020304")
      let parsed: DNSMessage = try parse(message)
      #expect(parsed.answers.map(\.data) == [.opaque(hex(content)), .a(IPv4Address(1, 2, 3, 4))])
    }
  }

  /// Reads content in the only answer to a question for "b", which stands at octet 12; the content
  /// begins at 30. Expects that it says its length and is written back.
  private func read(_ type: DNSType, _ content: [UInt8]) throws -> DNSRecordData {
    let message =
      hex("0102 8180 0001 0001 0000 0000  0162 00 0001 0001") + hex("00") + bigEndian(type.rawValue)
      + hex("0001 00000000") + bigEndian(UInt16(content.count)) + content
    let parsed: DNSMessage = try parse(message)
    #expect(octets(of: parsed) == message)
    let data = try #require(parsed.answers.first).data
    #expect(data.length == content.count)
    return data
  }

  private func bigEndian(_ word: UInt16) -> [UInt8] { [UInt8(word >> 8), UInt8(word & 0xff)] }
}
