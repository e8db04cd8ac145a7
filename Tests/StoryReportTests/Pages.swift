import FlowAnalysis
import PacketTestSupport
import PacketWire
import PageStory

@testable import StoryReport

/// The page about a built capture.
func page(
  of capture: ConversationBuilder, origin: String = "a test", repeating times: Int = 1
) -> [UInt8] {
  var analysis = FlowAnalysis()
  var story = PageStory()
  var report = StoryReport(origin: origin)
  var number = 0
  for _ in 0..<times {
    for packet in capture.packets {
      number += 1
      let length = packet.originalLength ?? packet.octets.count
      let facts = analysis.add(
        Frame(decoding: packet.octets.span, linkType: .ethernet, originalLength: length),
        octets: packet.octets.span, number: number, time: packet.time, originalLength: length)
      report.add(
        story.tell(facts), facts, octets: packet.octets.span, linkType: .ethernet,
        originalLength: length, isLeaving: false)
    }
  }
  return report.page(story.finish(analysis.counts))
}

enum Capture {
  static func answer(to query: DNSMessage, _ records: [DNSRecord]) -> DNSMessage {
    DNSMessage(
      identifier: query.identifier, flags: 0x8180, questions: query.questions, answers: records)
  }

  /// A name of these labels is looked up, and a page loaded from its address, with `text` wherever a
  /// client or a server can say something.
  static func page(
    labels: [[UInt8]] = [Array("www".utf8), Array("test".utf8)], text: String = "x"
  ) -> ConversationBuilder {
    var capture = ConversationBuilder()
    guard let owner = DNSName(labels: labels) else { preconditionFailure("no name: \(labels)") }
    let query = DNSMessage(query: owner, .a, identifier: 1)
    capture.dns(query)
    capture.wait(.milliseconds(20))
    capture.dns(
      answer(
        to: query,
        [
          DNSRecord(owner, .cname, timeToLive: 1, .name(owner)),
          DNSRecord(owner, .a, timeToLive: 300, .a(IPv4Address(203, 0, 113, 80))),
        ]))
    let more = DNSMessage(query: owner, .txt, identifier: 2)
    capture.dns(more)
    capture.dns(
      answer(
        to: more, [DNSRecord(owner, .txt, timeToLive: 1, .txt([Array(text.utf8.prefix(200))]))]))
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    capture.send(
      &connection, .client,
      text:
        "GET /\(text) HTTP/1.1\r\nHost: \(text)\r\nUser-Agent: \(text)\r\nUpgrade: \(text)\r\n\r\n")
    capture.wait(.milliseconds(20))
    capture.send(
      &connection, .server,
      text: "HTTP/1.1 301 \(text)\r\nLocation: \(text)\r\nContent-Type: \(text)\r\n"
        + "Content-Encoding: \(text)\r\nServer: \(text)\r\nContent-Length: 3\r\n\r\nabc")
    capture.send(
      &connection, .client, text: "POST http://\(text)/ HTTP/1.1\r\nHost: \(text)\r\n\r\n")
    capture.close(&connection)
    return capture
  }

  /// The hellos of that handshake, read.
  static func hellos(
    server: String, protocolName: String
  ) throws -> (client: ClientHello, server: ServerHello) {
    // Behind the headers of the record and of the message.
    let client = Array(TLSOctets.clientHello(server: server, speaking: protocolName).dropFirst(9))
    let answer = Array(TLSOctets.serverHello(version: 4).dropFirst(9))
    var (first, second) = (PacketReader(client.span), PacketReader(answer.span))
    return (try ClientHello(parsing: &first), try ServerHello(parsing: &second))
  }

  /// A TLS handshake that asks for `server` and would speak `protocolName`.
  static func tls(server: String, protocolName: String) -> ConversationBuilder {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(to: "203.0.113.80", 443)
    capture.open(&connection)
    capture.send(
      &connection, .client, [.ack],
      TLSOctets.clientHello(server: server, speaking: protocolName))
    capture.send(&connection, .server, [.ack], TLSOctets.serverHello(version: 4))
    for _ in 0..<2 {
      capture.send(&connection, .client, [.ack], TLSOctets.record(23, count: 50))
    }
    capture.send(&connection, .server, [.ack], TLSOctets.record(23, count: 500))
    capture.close(&connection)
    return capture
  }
}
