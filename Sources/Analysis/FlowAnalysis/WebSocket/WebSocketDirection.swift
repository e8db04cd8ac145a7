import PacketText
import PacketWire

/// One direction of a WebSocket: frames, and the messages that they make up.
struct WebSocketDirection: Sendable {
  /// A frame whose header is whole.
  private struct Frame {
    var header: WebSocketFrameHeader
    var first: PacketMark
    var octets: UInt64 = 0
    var missing: Int64 = 0
    /// Of a control frame.
    var payload: [UInt8] = []
    var violations: [WebSocketViolation]
  }

  /// More of a control frame than there may be is not kept.
  private static let maximumControl = 125

  private let sender: TCPSide
  private let isFromClient: Bool
  private let mayBePacked: Bool
  private var contents = WebSocketContents()
  private var unpacker: MessageUnpacker?
  private var frame: Frame?
  private var message: WebSocketMessageReader?
  private var messages = 0
  /// The packet in which a header in progress begins.
  private var begin: PacketMark?
  /// The packet of the close frame.
  private(set) var close: PacketMark?

  /// - Parameters:
  ///   - sender: whose stream it is.
  ///   - isFromClient: it asked for the WebSocket.
  ///   - packing: how messages may be packed.
  init(_ sender: TCPSide, isFromClient: Bool, packing: PermessageDeflate.Sender?) {
    (self.sender, self.isFromClient) = (sender, isFromClient)
    mayBePacked = packing != nil
    unpacker = packing.map { MessageUnpacker($0) }
  }

  /// Frames can no longer be told apart.
  var isLost: Bool { contents.isLost }
  /// A frame has begun and is not whole.
  var isInFrame: Bool { frame != nil || contents.isInHeader }

  /// What the octets so far end in, if that is a frame.
  var part: WebSocketPart? {
    if let frame {
      return WebSocketPart(
        sender: sender, header: frame.header, first: frame.first, octets: frame.octets)
    }
    guard contents.isInHeader, let begin else { return nil }
    return WebSocketPart(sender: sender, header: nil, first: begin, octets: 0)
  }

  /// Reads octets that are next in order; `body` is told each frame that becomes whole.
  mutating func consume(
    _ octets: Span<UInt8>, at mark: PacketMark, _ shared: inout StreamShared,
    _ body: (inout WebSocketFrame) -> Void
  ) {
    // Taken out, since what it finds goes into its neighbours.
    var contents = self.contents
    contents.consume(octets) { take($0, $1, mark, &shared, body) }
    self.contents = contents
    if contents.isInHeader, begin == nil { begin = mark }
  }

  /// Octets are missing.
  mutating func skip(
    _ missing: Int64, at mark: PacketMark, _ shared: inout StreamShared,
    _ body: (inout WebSocketFrame) -> Void
  ) {
    if frame != nil {
      let counted = min(
        missing, Int64(clamping: frame.map { $0.header.payloadLength - $0.octets } ?? 0))
      frame?.missing += counted
      frame?.octets += UInt64(counted)
      let isControl = frame?.header.opcode.isControl ?? true
      if !isControl { message?.skip(counted, &unpacker) }
    }
    var contents = self.contents
    contents.skip(missing) { take($0, $1, mark, &shared, body) }
    self.contents = contents
    if contents.isLost { (frame, message, begin) = (nil, nil, nil) }
  }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) {
    unpacker?.removeAll(&memory)
    (frame, message) = (nil, nil)
  }

  private mutating func take(
    _ event: WebSocketContents.Event, _ octets: Span<UInt8>, _ mark: PacketMark,
    _ shared: inout StreamShared, _ body: (inout WebSocketFrame) -> Void
  ) {
    switch event {
    case .frame(let header): begin(header, mark, &shared)
    case .payload:
      frame?.octets += UInt64(octets.count)
      guard let opcode = frame?.header.opcode else { return }
      if !opcode.isControl {
        message?.take(octets, &unpacker, &shared)
      } else {
        let room = Self.maximumControl - (frame?.payload.count ?? 0)
        for index in 0..<max(0, min(room, octets.count)) { frame?.payload.append(octets[index]) }
      }
    case .end: end(mark, &shared, body)
    }
  }

  private mutating func begin(
    _ header: WebSocketFrameHeader, _ mark: PacketMark, _ shared: inout StreamShared
  ) {
    var violations = header.violations(isFromClient: isFromClient, mayBePacked: mayBePacked)
    let first = begin ?? mark
    begin = nil
    if close != nil { violations.append(.afterClose) }
    switch header.opcode {
    case .text, .binary:
      if message != nil { violations.append(.messageInsideMessage) }
      messages += 1
      let isPacked = mayBePacked && header.reservedBits & 4 != 0
      message = WebSocketMessageReader(number: messages, header, first: first, isPacked: isPacked)
      if isPacked, unpacker?.begin(&shared) != true { message?.leavePacked() }
    case .continuation:
      if message == nil { violations.append(.nothingToContinue) }
    default: break
    }
    frame = Frame(header: header, first: first, violations: violations)
  }

  private mutating func end(
    _ mark: PacketMark, _ shared: inout StreamShared, _ body: (inout WebSocketFrame) -> Void
  ) {
    guard var frame else { return }
    self.frame = nil
    let content = content(of: &frame, &shared)
    if case .close = content { close = close ?? mark }
    var whole = WebSocketFrame(
      sender: sender, header: frame.header, first: frame.first, missingOctets: frame.missing,
      content: content, violations: frame.violations)
    body(&whole)
  }

  private mutating func content(
    of frame: inout Frame, _ shared: inout StreamShared
  ) -> WebSocketFrame.Content {
    let payload = UntrustedText(frame.payload.span, limit: Self.maximumControl)
    switch frame.header.opcode {
    case .ping: return .ping(payload)
    case .pong: return .pong(payload, answers: nil)
    case .close: return .close(closing(&frame))
    case .text, .binary, .continuation:
      guard message != nil else { return .unknown }
      let isFinal = frame.header.isFinal
      message?.endFrame(isFinal: isFinal, &unpacker, &shared)
      guard let reader = message else { return .unknown }
      if isFinal {
        if reader.isBadText { frame.violations.append(.badText) }
        if reader.isDamaged { frame.violations.append(.badCompression) }
        message = nil
      }
      return .message(reader.message)
    default: return .unknown
    }
  }

  /// Reads a close frame (§5.5.1, §7.4).
  private func closing(_ frame: inout Frame) -> WebSocketClosing {
    let payload = frame.payload
    guard payload.count >= 2 else {
      if payload.count == 1, frame.missing == 0 { frame.violations.append(.badClose) }
      return WebSocketClosing(code: nil, reason: .empty)
    }
    let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    let reason = Array(payload[2...])
    if frame.missing == 0 {
      if !code.isLegalOnTheWire { frame.violations.append(.badCloseCode) }
      if !UTF8Checker.isWellFormed(reason) { frame.violations.append(.badText) }
    }
    return WebSocketClosing(code: code, reason: UntrustedText(reason.span, limit: reason.count))
  }
}
