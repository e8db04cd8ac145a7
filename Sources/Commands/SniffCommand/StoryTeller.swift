import FlowAnalysis
import LinuxSystem
import PacketText
import PacketWire
import PageStory
import TerminalText

/// Packets as a story, in text or as events.
struct StoryTeller {
  private var analysis = FlowAnalysis(inflaters: PackedMessages.source)
  private var story = PageStory()
  private var text: StoryText
  private let events: StoryEvents?
  private var report: ReportOutput?
  private var questions: StoryQuestions?
  private let fields: StoryFields?
  private var hasBegun = false

  /// A page is made, which wants all packets even when nobody reads the text any more.
  var makesReport: Bool { report != nil }
  /// What kept the page from being written.
  var failure: SystemError? { report?.failure }

  /// A teller for an output with these settings.
  init(_ settings: TerminalSettings, _ options: SniffOptions) {
    let style = settings.style
    text = StoryText(
      width: min(settings.columns, 140),
      style: StoryStyle(
        open: { style.opening($0.terminalRole) }, close: { style.closing($0.terminalRole) }))
    events = options.printsJSON ? StoryEvents() : nil
    let columns = min(settings.columns, 140)
    questions = options.asksQuestions ? StoryQuestions(columns: columns, style: style) : nil
    fields =
      options.verbose > 0 && !options.printsJSON
      ? StoryFields(columns: columns, style: style) : nil
    report = options.reportFile.map { ReportOutput($0, origin: options.origin) }
  }

  /// Tells one packet, or only remembers it for the steps behind it.
  mutating func tell(
    _ packet: SniffedPacket, _ frame: Frame, _ octets: Span<UInt8>, isShown: Bool,
    into out: inout TextBuffer
  ) {
    let facts = analysis.add(
      frame, octets: octets, number: packet.number, time: packet.time,
      originalLength: packet.originalLength)
    let step = story.tell(facts)
    guard isShown else { return }
    let question = questions?.ask(about: facts)
    report?.add(step, facts, packet, frame, octets)
    if let question { report?.add(question) }
    if let events {
      events.append(step, facts, at: packet.time, to: &out)
      out.newline()
      guard let question else { return }
      StoryQuestions.appendEvent(question, to: &out)
      return out.newline()
    }
    if !hasBegun { text.appendTitles(to: &out) }
    hasBegun = true
    text.append(step, to: &out)
    fields?.append(packet, frame, octets, to: &out)
    if fields != nil { StoryFingerprints(facts).append(to: &out) }
    if let question { questions?.append(question, to: &out) }
  }

  /// Tells what it all came to.
  mutating func finish(into out: inout TextBuffer) {
    let summary = story.finish(analysis.counts)
    report?.finish(summary)
    if let events {
      events.append(summary, to: &out)
      return out.newline()
    }
    text.append(summary, to: &out)
    questions?.appendAnswers(to: &out)
  }
}

extension StoryRole {
  /// The colours of the other tools; `nil` for plain text.
  var terminalRole: TextRole? {
    switch self {
    case .heading: .heading
    case .number: .emphasis
    case .time: .dim
    case .layer(let layer): layer.terminalRole
    case .flow, .reference: .link
    case .bar(let phase): phase.terminalRole
    case .warning: .warning
    case .plain: nil
    }
  }
}

extension OSILayer {
  fileprivate var terminalRole: TextRole? {
    switch rawValue {
    case 1...2: .dim
    case 3: .network
    case 4: .transport
    default: .application
    }
  }
}

extension StoryPhase {
  fileprivate var terminalRole: TextRole? {
    switch self {
    case .linkAddress, .other: .dim
    case .nameLookup: .network
    case .handshake, .teardown: .transport
    case .encryption: .warning
    case .request, .transfer: .application
    }
  }
}

extension TerminalStyle {
  /// What is written before text of one kind.
  fileprivate func opening(_ role: TextRole?) -> String {
    guard let role else { return "" }
    var buffer = TextBuffer(capacity: 0)
    buffer.beginRole(role, self)
    return buffer.string
  }

  /// What is written behind it.
  fileprivate func closing(_ role: TextRole?) -> String {
    guard role != nil else { return "" }
    var buffer = TextBuffer(capacity: 0)
    buffer.endRole(self)
    return buffer.string
  }
}
