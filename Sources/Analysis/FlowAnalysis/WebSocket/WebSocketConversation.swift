import PacketWire

/// Both directions of a WebSocket (RFC 6455 §5): pairs pings with pongs and one close with the other.
struct WebSocketConversation: Sendable {
  /// A ping without a pong.
  private struct Ping {
    var payload: UntrustedText
    var mark: PacketMark
  }

  /// Pings of one end that wait for a pong; who sends more does not wait for them.
  private static let maximumPings = 8

  private let upgrade: PacketMark
  private var directions: BothSides<WebSocketDirection>
  private var pings = BothSides<[Ping]>([])
  /// The end of a stream without a close frame was told.
  private var isCutOff = false

  /// - Parameters:
  ///   - agreement: what the server agreed to.
  ///   - client: who asked for it.
  ///   - upgrade: the packet with the answer.
  init(_ agreement: WebSocketAgreement, client: TCPSide, upgrade: PacketMark) {
    self.upgrade = upgrade
    let deflate = agreement.deflate
    directions = BothSides(
      WebSocketDirection(client, isFromClient: true, packing: deflate?.client))
    directions[client.peer] = WebSocketDirection(
      client.peer, isFromClient: false, packing: deflate?.server)
  }

  /// Reads octets that are next in order.
  mutating func consume(
    _ octets: Span<UInt8>, _ side: TCPSide, at mark: PacketMark, _ shared: inout StreamShared,
    into facts: inout StreamFacts
  ) {
    follow(side, mark, &facts) { $0.consume(octets, at: mark, &shared, $1) }
  }

  /// Jumps over `missing` octets of one direction.
  mutating func skip(
    _ missing: Int64, _ side: TCPSide, at mark: PacketMark, _ shared: inout StreamShared,
    into facts: inout StreamFacts
  ) {
    follow(side, mark, &facts) { $0.skip(missing, at: mark, &shared, $1) }
  }

  /// Lets one direction go on by `step`, which tells each frame that becomes whole.
  private mutating func follow(
    _ side: TCPSide, _ mark: PacketMark, _ facts: inout StreamFacts,
    by step: (inout WebSocketDirection, (inout WebSocketFrame) -> Void) -> Void
  ) {
    var found = facts.webSocket ?? WebSocketFacts(upgrade: upgrade)
    var direction = directions[side]
    step(&direction) { pair(&$0, mark, &found) }
    directions[side] = direction
    found.note(direction, of: side)
    facts.webSocket = found
  }

  /// One direction has ended, in order or by a reset. What a peer without all octets has seen cannot
  /// be told.
  mutating func close(_ side: TCPSide, into facts: inout StreamFacts) {
    let direction = directions[side]
    guard direction.close == nil, !direction.isLost, !isCutOff else { return }
    isCutOff = true
    var found = facts.webSocket ?? WebSocketFacts(upgrade: upgrade)
    found.cutOff = WebSocketCutOff(
      sender: side, isInFrame: direction.isInFrame, afterClose: directions[side.peer].close)
    facts.webSocket = found
  }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) {
    directions.client.removeAll(&memory)
    directions.server.removeAll(&memory)
    pings = BothSides([])
  }

  /// Finds what a frame answers.
  private mutating func pair(
    _ frame: inout WebSocketFrame, _ mark: PacketMark, _ facts: inout WebSocketFacts
  ) {
    let side = frame.sender
    switch frame.content {
    case .ping(let payload):
      if pings[side].count >= Self.maximumPings { pings[side].removeFirst() }
      pings[side].append(Ping(payload: payload, mark: mark))
    case .pong(let payload, _):
      // It answers that one and, if several waited, those before it too (§5.5.3).
      guard let place = pings[side.peer].lastIndex(where: { $0.payload == payload }) else { break }
      frame.content = .pong(payload, answers: pings[side.peer][place].mark)
      pings[side.peer].removeFirst(place + 1)
    case .close(var closing):
      closing.answers = directions[side.peer].close
      frame.content = .close(closing)
    case .message, .unknown: break
    }
    facts.note(frame)
  }
}

extension WebSocketFacts {
  /// Notes where a direction stands; the last octets of both can come at once.
  fileprivate mutating func note(_ direction: WebSocketDirection, of side: TCPSide) {
    if part == nil || part?.sender == side { part = direction.part }
    if direction.isLost { isLost = true }
  }
}
