import PacketWire

/// Reads one direction of an HTTP/1.x connection, octets in order, and finds where its messages
/// begin and end (RFC 9112). Bodies are counted, not kept.
struct HTTPMessageReader: Sendable {
  /// What the next octets turned out to be.
  enum Step {
    /// All of them were read, or a line before the head; the head is not whole yet.
    case moreHead
    /// A head is whole; `begin(_:)` must be told how its body ends. `length` is of all of it.
    case head(HTTPHead, length: Int)
    /// So many octets of body.
    case body(Int)
    /// The message is whole.
    case end
    /// They are nobody's: all of them were read.
    case unread
    /// A head is too long, or a chunk's size is none. What follows cannot be told.
    case broken
    /// What should be a head is none.
    case noHead
  }

  private enum State {
    case head, length, chunkSize, chunkData, chunkDataEnd, trailer, ended, untilClose, lost
  }

  private var state = State.head
  /// The start of a head whose rest is in later segments.
  private var buffer: [UInt8] = []
  /// Octets of the line in progress, without line ends.
  private var lineLength = 0
  /// The first line of the head in progress is whole, and is one of HTTP.
  private(set) var hasStartLine = false
  /// Octets of the body, or of the chunk, that are still to come.
  private var remaining: Int64 = 0
  private var hasChunkDigits = false
  private var inChunkExtension = false

  /// The start line alone may not be longer than this.
  private static let maximumStartLine = 16_384
  /// So much of it is told of a head that is not whole.
  private static let keptStartLine = 1_024

  /// Nothing of a message was read yet.
  var isBetweenMessages: Bool { state == .head && buffer.isEmpty }
  /// A head is begun and not whole.
  var isInHead: Bool { state == .head && !buffer.isEmpty }
  /// What is there of the first line of the head in progress; cut where its end is not.
  var startLine: UntrustedText {
    let octets = buffer.span.extracting(first: min(buffer.count, Self.keptStartLine))
    let line = octets.httpLine(at: 0)
    return UntrustedText(
      octets.extracting(line.content), limit: Self.keptStartLine, isCut: line.next > octets.count)
  }
  /// A body ends with the connection.
  var isUntilClose: Bool { state == .untilClose }
  /// It cannot be told what the octets belong to.
  var isLost: Bool { state == .lost }

  /// Reads on at `offset`, which moves by at least one octet or else the state changes.
  mutating func step(
    _ octets: Span<UInt8>, _ offset: inout Int, headLimit: Int, _ memory: inout StreamMemory
  ) -> Step {
    switch state {
    case .head: return readHead(octets, &offset, headLimit, &memory)
    case .length, .chunkData:
      let count = Int(min(remaining, Int64(octets.count - offset)))
      remaining -= Int64(count)
      offset += count
      if remaining == 0 { state = state == .length ? .ended : .chunkDataEnd }
      return .body(count)
    case .chunkSize, .chunkDataEnd, .trailer: return readChunkLine(octets, &offset)
    case .ended:
      state = .head
      return .end
    case .untilClose:
      defer { offset = octets.count }
      return .body(octets.count - offset)
    case .lost:
      offset = octets.count
      return .unread
    }
  }

  /// A whole body with no octet after it ends now, and not when another octet comes.
  mutating func takeEnd() -> Bool {
    guard state == .ended else { return false }
    state = .head
    return true
  }

  /// Sets how the body ends whose head was just read.
  mutating func begin(_ framing: HTTPFraming) {
    switch framing {
    case .none, .length(0): state = .ended
    case .length(let octets): (state, remaining) = (.length, octets)
    case .chunked: beginChunk()
    case .untilClose: state = .untilClose
    case .tunnel, .broken: state = .lost
    }
  }

  /// Jumps over octets that are missing; how many of them were body.
  mutating func skip(_ missing: Int64, _ memory: inout StreamMemory) -> Int64 {
    switch state {
    case .length, .chunkData:
      let isInside = missing < remaining || (missing == remaining && state == .length)
      let counted = min(missing, remaining)
      remaining -= counted
      if !isInside { lose(&memory) } else if remaining == 0 { state = .ended }
      return counted
    case .untilClose: return missing
    default:
      lose(&memory)
      return 0
    }
  }

  /// Gives up until something begins that looks like a head.
  mutating func lose(_ memory: inout StreamMemory) {
    forgetHead(&memory)
    state = .lost
  }

  /// Tries again where a segment begins.
  mutating func resume(_ octets: Span<UInt8>) {
    guard state == .lost else { return }
    switch StreamStart(octets) {
    case .httpRequest, .httpResponse: state = .head
    case .needsMore, .http2, .tlsClient, .tlsServer, .unknown: break
    }
  }

