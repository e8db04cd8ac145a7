public import PacketText
import PacketWire

/// What a piece of printed story is, so that a terminal can give it a colour.
public enum StoryRole: Hashable, Sendable {
  /// A line above a phase, or a title in the summary.
  case heading
  /// A packet's own number.
  case number
  /// Since the first packet.
  case time
  /// Layer and protocol.
  case layer(OSILayer)
  /// A flow's name and the arrow beside it.
  case flow
  /// The number of another packet in a sentence.
  case reference
  /// A bar of the waterfall.
  case bar(StoryPhase)
  /// Something that went wrong.
  case warning
  /// Anything else.
  case plain
}

/// What is written before and after each piece, such as the codes of a colour.
public struct StoryStyle: Sendable {
  /// What begins a piece; it takes no room on the screen.
  public var open: @Sendable (StoryRole) -> String
  /// What ends a piece; it takes no room on the screen.
  public var close: @Sendable (StoryRole) -> String

  /// Nothing.
  public static let plain = StoryStyle(open: { _ in "" }, close: { _ in "" })

  /// A style from what opens and closes each role.
  public init(
    open: @escaping @Sendable (StoryRole) -> String,
    close: @escaping @Sendable (StoryRole) -> String
  ) {
    (self.open, self.close) = (open, close)
  }
}

/// Prints a story as text of a given width.
///
/// From 100 columns on a step is a row of a table with its sentence beside it; below, the sentence
/// stands under its facts.
public struct StoryText: Sendable {
  /// The facts' columns, with one blank between them.
  private enum Column {
    static let number = 5
    static let time = 11
    static let layer = 8
    static let flow = 7
    static let sum = number + time + layer + flow + 6
  }

  /// In characters.
  public let width: Int
  /// The pieces' colours.
  public let style: StoryStyle
  /// Lines, arrows and bars may be drawn with characters beyond ASCII.
  public let usesUnicode: Bool

  /// The phase under whose heading the last step stood, and those that have had one, by flow.
  private var phase: StoryPhase?
  private var headed: Set<Heading> = []

  private struct Heading: Hashable {
    var phase: StoryPhase
    var flow: String
  }

  /// The most headings that are remembered; then they begin again.
  private static let maximumHeadings = 4_096

  /// A printer for lines of `width` characters, at least 60.
  public init(width: Int, style: StoryStyle = .plain, usesUnicode: Bool = true) {
    self.width = max(width, 60)
    self.style = style
    self.usesUnicode = usesUnicode
  }

  private var isTable: Bool { width >= 100 }

  /// Appends the titles of the columns.
  public func appendTitles(to buffer: inout TextBuffer) {
    guard isTable else { return }
    put("#", .heading, right: Column.number, &buffer)
    put("time ms", .heading, right: Column.time + 1, &buffer)
    buffer.append("  ")
    put("layer", .heading, left: Column.layer, &buffer)
    buffer.append(" ")
    put("flow", .heading, left: Column.flow + 3, &buffer)
    put("what it does", .heading, left: 0, &buffer)
    buffer.newline()
  }

  /// Appends one step, under a heading when a new phase begins.
  public mutating func append(_ step: StoryStep, to buffer: inout TextBuffer) {
    appendHeading(step, &buffer)
    put("#\(step.number)", .number, right: Column.number + 1, &buffer)
    let time = milliseconds(step)
    // Of a long capture the time fills its column, and still does not touch the number.
    if time.utf8.count >= Column.time { buffer.append(" ") }
    put(time, .time, right: Column.time, &buffer)
    buffer.append("  ")
    // The column is as wide as the longest other name.
    let name = step.protocolName == "WebSocket" ? "WS" : step.protocolName
    let layer = "\(step.layer.rawValue) \(name)"
    put(layer, .layer(step.layer), left: Column.layer, &buffer)
    buffer.append(" ")
    put(step.flow.map { "\($0)" } ?? "-", .flow, left: Column.flow, &buffer)
    buffer.append(" ")
    put(arrow(step.direction), .flow, left: 1, &buffer)
    if isTable {
      buffer.append(" ")
      TextWrap.append(
        step.sentence, width: width - Column.sum - 1, indent: Column.sum + 1, self, &buffer)
    } else {
      buffer.newline()
      buffer.append("       ")
      TextWrap.append(step.sentence, width: width - 7, indent: 7, self, &buffer)
    }
  }

