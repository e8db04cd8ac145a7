import PacketTestSupport
import PacketWire
import Testing

@Suite("DNS question and record (RFC 1035 §4.1.2, §4.1.3)")
struct DNSRecordTests {
  @Test func questionFields() throws {
    let message: DNSMessage = try parse(hex("0102 0100 0001 0000 0000 0000  0161 00 001c 0003"))
    let question = try #require(message.questions.first)
    #expect(question.name == DNSName("a") && question.type == .aaaa)
    #expect(question.recordClass == .chaos && question.length == 7)
  }

  @Test func recordFields() throws {
    let record = try only(hex("0161 00 0102 0304 05060708 0003 090a0b"))
    #expect(record.name == DNSName("a") && record.type.rawValue == 0x0102)
    #expect(record.recordClass.rawValue == 0x0304 && record.timeToLive == 0x0506_0708)
    #expect(record.data == .opaque([9, 10, 11]) && record.length == 16)
  }

  @Test("a length beyond the message is refused where the content should be")
  func longContent() {
    #expect(throws: PacketError(.dns, at: 100 + 23, .truncated(needed: 4, available: 3))) {
      try only(hex("00 0001 0001 00000000 0004 c00002"))
    }
  }

  @Test("an OPT record is kept whole (RFC 6891 §6.1.2)")
  func opt() throws {
    let octets = hex("00 0029 04d0 01008000 000c  000a 0008 0102030405060708")
    let record = try only(octets)
    #expect(record.name == .root && record.type == .opt && record.recordClass.rawValue == 1_232)
    #expect(record.timeToLive == 0x0100_8000)
    #expect(record.data == .options([EDNSOption(.cookie, hex("0102030405060708"))]))
  }

  /// Reads a message with one additional record, which begins at octet 12.
  private func only(_ record: [UInt8]) throws -> DNSRecord {
    let message = hex("0102 8180 0000 0000 0000 0001") + record
    let parsed: DNSMessage = try parse(message, at: 100)
    #expect(octets(of: parsed) == message)
    return try #require(parsed.additionals.first)
  }
}
