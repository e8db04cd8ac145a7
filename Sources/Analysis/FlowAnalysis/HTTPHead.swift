import PacketWire

/// The head of an HTTP/1.x message as it stands on the wire (RFC 9112 §2.1).
struct HTTPHead: Sendable {
  /// What the first line is.
  enum StartLine: Sendable {
    case request(method: UntrustedText, target: UntrustedText)
    case status(UInt16, reason: UntrustedText)
  }

  /// The parts of a start line that are kept.
  private static let maximumText = 8_192
  /// The field values that are kept.
  private static let maximumField = 1_024

  var startLine: StartLine
  var minorVersion: UInt8
  var host: UntrustedText?
  var userAgent: UntrustedText?
  var referer: UntrustedText?
  var upgrade: UntrustedText?
  var contentType: UntrustedText?
  var contentEncoding: UntrustedText?
  var location: UntrustedText?
  var server: UntrustedText?
  /// What there is of a WebSocket's handshake.
  var webSocket: WebSocketFields? {
    get { webSocketPart.value }
    set { webSocketPart.value = newValue }
  }
  private var webSocketPart = OutOfLine<WebSocketFields>()
  /// What the length fields say; nil when there is none.
  var contentLength: ContentLength?
  /// There is a Transfer-Encoding field; `chunked` is its last coding.
  var hasTransferEncoding = false
  var isChunked = false

  enum ContentLength: Equatable, Sendable {
    case octets(Int64)
    /// No number, or several that differ.
    case invalid
  }

  /// Reads a head; nil when its first line is neither a request line nor a status line.
  init?(_ octets: Span<UInt8>) {
    var line = octets.httpLine(at: 0)
    guard let start = Self.startLine(octets.extracting(line.content)) else { return nil }
    (startLine, minorVersion) = start
    while line.next < octets.count {
      line = octets.httpLine(at: line.next)
      noteField(octets.extracting(line.content))
    }
  }

  /// Reads "method SP target SP HTTP/1.x" or "HTTP/1.x SP status SP reason".
  static func startLine(
    _ line: Span<UInt8>
  ) -> (StartLine, minorVersion: UInt8)? {
    switch StartLinePlaces(line) {
    case nil: return nil
    case .status(let status, let reason, let minor):
      let reason = UntrustedText(line.extracting(reason), limit: maximumField)
      return (.status(status, reason: reason), minor)
    case .request(let method, let target, let minor):
      let method = UntrustedText(line.extracting(method), limit: maximumField)
      let target = UntrustedText(line.extracting(target), limit: maximumText)
      return (.request(method: method, target: target), minor)
    }
  }

  /// The first line of `octets` is one of HTTP.
  static func hasStartLine(_ octets: Span<UInt8>) -> Bool {
    StartLinePlaces(octets.extracting(octets.httpLine(at: 0).content)) != nil
  }

  private mutating func noteField(_ line: Span<UInt8>) {
    guard let field = line.httpField(in: line.indices) else { return }
    let name = field.name
    let value = line.extracting(field.value)
    switch name.count {
    case 4: if line.isSameASCII(as: "host", in: name) { Self.keep(value, in: &host) }
    case 6: if line.isSameASCII(as: "server", in: name) { Self.keep(value, in: &server) }
    case 7:
      if line.isSameASCII(as: "upgrade", in: name) { Self.keep(value, in: &upgrade) }
      if line.isSameASCII(as: "referer", in: name) { Self.keep(value, in: &referer) }
    case 8: if line.isSameASCII(as: "location", in: name) { Self.keep(value, in: &location) }
    case 10: if line.isSameASCII(as: "user-agent", in: name) { Self.keep(value, in: &userAgent) }
    case 12:
      if line.isSameASCII(as: "content-type", in: name) { Self.keep(value, in: &contentType) }
    case 14: if line.isSameASCII(as: "content-length", in: name) { noteLength(value) }
    case 16:
      if line.isSameASCII(as: "content-encoding", in: name) {
        Self.keep(value, in: &contentEncoding)
      }
    case 17:
      if line.isSameASCII(as: "transfer-encoding", in: name) { noteTransferEncoding(value) }
      if line.isSameASCII(as: "sec-websocket-key", in: name) { keep(value, in: \.key) }
    case 20: if line.isSameASCII(as: "sec-websocket-accept", in: name) { keep(value, in: \.accept) }
    case 21:
      if line.isSameASCII(as: "sec-websocket-version", in: name) { keep(value, in: \.version) }
    case 22:
      if line.isSameASCII(as: "sec-websocket-protocol", in: name) { join(value, in: \.protocols) }
    case 24:
      if line.isSameASCII(as: "sec-websocket-extensions", in: name) {
        join(value, in: \.extensions)
      }
    default: break
    }
  }

