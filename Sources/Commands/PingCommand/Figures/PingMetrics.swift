import PacketText
import PacketWire
import ProbeEngine

/// The figures of all targets as OpenMetrics 1.0 text, which is also valid in Prometheus' older text
/// format, for the folder that a node exporter reads.
struct PingMetrics {
  /// What is known of a target.
  struct Target {
    /// As it was typed; the label `target`.
    var name: String
    /// What is probed; the label `address`.
    var address: IPAddress
    /// Which of several with this name and address it is, from 2 on; the label `copy`. Two lines with
    /// the same labels would make the whole file invalid.
    var copy: Int?
    /// What was counted.
    var counts: FigureCounts
    /// The figures.
    var figures: ProbeFigures
  }

  /// In the order of their lines.
  var targets: [Target]

  /// All metrics, and the line that says that there are no more.
  func append(to text: inout TextBuffer) {
    counters(&text)
    loss(&text)
    roundTrips(&text)
    variation(&text)
    outages(&text)
    family("reply_ttl", .gauge, "TTL or hop limit of the newest answer.", &text)
    for target in targets {
      guard let value = target.figures.replyPath.timeToLive else { continue }
      sample("reply_ttl", target, &text) { $0.append(decimal: value) }
    }
    text.append("# EOF\n")
  }

  private func counters(_ text: inout TextBuffer) {
    let counters: [(String, String, (Target) -> Int)] = [
      ("probes", "Echo requests sent.", { $0.counts.sent }),
      ("answers", "Echo requests answered, late ones too.", { $0.counts.received }),
      ("duplicates", "Further answers to requests already answered.", { $0.counts.duplicates }),
      ("late", "Answers to requests that had been given up.", { $0.counts.late }),
      ("corrupted", "Answers with a wrong checksum.", { $0.counts.corrupted }),
      ("errors", "ICMP errors and failed sends.", { $0.counts.errors }),
      (
        "reordered", "Answers that came behind that to a later request (RFC 4737).",
        { $0.figures.order.reordered }
      ),
      (
        "path_changes", "Answers that came back differently.",
        { $0.figures.replyPath.changes.total }
      ),
    ]
    for (name, help, value) in counters {
      family(name, .counter, help, &text)
      for target in targets {
        sample(name + "_total", target, &text) { $0.append(decimal: value(target)) }
      }
    }
  }

  private func loss(_ text: inout TextBuffer) {
    let gauges: [(String, String, (LossInterval) -> Double)] = [
      ("loss_ratio", "Share of requests without an answer.", \.ratio),
      ("loss_lower_ratio", "Lower end of the 95 % interval of the loss (Wilson).", \.lower),
      ("loss_upper_ratio", "Upper end of the 95 % interval of the loss (Wilson).", \.upper),
    ]
    for (name, help, value) in gauges {
      family(name, .gauge, help, unit: "ratio", &text)
      for target in targets where target.counts.loss.sent > 0 {
        sample(name, target, &text) { $0.append(value(target.counts.loss).description) }
      }
    }
  }

  private func variation(_ text: inout TextBuffer) {
    family(
      "jitter_seconds", .gauge, "Interarrival jitter (RFC 3550).", unit: "seconds", &text)
    for target in targets where target.figures.variation.jitterSamples > 0 {
      let jitter = Nanoseconds(rounding: target.figures.variation.jitter)
      sample("jitter_seconds", target, &text) { $0.append(jitter, in: .seconds, decimals: 9) }
    }
  }

  private func outages(_ text: inout TextBuffer) {
    family("outages", .counter, "Times without answers that are over.", &text)
    for target in targets {
      let count = target.figures.outages.outages.total
      sample("outages_total", target, &text) { $0.append(decimal: count) }
    }
    family("outage_seconds", .counter, "How long these took.", unit: "seconds", &text)
    for target in targets {
      let length = target.figures.outages.length
      sample("outage_seconds_total", target, &text) { $0.append(length, in: .seconds, decimals: 9) }
    }
  }
}

// MARK: - Histogram

extension PingMetrics {
  /// The upper ends of the histogram's ranges: 1, 2 and 5 of each power of ten from 10 µs to 10 s.
  static let bounds: [Nanoseconds] = [
    10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000,
    500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
  ].map { Nanoseconds($0 * 1_000) }

  private func roundTrips(_ text: inout TextBuffer) {
    family(
      "rtt_seconds", .histogram, "Round trips, counted to within 1/256 of the ends of ranges.",
      unit: "seconds", &text)
    for target in targets {
      let delays = target.figures.delays
      for bound in Self.bounds {
        // Shortest digits and at least one decimal: OpenMetrics' canonical numbers.
        let limit = (Double(bound.count) / 1e9).description
        sample("rtt_seconds_bucket", target, limit: limit, &text) {
          $0.append(decimal: delays.count(atMost: bound))
        }
      }
      sample("rtt_seconds_bucket", target, limit: "+Inf", &text) {
        $0.append(decimal: delays.count)
      }
      sample("rtt_seconds_count", target, &text) { $0.append(decimal: delays.count) }
      sample("rtt_seconds_sum", target, &text) { $0.append(delays.sum, in: .seconds, decimals: 9) }
    }
  }
}

// MARK: - Lines

extension PingMetrics {
  private enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  private func family(
    _ name: String, _ kind: Kind, _ help: String, unit: String? = nil, _ text: inout TextBuffer
  ) {
    for (keyword, value) in [("TYPE", kind.rawValue), ("UNIT", unit), ("HELP", help)] {
      guard let value else { continue }
      text.append("# ")
      text.append(keyword)
      text.append(" wirewalk_ping_")
      text.append(name)
      text.append(" ")
      text.append(value)
      text.newline()
    }
  }

  private func sample(
    _ name: String, _ target: Target, limit: String? = nil, _ text: inout TextBuffer,
    _ value: (inout TextBuffer) -> Void
  ) {
    text.append("wirewalk_ping_")
    text.append(name)
    text.append("{target=\"")
    append(label: target.name, &text)
    text.append("\",address=\"")
    text.append(target.address)
    if let copy = target.copy {
      text.append("\",copy=\"")
      text.append(decimal: copy)
    }
    if let limit {
      text.append("\",le=\"")
      text.append(limit)
    }
    text.append("\"} ")
    value(&text)
    text.newline()
  }

  /// A label's value: safe text, in which `\` and `"` are escaped once more. It has no ends of lines.
  private func append(label: String, _ text: inout TextBuffer) {
    for octet in SafeText.escaped(label).utf8 {
      if octet == 0x22 || octet == 0x5c { text.append(octet: 0x5c) }
      text.append(octet: octet)
    }
  }
}
