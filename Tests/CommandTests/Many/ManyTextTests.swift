import PacketText
import PacketWire
import Testing

@testable import ProbeEngine
@testable import TracerouteCommand

/// What is printed of many targets beside what a plain trace prints.
enum ManySamples {
  static let time = EventSamples.time
  static let target = EventSamples.target
  static let router = EventSamples.router

  static let lines: [String] = {
    let probe = TraceProbe(
      target: target, source: router, method: .icmp(identifier: 9), packetLength: 60,
      cookies: KeyedCookie(key: 1, 2))
    let events = TracerouteEvents(
      host: "www.example.test", probe: probe, name: { $0 == router ? "r.example.test" : nil },
      origin: { _ in nil }, country: { _ in nil }, index: 7)
    let other = IPAddress.v4(IPv4Address(192, 0, 2, 33))
    let hop = TraceHop(
      timeToLive: 3, outcomes: [TracerouteTextTests.outcome(router, 345_000)])
    let trace = ManyTrace(target: 7, hops: [], ending: .silence, probes: 9)
    return [
      line { events.start(hops: 1...30, queries: 1, method: "icmp", at: time, &$0) },
      line {
        events.hop(
          KnownHop(timeToLive: 1, address: router, target: 2), foundFor: other, at: time, &$0)
      },
      line {
        events.hop(
          KnownHop(timeToLive: 2, address: nil, target: 2), foundFor: other, at: time, &$0)
      },
      line { events.hop(hop, at: time, &$0) },
      line { events.end(trace, at: time, &$0) },
      line { summary.event(at: time, &$0) },
    ]
  }()

  static let summary: ManySummary = {
    var totals = ManyTotals()
    (totals.traces, totals.reached, totals.probes) = (997, 990, 4_099)
    (totals.spared, totals.beyond) = (12_000, 1_000)
    return ManySummary(
      totals: totals, targets: 1_000, failures: 2, duration: .milliseconds(8_249))
  }()

  static func line(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer()
    write(&buffer)
    return buffer.string
  }
}

@Suite("Many targets as text and events")
struct ManyTextTests {
  @Test("events say which target it is, and which trace has found a hop")
  func events() {
    let start = "{\"schema\":\"wirewalk/1\",\"event\":"
    let fields =
      "\"time_ns\":1795239179478889001,\"target\":\"www.example.test\",\"destination\":\"192.0.2.9\","
      + "\"index\":7,"
    let unknown = "\"asn\":null,\"as_name\":null,\"prefix\":null,\"country\":null,"
    let known = "\"from\":[],\"rtt_ns\":[],\"loss\":null,\"mpls\":[],\"changed\":[]"
    #expect(
      ManySamples.lines
        == [
          "\"trace.start\",\(fields)\"source\":\"198.51.100.1\",\"method\":\"icmp\",\"first_ttl\":1,"
            + "\"max_ttl\":30,\"queries\":1,\"packet_bytes\":60}",
          "\"trace.hop\",\(fields)\"ttl\":1,\"address\":\"198.51.100.1\",\"name\":\"r.example.test\","
            + "\(unknown)\(known),\"known_from\":\"192.0.2.33\"}",
          "\"trace.hop\",\(fields)\"ttl\":2,\"address\":null,\"name\":null,"
            + "\(unknown)\(known),\"known_from\":\"192.0.2.33\"}",
          "\"trace.hop\",\(fields)\"ttl\":3,\"address\":\"198.51.100.1\",\"name\":\"r.example.test\","
            + "\(unknown)\"from\":[\"198.51.100.1\"],\"rtt_ns\":[345000],\"loss\":0.0,\"mpls\":[],"
            + "\"changed\":[]}",
          "\"trace.end\",\(fields)\"reached\":false,\"final_ttl\":null,\"probes\":9,\"ending\":\"silence\"}",
          "\"trace.many_end\",\"time_ns\":1795239179478889001,\"targets\":1000,\"reached\":990,"
            + "\"not_sent\":2,\"unfinished\":3,\"probes\":4099,\"probes_saved\":11000,"
            + "\"duration_ns\":8249000000}",
        ].map { start + $0 })
  }

  @Test("a hop that was taken over has no times")
  func knownHops() {
    let router = ManySamples.router
    var text = TracerouteText(
      host: "h", target: ManySamples.target, name: { $0 == router ? "r.example.test" : nil })
    let known = KnownHop(timeToLive: 2, address: router, target: 0)
    let silent = KnownHop(timeToLive: 12, address: nil, target: 0)
    #expect(
      ManySamples.line { text.hop(known, &$0) } == " 2  r.example.test (198.51.100.1) <known>")
    #expect(ManySamples.line { text.hop(silent, &$0) } == "12  * <known>")
    text.options.isNumeric = true
    #expect(ManySamples.line { text.hop(known, &$0) } == " 2  198.51.100.1 <known>")
  }

  @Test("what it came to, in one line")
  func sentence() {
    var summary = ManySamples.summary
    #expect(
      summary.sentence
        == "1000 targets, 990 reached, 2 not sent to, 3 not finished: 4099 probes in 8.2 s, 11000 saved (72 %)"
    )
    summary.totals = ManyTotals()
    (summary.totals.traces, summary.totals.probes, summary.totals.beyond) = (1, 1, 1)
    (summary.targets, summary.failures) = (1, 0)
    #expect(
      summary.sentence
        == "1 target, 0 reached: 1 probe in 8.2 s, 1 more than without stop sets")
    summary.totals.beyond = 0
    #expect(summary.sentence == "1 target, 0 reached: 1 probe in 8.2 s")
  }
}
