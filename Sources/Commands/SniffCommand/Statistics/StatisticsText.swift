import CaptureStatistics
import FlowAnalysis
import PacketText
import PacketWire
import TerminalText

/// Statistics of a capture as tables and plots.
struct StatisticsText {
  let settings: TerminalSettings
  let choice: StatisticsChoice
  /// Fewer times are told by the figures above them.
  static let fewestPlotted = 10

  /// Plots have no finer marks than `#`.
  let isASCII: Bool

  /// Appends all that was asked for, one part after the other.
  func append(_ statistics: CaptureStatistics, to out: inout TextBuffer) {
    appendTotal(statistics, &out)
    let kinds = choice.kinds
    if kinds.contains(.conversations) { appendConversations(statistics, &out) }
    if kinds.contains(.endpoints) { appendEndpoints(statistics, &out) }
    if kinds.contains(.hierarchy) { appendHierarchy(statistics, &out) }
    if kinds.contains(.tcp) { appendTCP(TCPStatistics(statistics.conversations), &out) }
    if kinds.contains(.io) { appendSeries(statistics.series, &out) }
    if kinds.contains(.dns) { appendDNS(statistics.dns, &out) }
    if kinds.contains(.http) { appendHTTP(statistics.http, &out) }
    if kinds.contains(.webSocket) { appendWebSocket(statistics.webSocket, &out) }
    if kinds.contains(.expert) { appendFindings(statistics.findings, &out) }
  }

  private func appendTotal(_ statistics: CaptureStatistics, _ out: inout TextBuffer) {
    let total = statistics.total
    var line = "\(Self.count(total.packets, "packet")), \(Self.count(total.octets, "octet"))"
    if let time = statistics.time {
      line += " in \(Self.seconds(time.upperBound - time.lowerBound)) s"
    }
    out.append(line)
    out.newline()
  }

  /// Begins a part: an empty line and a heading.
  func begin(_ heading: String, _ out: inout TextBuffer) {
    out.newline()
    out.append(settings.style.styled(heading, as: .heading))
    out.newline()
  }

  /// Appends a table, of which as many rows are shown as the user wants, and what is left out.
  func append(_ table: TextTable, leftOut: Int = 0, of what: String, _ out: inout TextBuffer) {
    for line in table.lines(settings.style) {
      out.append(line)
      out.newline()
    }
    guard leftOut > 0 else { return }
    out.append("(\(leftOut) more \(what); --stats-rows 0 shows all)")
    out.newline()
  }

  /// The first rows, as many as are shown.
  func shown<Row>(_ rows: [Row]) -> ArraySlice<Row> { rows.prefix(choice.rows ?? .max) }

  /// `1 packet`, `2 packets`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A time in seconds with six decimals.
  static func seconds(_ time: Nanoseconds) -> String { text(time, .seconds, 6) }

  /// A time in milliseconds with three decimals.
  static func milliseconds(_ time: Nanoseconds) -> String { text(time, .milliseconds, 3) }

  private static func text(_ time: Nanoseconds, _ unit: TimeUnit, _ decimals: Int) -> String {
    var text = TextBuffer()
    text.append(time, in: unit, decimals: decimals)
    return text.string
  }

  /// How much of `whole` a part is, in percent with one decimal.
  static func share(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "-" }
    let tenths = Int((Double(part) / Double(whole) * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
