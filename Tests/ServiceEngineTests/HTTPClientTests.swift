import PacketTestSupport
import PacketWire
import Testing

@testable import ServiceEngine

@Suite("A web client")
struct HTTPClientTests {
  /// What is made of an answer, the pieces of its body put together.
  private func heard(
    _ text: String, _ method: String = "GET", inPiecesOf size: Int = .max, ends: Bool = true
  ) -> (status: Int, body: String, last: HTTPClient.Event?, isOver: Bool) {
    var client = HTTPClient(method, host: "x", target: "/")
    var events: [HTTPClient.Event] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      events += client.receive(rest.prefix(size))
      rest = rest.dropFirst(min(size, rest.count))
    }
    if ends { events += client.receiveEnd() }
    var (status, body): (Int, [UInt8]) = (0, [])
    for event in events {
      if case .head(let number, _) = event { status = number }
      if case .body(let piece) = event { body += piece }
    }
    return (status, String(decoding: body, as: UTF8.self), events.last, client.isOver)
  }

  private static let broken = HTTPClient.Event.failed("the server's answer has broken off")
  private static let unreadable = HTTPClient.Event.failed("the server's answer cannot be read")

  @Test(
    "answers, in whatever pieces they come",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "GET", 200, "hello", .end),
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloX", "GET", 200, "hello", .end),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", 200, "", .end),
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", 200, "", .end),
      ("HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n", "GET", 304, "", .end),
      ("HTTP/1.1 204 X\r\n\r\n", "GET", 204, "", .end),
      ("HTTP/1.1 404 Not Found\r\n\r\nuntil the end", "GET", 404, "until the end", .end),
      ("HTTP/1.0 200 OK\nA: b\n\nold", "GET", 200, "old", .end),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x\r\nlo\r\n0\r\n\r\n",
        "GET", 200, "hello", .end
      ),
      (
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1",
        "GET", 200, "1", .end
      ),
      ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello", "GET", 200, "hello", broken),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "GET", 200, "hello",
        broken
      ),
      ("HTTP/1.1 200 OK\r\nContent-", "GET", 0, "", broken), ("", "GET", 0, "", broken),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "GET", 200, "", unreadable),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "GET", 200, "", unreadable),
      ("HTTP/1.1 20 OK\r\n\r\n", "GET", 0, "", unreadable),
      ("HTTP/2.0 200 OK\r\n\r\n", "GET", 0, "", unreadable),
      ("SSH-2.0-x\r\n\r\n", "GET", 0, "", unreadable),
      (String(repeating: "x", count: 8193), "GET", 0, "", unreadable),
    ] as [(String, String, Int, String, HTTPClient.Event)])
  func answers(text: String, method: String, status: Int, body: String, last: HTTPClient.Event) {
    for size in [1, 2, 5, 10_000] where text.utf8.count < 1000 || size > 5 {
      let heard = heard(text, method, inPiecesOf: size)
      #expect(heard.body == body && heard.last == last && heard.isOver, "in pieces of \(size)")
      if last != Self.unreadable { #expect(heard.status == status) }
    }
  }

  @Test("it talks with our server")
  func conversation() {
    for (method, target) in [("GET", "/text"), ("GET", "/text?chunked"), ("HEAD", "/text")] {
      var client = HTTPClient(method, host: "lab.test:8080", target: target)
      var server = HTTPConnection(TestContent())
      server.receive(client.output[...], at: TestContent.now)
      client.hasSent(client.output.count)
      let events = client.receive(server.output[...])
      #expect(events.last == .end && client.isOver && server.isClosing)
      guard case .head(200, let lines) = events.first else {
        Issue.record("no head")
        return
      }
      #expect(lines.first == "HTTP/1.1 200 OK" && lines.contains("Connection: close"))
      #expect(events.contains(.body(Array(TestContent.text.utf8))) == (method == "GET"))
    }
  }

  @Test("a body without an end takes no memory")
  func endless() {
    var client = HTTPClient(host: "x", target: "/")
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n"
    #expect(client.receive(Array(head.utf8)[...]).count == 1)
    let piece = [UInt8](repeating: 1, count: 10_000)
    for _ in 0..<50 { #expect(client.receive(piece[...]) == [.body(piece)]) }
  }
}
