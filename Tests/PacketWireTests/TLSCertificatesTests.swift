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
}
