import PacketWire
import PageStory

/// What each request waited for, as a table with a bar a row.
struct Waterfall {
  let summary: StorySummary
  /// The page has a place for that step.
  let isStep: (Int) -> Bool

  /// More rows than anybody compares.
  static let maximumRows = 120

  func append(to writer: inout HTMLWriter) {
    let rows = summary.timings.prefix(Self.maximumRows)
    guard let start = rows.map(\.start).min(), let end = rows.map(\.end).max() else { return }
    writer.markup("<section aria-labelledby=\"waterfall\">\n")
    writer.markup("<h2 id=\"waterfall\">Where the time went</h2>\n")
    for page in summary.pages.prefix(8) { append(page, to: &writer) }
    writer.markup("<h3>Request by request</h3>\n")
    appendKey(to: &writer)
    writer.markup("<table class=\"wide\"><caption>Each bar from ")
    writer.text("\(Words.duration(start)) to \(Words.duration(end)) of the capture")
    writer.markup(
      "</caption>\n<thead><tr><th scope=\"col\">Request</th><th scope=\"col\">Answer</th>")
    writer.markup("<th scope=\"col\" class=\"n\">Bytes</th><th scope=\"col\" class=\"n\">Time</th>")
    writer.markup("<th scope=\"col\">What for</th></tr></thead>\n<tbody>\n")
    for row in rows { append(row, from: start, to: end, &writer) }
    writer.markup("</tbody></table>\n")
    if summary.timings.count > rows.count {
      writer.text("And \(summary.timings.count - rows.count) more requests.")
    }
    writer.markup("</section>\n")
  }

  /// The phases of a page add up to its time.
  private func append(_ page: PageTime, to writer: inout HTMLWriter) {
    writer.markup("<table><caption>")
    let count = Words.count(page.requests, "request")
    writer.text("\(page.label): \(count) in \(Words.duration(page.duration))")
    writer.markup("</caption>\n<thead><tr><th scope=\"col\">Phase</th>")
    writer.markup(
      "<th scope=\"col\" class=\"n\">Time</th><th scope=\"col\" class=\"n\">Share</th></tr>")
    writer.markup("</thead>\n<tbody>\n")
    for part in page.parts where part.time > .zero {
      writer.markup("<tr><th scope=\"row\">")
      writer.text(part.name)
      writer.markup("</th><td class=\"n\">")
      writer.text(Words.duration(part.time))
      writer.markup("</td><td class=\"n\">")
      writer.text("\(part.percent)%")
      writer.markup("</td></tr>\n")
    }
    writer.markup("<tr><th scope=\"row\">together</th><td class=\"n\">")
    writer.text(Words.duration(page.duration))
    writer.markup("</td><td class=\"n\">100.0%</td></tr>\n</tbody></table>\n")
  }

  private func appendKey(to writer: inout HTMLWriter) {
    writer.markup("<ul class=\"key\" aria-label=\"Colours\">\n")
    for phase in RequestTiming.Phase.allCases {
      writer.markup("<li><span class=\"k ")
      writer.markup(phase.barClass)
      writer.markup("\"></span>")
      writer.text(phase.name)
      writer.markup("</li>\n")
    }
    writer.markup("</ul>\n")
  }

  private func append(
    _ row: RequestTiming, from start: Nanoseconds, to end: Nanoseconds,
    _ writer: inout HTMLWriter
  ) {
    writer.markup("<tr><th scope=\"row\">")
    writer.text("#\(row.packet)", linking: isStep)
    writer.text(" \(row.label)")
    writer.markup("</th><td data-is=\"Answer\">")
    let silence = row.isEnciphered ? "enciphered" : "none seen"
    writer.text(row.status.isEmpty ? silence : row.status)
    writer.markup("</td><td class=\"n\" data-is=\"Bytes\">")
    writer.number(row.octets)
    writer.markup("</td><td class=\"n\" data-is=\"Time\">")
    writer.text(Words.duration(row.end - row.start))
    writer.markup("</td><td>")
    appendBar(row, from: start, to: end, &writer)
    let parts = RequestTiming.Phase.allCases.compactMap { phase in
      row.duration(phase).flatMap { $0 > .zero ? "\(phase.name) \(Words.duration($0))" : nil }
    }
    writer.markup("<span class=\"soft\">")
    writer.text(parts.joined(separator: ", ") + (row.isWhole ? "" : "; its end is not here"))
    writer.markup("</span></td></tr>\n")
  }

  private func appendBar(
    _ row: RequestTiming, from start: Nanoseconds, to end: Nanoseconds,
    _ writer: inout HTMLWriter
  ) {
    let scale = 1_000 / Double(max((end - start).count, 1))
    writer.markup("<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 1000 10\" ")
    writer.markup(
      "preserveAspectRatio=\"none\"><rect class=\"track\" width=\"1000\" height=\"10\"/>")
    for phase in RequestTiming.Phase.allCases {
      guard let span = row.span(phase), !span.isEmpty else { continue }
      writer.markup("<rect class=\"")
      writer.markup(phase.barClass)
      writer.markup("\" height=\"10\" x=\"")
      writer.length(Double((span.lowerBound - start).count) * scale)
      writer.markup("\" width=\"")
      writer.length(max(Double((span.upperBound - span.lowerBound).count) * scale, 1.5))
      writer.markup("\"/>")
    }
    writer.markup("</svg>")
  }
}
