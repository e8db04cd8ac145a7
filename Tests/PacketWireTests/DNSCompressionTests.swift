import Testing

@testable import PacketWire

@Suite("Compressed DNS messages")
struct DNSCompressionTests {
  private func name(_ text: String) throws -> DNSName { try #require(DNSName(text)) }

  private func octets(_ message: DNSMessage) -> [UInt8] {
    [UInt8](capacity: message.length) { message.write(to: &$0) }
  }

  @Test("what was said before is a pointer, in names and in the data of old types")
  func pointers() throws {
    let message = DNSMessage(
      identifier: 1, flags: 0x8000, questions: [DNSQuestion(try name("www.a.test"), .mx)],
      answers: [
        DNSRecord(
          try name("www.a.test"), .mx, timeToLive: 0,
          .mx(preference: 1, exchange: try name("m.a.test"))),
        DNSRecord(try name("m.a.test"), .cname, timeToLive: 0, .name(try name("b.test"))),
        DNSRecord(
          try name("B.test"), .srv, timeToLive: 0,
          .service(DNSService(priority: 1, weight: 1, port: 1, target: try name("b.test")))),
      ])
    let compressed = message.compressed()
    let names = compressed.answers.map(\.name.compression)
    // "www.a.test" is at 12, "a.test" at 16, "test" at 18; the first record's data begins at 40.
    #expect(names[0] == .init(literalCount: 0, target: 12))
    guard case .mx(_, let exchange) = compressed.answers[0].data,
      case .name(let alias) = compressed.answers[1].data,
      case .service(let service) = compressed.answers[2].data
    else { Issue.record("other data"); return }
    #expect(exchange.compression == .init(literalCount: 2, target: 16))
    #expect(names[1] == .init(literalCount: 0, target: 42))
    #expect(alias.compression == .init(literalCount: 2, target: 18))
    // The letters stay what they were; a newer type's data stays whole (RFC 3597 §4).
    #expect(names[2] == .init(literalCount: 2, target: 18) && service.target.compression == nil)
    // It says the same as before.
    let written = octets(compressed)
    var reader = PacketReader(written.span)
    let read = try DNSMessage(parsing: &reader)
    #expect(read == message && reader.available == 0 && written.count == compressed.length)
    #expect(read == compressed && octets(read) == written)
    // What is compressed already comes out the same.
    #expect(octets(read.compressed()) == written)
  }

  @Test("no pointer leads behind the first 16384 octets")
  func farNames() throws {
    let filler = DNSRecord(
      try name("f.test"), .txt, timeToLive: 0,
      .txt([[UInt8]](repeating: [UInt8](repeating: 65, count: 255), count: 64)))
    let far = DNSRecord(try name("far.far"), .ns, timeToLive: 0, .name(try name("far.far")))
    let message = DNSMessage(
      identifier: 1, flags: 0x8000, questions: [], answers: [filler, far, far]
    ).compressed()
    #expect(
      message.answers[1].name.compression == nil && message.answers[2].name.compression == nil)
    let written = octets(message)
    var reader = PacketReader(written.span)
    #expect(try DNSMessage(parsing: &reader).answers == [filler, far, far])
  }
}
