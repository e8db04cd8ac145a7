import PacketTestSupport
import PacketWire

@testable import FlowAnalysis
@testable import PageStory

/// Captures of what goes wrong, or otherwise than usual.
enum Trouble {
  /// What happens, how many first steps are the usual handshake, and the capture.
  static let all: [(name: String, skip: Int, capture: @Sendable () -> ConversationBuilder)] = [
    ("names", 0, names),
    ("refused", 0, refused),
    ("lost SYN", 0, lostSYN),
    ("lost data", 3, lostData),
    ("reordered", 3, reordered),
    ("half close", 3, halfClose),
    ("reset", 3, reset),
    ("mid stream", 0, midStream),
    ("window", 3, window),
    ("keep-alive", 3, keepAlive),
    ("two pages", 0, twoPages),
    ("pipelined", 3, pipelined),
    ("bodies", 3, bodies),
    ("split head", 3, splitHead),
    ("cut short", 3, cutShort),
    ("gap", 3, gap),
    ("tls", 0, tls),
    ("certificate", 3, certificate),
    ("ping", 0, ping),
    ("errors", 0, errors),
    ("datagrams", 0, datagrams),
    ("unknown", 0, unknown),
    ("pieces", 0, pieces),
    ("v6", 0, v6),
    ("simultaneous", 0, simultaneous),
    ("fast open", 0, fast),
    ("upgrade", 0, upgrade),
    ("neighbours", 0, neighbours),
    ("tunnel", 0, tunnel),
    ("race", 4, race),
    ("race refused", 4, raceRefused),
    ("race unawaited", 0, raceUnawaited),
    ("race of three", 4, raceOfThree),
    ("websocket", 3, webSocket),
    ("broken websocket", 3, brokenWebSocket),
  ]

  static func opened() -> (ConversationBuilder, ConversationBuilder.Connection) {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    return (capture, connection)
  }

  static func names() -> ConversationBuilder {
    var capture = ConversationBuilder()
    func ask(_ text: String, _ type: DNSType, _ port: UInt16) -> DNSMessage {
      let query = DNSMessage(query: name(text), type, identifier: port)
      capture.dns(query, port)
      return query
    }
    let first = ask("cdn.discord.test", .a, 50_001)
    capture.dns(
      Scenario.answer(
        to: first,
        [
          Scenario.alias("cdn.discord.test", "edge.discord.test"),
          Scenario.a("edge.discord.test", 20, "203.0.113.81"),
          Scenario.a("edge.discord.test", 20, "203.0.113.82"),
          Scenario.a("edge.discord.test", 20, "203.0.113.83"),
          Scenario.a("edge.discord.test", 20, "203.0.113.84"),
        ]))
    let second = ask("nope.test", .a, 50_002)
    capture.dns(Scenario.answer(to: second, code: 3), 50_002)
    let third = ask("v4only.test", .aaaa, 50_003)
    capture.dns(Scenario.answer(to: third), 50_003)
    let fourth = ask("broken.test", .a, 50_004)
    capture.dns(Scenario.answer(to: fourth, code: 2), 50_004)
    let fifth = ask("slow.test", .a, 50_005)
    capture.wait(.seconds(5))
    _ = ask("slow.test", .a, 50_005)
    capture.dns(Scenario.answer(to: fifth, [Scenario.a("slow.test", 5, "203.0.113.90")]), 50_005)
    capture.dns(Scenario.answer(to: fifth, [Scenario.a("slow.test", 5, "203.0.113.90")]), 50_005)
    var big = Scenario.answer(to: ask("big.test", .txt, 50_006))
    big.flags |= 0x0200
    capture.dns(big, 50_006)
    let mail = ask("discord.test", .mx, 50_007)
    capture.dns(
      Scenario.answer(
        to: mail,
        [
          DNSRecord(
            name("discord.test"), .mx, timeToLive: 9, .mx(preference: 1, exchange: name("mx.test")))
        ]), 50_007)
    let reverse = ask("80.113.0.203.in-addr.arpa", .ptr, 50_008)
    capture.dns(
      Scenario.answer(
        to: reverse,
        [
          DNSRecord(
            name("80.113.0.203.in-addr.arpa"), .ptr, timeToLive: 9, .name(name("www.discord.test")))
        ]), 50_008)
    _ = ask("lost.test", .https, 50_009)
    capture.dns(
      Scenario.answer(
        to: DNSMessage(query: name("who.test"), .a, identifier: 9),
        [Scenario.a("who.test", 1, "192.0.2.1")]), 50_010)
    return capture
  }

