import PacketTestSupport
import PacketWire
import Testing

@testable import ServiceEngine

@Suite("Ranges, conditions and codings")
struct HTTPSelectionTests {
  private let content = TestContent()
  private static let get = "GET /text HTTP/1.1"
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  @Test(
    "one range",
    arguments: [
      ("bytes=0-9", 0..<10), ("bytes=10-10", 10..<11), ("bytes=990-", 990..<1000),
      ("bytes=990-5000", 990..<1000), ("bytes=-5", 995..<1000), ("bytes=-5000", 0..<1000),
      ("BYTES=1-2", 1..<3), ("bytes= 1-2 ,", 1..<3), ("bytes=5000-,0-0", 0..<1),
      ("bytes=0-99999999999999999999999", 0..<1000),
    ] as [(String, Range<Int>)])
  func single(field: String, range: Range<Int>) {
    let reply = content.reply(Self.get, ["Range: \(field)"])
    #expect(reply.status == 206)
    #expect(
      reply["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/1000")
    #expect(reply["Content-Length"] == "\(range.count)" && reply["ETag"] == "\"tag\"")
    let text = Array(TestContent.text.utf8)
    #expect(Array(reply.body.utf8) == Array(text[range]))
  }

  @Test(
    "what is no range, or too much of it, is passed over",
    arguments: [
      "bytes=", "bytes=a-b", "bytes=5", "bytes=-", "bytes=5-4", "lines=1-2", "bytes=1-2-3",
      "bytes 1-2",
      "bytes=+1-2", "bytes=0-,0-", "bytes=0-999,0-0",
      "bytes=" + (0..<17).map { "\($0)-\($0)" }.joined(separator: ","),
    ])
  func ignored(field: String) {
    let reply = content.reply(Self.get, ["Range: \(field)"])
    #expect(reply.status == 200 && reply.body == TestContent.text)
    #expect(reply["Accept-Ranges"] == "bytes" && reply["Content-Range"] == nil)
  }

  @Test(arguments: ["bytes=1000-", "bytes=5000-6000", "bytes=-0", "bytes=99999999999999999999-"])
  func unsatisfiable(field: String) {
    let reply = content.reply(Self.get, ["Range: \(field)"])
    #expect(reply.status == 416 && reply["Content-Range"] == "bytes */1000")
  }

