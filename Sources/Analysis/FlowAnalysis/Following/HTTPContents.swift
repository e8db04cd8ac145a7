import PacketWire

/// Both directions of an HTTP/1.x connection, and the content of its messages: heads, and bodies
/// without the framing of chunks.
public struct HTTPContents: Sendable {
  /// What became known.
  public enum Event: Sendable {
    /// A head; the data are its octets.
    case head(Message)
    /// The data are the next octets of the body.
    case body
    /// So many octets of the body were not captured.
    case missing(Int64)
    /// The message is over: whole, or not.
    case end(isWhole: Bool)
    /// What follows is not HTTP any more: a WebSocket with what was agreed, or something else.
    case switches(WebSocketAgreement?)
  }

  /// What a head says.
  public struct Message: Sendable {
    /// It is a response.
    public var isResponse: Bool
    /// The status of a response.
    public var status: UInt16 = 0
    /// What was asked for; nil where the request is not known.
    public var target: UntrustedText?
    /// Whom it was asked of.
    public var host: UntrustedText?
    /// The media type of the body.
    public var contentType: UntrustedText?
    /// How the body is packed.
    public var contentEncoding: UntrustedText?
  }

  private struct Request: Sendable {
    var target: UntrustedText
    var host: UntrustedText?
    var isHEAD: Bool, isCONNECT: Bool
    var offer: OutOfLine<WebSocketOffer>
  }

  private struct Direction: Sendable {
    var reader = HTTPMessageReader()
    /// A message whose body is read.
    var isInBody = false
    /// The head in progress, from its first octet on.
    var head: [UInt8] = []
  }

  /// The direction whose octets are at hand, and the other one; they change places as needed.
  private var current = Direction()
  private var other = Direction()
  private var currentIsLow = true
  private var requests: [Request] = []
  private var hasLostCount = false
  private var memory: StreamMemory
  private let limits: AnalysisLimits

  /// Nothing was read yet.
  public init(limits: AnalysisLimits = AnalysisLimits()) {
    self.limits = limits
    memory = StreamMemory(limit: limits.heldOctets, limitPerStream: limits.heldOctetsPerStream)
  }

  /// Reads octets of one direction that are next in order.
  ///
  /// - Parameters:
  ///   - octets: the next ones.
  ///   - fromLow: whose they are.
  ///   - body: is told what they are, and those of a head or body.
  /// - Returns: how many were read: fewer when the protocol switches.
  public mutating func consume(
    _ octets: Span<UInt8>, fromLow: Bool, _ body: (Event, Span<UInt8>) -> Void
  ) -> Int {
    turn(toLow: fromLow)
    current.reader.resume(octets)
    var offset = 0
    while offset < octets.count {
      let start = offset
      switch current.reader.step(octets, &offset, headLimit: limits.messageHead, &memory) {
      case .moreHead:
        if current.reader.isInHead {
          current.head += Array(copying: octets.extracting(start..<offset))
        } else {
          current.head = []
        }
      case .head(let head, _):
        current.head += Array(copying: octets.extracting(start..<offset))
        if begin(head, body) { return offset }
      case .body(let count):
        if count > 0 { body(.body, octets.extracting(start..<start + count)) }
      case .end: end(isWhole: true, body)
      case .broken, .noHead: end(isWhole: false, body)
      case .unread: break
      }
    }
    if current.reader.takeEnd() { end(isWhole: true, body) }
    return octets.count
  }

  /// Octets of one direction are missing.
  public mutating func skip(
    _ missing: Int64, fromLow: Bool, _ body: (Event, Span<UInt8>) -> Void
  ) {
    turn(toLow: fromLow)
    let counted = current.reader.skip(missing, &memory)
    if counted > 0, current.isInBody { body(.missing(counted), Span()) }
    if current.reader.takeEnd() || current.reader.isLost { end(isWhole: false, body) }
  }

  /// One direction has ended.
  public mutating func close(fromLow: Bool, _ body: (Event, Span<UInt8>) -> Void) {
    turn(toLow: fromLow)
    end(isWhole: current.reader.isUntilClose, body)
    current.reader.lose(&memory)
  }

  private mutating func turn(toLow isLow: Bool) {
    guard isLow != currentIsLow else { return }
    swap(&current, &other)
    currentIsLow = isLow
  }

  /// Sets how the body ends; true when what follows is not HTTP any more.
  private mutating func begin(
    _ head: HTTPHead, _ body: (Event, Span<UInt8>) -> Void
  ) -> Bool {
    var message = Message(isResponse: false)
    (message.contentType, message.contentEncoding) = (head.contentType, head.contentEncoding)
    let octets = current.head
    (current.head, current.isInBody) = ([], true)
    switch head.startLine {
    case .request(let method, let target):
      (message.target, message.host) = (target, head.host)
      remember(
        Request(
          target: target, host: head.host, isHEAD: method.isSameASCII(as: "HEAD"),
          isCONNECT: method.isSameASCII(as: "CONNECT"), offer: head.webSocketOffer))
      body(.head(message), octets.span)
      current.reader.begin(head.requestFraming)
      return false
    case .status(let status, _):
      let request = hasLostCount ? nil : requests.first
      (message.isResponse, message.status) = (true, status)
      (message.target, message.host) = (request?.target, request?.host)
      let framing = head.responseFraming(
        status, toHEAD: request?.isHEAD == true, toCONNECT: request?.isCONNECT == true)
      body(.head(message), octets.span)
      current.reader.begin(framing)
      let isInterim = (100..<200).contains(status) && status != 101
      if !isInterim, !requests.isEmpty { requests.removeFirst() }
      guard framing == .tunnel else { return false }
      end(isWhole: true, body)
      body(.switches(head.webSocketAgreement(status, to: request?.offer.value)), Span())
      return true
    }
  }

  private mutating func remember(_ request: Request) {
    guard requests.count < limits.outstandingRequests else {
      hasLostCount = true
      return
    }
    requests.append(request)
  }

  private mutating func end(isWhole: Bool, _ body: (Event, Span<UInt8>) -> Void) {
    current.head = []
    guard current.isInBody else { return }
    current.isInBody = false
    body(.end(isWhole: isWhole), Span())
  }
}