  static func refused() -> ConversationBuilder {
    var capture = ConversationBuilder()
    Scenario.lookUp("www.discord.test", is: Scenario.server, in: &capture)
    let connection = ConversationBuilder.Connection(to: Scenario.server, 81)
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.segment(connection, .server, [.rst], at: -991_000_001, acknowledging: 1)
    return capture
  }

  static func lostSYN() -> ConversationBuilder {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(&connection, .client, [.syn], options: ConversationBuilder.usualOptions)
    capture.wait(.seconds(1))
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.wait(.seconds(2))
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.send(&connection, .server, [.syn, .ack])
    capture.segment(connection, .server, [.syn], at: 0, acknowledging: 1)
    capture.send(&connection, .client)
    return capture
  }

  static func lostData() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, text: Scenario.get)
    capture.wait(.milliseconds(200))
    capture.segment(connection, .client, [.psh], at: 1, acknowledging: 1, Array(Scenario.get.utf8))
    capture.send(&connection, .server)
    capture.segment(connection, .client, [.psh], at: 1, acknowledging: 1, Array(Scenario.get.utf8))
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".utf8)
    capture.send(&connection, .server, [.ack], head)
    capture.send(&connection, .client)
    let piece = [UInt8](repeating: 1, count: 1000)
    capture.send(&connection, .server, [.ack], piece)
    for _ in 0..<3 {
      capture.send(&connection, .server, [.ack], piece)
      capture.segment(connection, .client, [], at: connection.clientNext, acknowledging: 42)
    }
    capture.segment(connection, .server, [], at: 42, acknowledging: connection.clientNext, piece)
    capture.send(&connection, .client)
    capture.send(&connection, .server, [.ack], piece)
    return capture
  }

  static func reordered() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, text: Scenario.get)
    let body =
      Array("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n".utf8)
      + [UInt8](repeating: 65, count: 60)
    let ack = connection.clientNext
    capture.segment(connection, .server, [], at: 51, acknowledging: ack, Array(body[50..<80]))
    capture.step = Nanoseconds(100_000)
    capture.segment(connection, .server, [], at: 1, acknowledging: ack, Array(body[..<50]))
    capture.wait(.milliseconds(50))
    capture.segment(connection, .server, [], at: 91, acknowledging: ack, Array(body[90...]))
    capture.wait(.milliseconds(50))
    capture.segment(connection, .server, [], at: 81, acknowledging: ack, Array(body[80..<90]))
    capture.segment(connection, .client, [], at: ack, acknowledging: 100)
    return capture
  }

  static func halfClose() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, [.psh, .fin, .ack], text: Scenario.get)
    capture.send(&connection, .server)
    capture.send(&connection, .server, text: "HTTP/1.0 200 OK\r\n\r\nall of it")
    capture.send(&connection, .client)
    capture.send(&connection, .server, [.fin, .ack])
    capture.send(&connection, .client)
    return capture
  }

  static func reset() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, text: Scenario.get)
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nbegin")
    capture.send(&connection, .server, [.rst, .ack])
    capture.send(&connection, .client, [.rst])
    return capture
  }

  static func midStream() -> ConversationBuilder {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "198.18.0.3", 40_002)
    (connection.clientNext, connection.serverNext) = (77_000, 88_000)
    capture.send(&connection, .client)
    capture.send(&connection, .server, [.ack], [1, 2, 3])
    capture.send(&connection, .client)
    capture.send(&connection, .client, text: "GET /late HTTP/1.1\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    return capture
  }

  static func window() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .server, [.ack], [1, 2, 3])
    capture.send(&connection, .client, window: 0)
    capture.segment(connection, .server, [], at: 4, acknowledging: 1, [1])
    capture.segment(connection, .client, [], at: 1, acknowledging: 4, window: 0)
    capture.segment(connection, .client, [], at: 1, acknowledging: 4, window: 9)
    capture.segment(connection, .client, [], at: 1, acknowledging: 4, window: 8)
    return capture
  }

  static func keepAlive() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, [.ack], [1, 2, 3])
    capture.send(&connection, .server)
    capture.wait(.seconds(75))
    capture.segment(connection, .client, [], at: 3, acknowledging: 1)
    capture.send(&connection, .server)
    capture.send(&connection, .server)
    return capture
  }

  static func twoPages() -> ConversationBuilder {
    var capture = ConversationBuilder()
    Scenario.lookUp("www.discord.test", is: Scenario.server, in: &capture)
    var one = ConversationBuilder.Connection()
    var two = ConversationBuilder.Connection(from: Scenario.client, 40_002)
    two.clientISN = 5
    for side in [ConversationBuilder.Side.client, .server] {
      let flags: TCPHeader.Flags = side == .client ? [.syn] : [.syn, .ack]
      capture.send(&one, side, flags)
      capture.send(&two, side, flags)
    }
    capture.send(&two, .client)
    capture.send(&one, .client, text: Scenario.get)
    capture.send(&two, .client, text: "GET /b.css HTTP/1.1\r\nHost: www.discord.test\r\n\r\n")
    capture.send(&two, .server, text: "HTTP/1.1 304 Not Modified\r\n\r\n")
    capture.send(
      &one, .server,
      text:
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://www.discord.test/\r\nContent-Length: 0\r\n\r\n"
    )
    capture.send(&two, .client, text: "GET /c.js HTTP/1.1\r\nHost: www.discord.test\r\n\r\n")
    return capture
  }

  static func pipelined() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, text: Scenario.get)
    capture.send(&connection, .client, text: "GET /b HTTP/1.1\r\n\r\nHEAD /c HTTP/1.1\r\n\r\n")
    capture.send(
      &connection, .server,
      text:
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\n12345"
    )
    capture.send(&connection, .server, text: "67890HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
    return capture
  }

  static func bodies() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(
      &connection, .client,
      text:
        "POST /form HTTP/1.1\r\nHost: x.test\r\nContent-Length: 20\r\nExpect: 100-continue\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.1 100 Continue\r\n\r\n")
    capture.send(&connection, .client, text: "0123456789")
    capture.send(&connection, .client, text: "0123456789")
    capture.send(
      &connection, .server,
      text:
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n5\r\nabc"
    )
    capture.send(&connection, .server, text: "de\r\n0\r\n\r\n")
    capture.send(&connection, .client, text: "HEAD / HTTP/1.0\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n")
    capture.send(&connection, .client, text: "DELETE /x HTTP/1.1\r\nHost: x.test\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.1 204 No Content\r\n\r\n")
    capture.send(&connection, .client, text: "GET /z HTTP/1.0\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.0 200 OK\r\n\r\nabc")
    capture.send(&connection, .server, [.fin, .ack])
    return capture
  }

  static func splitHead() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, text: "GET /x HT")
    capture.send(&connection, .client, text: "TP/1.1\r\nHost: www.dis")
    capture.send(&connection, .client, text: "cord.test\r\n\r\n")
    return capture
  }

  static func cutShort() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, text: Scenario.get)
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")
    capture.send(&connection, .server, [.fin, .ack])
    return capture
  }

  static func gap() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(&connection, .client, text: Scenario.get)
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n")
    connection.serverNext += 10
    capture.send(&connection, .server, text: "0123456789")
    capture.send(&connection, .client)
    capture.send(&connection, .server, text: "0123456789")
    capture.cutLast(to: 60)
    return capture
  }

  static func tls() -> ConversationBuilder {
    var capture = ConversationBuilder()
    Scenario.lookUp("www.discord.test", is: Scenario.server, in: &capture)
    var connection = ConversationBuilder.Connection(to: Scenario.server, 443)
    capture.open(&connection)
    func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
      [type, 3, 3, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
    }
    let sni = [0, 0, 0, 21, 0, 19, 0, 0, 16] + Array("www.discord.test".utf8)
    let alpn: [UInt8] = [0, 16, 0, 5, 0, 3, 2, 104, 50]
    let list = sni + alpn
    let hello =
      [3, 3] + [UInt8](repeating: 1, count: 32) + [0, 0, 2, 0x13, 1, 1, 0, 0, UInt8(list.count)]
      + list
    capture.send(&connection, .client, [.ack], record(22, [1, 0, 0, UInt8(hello.count)] + hello))
    let answer =
      [3, 3] + [UInt8](repeating: 2, count: 32) + [0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4]
    capture.send(&connection, .server, [.ack], record(22, [2, 0, 0, UInt8(answer.count)] + answer))
    capture.send(&connection, .server, [.ack], record(20, [1]))
    capture.send(&connection, .client, [.ack], record(23, [1, 2, 3]))
    capture.send(&connection, .server, [.fin, .ack], record(21, [1, 0]))
    return capture
  }

  /// TLS 1.2, whose certificate is in the clear: first with the hello, then behind it.
  static func certificate() -> ConversationBuilder {
    func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
      (content.count < 128 ? [tag] : [tag, 0x81]) + [UInt8(content.count)] + content
    }
    func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
      [type, 0, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
    }
    func name(_ common: String) -> [UInt8] {
      der(0x30, der(0x31, der(0x30, hex("0603550403") + der(0x0c, Array(common.utf8)))))
    }
    let names = ["www.discord.test", "discord.test"].flatMap { der(0x82, Array($0.utf8)) }
    let extensions = der(0x30, der(0x30, hex("0603551d11") + der(4, der(0x30, names))))
    let times = ["260102030405Z", "270102030405Z"].flatMap { der(0x17, Array($0.utf8)) }
    let body =
      hex("020101 3000") + name("Lab Root 7") + der(0x30, times) + name("www.discord.test")
      + hex("3000") + der(0xa3, extensions)
    let certificate = der(0x30, der(0x30, body))
    let entry = [0, 0, UInt8(certificate.count)] + certificate
    let hello = [3, 3] + [UInt8](repeating: 2, count: 32) + [0, 0xc0, 0x2f, 0]
    let flight = message(2, hello) + message(11, [0, 0, UInt8(entry.count)] + entry)
    let record = [22, 3, 3, UInt8(flight.count >> 8), UInt8(flight.count & 255)] + flight
    var capture = ConversationBuilder()
    for cut in [record.count, 50] {
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", UInt16(40_000 + cut), to: Scenario.server, 443)
      capture.open(&connection)
      capture.send(&connection, .server, [.ack], Array(record[..<cut]))
      if cut < record.count { capture.send(&connection, .server, [.ack], Array(record[cut...])) }
    }
    return capture
  }

  static func ping() -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.icmp(
      ICMPv4Header(.echoRequest, identifier: 7, sequenceNumber: 3), from: "198.18.0.2",
      to: "203.0.113.80", [UInt8](repeating: 0, count: 56))
    for _ in 0..<2 {
      capture.icmp(
        ICMPv4Header(.echoReply, identifier: 7, sequenceNumber: 3), from: "203.0.113.80",
        to: "198.18.0.2", [UInt8](repeating: 0, count: 56))
    }
    capture.icmp(
      ICMPv4Header(.echoReply, identifier: 7, sequenceNumber: 9), from: "203.0.113.80",
      to: "198.18.0.2")
    return capture
  }

  static func errors() -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.hopsLeft = 3
    capture.udp(
      from: (address("198.18.0.2"), 40_001), to: (address("203.0.113.80"), 33_434), [1, 2, 3])
    capture.hopsLeft = 64
    let quotation = Array(capture.packets[0].octets[14...])
    for (type, code, rest) in [
      (11, 0, 0), (11, 1, 0), (3, 0, 0), (3, 1, 0), (3, 2, 0), (3, 3, 0), (3, 4, 1400), (3, 13, 0),
      (3, 7, 0), (12, 0, 5 << 24), (4, 0, 0),
    ] as [(UInt8, UInt8, UInt32)] {
      capture.icmp(
        ICMPv4Header(.init(rawValue: type), code: code, rest: rest), from: "192.0.2.1",
        to: "198.18.0.2", quotation)
    }
    capture.icmp(
      ICMPv4Header(.redirect, rest: 0xc000_0202), from: "192.0.2.1", to: "198.18.0.2",
      Array(quotation.prefix(10)))
    capture.icmp(ICMPv4Header(.init(rawValue: 13)), from: "192.0.2.1", to: "198.18.0.2")
    return capture
  }

  static func datagrams() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let client = (address("198.18.0.2"), UInt16(40_001))
    for port in [123, 67, 9_999, 443] as [UInt16] {
      capture.udp(from: client, to: (address("203.0.113.80"), port), [1, 2, 3])
      capture.udp(from: (address("203.0.113.80"), port), to: client, [1, 2])
    }
    let quic = (address("203.0.113.81"), UInt16(443))
    capture.udp(from: client, to: quic, hex("c0 00000001 08 0102030405060708 00"))
    capture.udp(from: quic, to: client, hex("c0 00000001 08 0102030405060708 00"))
    capture.udp(from: quic, to: client, hex("e0 00000001 08 0102030405060708 00"))
    capture.udp(from: client, to: quic, hex("40 00000001 08 0102030405060708 00"))
    capture.udp(from: client, to: (address("203.0.113.53"), 53), [1])
    return capture
  }

  static func unknown() -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.frame([UInt8](repeating: 0xff, count: 12) + [0x88, 0xcc, 1, 2, 3])
    capture.frame([UInt8](repeating: 0xff, count: 12) + [0, 38] + [UInt8](repeating: 0, count: 46))
    capture.frame([1, 2, 3])
    capture.ip(.init(rawValue: 89), from: address("198.18.0.2"), to: address("203.0.113.80"), [1])
    capture.ip(.tcp, from: address("198.18.0.2"), to: address("203.0.113.80"), [1])
    capture.udp(
      from: (address("198.18.0.2"), 1), to: (address("198.18.0.3"), 2),
      [UInt8](repeating: 0, count: 40))
    var connection = ConversationBuilder.Connection(to: Scenario.server, 25)
    capture.open(&connection)
    capture.send(&connection, .server, text: "220 mail\r\n")
    return capture
  }

  static func pieces() -> ConversationBuilder {
    var capture = ConversationBuilder()
    Scenario.lookUp("www.discord.test", is: "203.0.113.80", in: &capture)
    capture.cutLastIntoPieces(of: 16, order: [3, 0, 1, 2, 4])
    capture.udp(
      from: (address("2001:db8::2"), 9), to: (address("2001:db8::80"), 10), Array(0..<100))
    capture.cutLastIntoPieces(of: 40)
    let pieces = capture.packets.suffix(3).map(\.octets)
    // Once more with another identification: twice, cut, and with an end before the end.
    for (piece, count, offset) in [(0, 102, 0), (0, 102, 0), (1, 80, 40), (2, 90, 80), (2, 90, 16)]
    {
      var octets = pieces[piece]
      (octets[61], octets[57]) = (1, UInt8(offset | (piece == 2 ? 0 : 1)))
      capture.frame(octets)
      if count < octets.count { capture.cutLast(to: count) }
    }
    return capture
  }

  static func v6() -> ConversationBuilder {
    var capture = ConversationBuilder()
    Scenario.lookUp("www.discord.test", is: "2001:db8:2::80", in: &capture)
    var connection = ConversationBuilder.Connection(from: "2001:db8:1::2", to: "2001:db8:2::80")
    capture.open(&connection)
    capture.send(&connection, .client, text: Scenario.get)
    return capture
  }

  static func simultaneous() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let connection = ConversationBuilder.Connection()
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    capture.segment(connection, .server, [.syn], at: 0, acknowledging: nil)
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: 1)
    capture.segment(connection, .server, [.syn], at: 0, acknowledging: 1)
    return capture
  }

  static func fast() -> ConversationBuilder {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.send(
      &connection, .client, [.syn], Array(Scenario.get.utf8),
      options: [34, 10, 1, 2, 3, 4, 5, 6, 7, 8])
    capture.send(&connection, .server, [.syn, .ack])
    capture.send(&connection, .client, text: "GET /x HTTP/1.1\r\n\r\n")
    return capture
  }

  static func upgrade() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.send(
      &connection, .client, text: "GET /ws HTTP/1.1\r\nHost: x.test\r\nUpgrade: x-proto\r\n\r\n")
    capture.send(
      &connection, .server, text: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x-proto\r\n\r\n")
    capture.send(&connection, .client, [.ack], [0x81, 0x85])
    var tunnel = ConversationBuilder.Connection(to: Scenario.server, 3_128)
    capture.open(&tunnel)
    capture.send(&tunnel, .client, text: "CONNECT y.test:443 HTTP/1.1\r\n\r\n")
    capture.send(&tunnel, .server, text: "HTTP/1.1 200 Connection established\r\n\r\n")
    return capture
  }

  /// A page in a VXLAN, and a SYN in two tunnels.
  static func tunnel() -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.wrap(Scenario.page(), .vxlan)
    var (twice, once) = (ConversationBuilder(), ConversationBuilder())
    var connection = ConversationBuilder.Connection(
      from: "2001:db8:1::2", 40_009, to: "2001:db8:2::80")
    once.send(&connection, .client, [.syn], options: ConversationBuilder.usualOptions)
    twice.wrap(once, .ip)
    capture.wrap(twice, .gre)
    return capture
  }

  static func neighbours() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let mac = (MACAddress(bits: 0x0200_0000_0002), MACAddress(bits: 0x0200_0000_0001))
    let (me, router) = (IPv4Address(198, 18, 0, 2), IPv4Address(198, 18, 0, 1))
    for operation in [ARPPacket.Operation.request, .request, .init(rawValue: 9)] {
      capture.arp(ARPPacket(operation, sender: (mac.0, me), target: (mac.1, router)))
    }
    capture.arp(ARPPacket(.reply, sender: (mac.0, me), target: (mac.1, router)))
    capture.arp(ARPPacket(.request, sender: (mac.0, .any), target: (mac.1, me)))
    capture.arp(ARPPacket(.request, sender: (mac.0, me), target: (mac.1, me)))
    func v6(_ text: String) -> IPv6Address { IPv6Address(text) ?? .any }
    let (one, two) = (v6("2001:db8::1"), v6("2001:db8::2"))
    func body(_ target: IPv6Address) -> [UInt8] {
      (0..<16).map { UInt8(truncatingIfNeeded: target.bits >> (120 - 8 * $0)) }
        + [1, 1, 2, 0, 0, 0, 0, 0x0a]
    }
    capture.icmp(
      ICMPv6Header(.neighborSolicitation), from: two, to: v6("ff02::1:ff00:1"), body(one))
    capture.icmp(
      ICMPv6Header(.neighborSolicitation), from: two, to: v6("ff02::1:ff00:1"), body(one))
    capture.icmp(ICMPv6Header(.neighborAdvertisement), from: one, to: two, body(one))
    capture.icmp(ICMPv6Header(.neighborAdvertisement), from: one, to: two, body(one))
    capture.icmp(ICMPv6Header(.neighborSolicitation), from: .any, to: two, body(two))
    capture.icmp(ICMPv6Header(.routerSolicitation), from: two, to: v6("ff02::2"))
    capture.icmp(
      ICMPv6Header(.routerAdvertisement, rest: 0x4000_0708), from: one, to: v6("ff02::1"),
      [UInt8](repeating: 0, count: 8))
    capture.icmp(
      ICMPv6Header(.routerAdvertisement, rest: 0x4000_0000), from: one, to: v6("ff02::1"),
      [UInt8](repeating: 0, count: 8))
    capture.icmp(ICMPv6Header(.init(rawValue: 143)), from: two, to: v6("ff02::16"))
    return capture
  }
}
