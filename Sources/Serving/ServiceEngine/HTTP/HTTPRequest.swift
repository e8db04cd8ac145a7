/// A request (RFC 9112 §3).
public struct HTTPRequest: Hashable, Sendable {
  /// Case counts (RFC 9110 §9.1).
  public var method: String
  /// As it stands in the request line, printable ASCII.
  public var target: String
  /// The target's path.
  public var path: HTTPPath
  /// What stands behind the question mark, still encoded; nil without one.
  public var query: String?
  /// The header fields.
  public var fields: HTTPFields
  /// The client knows of chunks and persistent connections.
  public var isHTTP11: Bool
  /// What came behind the head, whole.
  public var body: [UInt8] = []

  /// The connection may carry another request.
  var keepsConnection: Bool
  /// How the body is delimited.
  let framing: HTTPBodyReader.Framing

  /// Nothing is to be changed by it (RFC 9110 §9.2.1).
  var isGetOrHead: Bool { method == "GET" || method == "HEAD" }

  /// Reads a head, from the request line to the empty line. Throws the status to answer with.
  init(head octets: ArraySlice<UInt8>) throws(HTTPStatus) {
    let head = try HTTPHead(octets)
    guard head.startLine.count == 3, !head.startLine[0].isEmpty,
      head.startLine[0].allSatisfy(\.isHTTPTokenOctet)
    else { throw .badRequest }
    isHTTP11 = try HTTPHead.minorVersion(head.startLine[2]) == 1
    method = String(decoding: head.startLine[0], as: UTF8.self)
    guard !head.startLine[1].isEmpty, head.startLine[1].allSatisfy({ (0x21...0x7e).contains($0) })
    else { throw .badRequest }
    target = String(decoding: head.startLine[1], as: UTF8.self)
    fields = head.fields
    (path, query) = try Self.pathAndQuery(target)
    let hosts = fields.count(of: "host")
    // Exactly one, whatever it says: here is one site (RFC 9112 §3.2).
    guard hosts == 1 || (hosts == 0 && !isHTTP11) else { throw .badRequest }
    let connection = fields.list("connection")
    keepsConnection =
      !connection.contains("close") && (isHTTP11 || connection.contains("keep-alive"))
    framing = try HTTPBodyReader.Framing(fields, isHTTP11: isHTTP11)
  }

  /// Of the origin form, or of the absolute form that proxies are sent (RFC 9112 §3.2).
  private static func pathAndQuery(_ target: String) throws(HTTPStatus) -> (HTTPPath, String?) {
    var text = target[...]
    if text.lowercased().hasPrefix("http://") {
      text = text.dropFirst(7)
      text = text.firstIndex { $0 == "/" || $0 == "?" }.map { text[$0...] } ?? "/"
      if text.hasPrefix("?") { text = "/" + text }
    }
    guard text.hasPrefix("/") else { throw .badRequest }
    text = text.prefix { $0 != "#" }
    let path = text.prefix { $0 != "?" }
    let query = path.endIndex == text.endIndex ? nil : text[path.endIndex...].dropFirst()
    return (try HTTPPath(String(path)), query.map { String($0) })
  }

  /// The value of a parameter of the query, decoded; empty for one without a value.
  public func parameter(_ name: String) -> String? {
    for part in (query ?? "").split(separator: "&") {
      let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pieces.first.map(String.init) == name else { continue }
      return pieces.count < 2
        ? "" : HTTPPath.decoded(pieces[1]).map { String(decoding: $0, as: UTF8.self) }
    }
    return nil
  }

  /// No page of another site has sent it, as far as browsers tell, which alone say where a page is
  /// from (RFC 6454 §7).
  var isFromOwnPage: Bool {
    guard let origin = fields["origin"]?.lowercased() else { return true }
    guard let host = fields["host"]?.lowercased() else { return false }
    return WebURL.parts(of: origin)?.rest == host[...]
  }
}
