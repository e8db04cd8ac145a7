@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

/// A conversation: what each side sends in turn.
struct Exchange: Sendable, CustomTestStringConvertible {
  var name: String
  var turns: [(side: ConversationBuilder.Side, text: String)]
  /// The events in order, without packet numbers.
  var events: [String]

  var testDescription: String { name }

  init(_ name: String, _ turns: [(ConversationBuilder.Side, String)], _ events: [String]) {
    (self.name, self.turns, self.events) = (name, turns, events)
  }
}

@Suite("HTTP/1.x messages (RFC 9112)")
struct HTTPTests {
  static let get = "GET /a HTTP/1.1\r\nHost: x.test\r\n\r\n"

  static let exchanges = [
    Exchange(
      "length", [(.client, get), (.server, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")],
      ["request 1 GET /a", "request end 1 0", "response 1 200", "response end 1 5"]),
    Exchange(
      "chunked",
      [
        (.client, get),
        (
          .server,
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n"
            + "0\r\nTrailer: z\r\n\r\n"
        ),
      ], ["request 1 GET /a", "request end 1 0", "response 1 200", "response end 1 15"]),
    Exchange(
      "chunked overrides length (section 6.3, rule 3)",
      [
        (.client, get),
        (
          .server,
          "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
            + "2\r\nab\r\n0\r\n\r\nHTTP/1.1 408 Too Late\r\nContent-Length: 0\r\n\r\n"
        ),
      ],
      [
        "request 1 GET /a", "request end 1 0", "response 1 200", "response end 1 2",
        "response 0 408", "response end 0 0",
      ]),
    Exchange(
      "until the connection ends",
      [(.client, get), (.server, "HTTP/1.0 200 OK\r\n\r\nsome text of unknown length")],
      ["request 1 GET /a", "request end 1 0", "response 1 200", "response end 1 27 closed"]),
    Exchange(
      "no body for HEAD, 204 and 304 whatever the length says",
      [
        (.client, "HEAD /h HTTP/1.1\r\n\r\n"),
        (.server, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"), (.client, get),
        (.server, "HTTP/1.1 304 Not Modified\r\nContent-Length: 999\r\n\r\n"), (.client, get),
        (.server, "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
      ],
      [
        "request 1 HEAD /h", "request end 1 0", "response 1 200", "response end 1 0",
        "request 2 GET /a", "request end 2 0", "response 2 304", "response end 2 0",
        "request 3 GET /a", "request end 3 0", "response 3 204", "response end 3 0",
      ]),
    Exchange(
      "pipelining",
      [
        (.client, get + "GET /b HTTP/1.1\r\n\r\n" + "HEAD /c HTTP/1.1\r\n\r\n"),
        (
          .server,
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 404 Not Found\r\n"
            + "Content-Length: 2\r\n\r\n22HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
        ),
      ],
      [
        "request 1 GET /a", "request end 1 0", "request 2 GET /b", "request end 2 0",
        "request 3 HEAD /c", "request end 3 0", "response 1 200", "response end 1 1",
        "response 2 404", "response end 2 2", "response 3 200", "response end 3 0",
      ]),
    Exchange(
      "a request with a body, and a go-ahead before it",
      [
        (.client, "POST /p HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"),
        (.server, "HTTP/1.1 100 Continue\r\n\r\n"), (.client, "data"),
        (.server, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
      ],
      [
        "request 1 POST /p", "response 1 100", "request end 1 4", "response 1 201",
        "response end 1 0",
      ]),
    Exchange(
      "line feeds alone, an empty line first, fields in any case and with blanks",
      [
        (.client, "GET /a HTTP/1.1\nHOST:\t x.test \n\n\r\nGET /b HTTP/1.1\n\n"),
        (.server, "HTTP/1.1 200\ncontent-LENGTH: 2\n\nok"),
      ],
      [
        "request 1 GET /a", "request end 1 0", "request 2 GET /b", "request end 2 0",
        "response 1 200", "response end 1 2",
      ]),
    Exchange(
      "the same length twice is that length",
      [
        (.client, get),
        (.server, "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok"),
      ], ["request 1 GET /a", "request end 1 0", "response 1 200", "response end 1 2"]),
    Exchange(
      "a switched protocol is not read on",
      [
        (.client, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        (.server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
        (.client, "GET /no HTTP/1.1\r\n\r\n"),
      ], ["request 1 GET /ws", "request end 1 0", "response 1 101"]),
    Exchange(
      "in a tunnel something new begins",
      [
        (.client, "CONNECT y.test:80 HTTP/1.1\r\n\r\n"),
        (.server, "HTTP/1.1 200 Connection established\r\nContent-Length: 9\r\n\r\n"),
        (.client, "GET /in HTTP/1.1\r\n\r\n"),
        (.server, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"),
      ],
      [
        "request 1 CONNECT y.test:80", "request end 1 0", "response 1 200", "request 2 GET /in",
        "request end 2 0", "response 2 200", "response end 2 1",
      ]),
    Exchange(
      "a body that is cut short by the end",
      [(.client, get), (.server, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")],
      ["request 1 GET /a", "request end 1 0", "response 1 200", "response end 1 5 of 50"]),
    Exchange("no HTTP", [(.client, "EHLO x.test\r\n"), (.server, "250 hello\r\n")], []),
    Exchange("no HTTP either", [(.server, "HTTP/2 200\r\n\r\n"), (.client, "GET /\r\n\r\n")], []),
  ]

  /// Plays an exchange in pieces of `size` octets and closes the connection, server first.
  static func play(_ exchange: Exchange, pieces size: Int) -> ConversationBuilder {
    var (capture, connection) = TCPSequenceTests.opened()
    for turn in exchange.turns {
      var rest = Array(turn.text.utf8)[...]
      while !rest.isEmpty {
        capture.send(&connection, turn.side, [.ack], Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
    }
    capture.send(&connection, .server, [.fin, .ack])
    capture.send(&connection, .client, [.fin, .ack])
    capture.send(&connection, .server)
    return capture
  }

  @Test(
    "events are the same however the octets are cut", arguments: exchanges, [9_999, 1, 2, 7, 40])
  func events(_ exchange: Exchange, pieces: Int) {
    let facts = follow(Self.play(exchange, pieces: pieces))
    #expect(facts.flatMap(\.events).map { line($0) } == exchange.events)
  }

  @Test("two lengths that differ end nothing, until a segment begins with a head")
  func contradiction() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: Self.get)
    let lengths = "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\n" + lengths)
    capture.send(&connection, .server, text: "neither")
    capture.send(&connection, .client, text: Self.get)
    capture.send(&connection, .server, text: "HTTP/1.1 404 Not\r\nContent-Length: 0\r\n\r\n")
    #expect(
      lines(follow(capture)).dropFirst(2) == [
        "5: response 1 200", "7: request 2 GET /a", "7: request end 2 0", "8: response 2 404",
        "8: response end 2 0",
      ])
  }

  @Test("a head over three segments belongs to the packet that completes it")
  func splitHead() throws {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: "GET /index.html HT")
    capture.send(&connection, .client, text: "TP/1.1\r\nHost: www.discord.test\r\nUser-A")
    capture.send(&connection, .client, text: "gent: curl/7.88.1\r\n\r\n")
    let facts = follow(capture)
    #expect(lines(facts) == ["6: request 1 GET /index.html", "6: request end 1 0"])
    guard case .request(let request)? = facts[5].events.first else { return }
    #expect(request.first.number == 4 && request.headLength == 77)
    #expect(text(try #require(request.host)) == "www.discord.test")
    #expect(text(try #require(request.userAgent)) == "curl/7.88.1")
    #expect(request.minorVersion == 1 && request.framing == .none && request.requestsBefore == 0)
    let parts = try facts[3...5].map { try #require($0.tcp?.stream?.part) }
    #expect(parts.map(\.isInHead) == [true, true, false])
    #expect(parts.map(\.isRecognised) == [false, true, true])
    #expect(parts.map(\.headOctets) == [18, 38, 21])
    let starts = parts.map { $0.startLine.map(text) }
    #expect(starts == ["GET /index.html HT", "GET /index.html HTTP/1.1", nil])
    #expect(parts.map(\.startLine?.isCut) == [true, false, nil])
    #expect(parts.allSatisfy { $0.first.number == 4 && !$0.isResponse })
  }

  @Test func partsOfABody() throws {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: Self.get)
    capture.send(
      &connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n0123456789")
    capture.send(&connection, .server, text: "01234")
    capture.send(&connection, .server, text: "0123456789abcde")
    let facts = follow(capture)
    let parts = try facts[4...6].map { try #require($0.tcp?.stream?.part) }
    #expect(parts.map(\.bodyOctets) == [10, 5, 15])
    #expect(parts.map(\.bodySoFar) == [10, 15, 30])
    #expect(parts.map(\.bodyExpected) == [30, 30, 30])
    #expect(parts.map(\.headOctets) == [39, 0, 0])
    #expect(parts.allSatisfy { $0.isResponse && $0.first.number == 5 })
    #expect(parts.allSatisfy { $0.request?.first.number == 4 })
    #expect(lines(facts).last == "7: response end 1 30")
  }

  @Test("a body whose middle is not in the capture ends where it should")
  func gapInBody() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: Self.get)
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n")
    connection.serverNext += 10  // sent, acknowledged, and never captured
    capture.send(&connection, .server, text: "0123456789")
    capture.send(&connection, .client)
    capture.send(&connection, .server, text: "0123456789")
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let (facts, counts) = followWithCounts(capture)
    #expect(
      lines(facts).dropFirst(3) == [
        "8: response end 1 30 missing 10", "9: response 0 200", "9: response end 0 0",
      ])
    #expect(facts[7].tcp?.stream?.missingOctets == 10)
    #expect(counts.gaps == 1 && counts.gapOctets == 10)
  }

  @Test("after a gap in a head, reading goes on where a message begins")
  func gapInHead() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: "GET /lost HTTP/1.1\r\nHost")
    connection.clientNext += 10
    capture.send(&connection, .server)
    capture.send(&connection, .client, text: "rest\r\n\r\n")
    capture.send(&connection, .server)
    capture.send(&connection, .client, text: "GET /found HTTP/1.1\r\n\r\n")
    #expect(lines(follow(capture)) == ["8: request 1 GET /found", "8: request end 1 0"])
  }

  @Test("a body cut by the snapshot length counts whole")
  func cutPackets() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: Self.get)
    capture.send(
      &connection, .server,
      text: "HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n"
        + String(repeating: "x", count: 300))
    capture.cutLast(to: 14 + 20 + 20 + 60)
    let (facts, counts) = followWithCounts(capture)
    #expect(lines(facts).last == "5: response end 1 300 missing 280")
    #expect(facts[4].cutOctets == 280 && counts.gaps == 0)
  }

  @Test("octets that came early are read in order when the gap is filled")
  func reordered() {
    var (capture, connection) = TCPSequenceTests.opened()
    let octets = Array("GET /a HTTP/1.1\r\nHost: x.test\r\n\r\n".utf8)
    for start in [20, 10, 30, 0] {
      capture.segment(
        connection, .client, [], at: Int64(start + 1), acknowledging: 1,
        Array(octets[start..<min(start + 10, octets.count)]))
    }
    let facts = follow(capture)
    #expect(lines(facts) == ["7: request 1 GET /a", "7: request end 1 0"])
    #expect(facts[6].tcp?.stream?.heldOctets == Int64(octets.count - 10))
  }

  @Test("of octets that were sent twice, differently, the first count")
  func overlap() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: "GET /first HTTP")
    capture.segment(
      connection, .client, [], at: 1, acknowledging: 1, Array("GET /other HTTP/1.1\r\n\r\n".utf8))
    #expect(lines(follow(capture)).first == "5: request 1 GET /first")
  }

