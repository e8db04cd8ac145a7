import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@testable import PageStory

@Suite("Where the time of requests went")
struct TimingTests {
  static func tenths(_ times: [Int64]) -> [Nanoseconds] { times.map { Nanoseconds($0 * 100_000) } }

  /// Lengths of the phases in tenths of a millisecond.
  static func phases(_ timing: RequestTiming) -> [Int64] {
    RequestTiming.Phase.allCases.map { (timing.duration($0)?.count ?? -100_000) / 100_000 }
  }

  static func expectSound(_ summary: StorySummary) {
    for timing in summary.timings {
      let marks = [timing.start] + timing.ends
      #expect(zip(marks.dropFirst(), marks).allSatisfy { $0 >= $1 }, "\(timing)")
    }
    for page in summary.pages {
      let sum = page.shares.reduce(page.idle, +)
      #expect(sum == page.duration && page.shares.allSatisfy { $0 >= .zero }, "\(page)")
    }
    #expect(summary.pages.reduce(0) { $0 + $1.requests } == summary.timings.count)
  }

  @Test("the phases of a page follow each other, and add up")
  func page() throws {
    let summary = tell(Scenario.page()).summary
    let timing = try #require(summary.timings.first)
    #expect(summary.timings.count == 1 && timing.isWhole && timing.packet == 8)
    #expect([timing.start] + timing.ends == Self.tenths([2, 233, 476, 476, 477, 719, 720]))
    #expect(timing.label == "GET www.discord.test/" && timing.octets == 2_000)
    let page = try #require(summary.pages.first)
    #expect(page.duration == Nanoseconds(71_800_000) && page.idle == .zero)
    #expect(page.shares == Self.tenths([231, 243, 0, 1, 242, 1]))
    #expect(page.parts.map(\.percent) == ["32.2", "33.8", "0.0", "0.1", "33.7", "0.1", "0.0"])
    Self.expectSound(summary)
  }

  @Test("a connection is opened for its first request alone")
  func reused() {
    var capture = ConversationBuilder()
    Scenario.lookUp("www.discord.test", is: Scenario.server, in: &capture)
    var connection = ConversationBuilder.Connection(to: Scenario.server)
    capture.open(&connection)
    for _ in 0..<2 {
      capture.send(&connection, .client, text: Scenario.get)
      capture.wait(.milliseconds(5))
      capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
      capture.wait(.milliseconds(3))
    }
    let summary = tell(capture).summary
    #expect(summary.timings.map(Self.phases) == [[240, 30, 0, 10, 60, 0], [0, 0, 0, 0, 60, 0]])
    #expect(summary.pages.map(\.requests) == [2])
    #expect(summary.pages.map(\.idle) == Self.tenths([40]))
    Self.expectSound(summary)
  }