  private func milliseconds(_ step: StoryStep) -> String {
    var number = TextBuffer(capacity: 16)
    number.append(step.time, in: .milliseconds, decimals: 3)
    return number.string + (isTable ? "" : " ms")
  }

  private func arrow(_ direction: StoryStep.Direction) -> String {
    switch direction {
    case .forward: usesUnicode ? "→" : ">"
    case .backward: usesUnicode ? "←" : "<"
    case .none: " "
    }
  }

  /// A heading stands where a flow does something for the first time that the step before did not.
  private mutating func appendHeading(_ step: StoryStep, _ buffer: inout TextBuffer) {
    defer { phase = step.phase }
    // Look-ups have a flow each and belong together.
    let isLookup = step.phase == .nameLookup || step.phase == .linkAddress
    let flow = isLookup || step.phase == .other ? "" : step.flow.map { "\($0)" } ?? ""
    let isNew = headed.insert(Heading(phase: step.phase, flow: flow)).inserted
    if headed.count > Self.maximumHeadings { headed = [] }
    guard isNew || (flow.isEmpty && phase != step.phase) else { return }
    appendRule(step.phase.name.capitalisedFirst + (flow.isEmpty ? "" : ", \(flow)"), &buffer)
  }

  /// Appends a title with a line to the right edge.
  func appendRule(_ title: String, _ buffer: inout TextBuffer) {
    let dash = usesUnicode ? "─" : "-"
    let line = String(repeating: dash, count: max(2, width - title.utf8.count - 4))
    put("\(dash)\(dash) \(title) \(line)", .heading, left: 0, &buffer)
    buffer.newline()
  }

  /// Appends `text`, which is of our own making, in its role and flush left in `left` characters.
  func put(_ text: String, _ role: StoryRole, left: Int, _ buffer: inout TextBuffer) {
    put(text, role, &buffer)
    buffer.append(repeating: 0x20, count: left - text.count)
  }

  /// Appends `text`, which is of our own making, in its role and flush right in `right` characters.
  func put(_ text: String, _ role: StoryRole, right: Int, _ buffer: inout TextBuffer) {
    buffer.append(repeating: 0x20, count: right - text.count)
    put(text, role, &buffer)
  }

  func put(_ text: String, _ role: StoryRole, _ buffer: inout TextBuffer) {
    buffer.append(style.open(role))
    buffer.append(text)
    buffer.append(style.close(role))
  }
}

/// Breaks sentences, which are printable ASCII, into lines.
enum TextWrap {
  /// Appends `text` in lines of `width` characters; all but the first are indented.
  static func append(
    _ text: String, width: Int, indent: Int, _ printer: StoryText, _ buffer: inout TextBuffer
  ) {
    let width = max(width, 20)
    var used = 0
    for word in text.utf8.split(separator: 0x20) {
      var rest = word
      if used > 0, used + 1 + rest.count > width {
        newline(indent, &buffer)
        used = 0
      }
      if used > 0 {
        buffer.append(" ")
        used += 1
      }
      // A word that fits no line is cut.
      while rest.count > width {
        append(rest.prefix(width), printer, &buffer)
        rest = rest.dropFirst(width)
        newline(indent, &buffer)
      }
      append(rest, printer, &buffer)
      used += rest.count
    }
    buffer.newline()
  }

  private static func newline(_ indent: Int, _ buffer: inout TextBuffer) {
    buffer.newline()
    buffer.append(repeating: 0x20, count: indent)
  }

  /// Appends a word; a packet's number within it stands out.
  private static func append(
    _ word: Substring.UTF8View, _ printer: StoryText, _ buffer: inout TextBuffer
  ) {
    guard let sign = word.firstIndex(of: 0x23) else { return buffer.append(word.span) }
    let digits = word[word.index(after: sign)...].prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else { return buffer.append(word.span) }
    buffer.append(word[..<sign].span)
    printer.put(String(Substring(word[sign..<digits.endIndex])), .reference, &buffer)
    buffer.append(word[digits.endIndex...].span)
  }
}
