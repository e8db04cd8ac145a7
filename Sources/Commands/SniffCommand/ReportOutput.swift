import CommandLineKit
import FlowAnalysis
import LinuxSystem
import PacketWire
import PageStory
import StoryQuiz
import StoryReport

/// The page that tells a story, and the file that it goes to.
struct ReportOutput {
  private let path: String
  private var report: StoryReport
  /// What kept the page from being written.
  private(set) var failure: SystemError?

  /// A page about packets from `origin`.
  init(_ path: String, origin: String) {
    self.path = path
    report = StoryReport(origin: origin)
  }

  /// Where the packets come from, for somebody who has the page alone. Of a file the folders are
  /// nobody else's business.
  static func origin(_ options: SniffOptions, _ command: [String]?) -> String {
    if let path = options.readFile ?? options.capture.fileList {
      return path.split(separator: "/").last.map { String($0) } ?? path
    }
    if let command { return command.joined(separator: " ") }
    let interfaces = options.interfaces.joined(separator: ", ")
    return interfaces.isEmpty ? "a live capture" : interfaces
  }

  /// Refuses names that cannot be meant.
  static func check(_ options: SniffOptions) throws(UsageError) {
    guard let path = options.reportFile else { return }
    if path == "-" || path.isEmpty {
      throw UsageError("--report needs a file's name: the story itself is on standard output")
    }
    if options.fields != nil { throw UsageError("--fields and --report exclude each other") }
    for (option, other) in [("-r", options.readFile), ("-w", options.writeFile)]
    where other == path {
      throw UsageError("--report and \(option) name the same file")
    }
  }

  /// Adds one packet and what the story says of it.
  mutating func add(
    _ step: StoryStep, _ facts: PacketFacts, _ packet: SniffedPacket, _ frame: Frame,
    _ octets: Span<UInt8>
  ) {
    report.add(
      step, facts, octets: octets, linkType: packet.linkType,
      originalLength: packet.originalLength, isLeaving: frame.isLeaving)
  }

  /// Adds a question about the packet added last.
  mutating func add(_ question: StoryQuiz.Question) {
    report.ask(question.text, answer: question.answer)
  }

  /// Writes the page.
  mutating func finish(_ summary: StorySummary) {
    let page = report.page(summary)
    do throws(SystemError) {
      try replaceFile(path, with: page.span)
    } catch {
      failure = error
    }
  }
}

extension Frame {
  /// It was seen on its way out of the capturing host, as far as its link header tells.
  var isLeaving: Bool {
    switch link {
    case .linuxSLL(let header): header.packetType == .outgoing
    case .linuxSLL2(let header): header.packetType == .outgoing
    default: false
    }
  }
}
