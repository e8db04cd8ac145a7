@testable import CaptureStatistics
import FlowAnalysis
import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

/// Counts the packets of a built capture.
func count(
  _ capture: ConversationBuilder, _ kinds: CaptureStatistics.Kinds
) -> CaptureStatistics {
  var statistics = CaptureStatistics(kinds)
  for (index, packet) in capture.packets.enumerated() {
    let frame = Frame(
      decoding: packet.octets.span, linkType: .ethernet, originalLength: packet.originalLength)
    statistics.add(
      frame, packet.octets.span, length: packet.originalLength ?? packet.octets.count,
      at: PacketMark(number: index + 1, time: packet.time))
  }
  return statistics
}

@Suite("Statistics of a capture")
struct CaptureStatisticsTests {
  /// A page of five octets over a connection that is closed, and one that is refused.
  static func page() -> ConversationBuilder {
    var (capture, web) = (ConversationBuilder(), ConversationBuilder.Connection())
    capture.send(&web, .client, [.syn])
    capture.send(&web, .server, [.syn, .ack])
    capture.send(&web, .client)
    capture.send(&web, .client, text: "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
    capture.wait(.milliseconds(49))
    capture.send(
      &web, .server,
      text: "HTTP/1.1 404 No\r\nContent-Type: text/html; x=y\r\nContent-Length: 5\r\n\r\nhello")
    capture.send(&web, .client, [.fin, .ack])
    capture.send(&web, .server, [.fin, .ack])
    capture.send(&web, .client)
    var refused = ConversationBuilder.Connection(from: "198.18.0.3", 5, to: "203.0.113.80", 81)
    capture.send(&refused, .client, [.syn])
    capture.segment(refused, .server, [.rst], at: 0, acknowledging: 1)
    return capture
  }

  @Test("all frames, from the first to the last")
  func total() {
    let capture = Self.page()
    let statistics = count(capture, .io)
    #expect(statistics.total.packets == 10)
    #expect(statistics.total.octets == capture.packets.reduce(0) { $0 + $1.octets.count })
    #expect(statistics.time.map { $0.upperBound - $0.lowerBound } == .milliseconds(58))
    #expect(statistics.series.counts.reduce(TrafficCount(), +) == statistics.total)
  }

  @Test("endpoints: what one sends the other receives")
  func endpoints() {
    let endpoints = count(Self.page(), .endpoints).conversations.endpoints
    #expect(endpoints.map { "\($0.address)" }.first == "203.0.113.80")
    let server = endpoints[0]
    #expect(server.conversations == 2 && endpoints.count == 3)
    #expect(endpoints.dropFirst().map(\.received).reduce(TrafficCount(), +) == server.sent)
    #expect(endpoints.dropFirst().map(\.sent).reduce(TrafficCount(), +) == server.received)
  }

  @Test("a packet in pieces counts in its conversation with the piece that makes it whole")
  func pieces() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    capture.cutLastIntoPieces(of: 24)
    capture.udp(from: (address("198.18.0.2"), 5), to: (address("203.0.113.80"), 6), Array(0..<40))
    capture.cutLastIntoPieces(of: 24, order: [1, 0])
    let octets = capture.packets.map(\.octets.count)
    let all = count(capture, .conversations).conversations.all
    #expect(all.map(\.protocolNumber) == [.tcp, .udp, .tcp, .udp])
    #expect(all.map(\.total.packets) == [4, 1, 1, 1])
    #expect(all[0].total.octets == octets[0] + octets[1] + octets[2] + octets[4])
    #expect(all[1].total.octets == octets[6] && all[3].total.octets == octets[5])
    #expect(all[0].connection?.completeness.contains(.data) == true)
  }

