import PacketText
import PacketWire
import ProbeEngine

/// The figures of all hops as OpenMetrics 1.0 text, which is also valid in Prometheus' older text format.
struct RouteMetrics {
  /// The target as it was typed.
  var host: String
  /// The address that is probed.
  var target: IPAddress
  /// The paths.
  var flows: [RouteFlow]

  /// All metrics, and the line that says that there are no more.
  func append(to text: inout TextBuffer) {
    paths(&text)
    counters(&text)
    loss(&text)
    delays(&text)
    text.append("# EOF\n")
  }

  private func paths(_ text: inout TextBuffer) {
    family("rounds", "counter", "Rounds that are settled.", nil, &text)
    for flow in flows {
      sample("rounds_total", flow, nil, &text) { $0.append(decimal: flow.loss.sent) }
    }
    family("missed_rounds", "counter", "Rounds without an answer of the target's.", nil, &text)
    for flow in flows {
      sample("missed_rounds_total", flow, nil, &text) { $0.append(decimal: flow.loss.lost) }
    }
    family("path_changes", "counter", "Changes of the path.", nil, &text)
    for flow in flows {
      sample("path_changes_total", flow, nil, &text) { $0.append(decimal: flow.changes.total) }
    }
    family("final_ttl", "gauge", "The hop behind which nothing is.", nil, &text)
    for flow in flows {
      guard let final = flow.finalTTL else { continue }
      sample("final_ttl", flow, nil, &text) { $0.append(decimal: final) }
    }
    family(
      "loss_begins_ttl", "gauge", "The first hop whose way surely loses probes of the target.", nil,
      &text)
    for flow in flows {
      guard case .loss(_, let last) = flow.verdict.finding else { continue }
      sample("loss_begins_ttl", flow, nil, &text) { $0.append(decimal: last) }
    }
  }

  private func counters(_ text: inout TextBuffer) {
    let counters: [(String, String, (RouteHop) -> Int)] = [
      ("hop_probes", "Probes sent to the hop.", \.sent),
      ("hop_answers", "Probes answered, late ones too.", \.answered),
      ("hop_late", "Answers to probes that had been given up.", \.late),
      ("hop_lost", "Probes without an answer.", \.lost),
    ]
    for (name, help, value) in counters {
      family(name, "counter", help, nil, &text)
      forEachHop { flow, hop, _ in
        sample(name + "_total", flow, hop, &text) { $0.append(decimal: value(hop)) }
      }
    }
  }

  private func loss(_ text: inout TextBuffer) {
    family("hop_loss_ratio", "gauge", "Share of probes without an answer.", "ratio", &text)
    forEachHop { flow, hop, _ in
      guard hop.loss.sent > 0 else { return }
      sample("hop_loss_ratio", flow, hop, &text) { $0.append(hop.loss.ratio.description) }
    }
    family(
      "hop_loss_is_real", "gauge", "Whether the hop's loss goes on to the target (1) or not (0).",
      nil, &text)
    forEachHop { flow, hop, kind in
      sample("hop_loss_is_real", flow, hop, &text) { $0.append(kind == .real ? "1" : "0") }
    }
  }

  private func delays(_ text: inout TextBuffer) {
    family("hop_rtt_seconds", "summary", "Round trips.", "seconds", &text)
    forEachHop { flow, hop, _ in
      guard hop.answered > 0 else { return }
      for share in [0.5, 0.9, 0.99] {
        guard let value = hop.histogram.quantile(share) else { continue }
        sample("hop_rtt_seconds", flow, hop, quantile: share, &text) {
          $0.append(value, in: .seconds, decimals: 9)
        }
      }
      sample("hop_rtt_seconds_count", flow, hop, &text) { $0.append(decimal: hop.histogram.count) }
      sample("hop_rtt_seconds_sum", flow, hop, &text) {
        $0.append(hop.histogram.sum, in: .seconds, decimals: 9)
      }
    }
    family("hop_jitter_seconds", "gauge", "Interarrival jitter (RFC 3550).", "seconds", &text)
    forEachHop { flow, hop, _ in
      guard let jitter = hop.jitter else { return }
      sample("hop_jitter_seconds", flow, hop, &text) {
        $0.append(jitter, in: .seconds, decimals: 9)
      }
    }
  }

  private func forEachHop(_ body: (RouteFlow, RouteHop, RouteVerdict.HopLoss) -> Void) {
    for flow in flows {
      for (place, hop) in flow.hops.enumerated() {
        let kinds = flow.verdict.hops
        body(flow, hop, place < kinds.count ? kinds[place] : .none)
      }
    }
  }
}

// MARK: - Lines

extension RouteMetrics {
  private func family(
    _ name: String, _ kind: String, _ help: String, _ unit: String?, _ text: inout TextBuffer
  ) {
    for (keyword, value) in [("TYPE", kind), ("UNIT", unit), ("HELP", help)] {
      guard let value else { continue }
      text.append("# \(keyword) wirewalk_trace_\(name) \(value)\n")
    }
  }

  private func sample(
    _ name: String, _ flow: RouteFlow, _ hop: RouteHop?, quantile: Double? = nil,
    _ text: inout TextBuffer, _ value: (inout TextBuffer) -> Void
  ) {
    text.append("wirewalk_trace_\(name){target=\"")
    for octet in SafeText.escaped(host).utf8 {
      if octet == 0x22 || octet == 0x5c { text.append(octet: 0x5c) }
      text.append(octet: octet)
    }
    text.append("\",destination=\"")
    text.append(target)
    text.append("\",flow=\"\(flow.number)\"")
    // No address: a hop that changes its router would leave a dead series behind.
    if let hop { text.append(",ttl=\"\(hop.timeToLive)\"") }
    if let quantile { text.append(",quantile=\"\(quantile)\"") }
    text.append("} ")
    value(&text)
    text.newline()
  }
}
