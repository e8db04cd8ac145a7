import FlowAnalysis
import PacketText
import PacketWire
import PageStory

/// Every step with its packets' octets behind it.
struct StepList {
  let report: StoryReport

  func append(to writer: inout HTMLWriter) {
    writer.markup("<section aria-labelledby=\"steps\">\n<h2 id=\"steps\">Step by step</h2>\n")
    if report.entries.isEmpty { writer.markup("<p>There was no packet.</p>\n") }
    var headed: Set<String> = []
    var phase: StoryPhase?
    for entry in report.entries {
      if let heading = heading(entry.step, after: phase, &headed) {
        if phase != nil { writer.markup("</ol>\n") }
        writer.markup("<h3>")
        writer.text(heading)
        writer.markup("</h3>\n<ol class=\"steps\">\n")
      }
      phase = entry.step.phase
      append(entry, to: &writer)
    }
    if phase != nil { writer.markup("</ol>\n") }
    writer.markup("</section>\n")
  }

  /// A heading stands where a flow does something for the first time, as in the printed story.
  private func heading(
    _ step: StoryStep, after phase: StoryPhase?, _ headed: inout Set<String>
  ) -> String? {
    let isShared = step.phase == .nameLookup || step.phase == .linkAddress || step.phase == .other
    let flow = isShared ? "" : step.flow.map { ", \($0)" } ?? ""
    let heading = Words.capitalised(step.phase.name) + flow
    let isNew = headed.insert(heading).inserted
    return isNew || (flow.isEmpty && phase != step.phase) ? heading : nil
  }

  private func append(_ entry: StoryReport.Entry, to writer: inout HTMLWriter) {
    let step = entry.step
    writer.markup("<li class=\"step ")
    writer.markup(step.phase.drawnClass)
    writer.markup("\" id=\"p")
    writer.number(step.number)
    writer.markup("\">\n<div class=\"head\">")
    writer.markup("<span class=\"num\">#")
    writer.number(step.number)
    writer.markup("</span><span class=\"time\">")
    var time = TextBuffer(capacity: 16)
    time.append(step.time, in: .milliseconds, decimals: 3)
    writer.text("\(time.string) ms")
    writer.markup("</span><span>")
    writer.text("layer \(step.layer.rawValue), \(step.layer.name): \(step.protocolName)")
    writer.markup("</span><span class=\"soft\">")
    writer.text(Self.way(entry))
    writer.markup("</span></div>\n<p>")
    writer.text(step.sentence, linking: report.hasStep)
    writer.markup("</p>\n")
    appendCauses(step, to: &writer)
    appendQuestion(entry, to: &writer)
    if let packet = entry.packet {
      PacketView(number: step.number, packet: packet).append(to: &writer)
    }
    writer.markup("</li>\n")
  }

  private func appendQuestion(_ entry: StoryReport.Entry, to writer: inout HTMLWriter) {
    guard let question = entry.question else { return }
    writer.markup("<div class=\"box\"><p>Question: ")
    writer.text(question.text, linking: report.hasStep)
    writer.markup("</p>\n<details><summary>The answer</summary><p>")
    writer.text(question.answer, linking: report.hasStep)
    writer.markup("</p></details></div>\n")
  }

  /// The flow, who to whom, and how much.
  private static func way(_ entry: StoryReport.Entry) -> String {
    var parts: [String] = []
    if let flow = entry.step.flow { parts.append("\(flow)") }
    if let source = entry.source, let destination = entry.destination {
      parts.append("\(source) to \(destination)")
    }
    parts.append(Words.count(entry.step.length, "byte"))
    return parts.joined(separator: ", ")
  }

  private func appendCauses(_ step: StoryStep, to writer: inout HTMLWriter) {
    guard !step.because.isEmpty else { return }
    writer.markup("<p class=\"because\">because of ")
    for (index, cause) in step.because.enumerated() {
      if index > 0 { writer.markup(", ") }
      if report.hasStep(cause) { writer.link(toStep: cause) } else { writer.text("#\(cause)") }
    }
    writer.markup("</p>\n")
  }
}
