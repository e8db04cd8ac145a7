import CaptureStatistics
import FlowAnalysis
import PacketText
import PacketWire
import TerminalText

extension StatisticsText {
  /// Who talks to whom: a table for each transport protocol, the busiest first.
  func appendConversations(_ statistics: CaptureStatistics, _ out: inout TextBuffer) {
    guard let start = statistics.time?.lowerBound else { return }
    var (tcp, udp, others) = (Busiest(choice.rows), Busiest(choice.rows), Busiest(choice.rows))
    statistics.conversations.forEach { conversation in
      switch conversation.protocolNumber {
      case .tcp: tcp.add(conversation)
      case .udp: udp.add(conversation)
      default: others.add(conversation)
      }
    }
    appendConversations(tcp, "TCP conversations", start, &out)
    appendConversations(udp, "UDP conversations", start, &out)
    appendConversations(others, "Other conversations", start, &out)
    let forgotten = statistics.conversations.forgotten
    guard forgotten.count > 0 else { return }
    out.append(
      "\(Self.count(forgotten.count, "conversation")) of "
        + "\(Self.count(forgotten.traffic.packets, "packet")) and "
        + "\(Self.count(forgotten.traffic.octets, "octet")) made room for later ones")
    out.newline()
  }

  /// The conversations with the most octets, as many as are shown.
  private struct Busiest {
    private let limit: Int
    private(set) var count = 0
    private var kept: [Conversation] = []

    init(_ rows: Int?) { limit = rows ?? .max }

    mutating func add(_ conversation: Conversation) {
      count += 1
      kept.append(conversation)
      if limit < .max / 4, kept.count >= 2 * limit + 64 { kept = rows }
    }

    /// What is shown, the busiest first; of as busy ones the one that began first.
    var rows: [Conversation] {
      let sorted = kept.sorted {
        $0.total.octets != $1.total.octets
          ? $0.total.octets > $1.total.octets : $0.first < $1.first
      }
      return Array(sorted.prefix(limit))
    }
  }

  private func appendConversations(
    _ busiest: Busiest, _ heading: String, _ start: WallInstant, _ out: inout TextBuffer
  ) {
    let rows = busiest.rows
    guard !rows.isEmpty else { return }
    begin("\(heading): \(busiest.count)", &out)
    let isTCP = rows.contains { $0.connection != nil }
    var table = TextTable(
      [.right, .left, .left, .right, .right, .right, .right, .right, .right]
        + (isTCP ? [.left, .right, .left] : []))
    table.append(
      headings: [
        "#", "initiator", "responder", "packets ->", "octets ->", "<- packets", "<- octets",
        "start s", "length s",
      ] + (isTCP ? ["state", "RTT ms", "found"] : []))
    for row in rows { table.append(cells(of: row, from: start, isTCP: isTCP)) }
    append(table, leftOut: busiest.count - rows.count, of: "conversations", &out)
  }

  private func cells(
    of row: Conversation, from start: WallInstant, isTCP: Bool
  ) -> [TextTable.Cell] {
    let number = row.stream.map { "\($0)" } ?? "\(row.protocolNumber.rawValue)"
    let tag = (row.vlan.map { " vlan \($0)" } ?? "") + (row.isTunnelled ? " tunnelled" : "")
    var cells: [TextTable.Cell] = [
      .init(number), .init("\(row.initiator)\(tag)"), .init("\(row.responder)"),
      .init("\(row.sent.packets)"), .init("\(row.sent.octets)"),
      .init("\(row.answered.packets)"), .init("\(row.answered.octets)"),
      .init(Self.seconds(row.first - start)), .init(Self.seconds(row.duration)),
    ]
    guard isTCP else { return cells }
    guard let connection = row.connection else { return cells + [.init(""), .init(""), .init("")] }
    cells.append(.init(connection.state.rawValue, as: connection.state.role))
    cells.append(.init(connection.initialRTT.map { Self.milliseconds($0) } ?? ""))
    cells.append(.init(Self.found(connection)))
    return cells
  }

