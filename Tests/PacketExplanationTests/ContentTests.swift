import PacketExplanation
import PacketTestSupport
import PacketWire
import Testing

@Suite("links, ARP, and what segments and datagrams carry")
struct ContentTests {
  /// Name and value of every field of one part.
  static func rows(_ explanation: PacketExplanation, _ title: String) -> [String] {
    explanation.parts.filter { $0.title == title }.flatMap { part in
      part.fields.map { "\($0.name): \($0.value)" }
    }
  }

  static func explained(_ capture: ConversationBuilder) throws -> PacketExplanation {
    let packet = try #require(capture.packets.last)
    let explanation = PacketExplanation(of: packet.octets.span, linkType: .ethernet)
    #expect(explanation.accountsForAll && explanation.problems.isEmpty, "\(explanation.problems)")
    return explanation
  }

  @Test("ARP, with what fills the frame up")
  func arp() throws {
    let packet = ARPPacket(
      .request, sender: (MACAddress(bits: 0x0200_0000_0002), Sample.client),
      target: (MACAddress(bits: 0), IPv4Address(198, 18, 0, 1)))
    var capture = ConversationBuilder()
    capture.arp(packet)
    let explanation = try Self.explained(capture)
    #expect(
      Self.rows(explanation, "ARP packet") == [
        "Hardware Type: 1", "Protocol Type: 0x0800", "Hardware Address Length: 6 octets",
        "Protocol Address Length: 4 octets", "Opcode: 1",
        "Sender Hardware Address: 02:00:00:00:00:02", "Sender Protocol Address: 198.18.0.2",
        "Target Hardware Address: 00:00:00:00:00:00", "Target Protocol Address: 198.18.0.1",
      ])
    capture.frame(capture.packets[0].octets + [UInt8](repeating: 0, count: 18))
    #expect(try Self.explained(capture).titles.last == "Behind the packet")
  }

  @Test("the headers of Linux cooked captures")
  func cooked() throws {
    let packet = try Sample.ipv4(.tcp, [])
    let address: [UInt8] = [2, 0, 0, 0, 0, 9, 0, 0]
    let old = [0, 4, 0, 1, 0, 6] + address + [8, 0] + packet
    let new = [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6] + address + packet
    for (octets, type) in [(old, LinkType.linuxSLL), (new, .linuxSLL2)] {
      let explanation = PacketExplanation(of: octets.span, linkType: type)
      #expect(explanation.accountsForAll)
      let rows = Self.rows(explanation, "Link-layer header")
      for row in [
        "Packet type: 4", "ARPHRD_ type: 1", "Link-layer address: 02:00:00:00:00:09",
        "Protocol type: 0x0800",
      ] { #expect(rows.contains(row), "\(row): \(rows)") }
      #expect(explanation.titles.contains("IPv4 header"))
    }
  }

  @Test("a DNS question and its answer, with names that point back")
  func dns() throws {
    let owner = name("www.test")
    let query = DNSMessage(query: owner, .a, identifier: 0xbeef)
    var capture = ConversationBuilder()
    capture.dns(query)
    #expect(
      Self.rows(try Self.explained(capture), "DNS message") == [
        "ID: 0xbeef", "QR: 0, not set", "OPCODE: 0", "AA: 0, not set", "TC: 0, not set",
        "RD: 1, set", "RA: 0, not set", "Z: 0", "AD: 0, not set", "CD: 0, not set",
        "RCODE: 0", "QDCOUNT: 1", "ANCOUNT: 0", "NSCOUNT: 0", "ARCOUNT: 0",
        "QNAME: www.test.", "QTYPE: A", "QCLASS: IN",
      ])
    // Written out by hand: the answer's name is that of the question.
    let answer: [UInt8] =
      [0xbe, 0xef, 0x81, 0x83, 0, 1, 0, 2, 0, 0, 0, 1] + hex("03777777 0474657374 00 0001 0001")
      + hex("c00c 0005 0001 0000003c 0006 03 63646e c010")
      + hex("c026 0001 0001 0000012c 0004 cb007150") + hex("00 0029 1000 00000000 0000")
    capture.udp(from: (address("203.0.113.53"), 53), to: (address("198.18.0.2"), 50_001), answer)
    let rows = Self.rows(try Self.explained(capture), "DNS message")
    #expect(
      Array(rows.dropFirst(18)) == [
        "NAME: (as at octet 12)", "TYPE: CNAME", "CLASS: IN", "TTL: 60 s", "RDLENGTH: 6 octets",
        "RDATA: cdn.(as at octet 16)", "NAME: (as at octet 38)", "TYPE: A", "CLASS: IN",
        "TTL: 300 s", "RDLENGTH: 4 octets", "RDATA: 203.0.113.80", "NAME: .", "TYPE: OPT",
        "CLASS: 4096 octets", "TTL: 0x00000000", "RDLENGTH: 0 octets",
      ])
    #expect(rows.contains("RCODE: 3"))
  }

  @Test("what is on a DNS port but is none stays data")
  func noDNS() throws {
    for data in [[UInt8](repeating: 0xff, count: 40), [1, 2, 3]] {
      var capture = ConversationBuilder()
      capture.udp(from: (address("198.18.0.2"), 50_001), to: (address("203.0.113.53"), 53), data)
      #expect(
        Self.rows(try Self.explained(capture), "UDP header").last == "Data: \(data.count) octets")
    }
  }

  @Test("records of TLS, whole and cut")
  func tls() throws {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(to: "203.0.113.80", 443)
    capture.send(&connection, .client, [.ack], hex("140303000101 1703030064 aabbcc"))
    let explanation = try Self.explained(capture)
    #expect(
      Self.rows(explanation, "TLS record") == [
        "type: 20 (change_cipher_spec)", "legacy_record_version: 0x0303", "length: 1 octet",
        "fragment: 1 octet", "type: 23 (application_data)", "legacy_record_version: 0x0303",
        "length: 100 octets", "fragment: 3 octets",
      ])
    #expect(explanation.field("fragment")?.meaning == "the record's content")
    #expect(
      explanation.fields("fragment").last?.meaning.hasSuffix("97 more come in later segments")
        == true)
  }

  @Test("the head of an HTTP message, line by line, and hostile octets in it")
  func http() throws {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(
      &connection, .client, text: "GET /\u{1b}[2J HTTP/1.1\r\nHost: x\r\n\r\nbody")
    #expect(
      Self.rows(try Self.explained(capture), "HTTP request") == [
        #"request-line: GET /\x1b[2J HTTP/1.1"#, "field-line: Host: x", "CRLF: ",
        "content: 4 octets",
      ])
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nServer: unfinished")
    #expect(
      Self.rows(try Self.explained(capture), "HTTP response") == [
        "status-line: HTTP/1.1 200 OK", "field-line: Server: unfinished",
      ])
    capture.send(&connection, .server, text: "more of it")
    #expect(try Self.explained(capture).field("Data") != nil)
  }

  @Test("whatever is cut or damaged, each bit has its place", arguments: 0..<40 as Range<UInt64>)
  func damage(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var capture = ConversationBuilder()
    capture.dns(DNSMessage(query: name("www.test"), .a, identifier: 1))
    var connection = ConversationBuilder.Connection()
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    capture.send(&connection, .server, [.ack], hex("1603030004 02000000 1703030001 aa"))
    for packet in capture.packets {
      for _ in 0..<50 {
        var octets = packet.octets
        octets.removeLast(Int.random(in: 0...octets.count, using: &random))
        for _ in 0..<Int.random(in: 0...3, using: &random) where octets.count > 34 {
          octets[Int.random(in: 34..<octets.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
        let explanation = PacketExplanation(
          of: octets.span, linkType: .ethernet, originalLength: packet.octets.count)
        #expect(explanation.accountsForAll, "\(octets)")
      }
    }
  }
}
