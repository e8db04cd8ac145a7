import PacketText
import PacketWire
import PageStory

/// The page from its first octet to its last.
struct ReportPage {
  let report: StoryReport
  let summary: StorySummary

  func append(to writer: inout HTMLWriter) {
    appendHead(to: &writer)
    writer.markup("<body>\n<a class=\"skip\" href=\"#steps\">To the steps</a>\n<header>\n<h1>")
    writer.text(title)
    writer.markup("</h1>\n")
    appendOrigin(to: &writer)
    writer.markup("</header>\n")
    appendContents(to: &writer)
    writer.markup("<main>\n")
    appendBrief(to: &writer)
    BlindSpotBox(summary: summary, report: report).append(to: &writer)
    SequenceDiagram(report).append(to: &writer)
    Waterfall(summary: summary, isStep: report.hasStep).append(to: &writer)
    StepList(report: report).append(to: &writer)
    NumberTables(summary: summary, report: report).append(to: &writer)
    writer.markup("</main>\n<footer><p>Made by sniff-swift from the packets themselves. ")
    writer.markup("This page is one file: it loads nothing and runs nothing.</p></footer>\n")
    writer.markup("</body>\n</html>\n")
  }

  private var title: String {
    summary.pages.first.map { "What happened: \($0.label)" } ?? "What these packets do"
  }

  private func appendHead(to writer: inout HTMLWriter) {
    writer.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    writer.markup("<meta http-equiv=\"Content-Security-Policy\" content=\"")
    ReportStyle.appendPolicy(to: &writer)
    writer.markup("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    writer.markup("<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
    writer.text(title)
    writer.markup("</title>\n<style>")
    writer.markup(ReportStyle.sheet)
    writer.markup("</style>\n</head>\n")
  }

  private func appendOrigin(to writer: inout HTMLWriter) {
    writer.markup("<p class=\"soft\">From ")
    writer.text(report.origin)
    if let begin = report.begin {
      var time = TextBuffer(capacity: 32)
      time.append(dateAndTime: begin, secondsEastOfUTC: 0)
      writer.markup(", first packet at ")
      writer.text(time.string)
    }
    writer.markup(".</p>\n")
  }

  private func appendContents(to writer: inout HTMLWriter) {
    writer.markup("<nav aria-label=\"On this page\"><ul>\n")
    writer.markup("<li><a href=\"#brief\">In brief</a></li>\n")
    if BlindSpotBox(summary: summary, report: report).isNeeded {
      writer.markup("<li><a href=\"#unseen\">What cannot be seen</a></li>\n")
    }
    writer.markup("<li><a href=\"#sequence\">Who sends what to whom</a></li>\n")
    if !summary.timings.isEmpty {
      writer.markup("<li><a href=\"#waterfall\">Where the time went</a></li>\n")
    }
    writer.markup("<li><a href=\"#steps\">Step by step</a></li>\n")
    writer.markup("<li><a href=\"#numbers\">The numbers</a></li>\n</ul></nav>\n")
  }

  private func appendBrief(to writer: inout HTMLWriter) {
    writer.markup("<section aria-labelledby=\"brief\">\n<h2 id=\"brief\">In brief</h2>\n")
    writer.markup("<ol class=\"brief\">\n")
    for sentence in summary.inBrief {
      writer.markup("<li>")
      writer.text(sentence, linking: report.hasStep)
      writer.markup("</li>\n")
    }
    writer.markup("</ol>\n</section>\n")
  }
}

/// The colours and words that are the same in all drawings.
extension StoryPhase {
  /// The class of what is drawn.
  var drawnClass: StaticString {
    switch self {
    case .nameLookup: "name"
    case .handshake: "connect"
    case .encryption: "tls"
    case .request: "request"
    case .transfer: "content"
    case .linkAddress, .teardown, .other: "other"
    }
  }
}

extension RequestTiming.Phase {
  /// The class of its bar.
  var barClass: StaticString {
    switch self {
    case .nameLookup: "f-name"
    case .connect: "f-connect"
    case .tls: "f-tls"
    case .request: "f-request"
    case .wait: "f-wait"
    case .content: "f-content"
    }
  }
}
