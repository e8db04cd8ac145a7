import PacketWire

/// Both directions of an HTTP/1.x connection: pairs responses with requests in order (RFC 9112
/// §9.3.2).
struct HTTPConversation: Sendable {
  /// Which kind of messages a direction carries.
  enum Kind: Sendable {
    case requests, responses
  }

  /// A message whose head is whole.
  struct Message: Sendable {
    var request: HTTPRequestReference?
    var framing: HTTPFraming
    var first: PacketMark
    var bodyOctets: Int64 = 0
    var missingOctets: Int64 = 0
  }

  /// One direction.
  struct Direction: Sendable {
    var reader = HTTPMessageReader()
    /// The message whose body is being read.
    var message: Message?
    /// The packet in which the head in progress begins.
    var headStart: PacketMark?
  }

  /// A request without a final response.
  struct Outstanding: Sendable {
    var reference: HTTPRequestReference
    var isHEAD: Bool
    var isCONNECT: Bool
    /// It asks for a WebSocket.
    var offer: OutOfLine<WebSocketOffer>
  }

  /// What becomes of the connection after some octets.
  enum Outcome {
    case goesOn
    /// The octets never were HTTP.
    case notHTTP
    /// A tunnel was opened by CONNECT (RFC 9110 §9.3.6): something else begins.
    case tunnel
    /// It is a WebSocket from here on.
    case webSocket(WebSocketAgreement)
    /// The protocol was switched (RFC 9110 §15.2.2), to something else.
    case upgraded
  }

  /// The direction whose octets are at hand, and the other one; they change places as a connection's
  /// halves do.
  var current = Direction()
  private var other = Direction()
  private var currentKind = Kind.requests
  var outstanding: [Outstanding] = []
  /// More requests than may be remembered: responses can no longer be paired.
  var hasLostCount = false
  /// A whole head was read.
  private var isConfirmed = false

  /// Reads octets that are next in order, up to where they are no longer HTTP.
  mutating func consume(
    _ octets: Span<UInt8>, _ kind: Kind, at mark: PacketMark, _ shared: inout StreamShared,
    into facts: inout StreamFacts
  ) -> (outcome: Outcome, count: Int) {
    turn(to: kind)
    current.reader.resume(octets)
    var part = HTTPPartBuilder()
    var offset = 0
    var outcome = Outcome.goesOn
    while offset < octets.count, case .goesOn = outcome {
      let start = offset
      if current.reader.isBetweenMessages {
        current.headStart = mark
        part = HTTPPartBuilder()
      }
      let step = current.reader.step(
        octets, &offset, headLimit: shared.limits.messageHead, &shared.memory)
      switch step {
      case .moreHead: part.headOctets += offset - start
      case .head(let head, let length):
        part.headOctets += offset - start
        isConfirmed = true
        outcome = begin(head, length: length, kind, mark, &shared, &facts)
        part.isOfCurrent = true
      case .body(let count):
        grow(kind, by: Int64(count), missing: 0, mark)
        part.bodyOctets += Int64(count)
        part.isOfCurrent = true
      case .end: end(kind, mark, &part, &facts)
      case .broken: shared.counts.abandonedStreams += 1
      case .noHead: if !isConfirmed { outcome = .notHTTP }
      case .unread: break
      }
    }
    if current.reader.takeEnd() { end(kind, mark, &part, &facts) }
    if part.isOfCurrent { part.message = current.message }
    describe(&part, kind, into: &facts)
    return (outcome, offset)
  }

  /// A message ends as it should, and is the one of the part at hand.
  private mutating func end(
    _ kind: Kind, _ mark: PacketMark, _ part: inout HTTPPartBuilder, _ facts: inout StreamFacts
  ) {
    if part.isOfCurrent { (part.message, part.isOfCurrent) = (current.message, false) }
    end(kind, .complete, mark, &facts)
  }

  /// Jumps over `missing` octets of one direction.
  mutating func skip(
    _ missing: Int64, _ kind: Kind, at mark: PacketMark, _ memory: inout StreamMemory,
    into facts: inout StreamFacts
  ) {
    turn(to: kind)
    let counted = current.reader.skip(missing, &memory)
    grow(kind, by: counted, missing: counted, mark)
    if current.reader.takeEnd() {
      end(kind, .complete, mark, &facts)
    } else if current.reader.isLost {
      end(kind, .hidden, mark, &facts)
    }
  }

  /// One direction has ended, in order or by a reset.
  mutating func close(
    _ kind: Kind, at mark: PacketMark, byReset: Bool, _ memory: inout StreamMemory,
    into facts: inout StreamFacts
  ) {
    turn(to: kind)
    guard let message = current.message else { return }
    var expected: Int64?
    if case .length(let octets) = message.framing { expected = octets }
    let isEnd = current.reader.isUntilClose && !byReset
    end(kind, isEnd ? .closed : .cutShort(expected: expected), mark, &facts)
    current.reader.lose(&memory)
  }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) {
    current.reader.lose(&memory)
    other.reader.lose(&memory)
    outstanding = []
  }

  private mutating func turn(to kind: Kind) {
    guard kind != currentKind else { return }
    swap(&current, &other)
    currentKind = kind
  }

  private mutating func grow(_ kind: Kind, by count: Int64, missing: Int64, _ mark: PacketMark) {
    current.message?.bodyOctets += count
    current.message?.missingOctets += missing
    guard kind == .requests else { return }
    current.message?.request?.last = mark
    if let last = outstanding.indices.last,
      outstanding[last].reference.exchange == current.message?.request?.exchange
    {
      outstanding[last].reference.last = mark
    }
  }

  private mutating func end(
    _ kind: Kind, _ cause: HTTPMessageEnd.Cause, _ mark: PacketMark, _ facts: inout StreamFacts
  ) {
    guard let message = current.message else { return }
    let ending = HTTPMessageEnd(
      request: message.request, bodyOctets: message.bodyOctets,
      missingOctets: message.missingOctets, first: message.first, cause: cause)
    facts.note(kind == .responses ? .responseEnd(ending) : .requestEnd(ending))
    current.message = nil
  }

  /// Says in which message the octets of a segment end.
  private func describe(
    _ part: inout HTTPPartBuilder, _ kind: Kind, into facts: inout StreamFacts
  ) {
    let message = part.message.take()
    let isInHead = current.reader.isInHead
    let start = current.headStart
    guard let first = isInHead ? start : message?.first else { return }
    var expected: Int64?
    if case .length(let octets) = message?.framing { expected = octets }
    let answered = kind == .responses && isInHead ? outstanding.first?.reference : nil
    facts.part = HTTPPart(
      isResponse: kind == .responses, request: isInHead ? answered : message?.request,
      isRecognised: isConfirmed || current.reader.hasStartLine,
      isInHead: isInHead, startLine: isInHead ? current.reader.startLine : nil,
      headOctets: part.headOctets, bodyOctets: part.bodyOctets,
      bodySoFar: message?.bodyOctets ?? 0, bodyExpected: expected, first: first)
  }
}

/// What one segment added to the message that it ends in.
private struct HTTPPartBuilder {
  var headOctets = 0
  var bodyOctets: Int64 = 0
  /// The message that it ends in; the one in progress, as long as `isOfCurrent` says so.
  var message: HTTPConversation.Message?
  var isOfCurrent = false
}
