import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("fields of DNS messages")
struct DNSFieldTests {
  /// A response with a question and one record of each kind that has a field.
  static let response = hex(
    """
    1234 8783 0001 000a 0000 0000
    01 61 02 6263 00 00ff 0001
    c00c 0001 0001 00000001 0004 c0000207
    c00c 001c 0001 00000001 0010 20010db8000000000000000000000007
    c00c 0005 0001 00000001 0004 0163 c00e
    c00c 0002 0001 00000001 0004 0164 c00e
    c00c 000c 0001 00000001 0004 0165 c00e
    c00c 000f 0001 00000001 0006 000a 0166 c00e
    c00c 0021 0001 00000001 000a 0001 0002 0003 0167 c00e
    c00c 0006 0001 00000001 0017 00 c00c 00000001 00000002 00000003 00000004 00000005
    c00c 0010 0001 00000001 0008 03 780979 03 5c7a1b
    00 002f 0001 00000001 000a 00 0004 40000008 01 01 40
    """)

  static let responseCells = [
    "dns.flags": "0x8783", "dns.flags.authoritative": "1", "dns.flags.recavail": "1",
    "dns.flags.recdesired": "1", "dns.count.queries": "1", "dns.resp.ttl": "1|1|1|1|1|1|1|1|1|1",
    "dns.id": "0x1234", "dns.flags.response": "1", "dns.flags.opcode": "0",
    "dns.flags.truncated": "1", "dns.flags.rcode": "3", "dns.count.answers": "10",
    "dns.qry.name": "a.bc", "dns.qry.type": "255",
    "dns.resp.name": "a.bc|a.bc|a.bc|a.bc|a.bc|a.bc|a.bc|a.bc|<Root>",
    "dns.resp.type": "1|28|5|2|12|15|33|6|16|47|1|28|257", "dns.a": "192.0.2.7",
    "dns.aaaa": "2001:db8::7", "dns.cname": "c.bc", "dns.ns": "d.bc",
    "dns.ptr.domain_name": "e.bc", "dns.mx.mail_exchange": "f.bc", "dns.srv.target": "g.bc",
    "dns.soa.mname": "<Root>", "dns.txt": "x\\x09y|\\\\z\\x1b", "dns.unsolicited": "1",
  ]

  static func datagram(_ message: [UInt8], port: UInt16) -> [UInt8] {
    let length = UInt16(8 + message.count)
    return ipv4(
      17,
      [0x9c, 0x40, UInt8(port >> 8), UInt8(port & 255), UInt8(length >> 8), UInt8(length & 255)]
        + [0, 0] + message)
  }

  private func found(_ packet: [UInt8]) -> [String: String] {
    cells(packet, .ipv4).filter { $0.key.hasPrefix("dns.") }
  }

  @Test(
    "every field, over the ports of the DNS, of mDNS and of LLMNR", arguments: [53, 5353, 5355])
  func ports(_ port: Int) {
    var expected = Self.responseCells
    // Of multicast DNS no message answers one other.
    if port == 5353 { expected["dns.unsolicited"] = nil }
    #expect(found(Self.datagram(Self.response, port: UInt16(port))) == expected)
  }

  @Test("over another port only when the message is without a fault")
  func otherPort() {
    #expect(found(Self.datagram(Self.response, port: 54)) == Self.responseCells)
    #expect(found(Self.datagram(Self.response + [0], port: 54)) == [:])
    #expect(found(Self.datagram(Self.response + [0], port: 53)) == Self.responseCells)
  }

  @Test("messages that stand whole in a segment")
  func segment() {
    let header = hex("9c40 0035 00000001 00000002 5010 0100 0000 0000")
    let framed = [UInt8(Self.response.count >> 8), UInt8(Self.response.count & 255)]
    let both = ipv4(6, header + framed + Self.response + framed + Self.response)
    #expect(found(both)["dns.id"] == "0x1234|0x1234")
    #expect(found(both)["dns.cname"] == "c.bc|c.bc")
    let half = ipv4(6, header + framed + Array(Self.response.dropLast()))
    #expect(found(half) == [:])
    // mDNS has its port over TCP too.
    let other = hex("9c40 14e9 00000001 00000002 5010 0100 0000 0000")
    #expect(found(ipv4(6, other + framed + Self.response))["dns.id"] == "0x1234")
    let elsewhere = hex("9c40 14eb 00000001 00000002 5010 0100 0000 0000")
    #expect(found(ipv4(6, elsewhere + framed + Self.response)) == [:])
  }

  @Test("an update has prerequisites, not answers")
  func update() {
    let message = hex("0001 2800 0000 0002 0000 0000")
    #expect(
      found(Self.datagram(message, port: 53)) == [
        "dns.id": "0x0001", "dns.flags.response": "0", "dns.flags.opcode": "5",
        "dns.flags.truncated": "0", "dns.flags": "0x2800", "dns.flags.recdesired": "0",
      ])
  }

  @Test("pointers that do not point backwards end a name")
  func loop() {
    let message = hex("0001 0000 0002 0000 0000 0000 0161 c00c 0001 0001 c014 0002 0001")
    #expect(found(Self.datagram(message, port: 53))["dns.qry.type"] == "1|2")
    #expect(found(Self.datagram(message, port: 53))["dns.qry.name"] == "a|")
  }
}
