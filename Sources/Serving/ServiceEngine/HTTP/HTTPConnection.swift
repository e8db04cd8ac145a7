public import PacketWire

/// HTTP/1.1 over one connection (RFC 9112): requests, pipelined ones too, are answered in order. A
/// request may turn it into a WebSocket.
public struct HTTPConnection: StreamService {
  /// Makes what packs a body by gzip; nil if there is no memory.
  public typealias MakeEncoder = () -> (any ContentEncoder)?

  /// What goes on.
  private enum State {
    /// A head is awaited.
    case idle
    /// The body of a request is coming.
    case reading(HTTPRequest, HTTPBodyReader)
    /// A response is going out.
    case sending(HTTPTransfer, HTTPExchange, endsConnection: Bool)
    /// There is no answer yet.
    case waiting(HTTPRequest, any HTTPWaiter, since: WallInstant)
    /// It is no HTTP any more.
    case webSocket(WebSocketSession)
  }

  /// Nobody waits longer for an answer than this and the patience of the connection.
  private static let longestWait = Nanoseconds.seconds(10)

  private let content: any HTTPContent
  private let id: ConnectionID
  private let gzip: MakeEncoder?
  private let report: (HTTPExchange) -> Void
  private var input: [UInt8] = []
  private var finder = HTTPHeadFinder()
  private var state = State.idle
  /// What is to be sent.
  public private(set) var output: [UInt8] = []
  /// Nothing more is read, and the connection ends once all output is sent.
  public private(set) var isClosing = false

  /// A connection on which some content can be had.
  ///
  /// - Parameters:
  ///   - content: what there is.
  ///   - id: by which the content knows it.
  ///   - gzip: packs texts for those who like that.
  ///   - report: told of each request when it has been answered.
  public init(
    _ content: some HTTPContent, as id: ConnectionID = ConnectionID(rawValue: 0),
    gzip: MakeEncoder? = nil, report: @escaping (HTTPExchange) -> Void = { _ in }
  ) {
    (self.content, self.id, self.gzip, self.report) = (content, id, gzip, report)
  }

  /// Takes octets that have arrived, or goes on after output was sent.
  public mutating func receive(_ octets: ArraySlice<UInt8>, at now: WallInstant) {
    guard !isClosing else { return }
    input += octets
    while !isClosing, output.count < Self.outputLimit, goOn(at: now) {}
  }

