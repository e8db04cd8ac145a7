import FlowAnalysis
import PacketWire

/// What is known of an HTTP/1.x connection.
struct HTTPState: Sendable {
  /// The last request.
  var isHEAD = false
  var isCONNECT = false
  /// Where the requests ended that were not answered yet.
  private var asked: [PacketMark] = []
  private static let maximumAsked = 256
  /// The last request, and the last exchange that a response ended.
  private var lastRequest: Int?
  private var answered: (request: Int?, response: Int?)

  /// A message ended in the packet of `mark`; what it has to do with those before it.
  mutating func note(_ kind: HTTPStartLine.Kind, at mark: PacketMark) -> MessageFacts {
    switch kind {
    case .request:
      if asked.count < Self.maximumAsked { asked.append(mark) }
      defer { lastRequest = mark.number }
      return MessageFacts(previousRequest: lastRequest)
    case .status(let code):
      guard code / 100 != 1 || code == 101 else { return MessageFacts() }
      var facts = MessageFacts(
        previousRequest: answered.request, previousResponse: answered.response)
      let request = asked.isEmpty ? nil : asked.removeFirst()
      facts.answers = request.map { ($0.number, mark.time - $0.time) }
      answered = (request?.number, mark.number)
      return facts
    }
  }
  /// The connection began with HTTP, or has a port of it.
  var isAround = false
  /// The packet behind which the connection is something else, and what.
  var switchesAfter: (packet: Int, application: StreamReader.Application)?
}

extension StreamReader {
  /// What is longer without an end is no head.
  private static let longestHead = AnalysisLimits().messageHead

  /// What became of one message.
  private enum Step {
    case next(Int)
    case needs(MessageNeed)
    case stop
  }

  /// Finds messages of HTTP/1.x (RFC 9112).
  mutating func findHTTP(
    _ octets: Span<UInt8>, _ piece: Piece, _ output: inout StreamOutput
  ) -> MessageNeed? {
    if StreamStart(octets) == .http2 {
      application = .http2
      return find(octets, piece, &output)
    }
    if let change = http.switchesAfter, piece.packet > change.packet {
      http.switchesAfter = nil
      application = change.application
      return find(octets, piece, &output)
    }
    var offset = 0
    while offset < octets.count {
      // What stands behind the answer in its own segment is the new protocol's already.
      if let change = http.switchesAfter, change.packet == piece.packet {
        switch change.application {
        case .webSocket: return findFrames(octets, from: offset, piece, &output)
        case .http2: return findHTTP2(octets, from: offset, piece, &output)
        default: break
        }
      }
      switch findMessage(octets, offset, piece, &output) {
      case .next(let next): offset = next
      case .needs(let need): return need
      case .stop: return nil
      }
    }
    return nil
  }

  private mutating func findMessage(
    _ octets: Span<UInt8>, _ start: Int, _ piece: Piece, _ output: inout StreamOutput
  ) -> Step {
    let line = octets.httpLine(at: start)
    let wait = Step.needs(MessageNeed(offset: start, amount: .segment))
    // RFC 9112 §2.2: an empty line before a message is skipped.
    if line.content.isEmpty, line.next <= octets.count { return .next(line.next) }
    guard line.next <= octets.count else {
      let beginning = StreamStart(octets.extracting(start..<octets.count))
      let mayBegin = beginning != .unknown && octets.count &- start < Self.longestHead
      return piece.canWait && mayBegin ? wait : .stop
    }
    guard let kind = HTTPStartLine(octets.extracting(line.content))?.kind else { return .stop }
    var head = HTTPBodyFacts()
    var next = line.next
    var isWhole = false
    while next < octets.count {
      let field = octets.httpLine(at: next)
      guard field.next <= octets.count else { break }
      next = field.next
      if field.content.isEmpty {
        isWhole = true
        break
      }
      head.note(octets, field.content)
    }
    let isTooLong = octets.count &- start >= Self.longestHead
    guard isWhole || !piece.canWait || isTooLong else { return wait }
    let body = bodyEnd(octets, start, min(next, octets.count), kind, head, piece)
    switch body {
    case .needs, .stop: return body
    case .next(let end):
      output.add(
        .http, start, min(next, octets.count),
        http.note(kind, at: PacketMark(number: piece.packet, time: piece.time)))
      note(kind, head, piece)
      return .next(end)
    }
  }

  /// Where the body ends behind a head that ends at `start`.
  private mutating func bodyEnd(
    _ octets: Span<UInt8>, _ message: Int, _ start: Int, _ kind: HTTPStartLine.Kind,
    _ head: HTTPBodyFacts, _ piece: Piece
  ) -> Step {
    let available = piece.count &- start
    let kept = start &- message
    if case .status(let status) = kind {
      if http.isCONNECT, status / 100 == 2 { return .next(start) }
      if http.isHEAD || status / 100 == 1 || status == 204 || status == 304 {
        return .next(http.isHEAD ? octets.count : start)
      }
    }
    if let length = head.contentLength, !head.isChunked {
      guard length <= available else {
        let need = MessageNeed(offset: message, amount: .octets(length &- available), kept: kept)
        return piece.canWait ? .needs(need) : .next(piece.count)
      }
      return .next(start &+ length)
    }
    if head.isChunked { return chunksEnd(octets, message, start, piece) }
    guard case .status = kind else { return .next(start) }
    if !head.isKeptAlive, piece.canWait {
      return .needs(MessageNeed(offset: message, amount: .rest, kept: kept))
    }
    return .next(piece.count)
  }

  private mutating func chunksEnd(
    _ octets: Span<UInt8>, _ message: Int, _ start: Int, _ piece: Piece
  ) -> Step {
    let side = piece.isFromLow
    var chunks = HTTPChunks()
    var read = start
    if piece.isContinued, message == 0, let known = self[side].chunks {
      (chunks, read) = (known, self[side].chunksRead)
    }
    guard read <= octets.count else { return .stop }
    let outcome = chunks.consume(octets.extracting(read..<octets.count))
    self[side].chunks = nil
    switch outcome {
    case .ends(let unread): return .next(octets.count &- unread)
    case .broken: return .next(piece.count)
    case .goesOn:
      guard piece.canWait else { return .next(piece.count) }
      (self[side].chunks, self[side].chunksRead) = (chunks, octets.count &- message)
      return .needs(MessageNeed(offset: message, amount: .segment))
    }
  }

  private mutating func note(
    _ kind: HTTPStartLine.Kind, _ head: HTTPBodyFacts, _ piece: Piece
  ) {
    switch kind {
    case .request(let method): (http.isHEAD, http.isCONNECT) = (method == .head, method == .connect)
    case .status(let status):
      if status == 101 {
        switch head.upgrade {
        case .webSocket: http.switchesAfter = (piece.packet, .webSocket)
        case .http2: http.switchesAfter = (piece.packet, .http2)
        case nil: break
        }
      } else if status == 200, http.isCONNECT {
        http.switchesAfter = (piece.packet, .undecided)
      }
    }
  }
}
