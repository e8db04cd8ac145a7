import EventJSON
import FlowAnalysis
import PacketWire
import PageStory

extension StoryEvents {
  /// What a segment is to a WebSocket, if it is anything.
  static func fill(_ event: inout JSONObject, webSocketOf stream: StreamFacts, at mark: PacketMark)
  {
    let agreement = stream.events.lazy.compactMap { event -> WebSocketAgreement? in
      if case .response(let response) = event { response.webSocket } else { nil }
    }.first
    let facts = stream.webSocket
    guard agreement != nil || facts != nil else { return }
    event.object("websocket") { object in
      if let agreement { object.object("agreement") { fill(&$0, agreement) } }
      object.field("upgrade_packet", (facts?.upgrade ?? mark).number)
      object.array("frames") { array in
        for frame in facts?.frames ?? [] { array.object { fill(&$0, frame, at: mark) } }
      }
      object.field("omitted_frames", facts?.omittedFrames ?? 0)
      object.field("lost", facts?.isLost ?? false)
      object.field("cut_off", facts?.cutOff.map { $0.sender.word })
    }
  }

  static func fill(_ object: inout JSONObject, _ agreement: WebSocketAgreement) {
    let (accept, expected): (String, String?) =
      switch agreement.accept {
      case .right: ("right", nil)
      case .wrong(let expected): ("wrong", expected)
      case .missing: ("missing", nil)
      case .unchecked: ("unchecked", nil)
      }
    object.field("accept", accept)
    object.field("expected_accept", expected)
    text(&object, "subprotocol", agreement.subprotocol)
    text(&object, "extensions", agreement.extensions)
    if let deflate = agreement.deflate {
      object.object("deflate") { object in
        for (name, sender) in [("client", deflate.client), ("server", deflate.server)] {
          object.field("\(name)_keeps_context", sender.keepsContext)
          object.field("\(name)_window_bits", Int(sender.windowBits))
        }
      }
    } else {
      object.null("deflate")
    }
    object.array("problems") { array in
      for problem in agreement.problems { array.element(problem.words) }
    }
  }

  private static func text(_ object: inout JSONObject, _ name: String, _ text: UntrustedText?) {
    if let text { object.field(name, utf8: text.octets.span) } else { object.null(name) }
  }

  private static func fill(
    _ object: inout JSONObject, _ frame: WebSocketFrame, at mark: PacketMark
  ) {
    object.field("sender", frame.sender.word)
    object.field("opcode", Int(frame.header.opcode.rawValue))
    object.field("fin", frame.header.isFinal)
    object.field("masked", frame.header.maskingKey != nil)
    object.field("reserved_bits", Int(frame.header.reservedBits))
    object.field("length", Int(clamping: frame.header.payloadLength))
    object.field("first_packet", frame.first.number)
    object.field("missing_bytes", Int(clamping: frame.missingOctets))
    switch frame.content {
    case .message(let message): object.object("message") { fill(&$0, message) }
    case .ping(let payload): object.field("payload", hex: payload.octets.span)
    case .pong(let payload, let ping):
      object.field("payload", hex: payload.octets.span)
      object.object("pong") { object in
        object.field("ping_packet", ping?.number)
        object.field("round_trip_ns", ping.map { mark.time - $0.time })
      }
    case .close(let closing): object.object("close") { fill(&$0, closing) }
    case .unknown: break
    }
    object.array("violations") { array in
      for violation in frame.violations { array.element(violation.words) }
    }
  }

  private static func fill(_ object: inout JSONObject, _ message: WebSocketMessage) {
    object.field("number", message.number)
    object.field("type", message.isText ? "text" : "binary")
    object.field("packing", message.packing.word)
    object.field("first_packet", message.first.number)
    object.field("frames", message.frames)
    object.field("whole", message.isWhole)
    object.field("sent_bytes", Int(clamping: message.sentOctets))
    object.field("bytes", message.octets.map { Int(clamping: $0) })
    if message.isText {
      object.field("content", utf8: message.start.octets.span)
    } else {
      object.field("content", hex: message.start.octets.span)
    }
    object.field("content_cut", message.start.isCut)
  }

  private static func fill(_ object: inout JSONObject, _ closing: WebSocketClosing) {
    object.field("code", closing.code.map { Int($0.rawValue) })
    object.field("reason", utf8: closing.reason.octets.span)
    object.field("answered_packet", closing.answers?.number)
  }

  static func fill(_ object: inout JSONObject, _ socket: StorySummary.WebSocket) {
    object.field("flow", "\(socket.flow)")
    object.field("request", socket.request)
    object.field("upgrade_packet", socket.upgrade.number)
    fill(&object, socket.agreement)
    for (side, name) in ["client", "server"].enumerated() {
      object.field("\(name)_messages", socket.messages[side])
      object.field("\(name)_bytes", Int(clamping: socket.octets[side]))
    }
    object.field("pings", socket.pings)
    object.field("pongs", socket.pongs)
    object.field("shortest_ping_ns", socket.shortestPing)
    object.field("closed_by", socket.closedBy?.word)
    if let closing = socket.closing {
      object.field("close_code", closing.code.map { Int($0.rawValue) })
      object.field("close_reason", utf8: closing.reason.octets.span)
    } else {
      object.null("close_code")
      object.null("close_reason")
    }
    object.field("cut_off", socket.isCutOff)
  }
}

extension TCPSide {
  fileprivate var word: String { self == .client ? "client" : "server" }
}

extension WebSocketMessage.Packing {
  fileprivate var word: String {
    switch self {
    case .none: "none"
    case .unpacked: "unpacked"
    case .packed: "packed"
    }
  }
}
