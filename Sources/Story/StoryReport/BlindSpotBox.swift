import PageStory

/// The box on what the packets cannot show, and what this page leaves out.
struct BlindSpotBox {
  let summary: StorySummary
  let report: StoryReport

  var isNeeded: Bool {
    !summary.blindSpots.isEmpty || !summary.unanswered.isEmpty || report.omittedSteps > 0
      || report.omittedPackets > 0
  }

  func append(to writer: inout HTMLWriter) {
    guard isNeeded else { return }
    writer.markup("<section class=\"box\" aria-labelledby=\"unseen\">\n")
    writer.markup("<h2 id=\"unseen\">What cannot be seen here, and why</h2>\n<ul>\n")
    for spot in summary.blindSpots {
      writer.markup("<li><strong>")
      writer.text(spot.what, linking: report.hasStep)
      writer.markup("</strong> ")
      writer.text(spot.why, linking: report.hasStep)
      writer.markup("<br>To see it: ")
      writer.text(spot.how)
      writer.markup("</li>\n")
    }
    for sentence in summary.unanswered {
      writer.markup("<li>")
      writer.text(sentence, linking: report.hasStep)
      writer.markup("</li>\n")
    }
    appendOmitted(to: &writer)
    writer.markup("</ul>\n</section>\n")
  }

  private func appendOmitted(to writer: inout HTMLWriter) {
    if report.omittedSteps > 0 {
      writer.markup("<li>This page tells the first ")
      writer.number(report.entries.count)
      writer.markup(" packets and leaves out ")
      writer.number(report.omittedSteps)
      writer.markup(" more; the figures count all of them.</li>\n")
    }
    if report.omittedSteps + report.omittedPackets > 0 {
      writer.markup("<li>The octets of the first ")
      writer.number(report.entries.count - report.omittedPackets)
      writer.markup(" packets are shown, those of ")
      writer.number(report.omittedSteps + report.omittedPackets)
      writer.markup(" more are not.</li>\n")
    }
  }
}