  @Test func severalRanges() {
    let reply = content.reply(Self.get, ["Range: bytes=0-9, 990-, 10-19"])
    let boundary = "lab-swift-tag"
    func part(_ place: String, _ text: String) -> String {
      "\r\n--\(boundary)\r\nContent-Type: text/plain\r\nContent-Range: bytes \(place)/1000\r\n\r\n"
        + text
    }
    #expect(reply.status == 206)
    #expect(reply["Content-Type"] == "multipart/byteranges; boundary=\(boundary)")
    #expect(
      reply.body == part("0-9", "line 00..\n") + part("990-999", "line 99..\n")
        + part("10-19", "line 01..\n") + "\r\n--\(boundary)--\r\n")
    #expect(reply["Content-Length"] == "\(reply.body.utf8.count)")
  }

  @Test func headHasNoRange() {
    let reply = content.reply("HEAD /text HTTP/1.1", ["Range: bytes=0-9"])
    #expect(reply.status == 200 && reply["Content-Length"] == "1000" && reply.body.isEmpty)
  }

  @Test(
    "If-Range",
    arguments: [
      ("\"tag\"", 206), ("\"other\"", 200), ("W/\"tag\"", 200), (Self.date, 206),
      ("Sun, 06 Nov 1994 08:49:38 GMT", 200), ("Sun, 06 Nov 1994 08:49:36 GMT", 200), ("tag", 200),
    ] as [(String, Int)])
  func ifRange(condition: String, status: Int) {
    #expect(
      content.reply(Self.get, ["Range: bytes=0-9", "If-Range: \(condition)"]).status == status)
  }

  @Test(
    "conditions (RFC 9110 §13.2.2)",
    arguments: [
      (["If-None-Match: \"tag\""], 304), (["If-None-Match: W/\"tag\""], 304),
      (["If-None-Match: *"], 304), (["If-None-Match: \"a\", \"tag\""], 304),
      (["If-None-Match: \"a\"", "If-None-Match: \"tag\""], 304),
      (["If-None-Match: \"a,tag\""], 200), (["If-None-Match: tag"], 200),
      (["If-None-Match: \"a\""], 200), (["If-None-Match: \"tag"], 200),
      (["If-Modified-Since: \(date)"], 304),
      (["If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"], 200),
      (["If-Modified-Since: Mon, 07 Nov 1994 08:49:37 GMT"], 304),
      (["If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"], 304),
      (["If-Modified-Since: Sun Nov  6 08:49:37 1994"], 304),
      (["If-Modified-Since: Sun Nov  6 08:49:36 1994"], 200),
      (["If-Modified-Since: yesterday"], 200),
      // Tags go before dates.
      (["If-None-Match: \"a\"", "If-Modified-Since: \(date)"], 200),
      (["If-None-Match: \"tag\"", "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"], 304),
      (["If-Match: \"tag\""], 200), (["If-Match: *"], 200), (["If-Match: \"a\""], 412),
      (["If-Match: W/\"tag\""], 412), (["If-Unmodified-Since: \(date)"], 200),
      (["If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"], 412),
      (["If-Match: \"tag\"", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"], 200),
      // What guards a change goes before what saves a transfer, and both before ranges.
      (["If-Match: \"a\"", "If-None-Match: \"tag\""], 412),
      (["If-None-Match: \"tag\"", "Range: bytes=0-9"], 304),
      (["If-None-Match: \"a\"", "Range: bytes=0-9"], 206),
    ] as [([String], Int)])
  func conditions(fields: [String], status: Int) {
    for method in ["GET", "HEAD"] {
      let reply = content.reply("\(method) /text HTTP/1.1", fields)
      #expect(reply.status == (method == "HEAD" && status == 206 ? 200 : status), "\(method)")
      if reply.status == 304 {
        #expect(reply.body.isEmpty && reply["ETag"] == "\"tag\"" && reply["Content-Length"] == nil)
      }
    }
    // Nothing that is not there meets a condition.
    #expect(content.reply("GET /none HTTP/1.1", fields).status == 404)
  }

  @Test("a date that is no more than this second proves nothing about octets")
  func recent() {
    var content = TestContent()
    content.resource.lastModified = TestContent.now
    let date = TestContent.now.httpDate
    #expect(content.reply(Self.get, ["Range: bytes=0-1", "If-Range: \(date)"]).status == 200)
    #expect(content.reply(Self.get, ["If-Modified-Since: \(date)"]).status == 304)
    content.resource.lastModified = TestContent.now + .seconds(100)
    #expect(content.reply(Self.get)["Last-Modified"] == date)
  }

  @Test("a resource of which nobody knows the age has no date and meets no condition on one")
  func undated() {
    var content = TestContent()
    (content.resource.lastModified, content.resource.entityTag) = (nil, nil)
    let reply = content.reply(
      Self.get, ["If-Modified-Since: \(Self.date)", "If-None-Match: \"tag\""])
    #expect(reply.status == 200 && reply["Last-Modified"] == nil && reply["ETag"] == nil)
    #expect(content.reply(Self.get, ["If-Unmodified-Since: \(Self.date)"]).status == 200)
    #expect(content.reply(Self.get, ["Range: bytes=0-1", "If-Range: \(Self.date)"]).status == 200)
  }

  @Test(
    "Accept-Encoding (RFC 9110 §12.5.3)",
    arguments: [
      ("gzip", true), ("GZip", true), ("x-gzip", true), ("deflate, gzip", true), ("*", true),
      ("br", false),
      ("", false), ("gzip;q=0", false), ("gzip; q=0.000", false), ("gzip;q=0.5", true),
      ("gzip;q=0.5, identity", false), ("gzip;q=0.5, identity;q=0.4", true),
      ("gzip;q=0.5, *;q=0.6", false), ("*;q=0", false), ("identity;q=0, *", true),
      ("gzip;q=1.001", false), ("gzip;q=x", false), ("gzip;q=", false), ("gzip;q=0.0001", false),
      ("gzip ; q=1", true), ("gzip;level=9;q=0", false),
    ] as [(String, Bool)])
  func codings(field: String, packs: Bool) {
    let reply = content.reply(Self.get, ["Accept-Encoding: \(field)"], packs: true)
    #expect(reply["Content-Encoding"] == (packs ? "gzip" : nil))
    #expect(reply["Vary"] == "Accept-Encoding")
    #expect(reply["ETag"] == (packs ? "\"tag-gzip\"" : "\"tag\""))
    #expect((packs ? reply.unchunked : reply.body) == TestContent.text + (packs ? "<end>" : ""))
  }

  @Test("what is packed has conditions of its own, and no ranges")
  func packed() {
    let gzip = "Accept-Encoding: gzip"
    #expect(
      content.reply(Self.get, [gzip, "If-None-Match: \"tag-gzip\""], packs: true).status == 304)
    #expect(content.reply(Self.get, [gzip, "If-None-Match: \"tag\""], packs: true).status == 200)
    let part = content.reply(Self.get, [gzip, "Range: bytes=0-9"], packs: true)
    #expect(part.status == 206 && part["Content-Encoding"] == nil && part["ETag"] == "\"tag\"")
    // A part of what was packed cannot be gone on with.
    let other = ["Range: bytes=0-9", "If-Range: \"tag-gzip\""]
    #expect(content.reply(Self.get, [gzip] + other, packs: true).status == 200)
    var picture = content
    picture.resource.type = "image/png"
    #expect(picture.reply(Self.get, [gzip], packs: true)["Vary"] == nil)
    let head = content.reply("HEAD /text HTTP/1.1", [gzip], packs: true)
    #expect(head["Transfer-Encoding"] == "chunked" && head.body.isEmpty)
    // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
    let old = content.reply("GET /text HTTP/1.0", [gzip, "Connection: keep-alive"], packs: true)
    #expect(old["Connection"] == "close" && old.body == TestContent.text + "<end>")
    #expect(old["Content-Length"] == nil && old["Transfer-Encoding"] == nil)
  }

  @Test("chunks for who asks for them")
  func chunked() {
    let reply = content.reply("GET /text?chunked HTTP/1.1")
    #expect(reply["Transfer-Encoding"] == "chunked" && reply["Content-Length"] == nil)
    #expect(reply.unchunked == TestContent.text)
    let part = content.reply("GET /text?chunked HTTP/1.1", ["Range: bytes=0-9"])
    #expect(part.status == 206 && part.unchunked == "line 00..\n")
  }

  @Test(
    "paths",
    arguments: [
      ("/", "/"), ("/a", "/a"), ("/a/", "/a/"), ("//a//b", "/a/b"), ("/./a/.", "/a/"),
      ("/a/../b", "/b"), ("/../../etc/passwd", "/etc/passwd"), ("/a/b/..", "/a/"), ("/..", "/"),
      ("/%2e%2e/x", "/x"), ("/a/%2E./x", "/x"), ("/%41%c3%a9", "/Aé"), ("/a%20b", "/a b"),
      ("/...", "/..."),
      ("/a%5cb", "/a\\b"), ("/a%2fb", nil), ("/a%00", nil), ("/%", nil), ("/%4", nil),
      ("/%zz", nil),
      ("/%ff", nil), ("/%c0%ae", nil), ("/%ed%a0%80", nil),
    ] as [(String, String?)])
  func paths(target: String, path: String?) {
    let reply = content.reply("GET \(target)?q HTTP/1.1")
    #expect(reply.status == (path == nil ? 400 : 404))
    if let path {
      #expect(reply.body == path + " q")
      #expect((try? HTTPPath(HTTPPath(target).encoded).text) == path)
    }
  }

  @Test(
    "bodies",
    arguments: [
      (["Content-Length: 5"], "hello", 200, "hello"), (["Content-Length: 0"], "", 200, ""),
      (["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n", 200, "hello"),
      (["Transfer-Encoding: Chunked"], "2;a=b\r\nhe\r\n03\nllo\n0\r\nX: y\r\n\r\n", 200, "hello"),
      (["Transfer-Encoding: chunked"], "A\r\n0123456789\r\n0\r\n\r\n", 200, "0123456789"),
      (["Transfer-Encoding: chunked"], "x\r\n", 400, nil),
      (["Transfer-Encoding: chunked"], "\r\n", 400, nil),
      (["Transfer-Encoding: chunked"], "5\r\nhello!\r\n", 400, nil),
      (["Transfer-Encoding: chunked"], "-1\r\n", 400, nil),
      (["Transfer-Encoding: chunked"], "0x5\r\n", 400, nil),
      (["Transfer-Encoding: chunked"], "123456789\r\n", 400, nil),
      (["Transfer-Encoding: chunked"], "10001\r\n", 413, nil),
      (
        ["Transfer-Encoding: chunked"], "1;" + String(repeating: "x", count: 1100) + "\r\n", 431,
        nil
      ),
      (["Transfer-Encoding: chunked", "Content-Length: 5"], "", 400, nil),
      (["Transfer-Encoding: gzip, chunked"], "", 501, nil),
      (["Transfer-Encoding: gzip"], "", 501, nil),
      (["Content-Length: 5", "Content-Length: 5"], "", 400, nil),
      (["Content-Length: "], "", 400, nil),
      (["Content-Length: 99999999999999999999999"], "", 413, nil),
    ] as [([String], String, Int, String?)])
  func bodies(fields: [String], body: String, status: Int, echo: String?) {
    let reply = content.reply("POST /body HTTP/1.1", fields, body: body)
    #expect(reply.status == status)
    if let echo { #expect(reply.body == echo) } else { #expect(reply["Connection"] == "close") }
  }

  @Test("who asks before sending a body is told to go on")
  func expectation() {
    var connection = HTTPConnection(content)
    let head = "POST /body HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"
    connection.receive(Array(head.utf8)[...], at: TestContent.now)
    #expect(connection.output == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    connection.hasSent(connection.output.count)
    connection.receive(Array("ok".utf8)[...], at: TestContent.now)
    #expect(Reply(connection.output).body == "ok")
    // It has not waited.
    var eager = HTTPConnection(content)
    eager.receive(Array((head + "ok").utf8)[...], at: TestContent.now)
    #expect(Reply(eager.output).status == 200)
  }

  @Test(
    "damaged requests never trap, and pieces make no difference", arguments: 0..<4 as Range<UInt64>)
  func hostile(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    let samples = [
      "GET /text HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9, -5\r\nIf-Range: \"tag\"\r\n\r\n",
      "GET /text HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip;q=0.5, *;q=0\r\n\r\n",
      "GET /text?chunked HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/\"a\", \"tag\"\r\n\r\n",
      "POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n",
      "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd",
      "HEAD /%2e%2e/a%20b HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: \(Self.date)\r\n\r\n",
    ].map { Array($0.utf8) }
    for _ in 0..<1000 {
      var octets = (0..<3).flatMap { _ in samples.randomElement(using: &random) ?? [] }
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        octets[Int.random(in: 0..<octets.count, using: &random)] =
          Bool.random(using: &random) ? random.bytes(count: 1)[0] : 0x0a
      }
      var whole = HTTPConnection(content, gzip: { PlainEncoder() })
      var drip = HTTPConnection(content, gzip: { PlainEncoder() })
      whole.receive(octets[...], at: TestContent.now)
      for place in octets.indices { drip.receive(octets[place...place], at: TestContent.now) }
      #expect(whole.output == drip.output && whole.isClosing == drip.isClosing)
    }
  }

  @Test("only GET and HEAD have resources")
  func methods() {
    let reply = content.reply("DELETE /text HTTP/1.1")
    #expect(reply.status == 405 && reply["Allow"] == "GET, HEAD")
  }

  @Test("a long body is made as it is sent, and one that breaks off is not passed off as whole")
  func longBodies() {
    struct Zeros: HTTPBody {
      let end: Int
      func read(from offset: Int, atMost count: Int) -> [UInt8]? {
        offset < end ? [UInt8](repeating: 0, count: min(count, end - offset)) : nil
      }
    }
    for (end, isWhole) in [(10_000_000, true), (5_000_000, false)] {
      var content = TestContent()
      content.resource = HTTPResource(type: "x/y", length: 10_000_000, body: Zeros(end: end))
      var reports: [HTTPExchange] = []
      var connection = HTTPConnection(content, report: { reports.append($0) })
      let request = Array("GET /text HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      connection.receive((request + request)[...], at: TestContent.now)
      var sent = 0
      while reports.isEmpty {
        #expect(connection.output.count < HTTPConnection.outputLimit + 20_000)
        #expect(!connection.wantsInput)
        sent += connection.output.count
        connection.hasSent(connection.output.count)
        connection.receive([], at: TestContent.now)
      }
      #expect(reports.first?.bodyLength == end && reports.first?.isWhole == isWhole)
      #expect(connection.isClosing == !isWhole)
      connection.ended()
      // Of the second one, which was on its way.
      #expect(reports.count == (isWhole ? 2 : 1) && reports.last?.isWhole == false)
    }
  }

  @Test(
    "dates of all three forms, and what is none",
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
      ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
      ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
      // 2027 and 50 years are 2077.
      ("Friday, 01-Jan-77 00:00:00 GMT", 3_376_684_800),
      ("Sunday, 01-Jan-78 00:00:00 GMT", 252_460_800),
      ("", nil), ("Sun", nil), ("Sun, 06 Nov 1994 08:49:37", nil),
      ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
      ("Sun, 32 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 08:60:37 GMT", nil), ("Sun, 06 Nov 1994 08:49 GMT", nil),
      ("Sun, +6 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 19944 08:49:37 GMT", nil),
      ("Sun, 06 Nov 9999 08:49:37 GMT", nil),
    ] as [(String, Int64?)])
  func dates(text: String, seconds: Int64?) {
    let date = WallInstant(httpDate: text, now: TestContent.now)
    #expect(date == seconds.map { WallInstant(nanoseconds: $0 * 1_000_000_000) })
  }
}