  @Test("a look-up counts for those who waited for it, and no other")
  func lookups() {
    var capture = ConversationBuilder()
    // Two connections in a race, then one more whose look-up is another.
    for pass in 0..<2 {
      Scenario.lookUp(
        "www.discord.test", is: Scenario.server, in: &capture, port: 50_001 + UInt16(pass))
      for port in [40_001, 40_002] as [UInt16] {
        var connection = ConversationBuilder.Connection(
          from: "198.18.0.2", port + UInt16(pass) * 10, to: Scenario.server)
        capture.send(&connection, .client, [.syn])
        guard port == 40_002 else { continue }
        capture.send(&connection, .server, [.syn, .ack])
        capture.send(&connection, .client)
        capture.send(&connection, .client, text: Scenario.get)
        capture.send(&connection, .server, text: "HTTP/1.1 204 No Content\r\n\r\n")
      }
    }
    // Asked for long before, and used again without asking.
    capture.wait(.milliseconds(1_500))
    var connection = ConversationBuilder.Connection(from: "198.18.0.2", 40_030, to: Scenario.server)
    capture.open(&connection)
    capture.send(&connection, .client, text: Scenario.get)
    let summary = tell(capture).summary
    #expect(
      summary.timings.map(Self.phases) == [
        [240, 40, 0, 10, 10, 0], [240, 40, 0, 10, 10, 0], [0, 20, 0, 10, -1, -1],
      ])
    #expect(summary.timings.map(\.isWhole) == [true, true, false])
    #expect(summary.pages.map(\.requests) == [2, 1])
    Self.expectSound(summary)
  }

  @Test("several clients have pages of their own")
  func clients() {
    var capture = ConversationBuilder()
    for client in ["198.18.0.2", "198.18.0.3"] {
      var connection = ConversationBuilder.Connection(from: client, to: Scenario.server)
      capture.open(&connection)
      capture.send(&connection, .client, text: Scenario.get)
      capture.send(&connection, .server, text: "HTTP/1.1 204 No Content\r\n\r\n")
    }
    let summary = tell(capture).summary
    #expect(summary.pages.map(\.client) == [address("198.18.0.2"), address("198.18.0.3")])
    Self.expectSound(summary)
  }

  /// Records of `version`: hellos, keys, then a request and its answer; a session ticket may come
  /// between them, and with it the answer to nothing.
  static func tls(version: UInt8, ticketFirst: Bool) -> ConversationBuilder {
    func record(_ type: UInt8, _ count: Int) -> [UInt8] { TLSOctets.record(type, count: count) }
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(to: Scenario.server, 443)
    capture.open(&connection)
    capture.send(&connection, .client, [.ack], TLSOctets.clientHello(server: "www.discord.test"))
    capture.send(&connection, .server, [.ack], TLSOctets.serverHello(version: version))
    if version == 4 {
      capture.send(&connection, .server, [.ack], record(23, 700))
      capture.send(&connection, .client, [.ack], record(20, 1) + record(23, 53))
    } else {
      capture.send(&connection, .client, [.ack], record(20, 1) + record(22, 40))
      capture.send(&connection, .server, [.ack], record(20, 1) + record(22, 40))
    }
    let before = connection.clientNext
    capture.send(&connection, .client, [.ack], record(23, 100))
    if ticketFirst {
      capture.segment(
        connection, .server, [], at: connection.serverNext, acknowledging: before, record(23, 250))
      connection.serverNext += 255
      capture.send(&connection, .server, [.ack], record(23, 250) + record(23, 250))
    }
    capture.wait(.milliseconds(9))
    // What is enciphered can be read when its record is whole.
    let answer = record(23, 1_000) + record(23, 995)
    capture.send(&connection, .server, [.ack], Array(answer[..<600]))
    capture.send(&connection, .server, [.ack], Array(answer[600..<1_600]))
    capture.send(&connection, .server, [.ack], Array(answer[1_600...]))
    capture.close(&connection)
    return capture
  }

  @Test(
    "of an enciphered connection the phases are seen all the same", arguments: [3, 4] as [UInt8])
  func enciphered(version: UInt8) throws {
    for ticketFirst in [false, true] {
      let summary = tell(Self.tls(version: version, ticketFirst: ticketFirst)).summary
      let timing = try #require(summary.timings.first)
      #expect(timing.isEnciphered && timing.isWhole && timing.octets == 2_005)
      // In TLS 1.3 the client's Finished ends the phase, in 1.2 the later of both.
      let wait: Int64 = ticketFirst ? 130 : 110
      #expect(Self.phases(timing) == [0, 20, 40, 10, wait, 10], "\(version) \(ticketFirst)")
      #expect(timing.packet == 8)
      Self.expectSound(summary)
    }
  }

  @Test(
    "whatever comes, the phases are in order and pages add up", arguments: 0..<20 as Range<UInt64>)
  func damage(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var packets = StoryTests.everything + Self.tls(version: 4, ticketFirst: true).packets
    var capture = ConversationBuilder()
    for _ in 0..<packets.count / 2 {
      packets.swapAt(
        Int.random(in: packets.indices, using: &random),
        Int.random(in: packets.indices, using: &random))
      let place = Int.random(in: packets.indices, using: &random)
      packets[place].time.nanoseconds += Int64.random(
        in: -2_000_000_000...2_000_000_000, using: &random)
    }
    for packet in packets {
      capture.now = packet.time
      capture.frame(packet.octets)
    }
    Self.expectSound(tell(capture).summary)
  }
}
