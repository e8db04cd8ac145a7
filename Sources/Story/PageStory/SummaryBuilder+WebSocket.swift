import FlowAnalysis
import PacketWire

extension SummaryBuilder {
  /// What a list shows of a message, in characters.
  private static let shown = 200

  mutating func open(
    _ agreement: WebSocketAgreement, _ response: HTTPResponse, _ facts: PacketFacts
  ) {
    if !agreement.problems.isEmpty { warn(.webSocketHandshakes, facts.mark.number) }
    guard let flow = facts.flow else { return }
    guard built.webSockets.count < Self.maximumLines else { return built.omitted += 1 }
    var socket = StorySummary.WebSocket(flow: flow, upgrade: facts.mark, agreement: agreement)
    if let request = response.request, let place = placeOfExchange[request.exchange] {
      socket.request = built.exchanges[place].request
    }
    built.webSockets.append(socket)
    webSocketOfFlow[flow] = built.webSockets.count - 1
  }

  /// Counts a frame.
  mutating func note(_ frame: WebSocketFrame, of upgrade: PacketMark, _ facts: PacketFacts) {
    let side = frame.sender == .client ? 0 : 1
    let length = Int64(clamping: frame.header.payloadLength)
    switch frame.content {
    case .message(let message):
      guard message.isWhole else { return }
      let octets = message.octets ?? message.sentOctets
      change(facts) {
        $0.messages[side] += 1
        $0.octets[side] &+= octets
      }
      let isPacked = message.packing == .packed
      let content =
        isPacked
        ? "packed"
        : message.isText
          ? Words.quoted(message.start, Self.shown)
          : Words.octets(message.start, message.start.octets.count)
      list(message.isText ? "text" : "binary", octets, content, frame, facts)
    case .ping(let payload):
      change(facts) { $0.pings += 1 }
      list("ping", length, Words.content(payload, Self.shown), frame, facts)
    case .pong(let payload, let ping):
      var content = Words.content(payload, Self.shown)
      if let ping {
        let time = facts.mark.time - ping.time
        content += " to #\(ping.number)\(Words.after(ping, facts.mark))"
        change(facts) {
          $0.pongs += 1
          $0.shortestPing = min($0.shortestPing ?? time, time)
        }
      }
      list("pong", length, content, frame, facts)
    case .close(let closing):
      if closing.code?.isFailure == true { warn(.webSocketFailures, facts.mark.number) }
      change(facts) {
        if $0.closes.count < 2 { $0.closes.append(facts.mark.number) }
        guard $0.closing == nil else { return }
        ($0.closing, $0.closedBy) = (closing, frame.sender)
      }
      list("close", length, closing.words, frame, facts)
    case .unknown: break
    }
  }

  /// Notes a stream that ended without a close frame.
  mutating func cutOff(_ facts: PacketFacts) {
    warn(.webSocketCutOffs, facts.mark.number)
    change(facts) { $0.isCutOff = true }
  }

  private mutating func change(
    _ facts: PacketFacts, _ change: (inout StorySummary.WebSocket) -> Void
  ) {
    guard let flow = facts.flow, let place = webSocketOfFlow[flow] else { return }
    change(&built.webSockets[place])
  }

  private mutating func list(
    _ kind: String, _ octets: Int64, _ content: String, _ frame: WebSocketFrame,
    _ facts: PacketFacts
  ) {
    guard let flow = facts.flow else { return }
    guard built.messages.count < Self.maximumLines else { return built.omitted += 1 }
    built.messages.append(
      StorySummary.Message(
        flow: flow, mark: facts.mark, isFromClient: frame.sender == .client, kind: kind,
        octets: octets, content: content))
  }
}