  /// What cost time, in few words.
  private static func found(_ connection: ConnectionRecord) -> String {
    let both = connection.sent + connection.answered
    let words: [(TCPSegmentFindings, String)] = [
      ([.retransmission, .fastRetransmission, .spuriousRetransmission], "sent again"),
      (.outOfOrder, "out of order"), ([.lostSegment, .acknowledgesLostSegment], "not captured"),
      (.zeroWindow, "zero window"), (.windowFull, "window full"),
    ]
    return words.compactMap { finding, word in
      both[finding] > 0 ? "\(both[finding]) \(word)" : nil
    }.joined(separator: ", ")
  }

  /// Who sends and receives how much.
  func appendEndpoints(_ statistics: CaptureStatistics, _ out: inout TextBuffer) {
    let endpoints = statistics.conversations.endpoints
    guard !endpoints.isEmpty else { return }
    begin("Endpoints: \(endpoints.count)", &out)
    var table = TextTable([.left, .right, .right, .right, .right, .right])
    table.append(
      headings: [
        "address", "sent packets", "sent octets", "received packets", "received octets",
        "conversations",
      ])
    for row in shown(endpoints) {
      table.append([
        .init("\(row.address)"), .init("\(row.sent.packets)"), .init("\(row.sent.octets)"),
        .init("\(row.received.packets)"), .init("\(row.received.octets)"),
        .init("\(row.conversations)"),
      ])
    }
    append(table, leftOut: endpoints.count - shown(endpoints).count, of: "endpoints", &out)
  }

  /// Which protocol carries which.
  func appendHierarchy(_ statistics: CaptureStatistics, _ out: inout TextBuffer) {
    begin("Protocols", &out)
    var table = TextTable([.left, .right, .right, .right])
    table.append(headings: ["protocol", "packets", "octets", "of all octets"])
    for node in statistics.hierarchy.all {
      table.append([
        .init(String(repeating: "  ", count: node.depth) + "\(node.name)"),
        .init("\(node.traffic.packets)"), .init("\(node.traffic.octets)"),
        .init(Self.share(node.traffic.octets, of: statistics.total.octets)),
      ])
    }
    append(table, of: "protocols", &out)
  }

  /// How much there is when: a bar for each stretch of time.
  func appendSeries(_ series: TrafficSeries, _ out: inout TextBuffer) {
    let (width, counts) = series.resampled(toAtMost: 40)
    guard !counts.isEmpty else { return }
    begin("Octets in each \(Self.seconds(width)) s", &out)
    let most = counts.map(\.octets).max() ?? 0
    let digits = (String(most).utf8.count, String(counts.map(\.packets).max() ?? 0).utf8.count)
    let bars = BarText(
      width: max(8, settings.columns - digits.0 - digits.1 - 32), isASCII: isASCII)
    for (index, count) in counts.enumerated() {
      var start = out.count
      out.append(Self.seconds(Nanoseconds(width.count * Int64(index))))
      out.padLeft(from: start, to: 14)
      start = out.count
      out.append("  \(count.octets)")
      out.padLeft(from: start, to: digits.0 + 2)
      start = out.count
      out.append("  \(count.packets)")
      out.padLeft(from: start, to: digits.1 + 2)
      out.append(count.packets == 1 ? " packet " : " packets")
      if count.octets > 0 { out.append("  ") }
      bars.append(count.octets, of: most, &out)
      out.newline()
    }
    if series.early > 0 {
      out.append("(\(Self.count(series.early, "packet")) stamped before the first one)")
      out.newline()
    }
  }
}

extension ConnectionState {
  /// How it is shown.
  fileprivate var role: TextRole? {
    switch self {
    case .refused, .unanswered, .reset: .bad
    case .halfOpen: .warning
    case .open, .closing, .closed: nil
    }
  }
}
