import FlowAnalysis
import PacketWire

extension PageStory {
  /// Tells what a segment is to a WebSocket; nil when there is nothing to tell of it but its end.
  mutating func webSocket(_ web: WebSocketFacts, _ scene: TCPScene) -> Passage? {
    var telling = HTTPTelling()
    frames(web, scene, &telling)
    if web.frames.isEmpty {
      guard !scene.tcp.positions.isEmpty else { return nil }
      telling.tell(.transfer) { part(web, scene, &$0) }
    }
    let untold = telling.untold + web.omittedFrames
    if untold > 0 { telling.sentence.add(" And \(Words.count(untold, "frame")) more.") }
    scene.addRemarks(&telling.sentence)
    telling.sentence.follow(web.upgrade)
    var passage = Passage(.application, "WebSocket", telling.phase, telling.sentence)
    passage.label = telling.label
    return passage
  }

  /// Tells the frames that end in a segment, as many as there is room for.
  mutating func frames(
    _ web: WebSocketFacts, _ scene: TCPScene, _ telling: inout HTTPTelling
  ) {
    if web.frames.contains(where: { !$0.violations.isEmpty }) {
      summary.warn(.webSocketViolations, scene.mark.number)
    }
    for frame in web.frames {
      let told = FrameTelling(frame, scene)
      summary.note(frame, of: web.upgrade, scene.facts)
      let phase: StoryPhase
      if case .close = frame.content {
        phase = .teardown
        remember(scene.facts) {
          if $0.closes.count < 2 { $0.closes.append(scene.mark.number) }
        }
      } else {
        phase = .transfer
      }
      telling.tell(phase, label: told.label) { told.tell(&$0) }
    }
  }

  /// A piece of a frame that does not end here, or of what can no longer be told apart.
  private func part(_ web: WebSocketFacts, _ scene: TCPScene, _ sentence: inout Sentence) {
    let count = Words.count(Int64(scene.tcp.positions.count), "byte")
    guard let part = web.part, !web.isLost else {
      sentence.add("\(count) from \(scene.sender) on the WebSocket of ")
      sentence.add("\(sentence.refer(web.upgrade))")
      guard web.isLost else { return sentence.add(".") }
      sentence.add(", whose frames can no longer be told apart")
      return sentence.add(": bytes before them are missing from the capture.")
    }
    guard let header = part.header else {
      return sentence.add("\(count) from \(scene.sender): the header of a frame begins.")
    }
    let kind = FrameTelling.kind(header.opcode)
    if part.first == scene.mark {
      sentence.add("The beginning of a \(kind) frame from \(scene.sender): \(part.octets) of its ")
      sentence.add("\(header.payloadLength) bytes are here.")
    } else {
      sentence.add("\(count) more of the \(kind) frame that \(sentence.refer(part.first)) began: ")
      sentence.add("\(part.octets) of \(header.payloadLength) so far.")
    }
  }
}

/// What there is to tell of one frame.
struct FrameTelling {
  /// Characters of a message that a sentence has room for.
  private static let room = 60

  private let frame: WebSocketFrame
  private let mark: PacketMark
  private let sender: String
  private let receiver: String

  init(_ frame: WebSocketFrame, _ scene: TCPScene) {
    (self.frame, mark) = (frame, scene.mark)
    let isOwn = frame.sender == scene.tcp.sender
    sender = isOwn ? scene.sender : scene.receiver
    receiver = isOwn ? scene.receiver : scene.sender
  }

  /// A word for what a frame is.
  static func kind(_ opcode: WebSocketOpcode) -> String {
    switch opcode {
    case .continuation: "continuation"
    case .text: "text"
    case .binary: "binary"
    case .close: "close"
    case .ping: "ping"
    case .pong: "pong"
    default: "reserved"
    }
  }

  /// In two words, for a stretch of time.
  var label: String { "WebSocket \(Self.kind(frame.header.opcode))" }

  func tell(_ sentence: inout Sentence) {
    switch frame.content {
    case .message(let message): tell(message, &sentence)
    case .ping(let payload):
      sentence.add("Ping: \(sender) asks whether \(receiver) is still there")
      sentence.add("\(payload.isEmpty ? "" : ", with \(Words.content(payload, Self.room))").")
    case .pong(_, let ping?):
      sentence.add("Pong: \(sender) is there; it answers the ping of \(sentence.refer(ping))")
      sentence.add("\(Words.after(ping, mark)).")
    case .pong(let payload, nil):
      sentence.add("Pong: \(sender) says unasked that it is there")
      sentence.add("\(payload.isEmpty ? "" : ", with \(Words.content(payload, Self.room))").")
    case .close(let closing): tell(closing, &sentence)
    case .unknown:
      sentence.add("Frame: \(sender) sends one with opcode \(frame.header.opcode.rawValue) and ")
      let length = Int64(clamping: frame.header.payloadLength)
      sentence.add("\(Words.count(length, "byte")), which belongs to no message.")
    }
    if frame.first != mark { sentence.add(ifRoom: " It began in \(sentence.refer(frame.first)).") }
    if frame.missingOctets > 0 {
      sentence.add(" Of it \(Words.count(frame.missingOctets, "byte")) are not in this capture.")
    }
    guard let violation = frame.violations.first else { return }
    let more = frame.violations.count - 1
    sentence.add(" But \(violation.words)\(more > 0 ? ", and \(more) more" : "").")
  }

