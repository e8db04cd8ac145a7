import FlowAnalysis
import PacketText
import PacketWire

extension StoryText {
  /// The widths of the waterfall's columns, with one blank between them.
  private struct Columns {
    static let phase = 17
    static let takes = 8
    /// From this width on a span's label stands beside its bar.
    static let labelFrom = 100

    var flow: Int
    var packets: Int
    var bar: Int
    var label: Int

    init(_ spans: ArraySlice<StorySummary.Span>, width: Int) {
      flow = spans.map { "\($0.flow)".utf8.count }.max() ?? 0
      packets = spans.map(\.packetRange.utf8.count).max() ?? 0
      label = width >= Self.labelFrom ? min(40, width / 4) : 0
      // Two blanks before the row, one between columns, two edges of the bar.
      bar = width - (2 + Self.phase + 1 + flow + 1 + packets + 1 + Self.takes + 1 + 2 + label)
    }
  }

  /// Appends the stretches of each flow, drawn to time.
  func appendWaterfall(_ summary: StorySummary, _ buffer: inout TextBuffer) {
    let spans = summary.spans.prefix(Self.maximumRows)
    guard let start = spans.map(\.start).min(), let end = spans.map(\.end).max() else { return }
    title("Where the time went, from \(Words.duration(start)) to \(Words.duration(end))", &buffer)
    let columns = Columns(spans, width: width)
    for span in spans {
      buffer.append("  ")
      put(span.phase.name, .plain, left: Columns.phase + 1, &buffer)
      put("\(span.flow)", .flow, left: columns.flow + 1, &buffer)
      put(span.packetRange, .reference, left: columns.packets + 1, &buffer)
      put(
        span.end > span.start ? Words.duration(span.end - span.start) : "-", .time,
        right: Columns.takes, &buffer)
      if columns.bar >= 10 {
        appendBar(span, from: start, to: end, columns.bar, &buffer)
        if columns.label > 0, !span.label.isEmpty {
          buffer.append(" ")
          buffer.append(String(span.label.prefix(columns.label - 1)))
        }
      }
      buffer.newline()
    }
    appendOmitted(summary.spans.count, &buffer)
  }

  private func appendBar(
    _ span: StorySummary.Span, from start: Nanoseconds, to end: Nanoseconds, _ room: Int,
    _ buffer: inout TextBuffer
  ) {
    let scale = Double(room) / Double(max((end - start).count, 1))
    let from = Int(Double((span.start - start).count) * scale)
    let to = Int((Double((span.end - start).count) * scale).rounded())
    let first = min(room - 1, max(0, from))
    let length = max(0, min(room, to) - first)
    let edge = usesUnicode ? "│" : "|"
    let block = usesUnicode ? "█" : "="
    let instant = usesUnicode ? "▏" : "|"
    buffer.append(" ")
    buffer.append(edge)
    buffer.append(repeating: 0x20, count: first)
    put(length == 0 ? instant : String(repeating: block, count: length), .bar(span.phase), &buffer)
    buffer.append(repeating: 0x20, count: room - first - max(length, 1))
    buffer.append(edge)
  }

  /// Where there is less room beside a flow's numbers, its ends stand below them.
  private static let narrowestEnds = 30

  /// Appends what each flow carried.
  func appendFlows(_ summary: StorySummary, _ buffer: inout TextBuffer) {
    let flows = summary.flows.prefix(Self.maximumRows)
    guard !flows.isEmpty else { return }
    title("Flows: packets and bytes from the first side and to it", &buffer)
    let name = flows.map { "\($0.id)".utf8.count }.max() ?? 0
    let packets = flows.map { "\($0.packets.max() ?? 0)".utf8.count }.max() ?? 0
    let octets = flows.map { "\($0.octets.max() ?? 0)".utf8.count }.max() ?? 0
    let sums = 2 * packets + 2 * octets + 5
    for flow in flows {
      buffer.append("  ")
      put("\(flow.id)", .flow, left: name + 1, &buffer)
      put(flow.protocolName, .plain, left: 7, &buffer)
      for count in flow.packets { put("\(count)", .plain, right: packets + 1, &buffer) }
      buffer.append(" ")
      for count in flow.octets { put("\(count)", .plain, right: octets + 1, &buffer) }
      put(
        flow.end > flow.start ? Words.duration(flow.end - flow.start) : "-", .time, right: 9,
        &buffer)
      var indent = name + 1 + 7 + sums + 9 + 4
      if width - indent >= Self.narrowestEnds {
        buffer.append("  ")
      } else {
        indent = 4
        buffer.append("\n    ")
      }
      TextWrap.append(flow.ends, width: width - indent, indent: indent, self, &buffer)
    }
    appendOmitted(summary.flows.count, &buffer)
  }
}

extension StorySummary.Span {
  /// "#5" or "#5-#7".
  fileprivate var packetRange: String {
    numbers.count == 1
      ? "#\(numbers.lowerBound)" : "#\(numbers.lowerBound)-#\(numbers.upperBound)"
  }
}

extension StorySummary.Flow {
  /// Who talks with whom.
  fileprivate var ends: String { "\(place(initiator)) > \(place(responder))" }

  private func place(_ end: Endpoint?) -> String {
    guard let end else { return "?" }
    let name = end.name.map { Words.safe($0.text, 48) } ?? "\(end.address)"
    return end.port.map { "\(name) port \($0)" } ?? name
  }
}
