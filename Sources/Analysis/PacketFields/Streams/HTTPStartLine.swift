import FlowAnalysis
import PacketWire

/// The first line of an HTTP/1.x message (RFC 9112 §3, §4), and where its parts stand.
struct HTTPStartLine {
  enum Method { case head, connect, other }

  enum Kind {
    case request(Method)
    case status(Int)
  }

  var kind: Kind
  /// Its words: method, target, version; or version, status, phrase.
  var words: (Range<Int>, Range<Int>, Range<Int>)

  /// Reads a line without its end; nil when it is none of HTTP.
  init?(_ line: Span<UInt8>) {
    var first = Self.word(line, 0)
    // A second blank is none of a method's, so that an empty word is the target.
    first.next = min(first.next, first.range.upperBound &+ 1)
    let second = Self.word(line, first.next)
    words = (first.range, second.range, second.next..<line.count)
    if line.begins(with: "HTTP/") {
      var status = 0
      for index in second.range.prefix(3) {
        guard (0x30...0x39).contains(line[index]) else { break }
        status = status &* 10 &+ Int(line[index] &- 0x30)
      }
      kind = .status(status)
      return
    }
    let method = line.extracting(first.range)
    // RFC 1945 §5.1: a simple request has no version.
    let isSimple = words.2.isEmpty && !words.1.isEmpty && method.begins(with: "GET")
    guard method.isHTTPMethod, isSimple || Self.hasVersion(line, words.2) else { return nil }
    if line.isSameASCII(as: "head", in: first.range) {
      kind = .request(.head)
    } else if line.isSameASCII(as: "connect", in: first.range) {
      kind = .request(.connect)
    } else {
      kind = .request(.other)
    }
  }

  /// Other protocols have lines of words too (RFC 5321 §4.1.1).
  private static func hasVersion(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for start in range where line[start] == UInt8(ascii: "H") {
      if line.extracting(start..<line.count).begins(with: "HTTP/") { return true }
    }
    return false
  }

  /// The word at `start`, and where the next one begins.
  private static func word(_ line: Span<UInt8>, _ start: Int) -> (range: Range<Int>, next: Int) {
    var end = start
    while end < line.count, line[end] != 0x20 { end &+= 1 }
    var next = end
    while next < line.count, line[next] == 0x20 { next &+= 1 }
    return (start..<end, next)
  }
}

/// What the fields of a head say of the body, and of what follows.
struct HTTPBodyFacts {
  enum Upgrade { case webSocket, http2 }

  var contentLength: Int?
  var isChunked = false
  var isKeptAlive = false
  var upgrade: Upgrade?

  mutating func note(_ octets: Span<UInt8>, _ line: Range<Int>) {
    guard let field = octets.httpField(in: line) else { return }
    let (name, value) = field
    switch name.count {
    case 7 where octets.isSameASCII(as: "upgrade", in: name):
      if octets.isSameASCII(as: "websocket", in: value) { upgrade = .webSocket }
      if octets.isSameASCII(as: "h2c", in: value) { upgrade = .http2 }
    case 10 where octets.isSameASCII(as: "connection", in: name):
      if octets.isSameASCII(as: "keep-alive", in: value) { isKeptAlive = true }
    case 14 where octets.isSameASCII(as: "content-length", in: name):
      if contentLength == nil { contentLength = Self.number(octets.extracting(value)) }
    case 17 where octets.isSameASCII(as: "transfer-encoding", in: name):
      if octets.isSameASCII(as: "chunked", in: value) { isChunked = true }
    default: break
    }
  }

  /// A number of digits, not so large that no body is that long.
  private static func number(_ digits: Span<UInt8>) -> Int? {
    guard digits.count > 0 else { return nil }
    var number = 0
    for index in digits.indices {
      guard (0x30...0x39).contains(digits[index]), number < 1 << 48 else { return nil }
      number = number &* 10 &+ Int(digits[index] &- 0x30)
    }
    return number
  }
}
