/// The answers that the web server has (RFC 9110 §15).
enum HTTPStatus: Int, Error, Sendable {
  case ok = 200
  case badRequest = 400
  case notFound = 404
  case methodNotAllowed = 405
  case headTooLarge = 431
  case versionNotSupported = 505

  /// What stands behind the number.
  var reason: String {
    switch self {
    case .ok: "OK"
    case .badRequest: "Bad Request"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .headTooLarge: "Request Header Fields Too Large"
    case .versionNotSupported: "HTTP Version Not Supported"
    }
  }
}

/// What a request's head asks for (RFC 9112 §3).
struct HTTPRequest: Hashable, Sendable {
  /// Case counts (RFC 9110 §9.1).
  var method: String
  /// The target's path, without its query.
  var path: String
  /// The connection may carry another request.
  var keepsConnection: Bool
  /// The client knows of chunks and persistent connections.
  var isHTTP11: Bool

  /// Reads a head, from the request line to the empty line. Throws the status to answer with.
  init(head: ArraySlice<UInt8>) throws(HTTPStatus) {
    var lines = head.split(separator: 0x0a, omittingEmptySubsequences: false)[...]
    guard let requestLine = lines.popFirst() else { throw .badRequest }
    let parts = Self.trimmed(requestLine).split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(Self.isTokenOctet) else {
      throw .badRequest
    }
    isHTTP11 = try Self.isHTTP11(parts[2])
    method = String(decoding: parts[0], as: UTF8.self)
    path = try Self.path(parts[1])
    let fields = try HTTPFields(lines)
    // Exactly one, whatever it says: here is one site (RFC 9112 §3.2).
    guard fields.hostCount == 1 || (fields.hostCount == 0 && !isHTTP11) else { throw .badRequest }
    // Bodies are not read, so the connection ends behind one (RFC 9112 §9.3).
    keepsConnection =
      !fields.hasBody && !fields.connection.contains("close")
      && (isHTTP11 || fields.connection.contains("keep-alive"))
  }

  private static func isHTTP11(_ version: ArraySlice<UInt8>) throws(HTTPStatus) -> Bool {
    let text = String(decoding: version, as: UTF8.self)
    guard text.utf8.count == 8, text.hasPrefix("HTTP/"), text.utf8.dropFirst(6).first == 0x2e,
      let major = text.dropFirst(5).first?.wholeNumberValue, let minor = text.last?.wholeNumberValue
    else { throw .badRequest }
    guard major == 1 else { throw .versionNotSupported }
    return minor >= 1
  }

  /// Of the origin form, or of the absolute form that proxies are sent (RFC 9112 §3.2).
  private static func path(_ target: ArraySlice<UInt8>) throws(HTTPStatus) -> String {
    guard !target.isEmpty, target.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw .badRequest
    }
    var text = Substring(decoding: target, as: UTF8.self)
    if text.lowercased().hasPrefix("http://") {
      text = text.dropFirst(7)
      text = text.firstIndex(of: "/").map { text[$0...] } ?? "/"
    }
    guard text.hasPrefix("/") else { throw .badRequest }
    return String(text.prefix { $0 != "?" && $0 != "#" })
  }

  /// Without the carriage return before the line feed, which may lack (RFC 9112 §2.2).
  static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.last == 0x0d ? line.dropLast() : line
  }

  /// May stand in a method or a field name (RFC 9110 §5.6.2).
  static func isTokenOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(octet)
    }
  }
}

/// What the header fields say, as far as it matters here.
private struct HTTPFields {
  static let maximumCount = 100

  private(set) var hostCount = 0
  /// The options of all Connection fields, in lower case.
  private(set) var connection: Set<String> = []
  private(set) var hasBody = false

  init(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(HTTPStatus) {
    guard lines.count <= Self.maximumCount else { throw .headTooLarge }
    for line in lines {
      let line = HTTPRequest.trimmed(line)
      if line.isEmpty { return }
      // A name, a colon without blanks before it, a value without control characters; no folding
      // (RFC 9112 §5.1, §5.2).
      guard let colon = line.firstIndex(of: 0x3a), colon > line.startIndex,
        line[..<colon].allSatisfy(HTTPRequest.isTokenOctet),
        line[colon...].allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 })
      else { throw .badRequest }
      try read(
        String(decoding: line[..<colon], as: UTF8.self).lowercased(),
        String(decoding: line[(colon + 1)...], as: UTF8.self).lowercased())
    }
  }

  private mutating func read(_ name: String, _ value: String) throws(HTTPStatus) {
    let items = value.split(separator: ",").map { $0.split { $0 == " " || $0 == "\t" }.joined() }
    switch name {
    case "host": hostCount += 1
    case "connection": connection.formUnion(items)
    case "transfer-encoding": hasBody = true
    case "content-length":
      guard items.count == 1, items[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw .badRequest
      }
      if items[0].contains(where: { $0 != "0" }) { hasBody = true }
    default: break
    }
  }
}