  private mutating func forgetHead(_ memory: inout StreamMemory) {
    memory.used -= buffer.count
    buffer = []
    (lineLength, hasStartLine) = (0, false)
  }

  private mutating func readHead(
    _ octets: Span<UInt8>, _ offset: inout Int, _ limit: Int, _ memory: inout StreamMemory
  ) -> Step {
    let start = offset
    while offset < octets.count {
      let end = octets.firstIndex(of: ASCII.lineFeed, from: offset)
      let line = octets.extracting(offset..<end)
      if !line.isNothing(but: ASCII.carriageReturn) { lineLength += line.count }
      offset = end
      guard end < octets.count else { break }
      offset += 1
      if lineLength == 0, !hasStartLine {
        // RFC 9112 §2.2: an empty line before a request line is skipped.
        forgetHead(&memory)
        return .moreHead
      }
      if lineLength == 0 { return endHead(octets.extracting(start..<offset), &memory) }
      if !hasStartLine, !isStartLine(octets.extracting(start..<offset)) {
        return giveUp(octets, &offset, .noHead, &memory)
      }
      (hasStartLine, lineLength) = (true, 0)
    }
    let isTooLong = buffer.count + offset - start > limit
    if isTooLong || (!hasStartLine && lineLength > Self.maximumStartLine) {
      return giveUp(octets, &offset, hasStartLine ? .broken : .noHead, &memory)
    }
    memory.used += offset - start
    buffer.append(copying: octets.extracting(start..<offset))
    return .moreHead
  }

  private mutating func giveUp(
    _ octets: Span<UInt8>, _ offset: inout Int, _ step: Step, _ memory: inout StreamMemory
  ) -> Step {
    lose(&memory)
    offset = octets.count
    return step
  }

  /// `rest` ends the first line, whose beginning may be in the buffer.
  private func isStartLine(_ rest: Span<UInt8>) -> Bool {
    guard !buffer.isEmpty else { return HTTPHead.hasStartLine(rest) }
    var line = buffer
    line.append(copying: rest)
    return HTTPHead.hasStartLine(line.span)
  }

  private mutating func endHead(_ rest: Span<UInt8>, _ memory: inout StreamMemory) -> Step {
    let head: HTTPHead?
    let length = buffer.count + rest.count
    if buffer.isEmpty {
      head = HTTPHead(rest)
    } else {
      buffer.append(copying: rest)
      memory.used += rest.count
      head = HTTPHead(buffer.span)
    }
    forgetHead(&memory)
    guard let head else {
      state = .lost
      return .noHead
    }
    state = .lost  // until `begin` says how the body ends
    return .head(head, length: length)
  }

  // Chunked bodies (RFC 9112 §7.1).

  private mutating func beginChunk() {
    (state, remaining) = (.chunkSize, 0)
    (hasChunkDigits, inChunkExtension) = (false, false)
  }

  private mutating func readChunkLine(_ octets: Span<UInt8>, _ offset: inout Int) -> Step {
    while offset < octets.count {
      let octet = octets[offset]
      offset += 1
      let isKnown =
        switch state {
        case .chunkSize: readChunkSize(octet)
        case .chunkDataEnd: readChunkDataEnd(octet)
        default: readTrailer(octet)
        }
      guard isKnown else {
        (state, offset) = (.lost, octets.count)
        return .broken
      }
      if state == .chunkData || state == .ended { break }
    }
    return .body(0)
  }

  private mutating func readChunkSize(_ octet: UInt8) -> Bool {
    if octet == ASCII.lineFeed {
      guard hasChunkDigits else { return false }
      (state, lineLength) = (remaining > 0 ? .chunkData : .trailer, 0)
      return true
    }
    if let digit = ASCII.hexDigit(octet), !inChunkExtension {
      // Fifteen hex digits are more than any file has.
      guard remaining < 1 << 56 else { return false }
      (remaining, hasChunkDigits) = (remaining << 4 | Int64(digit), true)
      return true
    }
    let endsSize = octet == UInt8(ascii: ";") || octet == ASCII.space || octet == ASCII.tab
    if endsSize, hasChunkDigits { inChunkExtension = true }
    return octet == ASCII.carriageReturn || inChunkExtension
  }

  private mutating func readChunkDataEnd(_ octet: UInt8) -> Bool {
    if octet == ASCII.lineFeed {
      beginChunk()
      return true
    }
    return octet == ASCII.carriageReturn
  }

  private mutating func readTrailer(_ octet: UInt8) -> Bool {
    if octet == ASCII.lineFeed {
      if lineLength == 0 { state = .ended }
      lineLength = 0
    } else if octet != ASCII.carriageReturn {
      lineLength += 1
    }
    return true
  }
}
