import PacketTestSupport
import PacketWire
import Testing

@testable import ServiceEngine

@Suite("The web server")
struct HTTPConnectionTests {
  /// 1994-11-06 08:49:37, RFC 9110's own example.
  static let now = WallInstant(nanoseconds: 784_111_777_000_000_000)

  private func converse(_ text: String) -> (connection: HTTPConnection, reply: String) {
    var connection = HTTPConnection(.chat)
    connection.receive(Array(text.utf8)[...], at: Self.now)
    return (connection, String(decoding: connection.output, as: UTF8.self))
  }

  private func statusLine(_ text: String) -> String {
    String(converse(text).reply.prefix { $0 != "\r\n" })
  }

  /// The site's own date is later than `now`, and so `now` stands in its place.
  @Test func aWholeResponse() {
    let (connection, reply) = converse("GET /logo.svg HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(
      reply == """
        HTTP/1.1 200 OK\r
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        Server: lab-swift\r
        Content-Type: image/svg+xml\r
        Content-Length: \(LandingPages.logo.utf8.count)\r
        Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r
        ETag: "1erz8zun1uosf"\r
        Accept-Ranges: bytes\r
        \r\n
        """ + LandingPages.logo)
    #expect(connection.wantsInput && !connection.isClosing)
  }

  @Test func errorResponses() {
    #expect(
      converse("PUT / HTTP/1.1\r\nHost: x\r\n\r\n").reply == """
        HTTP/1.1 405 Method Not Allowed\r
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        Server: lab-swift\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: 23\r
        Allow: GET, HEAD\r
        \r
        405 Method Not Allowed\n
        """)
    let (connection, reply) = converse("nonsense\r\n\r\n")
    #expect(
      reply == """
        HTTP/1.1 400 Bad Request\r
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        Server: lab-swift\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: 16\r
        Connection: close\r
        \r
        400 Bad Request\n
        """)
    #expect(connection.isClosing && !connection.wantsInput)
  }

  @Test(
    "status by request",
    arguments: [
      ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK"),
      ("GET / HTTP/1.1\nHost: x\n\n", "200 OK"),
      ("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK"),
      ("GET / HTTP/1.0\r\n\r\n", "200 OK"), ("GET / HTTP/1.7\r\nHost: x\r\n\r\n", "200 OK"),
      ("GET /?a=b HTTP/1.0\r\n\r\n", "200 OK"), ("GET /style.css#x HTTP/1.0\r\n\r\n", "200 OK"),
      ("GET http://any.test/app.js HTTP/1.0\r\n\r\n", "200 OK"),
      ("GET HTTP://any.test HTTP/1.0\r\n\r\n", "200 OK"),
      ("GET /nothing HTTP/1.0\r\n\r\n", "404 Not Found"),
      ("HEAD /nothing HTTP/1.0\r\n\r\n", "404 Not Found"),
      ("GET /../etc/passwd HTTP/1.0\r\n\r\n", "404 Not Found"),
      ("get / HTTP/1.0\r\n\r\n", "405 Method Not Allowed"),
      ("POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", "405 Method Not Allowed"),
      ("OPTIONS / HTTP/1.0\r\n\r\n", "405 Method Not Allowed"),
      ("OPTIONS * HTTP/1.0\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.1\r\n\r\n", "400 Bad Request"),  // no Host
      ("GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.0\r\nHost: x\r\nhost: x\r\n\r\n", "400 Bad Request"),
      ("GET  / HTTP/1.0\r\n\r\n", "400 Bad Request"), ("GET / \r\n\r\n", "400 Bad Request"),
      ("GET /\r\n\r\n", "400 Bad Request"), ("G@T / HTTP/1.0\r\n\r\n", "400 Bad Request"),
      ("GET /\u{7f} HTTP/1.0\r\n\r\n", "400 Bad Request"),
      ("GET /é HTTP/1.0\r\n\r\n", "400 Bad Request"),
      ("GET x HTTP/1.0\r\n\r\n", "400 Bad Request"), ("GET / http/1.0\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1\r\n\r\n", "400 Bad Request"), ("GET / HTTP/1.10\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1x1\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported"),
      ("GET / HTTP/0.9\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported"),
      ("GET / HTTP/1.0\r\nno colon\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.0\r\nA : b\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.0\r\n: b\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.0\r\nA: b\r\n c\r\n\r\n", "400 Bad Request"),  // folded
      ("GET / HTTP/1.0\r\nA: b\u{0}\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.0\r\nA: b\rc\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.0\r\nA: \tb é\r\n\r\n", "200 OK"),
      ("GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n", "400 Bad Request"),
      ("GET / HTTP/1.0\r\nContent-Length: 1, 1\r\n\r\n", "400 Bad Request"),
    ])
  func status(request: String, expected: String) {
    #expect(statusLine(request) == "HTTP/1.1 " + expected)
  }

  @Test(
    "whether the connection goes on",
    arguments: [
      ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", true, ""),
      ("GET / HTTP/1.1\r\nHost: x\r\nConnection: a, Close\r\n\r\n", false, "close"),
      ("GET / HTTP/1.1\r\nHost: x\r\nConnection: a\r\nconnection:\tclose \r\n\r\n", false, "close"),
      ("GET / HTTP/1.0\r\n\r\n", false, "close"),
      ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true, "keep-alive"),
      ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false, "close"),
      ("GET /no HTTP/1.1\r\nHost: x\r\n\r\n", true, ""),
      ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", true, ""),
      ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789", true, ""),
      ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true, ""),
      ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", false, "close"),
    ])
  func persistence(request: String, goesOn: Bool, connection: String) {
    let (state, reply) = converse(request)
    #expect(state.isClosing == !goesOn)
    let field = reply.split(separator: "\r\n").first { $0.hasPrefix("Connection: ") }
    #expect(field.map { $0.dropFirst(12) } ?? "" == connection)
  }

  @Test func headHasNoBody() {
    let get = converse("GET / HTTP/1.1\r\nHost: x\r\n\r\n").reply
    let head = converse("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").reply
    #expect(get == head + LandingPages.landing)
    let missing = converse("HEAD /no HTTP/1.1\r\nHost: x\r\n\r\n").reply
    #expect(missing.hasSuffix("Content-Length: \(LandingPages.notFound.utf8.count)\r\n\r\n"))
  }

  @Test("pipelined requests are answered in order, in whatever pieces they come")
  func pipelining() {
    let requests = Array(
      "GET /logo.svg HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\nHost: x\n\n\r\nGET /no HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n"
        .utf8)
    let whole = converse(String(decoding: requests, as: UTF8.self))
    let separate = ["GET /logo.svg HTTP/1.1", "HEAD / HTTP/1.1", "GET /no HTTP/1.0"].map {
      converse($0 + "\r\n" + ($0.hasSuffix("1") ? "Host: x\r\n" : "") + "\r\n").reply
    }
    // The third ends the connection, so there is no fourth answer.
    #expect(whole.reply == separate.joined())
    for size in 1..<requests.count {
      var connection = HTTPConnection(.chat)
      var rest = requests[...]
      while !rest.isEmpty {
        connection.receive(rest.prefix(size), at: Self.now)
        rest = rest.dropFirst(size)
      }
      #expect(connection.output == Array(whole.reply.utf8))
    }
  }

  @Test("a head may be 8192 octets long and no longer")
  func headLength() {
    let start = "GET / HTTP/1.1\r\nHost: x\r\nA: "
    for (length, status) in [(8192, "200"), (8193, "431")] {
      let filler = String(repeating: "a", count: length - start.utf8.count - 4)
      #expect(statusLine(start + filler + "\r\n\r\n").contains(status))
    }
    // Without an end, it is enough to have waited for so many.
    #expect(converse(start + String(repeating: "a", count: 8100)).reply.isEmpty)
    let (connection, reply) = converse(start + String(repeating: "a", count: 8200))
    #expect(reply.contains("431") && connection.isClosing)
    for (count, status) in [(100, "200"), (101, "431")] {
      let fields = String(repeating: "A: b\r\n", count: count)
      #expect(statusLine("GET / HTTP/1.0\r\n" + fields + "\r\n").contains(status))
    }
  }

  @Test func whoDoesNotReadIsNotAnsweredForEver() {
    let flood = String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 1000)
    var connection = converse(flood).connection
    #expect(!connection.wantsInput)
    #expect(connection.output.count < HTTPConnection.outputLimit + 4096)
    let one = converse("GET / HTTP/1.1\r\nHost: x\r\n\r\n").reply.utf8.count
    var sent = 0
    while !connection.output.isEmpty {
      sent += connection.output.count
      connection.hasSent(connection.output.count)
      connection.receive([], at: Self.now)
    }
    #expect(sent == 1000 * one)
  }

  @Test("random octets never trap", arguments: 0..<4 as Range<UInt64>)
  func hostile(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    let good = Array("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
    for _ in 0..<2000 {
      var octets = good
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        octets[Int.random(in: 0..<good.count, using: &random)] = random.bytes(count: 1)[0]
      }
      var connection = HTTPConnection(.chat)
      connection.receive(octets[...], at: Self.now)
      if !connection.output.isEmpty {
        #expect(connection.output.prefix(9) == Array("HTTP/1.1 ".utf8)[...])
      }
    }
  }

  @Test("three segments of 1448 octets carry the landing page")
  func landingPage() {
    let length = converse("GET / HTTP/1.1\r\nHost: www.discord.test\r\n\r\n").reply.utf8.count
    #expect(length > 2 * 1448 && length <= 3 * 1448)
  }

  @Test(
    "dates (RFC 9110 §5.6.7)",
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
      (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
      (1_709_251_200, "Fri, 01 Mar 2024 00:00:00 GMT"),
      (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
      (-2_203_891_200, "Thu, 01 Mar 1900 00:00:00 GMT"),
    ] as [(Int64, String)])
  func dates(seconds: Int64, expected: String) {
    #expect(WallInstant(nanoseconds: seconds * 1_000_000_000).httpDate == expected)
    #expect(WallInstant(nanoseconds: seconds * 1_000_000_000 + 999_999_999).httpDate == expected)
  }
}