  /// More may be read: not while much waits to be sent, and not much while an answer is awaited.
  public var wantsInput: Bool {
    guard !isClosing, output.count < Self.outputLimit else { return false }
    guard case .waiting = state else { return true }
    return input.count < HTTPHead.maximumLength
  }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }

  /// Does one step; false when nothing more can be done now.
  private mutating func goOn(at now: WallInstant) -> Bool {
    switch state {
    case .idle: return readHead(at: now)
    case .reading(let request, let reader): return readBody(request, reader, at: now)
    case .sending(let transfer, let exchange, let endsConnection):
      // Taken out of the state, so that what it holds is not copied.
      state = .idle
      send(transfer, exchange, endsConnection)
      return true
    case .waiting(let request, let waiter, let start):
      return ask(waiter, request, since: start, isLast: false, at: now)
    case .webSocket(var session):
      state = .idle
      session.receive(input[...], at: now)
      input = []
      output += session.takeOutput()
      isClosing = session.isClosing
      state = .webSocket(session)
      return false
    }
  }

  // MARK: Requests

  private mutating func readHead(at now: WallInstant) -> Bool {
    skipEmptyLines()
    guard let end = finder.end(in: input) else {
      if input.count > HTTPHead.maximumLength { fail(.headTooLarge, at: now) }
      return false
    }
    do throws(HTTPStatus) {
      let request = try HTTPRequest(head: input[..<end])
      let reader = try HTTPBodyReader(request.framing)
      input.removeFirst(end)
      finder = HTTPHeadFinder()
      // Who asks whether he may send the body may, for it is short (RFC 9110 §10.1.1).
      if !reader.isDone, input.isEmpty, request.isHTTP11,
        request.fields.list("expect").contains("100-continue")
      {
        output += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      }
      state = .reading(request, reader)
    } catch {
      fail(error, at: now)
    }
    return true
  }

  /// A client may send an empty line between requests (RFC 9112 §2.2).
  private mutating func skipEmptyLines() {
    let isLineEnd: (UInt8) -> Bool = { $0 == 0x0d || $0 == 0x0a }
    guard let first = input.first, isLineEnd(first) else { return }
    input.removeFirst(input.prefix(while: isLineEnd).count)
    finder = HTTPHeadFinder()
  }

  private mutating func readBody(
    _ request: HTTPRequest, _ reader: HTTPBodyReader, at now: WallInstant
  ) -> Bool {
    var reader = reader
    do throws(HTTPStatus) {
      var rest = input[...]
      try reader.take(&rest)
      input = Array(rest)
    } catch {
      fail(error, of: request, at: now)
      return false
    }
    guard reader.isDone else {
      state = .reading(request, reader)
      return false
    }
    state = .idle
    var request = request
    request.body = reader.body
    say(content.answer(request, on: id, at: now), to: request, at: now)
    return true
  }

  // MARK: Answers

  private mutating func say(_ answer: HTTPAnswer, to request: HTTPRequest, at now: WallInstant) {
    switch answer {
    case .message(let message): begin(HTTPResponse(message), for: request, at: now)
    case .resource(let resource):
      guard request.isGetOrHead else {
        return say(.status(.methodNotAllowed, [("Allow", "GET, HEAD")]), to: request, at: now)
      }
      begin(HTTPResponse(resource, for: request, gzip: gzip, at: now), for: request, at: now)
    case .later(let waiter):
      state = .waiting(request, waiter, since: now)
    case .webSocket(let service):
      let answer = WebSocketHandshake.answer(to: request)
      guard answer.status == .switchingProtocols else {
        return say(.message(answer), to: request, at: now)
      }
      begin(HTTPResponse(answer), for: request, at: now)
      report(HTTPExchange(request, answer.status, bodyLength: 0, isWhole: true))
      state = .webSocket(WebSocketSession(service, at: now))
    }
  }

  private mutating func begin(
    _ response: HTTPResponse, for request: HTTPRequest?, keeps: Bool = true, at now: WallInstant
  ) {
    let (head, transfer, endsConnection) = response.begin(
      for: request, keepsConnection: keeps && request?.keepsConnection ?? false, at: now)
    output += head
    state = .sending(
      transfer, HTTPExchange(request, response.status, bodyLength: 0, isWhole: true),
      endsConnection: endsConnection)
  }

  private mutating func send(
    _ transfer: HTTPTransfer, _ exchange: HTTPExchange, _ endsConnection: Bool
  ) {
    var transfer = transfer
    let step = transfer.next()
    if case .octets(let octets) = step {
      output += octets
      state = .sending(transfer, exchange, endsConnection: endsConnection)
      return
    }
    var exchange = exchange
    exchange.bodyLength = transfer.length
    if case .broken = step {
      // The client sees by the missing rest that it is not whole (RFC 9112 §8).
      exchange.isWhole = false
      isClosing = true
    } else if endsConnection {
      isClosing = true
    }
    report(exchange)
  }

  /// What follows a request that cannot be read is not known to be one.
  private mutating func fail(
    _ status: HTTPStatus, of request: HTTPRequest? = nil, at now: WallInstant
  ) {
    input = []
    begin(HTTPResponse(HTTPMessage(status)), for: request, keeps: false, at: now)
    while case .sending(let transfer, let exchange, let endsConnection) = state, !isClosing {
      send(transfer, exchange, endsConnection)
    }
  }

  // MARK: Waiting

  private mutating func ask(
    _ waiter: any HTTPWaiter, _ request: HTTPRequest, since start: WallInstant, isLast: Bool,
    at now: WallInstant
  ) -> Bool {
    var waiter = waiter
    guard let answer = waiter.answer(at: now, isLast: isLast) else {
      state = .waiting(request, waiter, since: start)
      return false
    }
    waiter.ended()
    state = .idle
    say(answer, to: request, at: now)
    return true
  }

  /// For so long it may send nothing.
  public var patience: Nanoseconds {
    if case .webSocket = state { WebSocketSession.patience } else { .seconds(15) }
  }

  /// Who waits is told that there is nothing; a WebSocket is asked whether it is alive; a client that
  /// says nothing, or never ends what it says, goes.
  public mutating func timeIsUp(at now: WallInstant) -> Bool {
    switch state {
    case .waiting(let request, let waiter, let start):
      // It may have begun to wait just now.
      if now - start >= Self.longestWait || now < start {
        _ = ask(waiter, request, since: start, isLast: true, at: now)
        receive([], at: now)
      }
      return true
    case .webSocket(var session):
      guard session.isAlive(at: now) else { return false }
      output += session.takeOutput()
      state = .webSocket(session)
      return true
    case .idle, .reading, .sending: return false
    }
  }

  /// The connection is gone.
  public mutating func ended() {
    switch state {
    case .waiting(_, var waiter, _): waiter.ended()
    case .webSocket(var session): session.ended()
    case .sending(let transfer, var exchange, _):
      (exchange.bodyLength, exchange.isWhole) = (transfer.length, false)
      report(exchange)
    case .idle, .reading: break
    }
    state = .idle
  }
}

extension HTTPExchange {
  init(_ request: HTTPRequest?, _ status: HTTPStatus, bodyLength: Int, isWhole: Bool) {
    self.init(
      method: request?.method ?? "", target: request?.target ?? "", status: status,
      bodyLength: bodyLength, isWhole: isWhole)
  }
}