  @Test func resetCutsBothDirections() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: "POST /p HTTP/1.1\r\nContent-Length: 100\r\n\r\n12345")
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\n\r\nabc")
    capture.send(&connection, .server, [.rst, .ack])
    #expect(
      lines(follow(capture)).suffix(2) == [
        "6: response end 1 3 of -1", "6: request end 1 5 of 100",
      ])
  }

  @Test("a head without end is given up, and memory with it")
  func endlessHead() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(&connection, .client, text: "GET /a HTTP/1.1\r\n")
    for _ in 0..<200 {
      capture.send(&connection, .client, text: "X: " + String(repeating: "x", count: 1_000))
    }
    capture.send(&connection, .client, text: "GET /b HTTP/1.1\r\n\r\n")
    let (facts, counts) = followWithCounts(capture)
    #expect(lines(facts) == ["205: request 1 GET /b", "205: request end 1 0"])
    #expect(counts.abandonedStreams == 1)
  }

  @Test("more requests in a segment than a reader can want are counted")
  func requestFlood() {
    var (capture, connection) = TCPSequenceTests.opened()
    capture.send(
      &connection, .client, text: String(repeating: "GET / HTTP/1.1\r\n\r\n", count: 100))
    let stream = follow(capture)[3].tcp?.stream
    #expect(stream?.events.count == StreamFacts.maximumEvents)
    #expect(stream?.omittedEvents == 200 - StreamFacts.maximumEvents)
  }
}