  /// The first field of a name counts.
  private static func keep(_ value: Span<UInt8>, in field: inout UntrustedText?) {
    if field == nil { field = UntrustedText(value, limit: maximumField) }
  }

  /// The same for a WebSocket's handshake.
  private mutating func keep(
    _ value: Span<UInt8>, in field: WritableKeyPath<WebSocketFields, UntrustedText?>
  ) {
    var fields = webSocket ?? WebSocketFields()
    if fields[keyPath: field] == nil {
      fields[keyPath: field] = UntrustedText(value, limit: Self.maximumField)
    }
    webSocket = fields
  }

  /// A list may stand in several fields (RFC 9110 §5.3).
  private mutating func join(
    _ value: Span<UInt8>, in field: WritableKeyPath<WebSocketFields, UntrustedText?>
  ) {
    var fields = webSocket ?? WebSocketFields()
    let before = fields[keyPath: field].map { $0.octets + Array(", ".utf8) } ?? []
    let whole = before + Array(copying: value)
    fields[keyPath: field] = UntrustedText(whole.span, limit: Self.maximumField)
    webSocket = fields
  }

  /// RFC 9112 §6.3, rule 5: the same number repeated, in one field or in several, is that number.
  private mutating func noteLength(_ value: Span<UInt8>) {
    var start = 0
    for index in 0...value.count where index == value.count || value[index] == UInt8(ascii: ",") {
      let length = Self.length(value.extracting(value.trimmed(start..<index)))
      let isFirst = contentLength == nil
      contentLength = isFirst || contentLength == length ? length : .invalid
      start = index + 1
    }
  }

  private static func length(_ digits: Span<UInt8>) -> ContentLength {
    guard (1...18).contains(digits.count) else { return .invalid }
    var value: Int64 = 0
    for index in digits.indices {
      guard ASCII.isDigit(digits[index]) else { return .invalid }
      value = value * 10 + Int64(digits[index] - 0x30)
    }
    return .octets(value)
  }

  /// The last coding of the last field counts (RFC 9112 §6.1).
  private mutating func noteTransferEncoding(_ value: Span<UInt8>) {
    hasTransferEncoding = true
    var start = 0
    for index in value.indices where value[index] == UInt8(ascii: ",") { start = index + 1 }
    isChunked = value.isSameASCII(as: "chunked", in: value.trimmed(start..<value.count))
  }
}

/// Where the parts of a start line stand in it.
private enum StartLinePlaces {
  case request(method: Range<Int>, target: Range<Int>, minorVersion: UInt8)
  case status(UInt16, reason: Range<Int>, minorVersion: UInt8)

  init?(_ line: Span<UInt8>) {
    guard let found = Self.status(line) ?? Self.request(line) else { return nil }
    self = found
  }

  private static func status(_ line: Span<UInt8>) -> Self? {
    guard let minor = version(line, at: 0), line.count >= 12, line[8] == ASCII.space else {
      return nil
    }
    var status: UInt16 = 0
    for index in 9..<12 {
      guard ASCII.isDigit(line[index]) else { return nil }
      status = status * 10 + UInt16(line[index] - 0x30)
    }
    guard line.count == 12 || line[12] == ASCII.space else { return nil }
    return .status(status, reason: min(13, line.count)..<line.count, minorVersion: minor)
  }

  private static func request(_ line: Span<UInt8>) -> Self? {
    guard version(line, at: 0) == nil, line.count > 9,
      let minor = version(line, at: line.count - 8), line[line.count - 9] == ASCII.space
    else { return nil }
    var space = 0
    while space < line.count, line[space] != ASCII.space { space += 1 }
    guard line.extracting(0..<space).isHTTPMethod, space + 1 < line.count - 9 else { return nil }
    return .request(method: 0..<space, target: space + 1..<line.count - 9, minorVersion: minor)
  }

  /// The minor version of "HTTP/1.x" at `offset`.
  private static func version(_ line: Span<UInt8>, at offset: Int) -> UInt8? {
    guard line.count >= offset + 8, line.holds("HTTP/1.", at: offset),
      ASCII.isDigit(line[offset + 7])
    else { return nil }
    return line[offset + 7] - 0x30
  }
}
