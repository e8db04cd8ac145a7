import CaptureStatistics
import DelayPlots
import FlowAnalysis
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

extension StatisticsText {
  /// How connections of TCP fare.
  func appendTCP(_ tcp: TCPStatistics, _ out: inout TextBuffer) {
    let connections = tcp.states.reduce(0) { $0 + $1.count }
    guard connections > 0 else { return }
    begin("TCP: \(Self.count(connections, "connection"))", &out)
    var table = TextTable([.left, .right, .left])
    for (state, count) in tcp.states {
      table.append([
        .init(state.rawValue), .init("\(count)"), .init(Self.share(count, of: connections)),
      ])
    }
    append(table, of: "states", &out)
    if let least = tcp.handshake(share: 0), let median = tcp.handshake(share: 0.5),
      let high = tcp.handshake(share: 0.95), let most = tcp.handshake(share: 1)
    {
      out.append(
        "round trip of \(Self.count(tcp.handshakes.count, "handshake")): least "
          + "\(Self.milliseconds(least)), median \(Self.milliseconds(median)), 95 % "
          + "\(Self.milliseconds(high)), most \(Self.milliseconds(most)) ms")
      out.newline()
      var delays = DelayHistogram()
      for delay in tcp.handshakes { delays.add(delay) }
      appendPlot(of: delays, &out)
    }
    guard !tcp.affected.isEmpty else { return }
    table = TextTable([.left, .right, .left, .right])
    table.append(headings: ["found", "segments", "of all", "connections"])
    for (finding, connections) in tcp.affected {
      table.append([
        .init(finding.name), .init("\(tcp.findings[finding])"),
        .init(Self.share(tcp.findings[finding], of: tcp.segments)), .init("\(connections)"),
      ])
    }
    append(table, of: "findings", &out)
  }

  /// Names that were asked for, and how soon they were answered.
  func appendDNS(_ dns: DNSStatistics, _ out: inout TextBuffer) {
    begin("DNS", &out)
    out.append(
      "\(dns.queries) asked (\(dns.repeated) again), \(dns.answers) answered "
        + "(\(dns.unasked) without their query), \(dns.unanswered) without an answer")
    out.newline()
    append(dns.times, "answer", &out)
    appendTally(
      dns.codes, "response",
      { DNSResponseCode(rawValue: UInt16($0)).explanation }, by: <, &out)
    appendTally(dns.types, "type", \.label, by: { $0.rawValue < $1.rawValue }, &out)
    appendTally(dns.servers, "server", { "\($0)" }, by: <, &out)
    appendTally(
      dns.questions, "question", { "\($0.type.label) \($0.name.text)" },
      rows: dns.questions.sorted(on: { ($0.name.text, $0.type.rawValue) }, by: <), &out)
    guard !dns.slowest.isEmpty else { return }
    var table = TextTable([.right, .left, .right])
    table.append(headings: ["slowest ms", "question", "packet"])
    for (time, question, packet) in dns.slowest {
      table.append([
        .init(Self.milliseconds(time)), .init("\(question.type.label) \(question.name.text)"),
        .init("\(packet)"),
      ])
    }
    append(table, of: "answers", &out)
  }

  /// Requests and their responses.
  func appendHTTP(_ http: HTTPStatistics, _ out: inout TextBuffer) {
    begin("HTTP", &out)
    let missing = http.missingOctets > 0 ? ", \(http.missingOctets) more not captured" : ""
    out.append(
      "\(Self.count(http.requests, "request")), \(Self.count(http.responses, "response")) with "
        + "\(Self.count(Int(clamping: http.bodyOctets), "octet")) of bodies\(missing)")
    out.newline()
    append(http.times, "first octet", &out)
    appendTally(http.methods, "method", Self.safe, by: Self.isBefore, &out)
    appendTally(http.statuses, "status", { "\($0)" }, by: <, &out)
    appendTally(http.hosts, "host", Self.safe, by: Self.isBefore, &out)
    appendTally(http.mediaTypes, "media type", Self.safe, by: Self.isBefore, &out)
  }

  private static func safe(_ text: UntrustedText) -> String { SafeText.escaped(text.octets.span) }

  private static func isBefore(_ left: UntrustedText, _ right: UntrustedText) -> Bool {
    left.octets.lexicographicallyPrecedes(right.octets)
  }

  private func append(_ times: DelayHistogram, _ what: String, _ out: inout TextBuffer) {
    guard times.count > 0, let median = times.quantile(0.5), let high = times.quantile(0.95) else {
      return
    }
    out.append(
      "time to the \(what): least \(Self.milliseconds(times.minimum)), median "
        + "\(Self.milliseconds(median)), 95 % \(Self.milliseconds(high)), most "
        + "\(Self.milliseconds(times.maximum)) ms")
    out.newline()
    appendPlot(of: times, &out)
  }

  /// How the times are spread, if there are enough of them to be.
  private func appendPlot(of times: DelayHistogram, _ out: inout TextBuffer) {
    guard times.count >= Self.fewestPlotted else { return }
    DelayRanges(columns: settings.columns, isASCII: isASCII).append(times, rows: 8, to: &out)
  }

  func appendTally<Key>(
    _ tally: Tally<Key>, _ heading: String, _ text: (Key) -> String,
    by isBefore: (Key, Key) -> Bool, _ out: inout TextBuffer
  ) {
    appendTally(tally, heading, text, rows: tally.sorted(by: isBefore), &out)
  }

  private func appendTally<Key>(
    _ tally: Tally<Key>, _ heading: String, _ text: (Key) -> String,
    rows: [(key: Key, count: Int)], _ out: inout TextBuffer
  ) {
    guard !rows.isEmpty else { return }
    var table = TextTable([.left, .right, .right])
    table.append(headings: [heading, "count", "share"])
    let total = tally.total
    for (key, count) in shown(rows) {
      table.append([.init(text(key)), .init("\(count)"), .init(Self.share(count, of: total))])
    }
    if tally.others > 0 {
      table.append([
        .init("(not told apart)"), .init("\(tally.others)"),
        .init(Self.share(tally.others, of: tally.total)),
      ])
    }
    append(table, leftOut: rows.count - shown(rows).count, of: "rows", &out)
  }

  /// What is wrong, the worst first.
  func appendFindings(_ findings: [ExpertReport.Finding], _ out: inout TextBuffer) {
    begin("What is wrong", &out)
    guard !findings.isEmpty else {
      out.append("nothing that the packets tell of")
      out.newline()
      return
    }
    var table = TextTable([.left, .left, .right, .left, .left])
    table.append(headings: ["", "protocol", "times", "what", "packets"])
    for finding in findings {
      let packets = finding.packets.map { "\($0)" }.joined(separator: " ")
      let more = finding.count > finding.packets.count && !finding.packets.isEmpty ? " ..." : ""
      table.append([
        .init(finding.kind.severity.word, as: finding.kind.severity.role),
        .init(finding.kind.protocolWord), .init("\(finding.count)"), .init(finding.kind.text),
        .init(packets + more),
      ])
    }
    append(table, of: "findings", &out)
  }
}

extension ExpertReport.Severity {
  /// Its word, for people and in events.
  var word: String {
    switch self {
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }

  fileprivate var role: TextRole? {
    switch self {
    case .note: nil
    case .warning: .warning
    case .error: .bad
    }
  }
}
