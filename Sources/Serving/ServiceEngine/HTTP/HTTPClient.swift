/// One request of a client and the response to it (RFC 9112): octets in, events and octets out. It
/// asks for no coding and closes the connection afterwards.
public struct HTTPClient: Sendable {
  /// What has come.
  public enum Event: Hashable, Sendable {
    /// The head, with its lines; hostile.
    case head(status: Int, lines: [String])
    /// A piece of the body.
    case body([UInt8])
    /// The response is whole.
    case end
    /// It is no response, or it broke off.
    case failed(String)
  }

  private enum State {
    case head
    case body(HTTPBodyReader)
    /// The end of the connection ends the body (RFC 9112 §6.3).
    case untilEnd
    case over
  }

  private let method: String
  /// What is to be sent.
  public private(set) var output: [UInt8]
  private var input: [UInt8] = []
  private var finder = HTTPHeadFinder()
  private var state = State.head

  /// Asks `host`, with its port where that is not the usual one, for `target` by GET or HEAD.
  public init(_ method: String = "GET", host: String, target: String) {
    self.method = method
    let head = """
      \(method) \(target) HTTP/1.1\r
      Host: \(host)\r
      User-Agent: lab-swift\r
      Accept: */*\r
      Connection: close\r
      \r\n
      """
    output = Array(head.utf8)
  }

  /// Nothing more will come that counts.
  public var isOver: Bool {
    if case .over = state { true } else { false }
  }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }

  /// Takes octets that have arrived.
  public mutating func receive(_ octets: ArraySlice<UInt8>) -> [Event] {
    input += octets
    var events: [Event] = []
    do throws(HTTPStatus) {
      while case .head = state, let event = try readHead() { events.append(event) }
      try readBody(&events)
    } catch {
      events.append(fail("the server's answer cannot be read"))
    }
    return events
  }

  /// The server has ended its side of the connection.
  public mutating func receiveEnd() -> [Event] {
    switch state {
    case .over: return []
    case .untilEnd:
      state = .over
      return [.end]
    case .head, .body: return [fail("the server's answer has broken off")]
    }
  }

  private mutating func fail(_ reason: String) -> Event {
    state = .over
    return .failed(reason)
  }

  private mutating func readHead() throws(HTTPStatus) -> Event? {
    guard let end = finder.end(in: input) else {
      guard input.count <= HTTPHead.maximumLength else { throw .headTooLarge }
      return nil
    }
    let octets = input[..<end]
    let head = try HTTPHead(octets)
    guard head.startLine.count >= 2, head.startLine[1].count == 3,
      let status = Int(String(decoding: head.startLine[1], as: UTF8.self)), status >= 100
    else { throw .badRequest }
    let minor = try HTTPHead.minorVersion(head.startLine[0])
    let lines = octets.split(separator: 0x0a).map {
      String(decoding: $0.withoutCarriageReturn, as: UTF8.self)
    }
    input.removeFirst(end)
    finder = HTTPHeadFinder()
    // Those of 100 and the like are followed by another one (RFC 9110 §15.2).
    if status >= 200 { state = try body(of: head.fields, status, isHTTP11: minor == 1) }
    return .head(status: status, lines: lines.filter { !$0.isEmpty })
  }

  private func body(
    of fields: HTTPFields, _ status: Int, isHTTP11: Bool
  ) throws(HTTPStatus) -> State {
    if method == "HEAD" || status == 204 || status == 304 {
      return .body(try HTTPBodyReader(.length(0)))
    }
    if fields["content-length"] == nil, fields["transfer-encoding"] == nil { return .untilEnd }
    let framing = try HTTPBodyReader.Framing(fields, isHTTP11: isHTTP11)
    return .body(try HTTPBodyReader(framing, maximumLength: .max))
  }

  private mutating func readBody(_ events: inout [Event]) throws(HTTPStatus) {
    switch state {
    case .untilEnd:
      if !input.isEmpty { events.append(.body(input)) }
      input = []
    case .body(var reader):
      var rest = input[...]
      try reader.take(&rest)
      input = Array(rest)
      let piece = reader.takeBody()
      if !piece.isEmpty { events.append(.body(piece)) }
      state = reader.isDone ? .over : .body(reader)
      if reader.isDone { events.append(.end) }
    case .head, .over: break
    }
  }
}
