import PacketWire

extension HTTPConversation {
  /// Takes a whole head and sets how its body ends.
  mutating func begin(
    _ head: HTTPHead, length: Int, _ kind: Kind, _ mark: PacketMark,
    _ shared: inout StreamShared, _ facts: inout StreamFacts
  ) -> Outcome {
    switch (head.startLine, kind) {
    case (.request(let method, let target), .requests):
      beginRequest(head, method, target, length, mark, &shared, &facts)
      return .goesOn
    case (.status(let status, let reason), .responses):
      return beginResponse(head, status, reason, length, mark, &facts)
    default: return .notHTTP
    }
  }

  private mutating func beginRequest(
    _ head: HTTPHead, _ method: UntrustedText, _ target: UntrustedText, _ length: Int,
    _ mark: PacketMark, _ shared: inout StreamShared, _ facts: inout StreamFacts
  ) {
    shared.exchanges += 1
    let first = current.headStart ?? mark
    let reference = HTTPRequestReference(
      exchange: shared.exchanges, method: method, target: target, first: first, last: mark)
    let framing = head.requestFraming
    let offer = head.webSocketOffer
    facts.note(
      .request(
        HTTPRequest(
          exchange: shared.exchanges, method: method, target: target,
          minorVersion: head.minorVersion, host: head.host, userAgent: head.userAgent,
          referer: head.referer, upgrade: head.upgrade, webSocketPart: offer, headLength: length,
          framing: framing, first: first, requestsBefore: outstanding.count)))
    remember(reference, offer, limit: shared.limits.outstandingRequests)
    let message = Message(request: reference, framing: framing, first: first)
    current.message = framing == .broken ? nil : message
    current.reader.begin(framing)
  }

  private mutating func remember(
    _ reference: HTTPRequestReference, _ offer: OutOfLine<WebSocketOffer>, limit: Int
  ) {
    guard outstanding.count < limit else {
      hasLostCount = true
      return
    }
    outstanding.append(
      Outstanding(
        reference: reference, isHEAD: reference.method.isSameASCII(as: "HEAD"),
        isCONNECT: reference.method.isSameASCII(as: "CONNECT"), offer: offer))
  }

  private mutating func beginResponse(
    _ head: HTTPHead, _ status: UInt16, _ reason: UntrustedText, _ length: Int,
    _ mark: PacketMark, _ facts: inout StreamFacts
  ) -> Outcome {
    let answered = hasLostCount ? nil : outstanding.first
    let framing = head.responseFraming(
      status, toHEAD: answered?.isHEAD == true, toCONNECT: answered?.isCONNECT == true)
    let first = current.headStart ?? mark
    var response = HTTPResponse(
      request: answered?.reference, status: status, reason: reason,
      minorVersion: head.minorVersion, contentType: head.contentType,
      contentEncoding: head.contentEncoding, location: head.location, server: head.server,
      upgrade: head.upgrade, headLength: length, framing: framing, first: first)
    let agreement = head.webSocketAgreement(status, to: answered?.offer.value)
    response.webSocketPart = agreement.map { OutOfLine($0) } ?? OutOfLine()
    facts.note(.response(response))
    current.reader.begin(framing)
    guard !response.isInterim else { return .goesOn }
    if !outstanding.isEmpty { outstanding.removeFirst() }
    if let agreement { return .webSocket(agreement) }
    guard framing != .tunnel else { return status == 101 ? .upgraded : .tunnel }
    let message = Message(request: answered?.reference, framing: framing, first: first)
    current.message = framing == .broken ? nil : message
    return .goesOn
  }
}

extension HTTPHead {
  private var isOfWebSocket: Bool { upgrade?.isSameASCII(as: "websocket") == true }

  /// What a request for a WebSocket offers.
  var webSocketOffer: OutOfLine<WebSocketOffer> {
    guard isOfWebSocket else { return OutOfLine() }
    return OutOfLine(WebSocketOffer(webSocket ?? WebSocketFields()))
  }

  /// What a response agrees to that makes the connection a WebSocket.
  func webSocketAgreement(_ status: UInt16, to offer: WebSocketOffer?) -> WebSocketAgreement? {
    guard status == 101, isOfWebSocket else { return nil }
    return WebSocketAgreement(webSocket, to: offer)
  }

  /// How a request's body ends (RFC 9112 §6.3).
  var requestFraming: HTTPFraming {
    // Rule 4: a request whose last coding is not "chunked" has no reliable end.
    if hasTransferEncoding { return isChunked ? .chunked : .broken }
    return switch contentLength {
    case nil: .none
    case .octets(let octets): octets == 0 ? .none : .length(octets)
    case .invalid: .broken
    }
  }

  /// How a response's body ends (RFC 9112 §6.3), which depends on the request too.
  func responseFraming(_ status: UInt16, toHEAD: Bool, toCONNECT: Bool) -> HTTPFraming {
    if status == 101 || (toCONNECT && (200..<300).contains(status)) { return .tunnel }
    if toHEAD || (100..<200).contains(status) || status == 204 || status == 304 { return .none }
    // Rule 3: Transfer-Encoding overrides Content-Length.
    if hasTransferEncoding { return isChunked ? .chunked : .untilClose }
    return switch contentLength {
    case nil: .untilClose
    case .octets(let octets): octets == 0 ? .none : .length(octets)
    case .invalid: .broken
    }
  }
}
