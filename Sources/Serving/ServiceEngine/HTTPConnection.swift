public import PacketWire

/// HTTP/1.1 over one connection (RFC 9112): requests, pipelined ones too, are answered in order from
/// a site that never changes.
public struct HTTPConnection: StreamService {
  /// A request's head is at most so long, in octets.
  static let maximumHeadLength = 8192

  private let site: Site
  private var input: [UInt8] = []
  /// Where in `input` the search for the end of the head goes on.
  private var searched = 0
  /// What is to be sent.
  public private(set) var output: [UInt8] = []
  /// Nothing more is read, and the connection ends once all output is sent.
  public private(set) var isClosing = false

  /// A connection on which the files of a site can be had.
  public init(_ site: Site) { self.site = site }

  /// Takes octets that have arrived, or goes on after output was sent.
  public mutating func receive(_ octets: ArraySlice<UInt8>, at now: WallInstant) {
    guard !isClosing else { return }
    input += octets
    while wantsInput {
      skipEmptyLines()
      guard let end = endOfHead() else {
        if input.count > Self.maximumHeadLength { fail(.headTooLarge, at: now) }
        return
      }
      let head = input[..<end]
      do throws(HTTPStatus) {
        guard head.count <= Self.maximumHeadLength else { throw HTTPStatus.headTooLarge }
        answer(try HTTPRequest(head: head), at: now)
      } catch {
        fail(error, at: now)
      }
      input.removeFirst(min(end, input.count))
      searched = 0
    }
  }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }

  /// A client may send an empty line between requests (RFC 9112 §2.2).
  private mutating func skipEmptyLines() {
    let isLineEnd: (UInt8) -> Bool = { $0 == 0x0d || $0 == 0x0a }
    guard let first = input.first, isLineEnd(first) else { return }
    input.removeFirst(input.prefix(while: isLineEnd).count)
    searched = 0
  }

  /// Just behind the empty line that ends the head, if it has come. A line may end with a line feed
  /// alone (RFC 9112 §2.2), so that a person can type a request.
  private mutating func endOfHead() -> Int? {
    while searched < input.count {
      if input[searched] == 0x0a {
        let next = searched + 1
        guard next < input.count else { return nil }
        if input[next] == 0x0a { return next + 1 }
        if input[next] == 0x0d {
          guard next + 1 < input.count else { return nil }
          if input[next + 1] == 0x0a { return next + 2 }
        }
      }
      searched += 1
    }
    return nil
  }

  private mutating func answer(_ request: HTTPRequest, at now: WallInstant) {
    var response: HTTPResponse
    switch request.method {
    case "GET", "HEAD":
      response =
        site.pages[request.path].map { HTTPResponse(.ok, $0, lastModified: site.lastModified) }
        ?? HTTPResponse(.notFound, site.notFound)
    default:
      response = HTTPResponse(.methodNotAllowed, .message(of: .methodNotAllowed))
      response.fields.append(("Allow", "GET, HEAD"))
    }
    response.hasBody = request.method != "HEAD"
    if !request.keepsConnection {
      isClosing = true
      response.fields.append(("Connection", "close"))
    } else if !request.isHTTP11 {
      response.fields.append(("Connection", "keep-alive"))
    }
    output += response.octets(at: now)
  }

  /// What follows a request that cannot be read is not known to be one.
  private mutating func fail(_ status: HTTPStatus, at now: WallInstant) {
    isClosing = true
    input = []
    var response = HTTPResponse(status, .message(of: status))
    response.fields.append(("Connection", "close"))
    output += response.octets(at: now)
  }
}

/// A response (RFC 9112 §4).
struct HTTPResponse {
  let status: HTTPStatus
  let page: Site.Page
  /// Beside those that every response has.
  var fields: [(name: String, value: String)] = []
  /// Not so in the response to HEAD, whose Content-Length is that of GET (RFC 9110 §9.3.2).
  var hasBody = true

  init(_ status: HTTPStatus, _ page: Site.Page, lastModified: WallInstant? = nil) {
    (self.status, self.page) = (status, page)
    if let lastModified { fields.append(("Last-Modified", lastModified.httpDate)) }
  }

  func octets(at now: WallInstant) -> [UInt8] {
    let common = [
      ("Date", now.httpDate), ("Server", "lab-swift"), ("Content-Type", page.type),
      ("Content-Length", "\(page.body.count)"),
    ]
    var head = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\n"
    for (name, value) in common + fields { head += "\(name): \(value)\r\n" }
    return Array((head + "\r\n").utf8) + (hasBody ? page.body : [])
  }
}
