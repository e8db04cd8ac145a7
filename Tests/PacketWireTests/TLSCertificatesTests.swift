import PacketTestSupport
import PacketWire
import Testing

@Suite("TLS certificates (RFC 5246 §7.4.2)")
struct TLSCertificatesTests {
  @Test(
    "each number of certificates",
    arguments: [
      ("000000", []), ("000003 000000", [[]]), ("000009 000002 0102 000001 03", [[1, 2], [3]]),
    ] as [(String, [[UInt8]])])
  func fields(text: String, certificates: [[UInt8]]) throws {
    let message: TLSCertificates = try parse(hex(text))
    #expect(message == TLSCertificates(certificates: certificates))
    #expect(message.length == hex(text).count && octets(of: message) == hex(text))
  }

  @Test(
    "lists that do not fit",
    arguments: [
      ("0000", 4, 3, 2), ("000001", 7, 1, 0), ("000004 000000 00 00", 10, 3, 1),
      ("000004 000002 01 02", 10, 2, 1),
    ])
  func cut(text: String, offset: Int, needed: Int, available: Int) {
    let error = PacketError(.tls, at: offset, .truncated(needed: needed, available: available))
    #expect(throws: error) { let _: TLSCertificates = try parse(hex(text), at: 4) }
  }

  @Test("a long list writes all three octets of its lengths")
  func long() throws {
    let message = TLSCertificates(certificates: [[UInt8](repeating: 7, count: 0x01_0203)])
    let wire = octets(of: message)
    #expect(wire.prefix(6) == hex("010206 010203")[...] && wire.count == message.length)
    #expect(try parse(wire) == message)
  }

  @Test(
    "TLS 1.3 has a context before and extensions behind each (RFC 8446 §4.4.2)",
    arguments: [
      ("00 000000", [], []),
      ("02 a1a2 00000d 000002 0102 0000 000001 03 0000", [0xa1, 0xa2], [[1, 2], [3]]),
    ] as [(String, [UInt8], [[UInt8]])])
  func newFields(text: String, context: [UInt8], certificates: [[UInt8]]) throws {
    let message: TLS13Certificates = try parse(hex(text))
    #expect(
      message
        == TLS13Certificates(
          requestContext: context, entries: certificates.map { .init(certificate: $0) }))
    #expect(message.length == hex(text).count && octets(of: message) == hex(text))
  }

  @Test func extensionsOfAnEntry() throws {
    let wire = hex("00 00000c 000001 07 0006 0005 0002 aabb")
    let message: TLS13Certificates = try parse(wire)
    #expect(message.entries.map(\.certificate) == [[7]])
    #expect(message.entries[0].extensions.types == [TLSExtensionType(rawValue: 5)])
    #expect(message.entries[0].extensions.octets == hex("0006 0005 0002 aabb"))
    #expect(octets(of: message) == wire)
  }

  @Test(
    "lists of TLS 1.3 that do not fit",
    arguments: [
      ("", 4, 1, 0), ("01", 5, 1, 0), ("00 0000", 5, 3, 2), ("00 000001", 8, 1, 0),
      ("00 000002 0000", 8, 3, 2), ("00 000004 000001 07", 12, 2, 0),
      ("00 000006 000001 07 0001", 14, 1, 0),
    ])
  func newCut(text: String, offset: Int, needed: Int, available: Int) {
    let error = PacketError(.tls, at: offset, .truncated(needed: needed, available: available))
    #expect(throws: error) { let _: TLS13Certificates = try parse(hex(text), at: 4) }
  }
}