  private func tell(_ message: WebSocketMessage, _ sentence: inout Sentence) {
    sentence.follow(message.first)
    let kind = message.isText ? "Text" : "Binary"
    if message.frames == 1, message.isWhole {
      sentence.add("\(kind): \(sender) \(message.isText ? "says" : "sends") ")
      sentence.add("\(content(message)) (\(size(message))).")
      return
    }
    sentence.add("\(kind) fragment")
    if message.isWhole {
      sentence.add(", the last: with \(sentence.refer(message.first)) it makes ")
      sentence.add("\(content(message)) (\(size(message)), in \(message.frames) fragments).")
    } else if message.frames == 1 {
      sentence.add(": \(sender) begins a message, \(content(message)) (\(size(message))).")
    } else {
      sentence.add(": \(sender) goes on with the message of \(sentence.refer(message.first)), ")
      sentence.add("\(size(message)) so far.")
    }
  }

  private func content(_ message: WebSocketMessage) -> String {
    if message.packing == .packed { return "something packed that cannot be unpacked here" }
    if message.octets == 0 { return "nothing" }
    return message.isText
      ? Words.quoted(message.start, Self.room)
      : Words.octets(message.start, message.start.octets.count)
  }

  private func size(_ message: WebSocketMessage) -> String {
    let sent = Words.count(message.sentOctets, "byte")
    guard message.packing == .unpacked, let octets = message.octets else { return sent }
    return "\(Words.count(octets, "byte")), packed into \(message.sentOctets)"
  }

  private func tell(_ closing: WebSocketClosing, _ sentence: inout Sentence) {
    sentence.add("Close: \(sender) ")
    if let close = closing.answers {
      sentence.add(
        "confirms the close of \(sentence.refer(close))\(Words.after(close, mark)) with ")
    } else {
      sentence.add("ends the WebSocket with ")
    }
    sentence.add("\(closing.words).")
  }
}

extension WebSocketClosing {
  /// Code and reason, in words of ASCII.
  package var words: String {
    guard let code else { return "no code (1005)" }
    let name = code.name.map { " (\($0))" } ?? ""
    return "\(code.rawValue)\(name)" + (reason.isEmpty ? "" : ", \(Words.quoted(reason, 60))")
  }
}

extension WebSocketCutOff {
  /// Says that no close frame came.
  func tell(_ scene: TCPScene, _ sentence: inout Sentence) {
    let victim = sender == scene.tcp.sender ? scene.receiver : scene.sender
    let frame = isInFrame ? ", and a frame cut short" : ""
    sentence.add(
      ifRoom: " No close frame\(frame): to \(victim) this is 1006, an abnormal end.",
      else: " No close frame (1006).")
  }
}

extension Words {
  /// Text in quotes: escaped, cut, and so that it neither looks like a packet's number nor has two
  /// blanks together.
  static func quoted(_ text: UntrustedText, _ limit: Int) -> String {
    var result = ""
    let safe = Array(self.safe(text, limit))
    for (index, character) in safe.enumerated() {
      let next = index + 1 < safe.count ? safe[index + 1] : nil
      let isEdge = index == 0 || next == nil || next == " "
      if character == " ", isEdge {
        result += "\\x20"
      } else {
        result.append(character)
      }
    }
    return "\"\(result)\"" + (text.isCut && text.octets.count < limit ? "..." : "")
  }

  /// The first octets in hexadecimal.
  static func octets(_ octets: UntrustedText, _ count: Int) -> String {
    let shown = octets.octets.prefix(8).map {
      String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
    }
    return shown.joined(separator: " ") + (count > shown.count || octets.isCut ? " ..." : "")
  }

  /// Text if it is text, else octets.
  static func content(_ octets: UntrustedText, _ limit: Int) -> String {
    let isText = octets.octets.allSatisfy { (0x20..<0x7f).contains($0) }
    return isText ? quoted(octets, limit) : self.octets(octets, octets.octets.count)
  }
}
