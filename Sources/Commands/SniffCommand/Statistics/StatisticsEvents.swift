import CaptureStatistics
import EventJSON
import FlowAnalysis
import PacketText
import PacketWire
import ProbeEngine

/// The events of `--stats` and `--expert` with `--json` (docs/OUTPUT.md), each a line.
struct StatisticsEvents {
  let choice: StatisticsChoice

  func append(_ statistics: CaptureStatistics, to out: inout TextBuffer) {
    let kinds = choice.kinds
    if kinds.contains(.conversations) {
      for conversation in statistics.conversations.all { append(conversation, &out) }
    }
    if kinds.contains(.endpoints) {
      for endpoint in statistics.conversations.endpoints { append(endpoint, &out) }
    }
    if kinds.contains(.hierarchy) {
      for node in statistics.hierarchy.all { append(node, &out) }
    }
    if kinds.contains(.tcp) { append(TCPStatistics(statistics.conversations), &out) }
    if kinds.contains(.io) { append(statistics.series, &out) }
    if kinds.contains(.dns) { append(statistics.dns, &out) }
    if kinds.contains(.http) { append(statistics.http, &out) }
    if kinds.contains(.webSocket) { append(statistics.webSocket, &out) }
    if kinds.contains(.expert) {
      for finding in statistics.findings { append(finding, &out) }
    }
    event("capture.total", &out) {
      Self.fill(&$0, statistics.total)
      $0.field("first_ns", statistics.time?.lowerBound)
      $0.field("last_ns", statistics.time?.upperBound)
      $0.field("forgotten_conversations", statistics.conversations.forgotten.count)
    }
  }

  func event(
    _ name: String, _ out: inout TextBuffer, _ fields: (inout JSONObject) -> Void
  ) {
    out.appendEvent(name, fields)
    out.newline()
  }

  private static func fill(_ object: inout JSONObject, _ count: TrafficCount) {
    object.field("packets", count.packets)
    object.field("bytes", count.octets)
  }

  private func append(_ conversation: Conversation, _ out: inout TextBuffer) {
    event("capture.conversation", &out) { event in
      event.field("protocol", Int(conversation.protocolNumber.rawValue))
      event.field("stream", conversation.stream)
      event.field("vlan", conversation.vlan)
      event.field("tunnelled", conversation.isTunnelled)
      event.field("initiator", conversation.initiator.address)
      event.field("initiator_port", conversation.initiator.port)
      event.field("responder", conversation.responder.address)
      event.field("responder_port", conversation.responder.port)
      event.object("sent") { Self.fill(&$0, conversation.sent) }
      event.object("received") { Self.fill(&$0, conversation.answered) }
      event.field("first_ns", conversation.first)
      event.field("last_ns", conversation.last)
      guard let connection = conversation.connection else { return }
      event.field("state", connection.state.rawValue)
      event.field("completeness", Int(connection.completeness.rawValue))
      event.field("initial_rtt_ns", connection.initialRTT)
      event.array("sent_findings") { Self.fill(&$0, connection.sent) }
      event.array("received_findings") { Self.fill(&$0, connection.answered) }
    }
  }

  private static func fill(_ array: inout JSONArray, _ counts: FindingCounts) {
    for finding in TCPSegmentFindings.named where counts[finding] > 0 {
      array.object {
        $0.field("finding", finding.name)
        $0.field("count", counts[finding])
      }
    }
  }

  private func append(_ endpoint: EndpointTraffic, _ out: inout TextBuffer) {
    event("capture.endpoint", &out) { event in
      event.field("address", endpoint.address)
      event.object("sent") { Self.fill(&$0, endpoint.sent) }
      event.object("received") { Self.fill(&$0, endpoint.received) }
      event.field("conversations", endpoint.conversations)
    }
  }

  private func append(_ node: ProtocolHierarchy.Node, _ out: inout TextBuffer) {
    event("capture.protocol", &out) { event in
      event.field("name", "\(node.name)")
      event.field("depth", node.depth)
      Self.fill(&event, node.traffic)
    }
  }

  private func append(_ tcp: TCPStatistics, _ out: inout TextBuffer) {
    event("capture.tcp", &out) { event in
      event.array("states") { states in
        for (state, count) in tcp.states {
          states.object {
            $0.field("state", state.rawValue)
            $0.field("count", count)
          }
        }
      }
      event.field("handshakes", tcp.handshakes.count)
      event.field("handshake_median_ns", tcp.handshake(share: 0.5))
      event.field("handshake_p95_ns", tcp.handshake(share: 0.95))
      event.field("segments", tcp.segments)
      event.array("findings") { Self.fill(&$0, tcp.findings) }
    }
  }

  private func append(_ series: TrafficSeries, _ out: inout TextBuffer) {
    event("capture.io", &out) { event in
      event.field("start_ns", series.start)
      event.field("interval_ns", series.width)
      event.array("intervals") { array in
        for count in series.counts { array.object { Self.fill(&$0, count) } }
      }
    }
  }

  private func append(_ dns: DNSStatistics, _ out: inout TextBuffer) {
    event("capture.dns", &out) { event in
      event.field("queries", dns.queries)
      event.field("repeated", dns.repeated)
      event.field("answers", dns.answers)
      event.field("unasked", dns.unasked)
      event.field("unanswered", dns.unanswered)
      Self.fill(&event, dns.times)
      event.array("responses") { array in
        for (code, count) in dns.codes.sorted(by: <) {
          array.object {
            $0.field("code", Int(code))
            $0.field("count", count)
          }
        }
      }
    }
  }

  private func append(_ http: HTTPStatistics, _ out: inout TextBuffer) {
    event("capture.http", &out) { event in
      event.field("requests", http.requests)
      event.field("responses", http.responses)
      event.field("body_bytes", Int(clamping: http.bodyOctets))
      event.field("missing_bytes", Int(clamping: http.missingOctets))
      Self.fill(&event, http.times)
      event.array("statuses") { array in
        for (status, count) in http.statuses.sorted(by: <) {
          array.object {
            $0.field("status", Int(status))
            $0.field("count", count)
          }
        }
      }
    }
  }

  private static func fill(_ object: inout JSONObject, _ times: DelayHistogram) {
    object.field("time_median_ns", times.quantile(0.5))
    object.field("time_p95_ns", times.quantile(0.95))
    object.field("time_max_ns", times.count > 0 ? times.maximum : nil)
  }

  private func append(_ finding: ExpertReport.Finding, _ out: inout TextBuffer) {
    event("capture.finding", &out) { event in
      event.field("severity", finding.kind.severity.word)
      event.field("protocol", finding.kind.protocolWord)
      event.field("text", finding.kind.text)
      event.field("count", finding.count)
      event.array("packets") { array in
        for packet in finding.packets { array.element(packet) }
      }
    }
  }
}
