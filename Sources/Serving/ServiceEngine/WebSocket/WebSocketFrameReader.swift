import PacketText
import PacketWire

/// Puts frames and messages together from octets in whatever pieces they come, and sees that the
/// rules are kept (RFC 6455 §5). What breaks one is known at its first octet that does.
struct WebSocketFrameReader: Sendable {
  /// Who sent the frames: a client masks every one, a server none (§5.1).
  enum Sender { case client, server }

  /// What a frame, or the last frame of a message, comes to.
  enum Piece {
    case message(WebSocketMessage)
    case ping([UInt8])
    case pong([UInt8])
    case close(WebSocketClose)
  }

  /// The longest header (§5.2).
  private static let longestHeader = 14

  private let sender: Sender
  private let maximumMessageLength: Int
  /// What has come of a header.
  private var head: [UInt8] = []
  private var frame: Frame?
  /// The message that its frames so far make up.
  private var message: Message?

  private struct Frame {
    let header: WebSocketFrameHeader
    var mask: WebSocketMask
    /// Octets still to come.
    var missing: Int
    /// Of a control frame; the others' goes to the message.
    var payload: [UInt8] = []
  }

  private struct Message {
    let isText: Bool
    var payload: [UInt8] = []
    var checker = UTF8Checker()
  }

  init(from sender: Sender, maximumMessageLength: Int) {
    (self.sender, self.maximumMessageLength) = (sender, maximumMessageLength)
  }

  /// The next piece, if `octets` make it whole; takes away what it has used. Throws what to close the
  /// connection with.
  mutating func next(_ octets: inout ArraySlice<UInt8>) throws(WebSocketClose) -> Piece? {
    while true {
      if frame == nil { try readHeader(&octets) }
      guard var current = frame else { return nil }
      let part = octets.prefix(current.missing)
      octets = octets.dropFirst(part.count)
      current.missing -= part.count
      // Taken out of itself, so that what it holds is not copied.
      frame = nil
      if current.header.opcode.isControl {
        for octet in part { current.payload.append(current.mask.apply(to: octet)) }
      } else {
        try take(part, &current.mask)
      }
      guard current.missing == 0 else {
        frame = current
        return nil
      }
      if let piece = try end(of: current) { return piece }
    }
  }

  private mutating func readHeader(_ octets: inout ArraySlice<UInt8>) throws(WebSocketClose) {
    while frame == nil, let octet = octets.popFirst() {
      head.append(octet)
      if head.count <= 2 { try check(head[0], head.count == 2 ? head[1] : nil) }
      var reader = PacketReader(head.span)
      guard let header = try? WebSocketFrameHeader(parsing: &reader) else {
        precondition(head.count < Self.longestHeader, "a header is read once it is whole")
        continue
      }
      head.removeAll(keepingCapacity: true)
      try begin(header)
    }
  }

  /// The first two octets of a header.
  private func check(_ first: UInt8, _ second: UInt8?) throws(WebSocketClose) {
    let opcode = WebSocketOpcode(rawValue: first & 0xf)
    let isFinal = first & 0x80 != 0
    guard first & 0x70 == 0 else { throw Self.broken("a reserved bit is set") }
    switch opcode {
    case .text, .binary:
      guard message == nil else { throw Self.broken("a message begins inside of another") }
    case .continuation:
      guard message != nil else { throw Self.broken("there is no message to go on with") }
    case .ping, .pong, .close:
      guard isFinal else { throw Self.broken("a control frame is in fragments") }
    default: throw Self.broken("opcode \(opcode.rawValue) is reserved")
    }
    guard let second else { return }
    guard !opcode.isControl || second & 0x7f < 126 else {
      throw Self.broken("a control frame is longer than 125 octets")
    }
    guard (second & 0x80 != 0) == (sender == .client) else {
      throw Self.broken(sender == .client ? "a frame is not masked" : "a frame is masked")
    }
  }

  private mutating func begin(_ header: WebSocketFrameHeader) throws(WebSocketClose) {
    guard header == header.withShortestLength else {
      throw Self.broken("a length is not in its shortest form")
    }
    guard header.payloadLength >> 63 == 0 else {
      throw Self.broken("a length has its first bit set")
    }
    if header.opcode == .text || header.opcode == .binary {
      message = Message(isText: header.opcode == .text)
    }
    let room = maximumMessageLength - (message?.payload.count ?? 0)
    guard header.opcode.isControl || header.payloadLength <= UInt64(max(room, 0)) else {
      throw WebSocketClose(.messageTooBig, "\(maximumMessageLength) octets are the most")
    }
    frame = Frame(
      header: header, mask: WebSocketMask(header.maskingKey),
      missing: Int(clamping: header.payloadLength))
  }

  private mutating func take(
    _ part: ArraySlice<UInt8>, _ mask: inout WebSocketMask
  ) throws(WebSocketClose) {
    guard var current = message else { return }
    message = nil
    defer { message = current }
    for octet in part {
      let octet = mask.apply(to: octet)
      if current.isText, !current.checker.accepts(octet) { throw Self.notText }
      current.payload.append(octet)
    }
  }

  private mutating func end(of frame: Frame) throws(WebSocketClose) -> Piece? {
    switch frame.header.opcode {
    case .ping: return .ping(frame.payload)
    case .pong: return .pong(frame.payload)
    case .close: return .close(try WebSocketClose(payload: frame.payload))
    default:
      guard frame.header.isFinal, let whole = message else { return nil }
      message = nil
      guard whole.isText else { return .message(.binary(whole.payload)) }
      guard whole.checker.isBetweenCharacters else { throw Self.notText }
      return .message(.text(String(decoding: whole.payload, as: UTF8.self)))
    }
  }

  private static let notText = WebSocketClose(.invalidPayload, "a text is no UTF-8")

  private static func broken(_ rule: String) -> WebSocketClose {
    WebSocketClose(.protocolError, rule)
  }
}

extension WebSocketFrameHeader {
  /// As §5.2 wants it written.
  fileprivate var withShortestLength: WebSocketFrameHeader {
    var shortest = WebSocketFrameHeader(
      opcode, payloadLength: payloadLength, maskingKey: maskingKey)
    shortest.first = first
    return shortest
  }
}
