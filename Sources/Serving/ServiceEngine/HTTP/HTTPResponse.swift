import PacketWire

/// A response (RFC 9112 §4): its head, and what its body is made of.
struct HTTPResponse {
  let status: HTTPStatus
  /// What the body is; its length goes behind them.
  private var contentFields: [(name: String, value: String)] = []
  private var fields: [(name: String, value: String)] = []
  private var parts: [HTTPTransfer.Part] = []
  private var encoder: (any ContentEncoder)?
  /// The length of the body, nil if it is known at its end only.
  private var length: Int?

  init(_ message: HTTPMessage) {
    status = message.status
    if status.hasBody {
      contentFields = [("Content-Type", message.type)]
      parts = [.octets(message.body)]
      length = message.body.count
    }
    fields = message.fields
  }

  /// A resource, as the request wishes it; `gzip` packs it, where that can be done.
  init(
    _ resource: HTTPResource, for request: HTTPRequest, gzip: (() -> (any ContentEncoder)?)?,
    at now: WallInstant
  ) {
    let fields = request.fields
    let isPackable = gzip != nil && resource.isWorthPacking
    // Ranges are of the plain octets, since packed ones are made anew each time.
    let coding =
      isPackable && fields["range"] == nil
      ? HTTPCoding(accepted: fields["accept-encoding"]) : .identity
    let encoder = coding == .gzip ? gzip?() : nil
    let tag = resource.entityTag.map { "\"\($0)\(encoder == nil ? "" : "-gzip")\"" }
    // Nothing was changed in the future (RFC 9110 §8.8.2.1).
    let lastModified = resource.lastModified.map { min($0, now) }
    let conditions = HTTPConditions(entityTag: tag, lastModified: lastModified, now: now)
    var validators: [(name: String, value: String)] = []
    if let date = lastModified { validators.append(("Last-Modified", date.httpDate)) }
    if let tag { validators.append(("ETag", tag)) }
    if isPackable { validators.append(("Vary", "Accept-Encoding")) }
    switch conditions.verdict(on: fields) {
    case .notModified:
      // What a cache needs to know about what it has (RFC 9110 §15.4.5).
      status = .notModified
      self.fields = validators
      return
    case .failed:
      self = HTTPResponse(HTTPMessage(.preconditionFailed))
      return
    case .proceed: break
    }
    let range =
      request.method == "GET" && conditions.allowsRange(fields)
      ? HTTPRange(fields["range"], length: resource.length) : .whole
    switch range {
    case .unsatisfiable:
      self = HTTPResponse(
        HTTPMessage(
          .rangeNotSatisfiable, fields: [("Content-Range", "bytes */\(resource.length)")]))
      return
    case .whole:
      status = .ok
      contentFields = [("Content-Type", resource.type)]
      parts = [.range(resource.body, 0..<resource.length)]
      if encoder != nil { contentFields.append(("Content-Encoding", "gzip")) }
      self.encoder = encoder
    case .parts(let ranges):
      status = .partialContent
      (contentFields, parts) = Self.partial(resource, ranges)
    }
    if encoder == nil, request.parameter("chunked") == nil {
      length = HTTPTransfer.length(of: parts)
    }
    self.fields = validators + [("Accept-Ranges", "bytes")]
  }

  /// One part as it is, several with a head each (RFC 9110 §14.6, §15.3.7).
  private static func partial(
    _ resource: HTTPResource, _ ranges: [Range<Int>]
  ) -> (fields: [(name: String, value: String)], parts: [HTTPTransfer.Part]) {
    func place(_ range: Range<Int>) -> String {
      "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(resource.length)"
    }
    if ranges.count == 1 {
      return (
        [("Content-Type", resource.type), ("Content-Range", place(ranges[0]))],
        [.range(resource.body, ranges[0])]
      )
    }
    // It stands nowhere in the octets, or a client would have to be unlucky twice.
    let boundary =
      "lab-swift-" + (resource.entityTag ?? "part").filter { $0.isLetter || $0.isNumber }
    var parts: [HTTPTransfer.Part] = []
    for range in ranges {
      let head =
        "\r\n--\(boundary)\r\nContent-Type: \(resource.type)\r\n"
        + "Content-Range: \(place(range))\r\n\r\n"
      parts += [.octets(Array(head.utf8)), .range(resource.body, range)]
    }
    parts.append(.octets(Array("\r\n--\(boundary)--\r\n".utf8)))
    return ([("Content-Type", "multipart/byteranges; boundary=\(boundary)")], parts)
  }

  /// The octets of the head, and what sends the body.
  ///
  /// - Returns: `endsConnection` where only the end of the connection tells the end of the body
  ///   (RFC 9112 §6.3).
  func begin(
    for request: HTTPRequest?, keepsConnection: Bool, at now: WallInstant
  ) -> (head: [UInt8], transfer: HTTPTransfer, endsConnection: Bool) {
    var all = [(name: "Date", value: now.httpDate), ("Server", "lab-swift")] + contentFields
    let isHTTP11 = request?.isHTTP11 ?? true
    var isChunked = false
    var endsConnection = !keepsConnection
    if let length {
      all.append(("Content-Length", "\(length)"))
    } else if status.hasBody, isHTTP11 {
      isChunked = true
      all.append(("Transfer-Encoding", "chunked"))
    } else if status.hasBody {
      endsConnection = true
    }
    all += fields
    if status == .switchingProtocols {
      all.append(("Connection", "Upgrade"))
    } else if endsConnection {
      all.append(("Connection", "close"))
    } else if !isHTTP11 {
      all.append(("Connection", "keep-alive"))
    }
    var head = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\n"
    for (name, value) in all { head += "\(name): \(value)\r\n" }
    // The response to HEAD has the head of that to GET and nothing else (RFC 9110 §9.3.2).
    let hasBody = status.hasBody && request?.method != "HEAD"
    return (
      Array((head + "\r\n").utf8),
      hasBody ? HTTPTransfer(parts, encoder: encoder, isChunked: isChunked) : HTTPTransfer([]),
      endsConnection
    )
  }
}
