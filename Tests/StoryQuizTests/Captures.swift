import PacketTestSupport
import PacketWire

/// Captures in which something can be asked.
enum Captures {
  typealias Connection = ConversationBuilder.Connection

  static func answer(to query: DNSMessage, _ records: [DNSRecord], code: UInt16 = 0) -> DNSMessage {
    DNSMessage(
      identifier: query.identifier, flags: 0x8180 | code, questions: query.questions,
      answers: records)
  }

  static func lookUp() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let query = DNSMessage(query: name("www.test"), .a, identifier: 1)
    capture.dns(query)
    let found = DNSRecord(name("www.test"), .a, timeToLive: 300, .a(IPv4Address(203, 0, 113, 80)))
    capture.dns(answer(to: query, [found]))
    return capture
  }

  static func noName() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let query = DNSMessage(query: name("gone.test"), .a, identifier: 1)
    capture.dns(query)
    capture.dns(answer(to: query, [], code: 3))
    return capture
  }

  /// ARP, two look-ups by an alias, a connection with two requests over it, and its end.
  static func page() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let mac = (MACAddress(bits: 0x0200_0000_0002), MACAddress(bits: 0x0200_0000_0001))
    let (me, router) = (IPv4Address(198, 18, 0, 2), IPv4Address(198, 18, 0, 1))
    capture.arp(ARPPacket(.request, sender: (mac.0, me), target: (MACAddress(bits: 0), router)))
    capture.arp(ARPPacket(.reply, sender: (mac.1, router), target: (mac.0, me)))
    let alias = DNSRecord(name("www.test"), .cname, timeToLive: 60, .name(name("cdn.test")))
    let found = DNSRecord(name("cdn.test"), .a, timeToLive: 300, .a(IPv4Address(203, 0, 113, 80)))
    for (type, records) in [(DNSType.a, [alias, found]), (.aaaa, [])] {
      let query = DNSMessage(query: name("www.test"), type, identifier: type.rawValue)
      capture.dns(query)
      capture.dns(answer(to: query, records))
    }
    var connection = Connection()
    capture.send(
      &connection, .client, [.syn], options: ConversationBuilder.usualOptions, window: 64_240)
    capture.wait(.milliseconds(24))
    capture.hopsLeft = 53
    capture.send(&connection, .server, [.syn, .ack], options: ConversationBuilder.usualOptions)
    capture.hopsLeft = 64
    capture.send(&connection, .client)
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\nHost: www.test\r\n\r\n")
    capture.send(&connection, .server)
    capture.send(
      &connection, .server,
      text: "HTTP/1.1 200 OK\r\nContent-Length: 2881\r\n\r\n" + String(repeating: "a", count: 2_881)
    )
    capture.send(&connection, .client)
    capture.send(&connection, .client, text: "GET /x HTTP/1.1\r\nHost: www.test\r\n\r\n")
    capture.send(
      &connection, .server,
      text: "HTTP/1.1 301 Moved\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
    capture.send(&connection, .client, [.fin, .ack])
    capture.hopsLeft = 53
    capture.send(&connection, .server, [.fin, .ack])
    capture.hopsLeft = 64
    capture.send(&connection, .client)
    return capture
  }

  static func opened(_ connection: inout Connection) -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.open(&connection)
    return capture
  }

  static func opened() -> ConversationBuilder {
    var connection = Connection()
    return opened(&connection)
  }

  static func twice() -> ConversationBuilder {
    var capture = opened()
    var connection = Connection(from: "198.18.0.2", 40_002)
    capture.open(&connection)
    return capture
  }

  static func chunked() -> ConversationBuilder {
    var connection = Connection()
    var capture = opened(&connection)
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    capture.send(
      &connection, .server, text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    return capture
  }

  static func webSocket() -> ConversationBuilder {
    var connection = Connection()
    var capture = opened(&connection)
    capture.upgrade(&connection)
    capture.frames(&connection, .client, TestFrame(.ping))
    capture.frames(&connection, .server, TestFrame(.text, String(repeating: "x", count: 200)))
    capture.frames(&connection, .server, TestFrame(.close))
    return capture
  }

  static func refused() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let connection = Connection(to: "203.0.113.80", 81)
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.segment(connection, .server, [.rst], at: -991_000_001, acknowledging: 1)
    return capture
  }

  static func lostSYN() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let connection = Connection()
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.wait(.milliseconds(999))
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    return capture
  }

  static func lost() -> ConversationBuilder {
    var connection = Connection()
    var capture = opened(&connection)
    let piece = [UInt8](repeating: 1, count: 1_000)
    capture.send(&connection, .client, [.ack], piece)
    for _ in 0..<4 { capture.segment(connection, .server, [], at: 1, acknowledging: 1) }
    capture.segment(connection, .client, [], at: 1, acknowledging: 1, piece)
    return capture
  }

  static func missing() -> ConversationBuilder {
    var connection = Connection()
    var capture = opened(&connection)
    capture.segment(connection, .client, [], at: 11, acknowledging: 1, [1, 2, 3])
    return capture
  }

  static func full() -> ConversationBuilder {
    var connection = Connection()
    var capture = opened(&connection)
    capture.send(&connection, .client, [.ack], [UInt8](repeating: 1, count: 1_000))
    capture.send(&connection, .server, [.ack], window: 0)
    return capture
  }

  static func reset() -> ConversationBuilder {
    var connection = Connection()
    var capture = opened(&connection)
    capture.send(&connection, .server, [.rst, .ack])
    return capture
  }

  static func unreachable() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let connection = Connection()
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    let quoted = Array(capture.packets[0].octets.dropFirst(14))
    capture.icmp(
      ICMPv4Header(.destinationUnreachable, code: 1), from: "192.0.2.1", to: "198.18.0.2", quoted)
    return capture
  }

  static func tls(version: UInt8) -> ConversationBuilder {
    var connection = Connection(to: "203.0.113.80", 443)
    var capture = opened(&connection)
    capture.send(&connection, .client, [.ack], TLSOctets.clientHello(server: "www.test"))
    capture.send(&connection, .server, [.ack], TLSOctets.serverHello(version: version))
    capture.send(&connection, .client, [.ack], TLSOctets.record(23, count: 53))
    return capture
  }
}
