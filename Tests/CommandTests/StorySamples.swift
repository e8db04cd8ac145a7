import FlowAnalysis
import PacketTestSupport
import PacketText
import PacketWire
import PageStory

@testable import SniffCommand

/// Events of a story that holds what the recorded ones do not: races of connections, packets with a tag
/// inside of a tunnel, and hellos without the other side's.
enum StorySamples {
  static let lines: [String] = {
    var analysis = FlowAnalysis()
    var story = PageStory()
    var out = TextBuffer()
    var capture = races()
    var inner = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    inner.open(&connection)
    capture.wrap(inner, .gre)
    if let last = capture.packets.last?.octets {
      capture.frame(Array(last[..<12]) + [0x81, 0, 0, 5] + last[12...])
    }
    for (port, isClient) in [(UInt16(50_101), true), (50_102, false)] {
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", port, to: "203.0.113.80", 443)
      capture.open(&connection)
      let hello =
        isClient
        ? TLSOctets.clientHello(server: "x.test", speaking: "h2")
        : TLSOctets.serverHello(version: 4)
      capture.send(&connection, isClient ? .client : .server, [.ack], hello)
    }
    for (index, packet) in capture.packets.enumerated() {
      let frame = Frame(decoding: packet.octets.span, linkType: .ethernet)
      let facts = analysis.add(
        frame, octets: packet.octets.span, number: index + 1, time: packet.time)
      StoryEvents().append(story.tell(facts), facts, at: packet.time, to: &out)
      out.newline()
    }
    StoryEvents().append(story.finish(analysis.counts), to: &out)
    return out.string.split(separator: "\n").map { String($0) }
  }()

  /// A race without a winner, whose questions are not all answered, and one with a winner.
  private static func races() -> ConversationBuilder {
    var capture = ConversationBuilder()
    let addresses = ["192.0.2.1", "192.0.2.2"]
    for (name, port) in [("none.test", UInt16(50_001)), ("one.test", 50_003)] {
      capture.dns(DNSMessage(query: PacketTestSupport.name(name), .aaaa, identifier: 1), port)
      let query = DNSMessage(query: PacketTestSupport.name(name), .a, identifier: 2)
      capture.dns(query, port + 1)
      let records = addresses.compactMap { text in
        IPv4Address(text).map {
          DNSRecord(PacketTestSupport.name(name), .a, timeToLive: 9, .a($0))
        }
      }
      capture.dns(
        DNSMessage(
          identifier: 2, flags: 0x8180, questions: query.questions, answers: records), port + 1)
      for (place, address) in addresses.enumerated() {
        var connection = ConversationBuilder.Connection(
          from: "198.18.0.2", port + UInt16(place), to: address)
        if name == "one.test", place == 1 {
          capture.open(&connection)
        } else {
          capture.send(&connection, .client, [.syn])
        }
      }
    }
    return capture
  }
}
