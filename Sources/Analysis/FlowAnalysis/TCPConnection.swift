import PacketWire

/// One TCP connection: state, sequence spaces and streams of both sides.
struct TCPConnection: Sendable {
  var halves = InlineArray<2, TCPHalf>(repeating: TCPHalf())
  var roles: TCPRoles
  /// The client is the low end of the flow's key.
  private(set) var clientIsLow: Bool
  var handshake: TCPHandshake?
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

  /// Which side a packet comes from.
  func side(sourceIsLow: Bool) -> TCPSide { sourceIsLow == clientIsLow ? .client : .server }

  /// A SYN that belongs to no connection that is in progress: the ports are used again.
  func isReplaced(by header: TCPHeader, sourceIsLow: Bool) -> Bool {
    guard header.flags.contains(.syn), !header.flags.contains(.ack) else { return false }
    // A SYN that comes a second time, or late, begins nothing.
    if let space = halves[side(sourceIsLow: sourceIsLow)].space {
      return space.origin != header.sequenceNumber
    }
    return isOver || handshake != nil
  }

  /// Reads a segment with `wireLength` octets of data, of which `octets` were captured.
  mutating func add(
    _ header: TCPHeader, _ octets: Span<UInt8>, wireLength: Int,
    _ ends: StreamConversation.Ends, at mark: PacketMark, _ shared: inout StreamShared
  ) -> TCPFacts {
    let side = ends.side
    var facts = TCPFacts(header, from: side, roles)
    if start == nil {
      start = mark
      facts.beginsMidStream = !header.flags.contains(.syn)
    }
    if header.flags.contains(.syn) { facts.opening = open(header, side, mark) }
    if header.flags.contains(.ack) {
      facts.acknowledgment = acknowledge(header, wireLength, side, mark, &shared, &facts)
    }
    if header.flags.contains(.rst) {
      reset(side, mark, &shared, &facts)
    } else {
      place(header, wireLength, side, mark, &shared, &facts)
      completeHandshake(header, side, mark, &facts)
      noteWindow(header, side, &facts)
      readStream(octets, ends, mark, &shared, &facts)
      closeWhenDone(ends, mark, &shared, &facts)
    }
    facts.handshake = handshake
    facts.application = conversation.application
    return facts
  }

  /// Calls the sender of a request the client, when a capture that begins in the middle has left
  /// that open; true when the sides were exchanged.
  mutating func settleRoles(_ octets: Span<UInt8>, from side: TCPSide) -> Bool {
    guard roles != .certain, conversation.isUnsettled, octets.count > 0 else { return false }
    let isFromClient: Bool
    switch StreamDetector.verdict(octets) {
    case .httpRequest, .http2: isFromClient = true
    case .httpResponse: isFromClient = false
    case .tls: isFromClient = octets[5] == 1
    case .needsMore, .unknown: return false
    }
    roles = .certain
    guard isFromClient == (side == .server) else { return false }
    halves.swapAt(0, 1)
    clientIsLow.toggle()
    return true
  }

  /// Forgets what is held.
  mutating func release(_ shared: inout StreamShared) {
    for index in halves.indices { halves[index].removeAll(&shared) }
    conversation.removeAll(&shared.memory)
  }
}

extension InlineArray where Element == TCPHalf {
  /// The half of `side`; of two.
  subscript(side: TCPSide) -> TCPHalf {
    @inline(__always) get { self[Int(side.rawValue)] }
    @inline(__always) _modify { yield &self[Int(side.rawValue)] }
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
