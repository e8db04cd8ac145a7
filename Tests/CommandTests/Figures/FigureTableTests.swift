import PacketText
import PacketWire
import ProbeEngine
import Testing

@testable import PingCommand

@Suite("The figures of a ping for other programs")
struct FigureTableTests {
  private static let target = address("192.0.2.9")

  @Test func header() {
    #expect(
      written { PingCSV.header(&$0) }
        == "time,event,target,address,seq,from,ttl,bytes,rtt_ms,detail\r\n")
  }

  @Test func rows() {
    var row = PingCSV.Row(
      time: WallInstant(nanoseconds: 1_700_000_000_123_456_789), event: .reply,
      target: "www.example.test", address: Self.target, number: 65_537,
      from: address("198.51.100.1"), timeToLive: 63, length: 64,
      roundTrip: Nanoseconds(1_234_567))
    let start = "1700000000.123456,"
    #expect(
      written { PingCSV.append(row, &$0) }
        == start + "reply,www.example.test,192.0.2.9,65537,198.51.100.1,63,64,1.234567,\r\n")
    row = PingCSV.Row(
      time: row.time, event: .sendFailed, target: "a\"b,\r\n", address: Self.target, number: 1,
      detail: "Network is unreachable, it says")
    #expect(
      written { PingCSV.append(row, &$0) }
        == start
        + "send_failed,\"a\"\"b,\\x0d\\x0a\",192.0.2.9,1,,,,,\"Network is unreachable, it says\"\r\n"
    )
  }

  private func metrics() -> PingMetrics {
    var figures = ProbeFigures()
    for number in 1...4 as ClosedRange<UInt64> {
      let sentAt = MonotonicInstant(nanoseconds: 0) + .seconds(Int64(number))
      if number == 2 || number == 3 {
        figures.lost(number, sentAt: sentAt)
      } else {
        figures.answered(
          number, after: .milliseconds(Int64(number) * 3), sentAt: sentAt, timeToLive: 63,
          trafficClass: 0)
      }
    }
    return PingMetrics(targets: [
      .init(
        name: "a\"\\\n", address: Self.target,
        counts: FigureCounts(
          sent: 4, received: 2, duplicates: 1, late: 2, corrupted: 3, errors: 4),
        figures: figures),
      .init(
        name: "six", address: address("2001:db8::9"), counts: FigureCounts(),
        figures: ProbeFigures()),
    ])
  }

  @Test func metricsOfTwoTargets() {
    let lines = written { metrics().append(to: &$0) }.split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    let labels = #"{target="a\"\\\\\\x0a",address="192.0.2.9""#
    for line in [
      "# TYPE wirewalk_ping_probes counter", "# HELP wirewalk_ping_probes Echo requests sent.",
      "wirewalk_ping_probes_total\(labels)} 4", "wirewalk_ping_answers_total\(labels)} 2",
      "wirewalk_ping_duplicates_total\(labels)} 1", "wirewalk_ping_late_total\(labels)} 2",
      "wirewalk_ping_corrupted_total\(labels)} 3", "wirewalk_ping_errors_total\(labels)} 4",
      "wirewalk_ping_reordered_total\(labels)} 0", "wirewalk_ping_path_changes_total\(labels)} 0",
      #"wirewalk_ping_probes_total{target="six",address="2001:db8::9"} 0"#,
      "wirewalk_ping_loss_ratio\(labels)} 0.5", "# UNIT wirewalk_ping_rtt_seconds seconds",
      "# TYPE wirewalk_ping_rtt_seconds histogram",
      "wirewalk_ping_rtt_seconds_bucket\(labels),le=\"1e-05\"} 0",
      "wirewalk_ping_rtt_seconds_bucket\(labels),le=\"0.002\"} 0",
      "wirewalk_ping_rtt_seconds_bucket\(labels),le=\"0.005\"} 1",
      "wirewalk_ping_rtt_seconds_bucket\(labels),le=\"10.0\"} 2",
      "wirewalk_ping_rtt_seconds_bucket\(labels),le=\"+Inf\"} 2",
      "wirewalk_ping_rtt_seconds_count\(labels)} 2",
      "wirewalk_ping_rtt_seconds_sum\(labels)} 0.015000000",
      "wirewalk_ping_jitter_seconds\(labels)} 0.000562500",
      "wirewalk_ping_outages_total\(labels)} 1",
      "wirewalk_ping_outage_seconds_total\(labels)} 2.000000000",
      "wirewalk_ping_reply_ttl\(labels)} 63",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(lines.suffix(2) == ["# EOF", ""])
    // What is not known has no line.
    for name in ["loss_ratio", "jitter_seconds", "reply_ttl"] {
      #expect(!lines.contains { $0.hasPrefix("wirewalk_ping_\(name){target=\"six\"") })
    }
    #expect(Set(lines.dropLast()).count == lines.count - 1)
  }
}
