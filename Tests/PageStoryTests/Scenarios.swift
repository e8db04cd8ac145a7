import FlowAnalysis
import PacketTestSupport
import PacketText
import PacketWire

@testable import PageStory

/// The steps and the summary of a built capture.
func tell(
  _ capture: ConversationBuilder, limits: AnalysisLimits = AnalysisLimits()
) -> (steps: [StoryStep], summary: StorySummary) {
  var analysis = FlowAnalysis(limits: limits)
  var story = PageStory()
  var steps: [StoryStep] = []
  for (index, packet) in capture.packets.enumerated() {
    let frame = Frame(
      decoding: packet.octets.span, linkType: .ethernet, originalLength: packet.originalLength)
    let facts = analysis.add(
      frame, octets: packet.octets.span, number: index + 1, time: packet.time,
      originalLength: packet.originalLength)
    steps.append(story.tell(facts))
  }
  return (steps, story.finish(analysis.counts))
}

/// Number, layer, flow and sentence of each step.
func lines(_ capture: ConversationBuilder) -> [String] {
  tell(capture).steps.map {
    "\($0.number) \($0.layer.rawValue) \($0.protocolName) \($0.flow?.description ?? "-"): \($0.sentence)"
  }
}

/// The whole text, without colours.
func text(_ capture: ConversationBuilder, width: Int, usesUnicode: Bool = true) -> String {
  let (steps, summary) = tell(capture)
  var printer = StoryText(width: width, usesUnicode: usesUnicode)
  var buffer = TextBuffer()
  printer.appendTitles(to: &buffer)
  for step in steps { printer.append(step, to: &buffer) }
  printer.append(summary, to: &buffer)
  return buffer.string
}

/// Captures as a network would make them.
enum Scenario {
  static let client = "198.18.0.2"
  static let resolver = "203.0.113.53"
  static let server = "203.0.113.80"

  static func answer(
    to query: DNSMessage, _ records: [DNSRecord] = [], code: UInt16 = 0
  ) -> DNSMessage {
    DNSMessage(
      identifier: query.identifier, flags: 0x8180 | code, questions: query.questions,
      answers: records)
  }

  static func a(_ owner: String, _ seconds: UInt32, _ text: String) -> DNSRecord {
    switch address(text) {
    case .v4(let address): DNSRecord(name(owner), .a, timeToLive: seconds, .a(address))
    case .v6(let address): DNSRecord(name(owner), .aaaa, timeToLive: seconds, .aaaa(address))
    }
  }

  static func alias(_ owner: String, _ target: String) -> DNSRecord {
    DNSRecord(name(owner), .cname, timeToLive: 60, .name(name(target)))
  }

  /// Query and answer for one address of one name.
  static func lookUp(
    _ text: String, is found: String, in capture: inout ConversationBuilder, port: UInt16 = 50_001
  ) {
    let isV6 = found.contains(":")
    let query = DNSMessage(query: name(text), isV6 ? .aaaa : .a, identifier: port)
    capture.dns(query, port)
    capture.wait(.milliseconds(23))
    capture.dns(answer(to: query, [a(text, 300, found)]), port)
  }

  static let get = "GET / HTTP/1.1\r\nHost: www.discord.test\r\nUser-Agent: curl/7.88.1\r\n\r\n"

  /// The page of the walkthrough: neighbour, name, handshake, request, answer, teardown.
  static func page() -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.step = Nanoseconds(100_000)
    let mac = (MACAddress(bits: 0x0200_0000_0002), MACAddress(bits: 0x0200_0000_0001))
    let (me, router) = (IPv4Address(198, 18, 0, 2), IPv4Address(198, 18, 0, 1))
    capture.arp(
      ARPPacket(.request, sender: (mac.0, me), target: (MACAddress(bits: 0), router)))
    capture.arp(ARPPacket(.reply, sender: (mac.1, router), target: (mac.0, me)))
    lookUp("www.discord.test", is: server, in: &capture)
    var connection = ConversationBuilder.Connection()
    capture.send(
      &connection, .client, [.syn], options: ConversationBuilder.usualOptions, window: 64_240)
    capture.wait(.milliseconds(24))
    capture.send(
      &connection, .server, [.syn, .ack], options: ConversationBuilder.usualOptions,
      window: 65_160)
    capture.send(&connection, .client)
    capture.send(&connection, .client, text: get)
    capture.wait(.milliseconds(24))
    capture.send(&connection, .server)
    capture.send(
      &connection, .server,
      text: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2000\r\n\r\n"
        + String(repeating: "a", count: 1_380))
    capture.send(&connection, .server, text: String(repeating: "b", count: 620))
    capture.send(&connection, .client)
    capture.close(&connection)
    return capture
  }
}
