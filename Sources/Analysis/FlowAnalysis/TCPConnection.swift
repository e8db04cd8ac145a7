import PacketWire

/// One TCP connection: state, sequence spaces and streams of both sides.
struct TCPConnection: Sendable {
  /// The half of the side that sent the segment at hand, and the other one. They change places when
  /// the direction does: reading fields through a subscript by side copied whole halves (Swift 6.3),
  /// which was a third of the time.
  var own = TCPHalf()
  var peer = TCPHalf()
  private var ownSide = TCPSide.client
  var roles: TCPRoles
  /// The client is the low end of the flow's key.
  private(set) var clientIsLow: Bool
  private(set) var handshakePart = OutOfLine<TCPHandshake>()
  /// Both sides sent a SYN before they saw the other's.
  var isSimultaneous = false
  /// Reset, or closed in both directions.
  var isOver = false
  var start: PacketMark?
  var conversation: StreamConversation

  /// A connection whose first segment seen is `header`, from the low end or not.
  init(first header: TCPHeader, sourceIsLow: Bool) {
    let isSYN = header.flags.contains(.syn)
    let isFromClient: Bool
    if isSYN {
      isFromClient = !header.flags.contains(.ack)
      roles = .certain
    } else {
      let (source, destination) = (header.sourcePort, header.destinationPort)
      let isLikely = (source < 1024) != (destination < 1024)
      isFromClient = isLikely ? destination < 1024 : true
      roles = isLikely ? .likely : .unknown
    }
    clientIsLow = isFromClient == sourceIsLow
    conversation = StreamConversation(beginsMidStream: !isSYN)
  }

  /// The three packets that opened the connection.
  var handshake: TCPHandshake? {
    get { handshakePart.value }
    set { handshakePart.value = newValue }
  }

  /// All three packets were seen.
  var hasHandshake: Bool { handshakePart.isThere }

  var client: TCPHalf { ownSide == .client ? own : peer }
  var server: TCPHalf { ownSide == .server ? own : peer }

  /// Makes `side` the one whose half is `own`.
  mutating func turn(to side: TCPSide) {
    guard side != ownSide else { return }
    swap(&own, &peer)
    ownSide = side
  }

  /// Which side a packet comes from.
  func side(sourceIsLow: Bool) -> TCPSide { sourceIsLow == clientIsLow ? .client : .server }

  /// A SYN without ACK that belongs to no connection in progress: the ports are used again.
  func isReplaced(by header: TCPHeader, sourceIsLow: Bool) -> Bool {
    // A SYN that comes a second time, or late, begins nothing.
    let side = side(sourceIsLow: sourceIsLow)
    if let space = side == ownSide ? own.space : peer.space {
      return space.origin != header.sequenceNumber
    }
    return isOver || hasHandshake
  }

  /// Reads a segment with `wireLength` octets of data, of which `octets` were captured, and completes
  /// its `facts`, which the header has begun.
  mutating func add(
    _ header: TCPHeader, _ octets: Span<UInt8>, wireLength: Int,
    _ ends: StreamConversation.Ends, at mark: PacketMark, _ shared: inout StreamShared,
    into facts: inout TCPFacts
  ) {
    let side = ends.side
    turn(to: side)
    if start == nil {
      start = mark
      facts.beginsMidStream = !header.flags.contains(.syn)
    }
    if header.flags.contains(.syn) { facts.opening = open(header, side, mark) }
    if header.flags.contains(.ack) {
      facts.acknowledgment = acknowledge(header, wireLength, mark, &shared, &facts)
    }
    if header.flags.contains(.rst) {
      reset(side, mark, &shared, &facts)
    } else {
      place(header, wireLength, mark, &shared, &facts)
      completeHandshake(header, side, mark, &facts)
      noteWindow(header, &facts)
      readStream(octets, ends, mark, &shared, &facts)
      closeWhenDone(ends, mark, &shared, &facts)
    }
    facts.handshakePart = handshakePart
    facts.application = conversation.application
  }

  /// Calls the sender of a request the client, when a capture that begins in the middle has left
  /// that open; true when the sides were exchanged.
  mutating func settleRoles(_ octets: Span<UInt8>, from side: TCPSide) -> Bool {
    guard roles != .certain, octets.count > 0, conversation.isUnsettled else { return false }
    let isFromClient: Bool
    switch StreamStart(octets) {
    case .httpRequest, .http2, .tlsClient: isFromClient = true
    case .httpResponse, .tlsServer: isFromClient = false
    case .needsMore, .unknown: return false
    }
    roles = .certain
    guard isFromClient == (side == .server) else { return false }
    ownSide = ownSide.peer
    clientIsLow.toggle()
    return true
  }

  /// Forgets what is held.
  mutating func release(_ shared: inout StreamShared) {
    own.removeAll(&shared)
    peer.removeAll(&shared)
    conversation.removeAll(&shared.memory)
  }
}

extension TCPFacts {
  init(_ header: TCPHeader, from side: TCPSide, _ roles: TCPRoles) {
    flags = header.flags
    sequenceNumber = header.sequenceNumber
    acknowledgmentNumber = header.acknowledgmentNumber
    sender = side
    self.roles = roles
    window = TCPWindow(octets: Int(header.window), isExact: false, change: .none)
  }
}
