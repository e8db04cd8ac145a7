import LineFormat
import PacketWire
import ServiceEngine
import Testing

@Suite("Files of DNS records")
struct DNSRecordFileTests {
  private func answer(
    _ file: DNSRecordFile, _ name: String, _ type: DNSType
  ) throws -> DNSMessage {
    let query = DNSMessage(query: try #require(DNSName(name)), type, identifier: 7)
    let octets = [UInt8](capacity: query.length) { query.write(to: &$0) }
    let reply = try #require(DNSResponder(records: file.records).answer(to: octets, over: .tcp))
    var reader = PacketReader(reply.span)
    return try DNSMessage(parsing: &reader)
  }

  @Test func theExample() throws {
    let file = try DNSRecordFile(parsing: DNSRecordFile.example, named: "example")
    let google = try answer(file, "google.com", .a)
    #expect(google.answers.map(\.timeToLive) == [260])
    #expect(
      google.answers.map(\.data) == [.a(IPv4Address(192, 165, 1, 1))] && google.isAuthoritative)
    // A chain of two aliases and what is at its end.
    #expect(
      try answer(file, "shop.example.test", .aaaa).answers.map(\.type) == [.cname, .cname, .aaaa])
    #expect(try answer(file, "none.example.test", .a).responseCode == 3)
    #expect(try answer(file, "example.test", .aaaa).authorities.map(\.type) == [.soa])
    #expect(try answer(file, "example.org", .a).responseCode == 5)
    for type in [DNSType.mx, .txt, .ns, .soa, .caa] {
      #expect(try !answer(file, "example.test", type).answers.isEmpty)
    }
    #expect(try answer(file, "_sip._udp.example.test", .srv).answers.count == 1)
    #expect(try answer(file, "80.2.0.192.in-addr.arpa", .ptr).answers.count == 1)
  }

  @Test("zones begin at SOA records, or at two labels")
  func zones() throws {
    let file = try DNSRecordFile(
      parsing: """
        a.b.c.test A 192.0.2.1
        $TTL 7
        x.own.test SOA ns.x.own.test m.x.own.test
        w.x.own.test 9 A 192.0.2.2
        y.c.test A 192.0.2.3
        """, named: "f")
    let zones = file.records.filter { $0.type == .soa }.map(\.name.description)
    #expect(zones == ["x.own.test.", "c.test."])
    #expect(file.records.prefix(4).map(\.timeToLive) == [300, 7, 9, 7])
  }

  @Test(
    "what is wrong and where",
    arguments: [
      (
        "a.test",
        "f:1:7: expected A, AAAA, CNAME, MX, TXT, NS, SOA, PTR, SRV or CAA, found the end of the line"
      ),
      ("\na.test A 1.2.3.4 5", "f:2:18: expected the end of the line, found \"5\""),
      ("$TTL x", "f:1:6: expected a time to live from 0 to 2147483647, found \"x\""),
      (
        "$ORIGIN a.test",
        "f:1:1: expected a host name such as r1.home.test, found \"$ORIGIN a.test\""
      ),
    ])
  func errors(text: String, expected: String) {
    let error = #expect(throws: LineError.self) { try DNSRecordFile(parsing: text, named: "f") }
    #expect(error?.description == expected)
  }
}
