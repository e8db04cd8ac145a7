import FlowAnalysis
import PacketText
import PacketWire

extension StoryText {
  private static let phaseColumn = 9
  /// From this width on there is a table.
  private static let tableWidth = 80

  /// Appends how the time of each page, and of each request, divides.
  func appendTimings(_ summary: StorySummary, _ buffer: inout TextBuffer) {
    for page in summary.pages.prefix(Self.maximumRows) { append(page, &buffer) }
    appendOmitted(summary.pages.count, &buffer)
    guard !summary.timings.isEmpty else { return }
    guard width >= Self.tableWidth else { return appendSentences(of: summary.timings, &buffer) }
    title("Each request's time, in ms, phase by phase", &buffer)
    appendPhaseTitles(&buffer)
    for timing in summary.timings.prefix(Self.maximumRows) { append(timing, &buffer) }
    appendOmitted(summary.timings.count, &buffer)
  }

  /// The same where lines are too short for a table.
  private func appendSentences(of timings: [RequestTiming], _ buffer: inout TextBuffer) {
    title("Each request's time, phase by phase", &buffer)
    for timing in timings.prefix(Self.maximumRows) {
      let parts = RequestTiming.Phase.allCases.compactMap { phase in
        timing.duration(phase).flatMap {
          $0 > .zero ? "\(phase.name) \(Words.duration($0))" : nil
        }
      }
      let all = Words.duration(timing.end - timing.start)
      buffer.append("  ")
      TextWrap.append(
        "#\(timing.packet), \(all): \((parts + [timing.label]).joined(separator: ", ")).",
        width: width - 4, indent: 4, self, &buffer)
    }
    appendOmitted(timings.count, &buffer)
  }

  private func append(_ page: PageTime, _ buffer: inout TextBuffer) {
    let requests = Words.count(page.requests, "request")
    title("\(page.label): \(requests) in \(Words.duration(page.duration))", &buffer)
    for part in page.parts where part.time > .zero {
      buffer.append("  ")
      put(part.name, .plain, left: 20, &buffer)
      put(Words.duration(part.time), .time, right: 9, &buffer)
      put("\(part.percent)%", .plain, right: 8, &buffer)
      buffer.newline()
    }
  }

  private func appendPhaseTitles(_ buffer: inout TextBuffer) {
    buffer.append(repeating: 0x20, count: 8)
    for phase in RequestTiming.Phase.allCases {
      // The look-up's name is too long for a column.
      let name = phase == .nameLookup ? "look-up" : phase.name
      put(name, .heading, right: Self.phaseColumn, &buffer)
    }
    put("all", .heading, right: Self.phaseColumn, &buffer)
    buffer.newline()
  }

  private func append(_ timing: RequestTiming, _ buffer: inout TextBuffer) {
    buffer.append("  ")
    put("#\(timing.packet)", .reference, left: 6, &buffer)
    for phase in RequestTiming.Phase.allCases {
      put(Self.milliseconds(timing.duration(phase)), .time, right: Self.phaseColumn, &buffer)
    }
    put(Self.milliseconds(timing.end - timing.start), .time, right: Self.phaseColumn, &buffer)
    let used = 8 + Self.phaseColumn * (RequestTiming.Phase.allCases.count + 1) + 2
    // Where the label has no room beside the numbers it stands below them.
    let isBeside = width - used >= 24
    buffer.append(isBeside ? "  " : "\n    ")
    let indent = isBeside ? used : 4
    TextWrap.append(timing.label, width: width - indent, indent: indent, self, &buffer)
  }

  /// Two decimals; what was not needed, or not seen, is a dash.
  private static func milliseconds(_ time: Nanoseconds?) -> String {
    guard let time, time > .zero else { return "-" }
    var number = TextBuffer(capacity: 16)
    number.append(time, in: .milliseconds, decimals: 2)
    return number.string
  }
}