  @Test("the hierarchy says what carries what")
  func hierarchy() {
    let rows = count(Self.page(), .hierarchy).hierarchy.all
    #expect(
      rows.map { "\($0.depth) \($0.name) \($0.traffic.packets)" }
        == ["0 eth 10", "1 ip 10", "2 tcp 10", "3 http 2"])
  }

  @Test("connections by how they stand, and their handshakes")
  func tcp() {
    let tcp = TCPStatistics(count(Self.page(), .tcp).conversations)
    #expect(tcp.states.map { "\($0.state) \($0.count)" } == ["refused 1", "closed 1"])
    #expect(tcp.segments == 10 && tcp.handshakes == [.milliseconds(2)])
    #expect(tcp.handshake(share: 0.5) == .milliseconds(2) && tcp.affected.isEmpty)
  }

  @Test("requests, statuses, types and the time to the first octet")
  func http() {
    let http = count(Self.page(), .http).http
    #expect(http.requests == 1 && http.responses == 1 && http.bodyOctets == 5)
    #expect(http.statuses[404] == 1 && http.times.maximum == .milliseconds(50))
    let type = http.mediaTypes.sorted { $0.octets.count < $1.octets.count }.first?.key
    #expect(type.map { String(decoding: $0.octets, as: UTF8.self) } == "text/html")
  }

  @Test("what is wrong, the worst first")
  func expert() {
    var capture = Self.page()
    var silent = ConversationBuilder.Connection(from: "198.18.0.4", 6, to: "203.0.113.80", 82)
    capture.send(&silent, .client, [.syn])
    let findings = count(capture, .expert).findings
    #expect(
      findings.map { "\($0.kind.severity) \($0.kind.text) \($0.count) \($0.packets)" } == [
        "error a SYN that nobody answered 1 []", "error a connection that was refused 1 [10]",
        "warning status 404 1 [5]",
      ])
  }

  @Test("packets of which not all pieces came, with the first piece of each")
  func incomplete() {
    var capture = ConversationBuilder()
    for port: UInt16 in 1...100 {
      capture.udp(
        from: (address("198.18.0.2"), port), to: (address("203.0.113.80"), 6), Array(0..<40))
      capture.cutLastIntoPieces(of: 24, order: port == 1 ? [1, 0] : [1])
    }
    let findings = count(capture, .expert).findings
    // Packet 1 is whole with packet 2. Of 99 others 64 are remembered, those from packet 38 on.
    #expect(
      findings.map { "\($0.kind.severity) \($0.kind.text) \($0.count) \($0.packets)" } == [
        "warning a packet of which not all pieces came 99 \(Array(38...45))"
      ])
  }

  @Test("what nobody asks for is not counted")
  func nothingElse() {
    let statistics = count(Self.page(), .io)
    #expect(statistics.conversations.all.isEmpty && statistics.hierarchy.all.isEmpty)
    #expect(statistics.http.requests == 0 && statistics.findings.isEmpty)
  }
}

@Suite("Statistics in bounded memory")
struct BoundedStatisticsTests {
  @Test("stretches of time grow together, and no packet is lost", arguments: [1, 7, 1000, 86_400])
  func series(_ seconds: Int64) {
    var series = TrafficSeries()
    let start = WallInstant(nanoseconds: 1_000_000_000_000)
    for index in 0..<1000 as Range<Int64> {
      series.add(frame: 100, at: start + Nanoseconds(seconds * 1_000_000 * index))
    }
    #expect(series.counts.count <= 1024)
    #expect(series.counts.reduce(TrafficCount(), +) == TrafficCount(packets: 1000, octets: 100_000))
    // Wider than needed would hide what was when.
    #expect(series.width.count * 512 <= max(seconds * 1_000_000 * 1000, 512_000_000))
    let (width, counts) = series.resampled(toAtMost: 10)
    #expect(counts.count <= 10 && counts.map(\.packets).reduce(0, +) == 1000)
    #expect(width.count % series.width.count == 0)
  }

  @Test("a stamp before the first one, and the largest distance there can be")
  func strangeTimes() {
    var series = TrafficSeries()
    series.add(frame: 1, at: WallInstant(nanoseconds: 0))
    series.add(frame: 1, at: WallInstant(nanoseconds: -5))
    series.add(frame: 1, at: WallInstant(nanoseconds: .max))
    #expect(series.early == 1 && series.counts.count <= 1024)
    #expect(series.counts.reduce(TrafficCount(), +).packets == 3)
  }

  @Test("a tally has room for so many things, and counts the others")
  func tally() {
    var tally = Tally<Int>(capacity: 3)
    for number in [1, 2, 2, 3, 4, 5, 3, 3] { tally.add(number) }
    #expect(tally.others == 2 && tally.total == 8 && tally[3] == 3)
    #expect(tally.sorted(by: <).map(\.key) == [3, 2, 1])
  }
}
