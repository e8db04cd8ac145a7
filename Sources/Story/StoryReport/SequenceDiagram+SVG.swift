import PacketWire
import PageStory

extension SequenceDiagram {
  private static let left = 82.0
  private static let leastSpacing = 190.0
  private static let edge = 84.0

  /// Few lanes stand wider apart.
  private var spacing: Double {
    min(max(780 / Double(max(lanes.count - 1, 1)), Self.leastSpacing), 300)
  }

  private var width: Double {
    Self.left + Self.edge * 2 + spacing * Double(max(lanes.count - 1, 0))
  }

  private func x(_ lane: Int) -> Double { Self.left + Self.edge + spacing * Double(lane) }

  func append(to writer: inout HTMLWriter) {
    writer.markup("<section aria-labelledby=\"sequence\">\n")
    writer.markup("<h2 id=\"sequence\">Who sends what to whom</h2>\n")
    guard !arrows.isEmpty else {
      writer.markup("<p>No packet here goes from one address to another.</p>\n</section>\n")
      return
    }
    appendNote(to: &writer)
    writer.markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" ")
    writer.markup("aria-label=\"Sequence diagram, may scroll sideways\">\n")
    writer.markup("<svg role=\"img\" aria-labelledby=\"seqt seqd\" width=\"")
    writer.length(width)
    writer.markup("\" height=\"")
    writer.length(height)
    writer.markup("\">\n<title id=\"seqt\">Sequence diagram</title>\n<desc id=\"seqd\">")
    writer.text(
      "\(arrows.count) packets between \(lanes.count) hosts, from top to bottom in time. ")
    writer.markup("All of them are told in words under Step by step.</desc>\n")
    appendLanes(to: &writer)
    for pause in pauses { append(pause, to: &writer) }
    for arrow in arrows { append(arrow, to: &writer) }
    writer.markup("</svg>\n</div>\n</section>\n")
  }

  private func appendNote(to writer: inout HTMLWriter) {
    writer.markup(
      "<p>Time runs down, and each arrow is a packet with its number, seen from where it was ")
    writer.markup("captured. ")
    writer.text(
      "The drawing is to time: 40 pixels are \(Words.duration(Nanoseconds(Int64(scale * 40)))). ")
    writer.markup("Packets that are closer than their labels are drawn apart.")
    if !pauses.isEmpty {
      writer.text(" \(Words.count(pauses.count, "longer pause")) drawn shorter, with a zigzag.")
    }
    if omitted > 0 { writer.text(" \(Words.count(omitted, "packet")) left out of the drawing.") }
    writer.markup("</p>\n")
  }

  private func appendLanes(to writer: inout HTMLWriter) {
    for (lane, host) in lanes.enumerated() {
      writer.markup("<line class=\"lane\" x1=\"")
      writer.length(x(lane))
      writer.markup("\" x2=\"")
      writer.length(x(lane))
      writer.markup("\" y1=\"48\" y2=\"")
      writer.length(height)
      writer.markup("\"/>\n")
      text(host.role, "b", x(lane), 16, to: &writer)
      text(Self.cut(host.title), "", x(lane), 31, to: &writer)
      let addresses = host.addresses.map { "\($0)" }.filter { $0 != host.title }
      text(Self.cut(addresses.joined(separator: ", ")), "soft", x(lane), 44, to: &writer)
    }
  }

  /// As much as a lane has room for.
  private static func cut(_ text: String) -> String {
    text.count <= 29 ? text : text.prefix(27) + "..."
  }

  private func text(
    _ text: String, _ style: StaticString, _ x: Double, _ y: Double,
    anchor: StaticString = "middle", to writer: inout HTMLWriter
  ) {
    guard !text.isEmpty else { return }
    writer.markup("<text class=\"")
    writer.markup(style)
    writer.markup("\" text-anchor=\"")
    writer.markup(anchor)
    writer.markup("\" x=\"")
    writer.length(x)
    writer.markup("\" y=\"")
    writer.length(y)
    writer.markup("\">")
    writer.text(text)
    writer.markup("</text>\n")
  }

  private func append(_ pause: Pause, to writer: inout HTMLWriter) {
    writer.markup("<path class=\"cut\" d=\"M")
    writer.length(Self.left + 4)
    writer.markup(" ")
    writer.length(pause.y)
    for step in 0..<6 { writer.markup(step.isMultiple(of: 2) ? "l6 -5" : "l6 5") }
    writer.markup("\"/>\n")
    text(
      "\(Words.duration(pause.time)) of silence, drawn shorter", "soft", Self.left + 48,
      pause.y + 4, anchor: "start", to: &writer)
  }

  private func append(_ arrow: Arrow, to writer: inout HTMLWriter) {
    let step = arrow.entry.step
    writer.markup("<g><title>")
    writer.text("#\(step.number): \(step.sentence)")
    writer.markup("</title>")
    text(
      Words.duration(step.time), "soft", Self.left - 8, arrow.y + 4, anchor: "end", to: &writer)
    let label = "#\(step.number) \(step.shortLabel)"
    guard arrow.from != arrow.to else {
      writer.markup("<circle class=\"t ")
      writer.markup(step.phase.drawnClass)
      writer.markup("\" r=\"4\" cx=\"")
      writer.length(x(arrow.from))
      writer.markup("\" cy=\"")
      writer.length(arrow.y)
      writer.markup("\"/>")
      text(label, "", x(arrow.from) + 8, arrow.y - 5, anchor: "start", to: &writer)
      return writer.markup("</g>\n")
    }
    line(arrow, to: &writer)
    text(label, "", (x(arrow.from) + x(arrow.to)) / 2, arrow.y - 5, to: &writer)
    writer.markup("</g>\n")
  }

  private func line(_ arrow: Arrow, to writer: inout HTMLWriter) {
    let isRight = arrow.from < arrow.to
    let end = x(arrow.to) + (isRight ? -1 : 1)
    writer.markup("<path class=\"a ")
    writer.markup(arrow.entry.step.phase.drawnClass)
    writer.markup("\" d=\"M")
    writer.length(x(arrow.from))
    writer.markup(" ")
    writer.length(arrow.y)
    writer.markup("H")
    writer.length(end + (isRight ? -8 : 8))
    writer.markup("\"/><path class=\"t ")
    writer.markup(arrow.entry.step.phase.drawnClass)
    writer.markup("\" d=\"M")
    writer.length(end)
    writer.markup(" ")
    writer.length(arrow.y)
    writer.markup(isRight ? "l-10 -5v10z\"/>" : "l10 -5v10z\"/>")
  }
}
