import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

/// The cells of each packet that was built, empty ones left out.
func rows(of capture: ConversationBuilder, _ names: [String]) -> [[String: String]] {
  let fields = names.compactMap { PacketField.named($0) }
  var printer = FieldPrinter(fields)
  return capture.packets.enumerated().map { index, packet in
    let length = packet.originalLength ?? packet.octets.count
    let frame = Frame(
      decoding: packet.octets.span, linkType: .ethernet, originalLength: length)
    var out = TextBuffer()
    printer.append(
      FieldPacket(number: index + 1, time: packet.time, originalLength: length), frame,
      packet.octets.span, into: &out)
    let line = out.string.dropLast()
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
    return named(cells, fields)
  }
}

@Suite("fields of messages in streams")
struct StreamFieldTests {
  static let http = [
    "http.request.method", "http.request.uri", "http.request.version", "http.host",
    "http.response.code", "http.response.phrase", "http.content_length_header",
    "http.content_type", "http.content_encoding", "http.transfer_encoding",
  ]

  private var capture = ConversationBuilder()
  private var connection = ConversationBuilder.Connection()

  init() { capture.open(&connection) }

  private func cells(_ names: [String]) -> [[String: String]] {
    rows(of: capture, names).map { $0 }.suffix(capture.packets.count - 3).map { $0 }
  }

  @Test("a head over three segments stands with the last one")
  mutating func head() {
    capture.send(&connection, .client, text: "GET /a HT")
    capture.send(&connection, .client, text: "TP/1.1\r\nHost: www.exa")
    capture.send(&connection, .client, text: "mple.test\r\n\r\n")
    #expect(
      cells(Self.http) == [
        [:], [:],
        [
          "http.request.method": "GET", "http.request.uri": "/a",
          "http.request.version": "HTTP/1.1", "http.host": "www.example.test",
        ],
      ])
  }

  @Test("several requests in one segment, an empty line between them")
  mutating func pipelined() {
    capture.send(
      &connection, .client,
      text: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\nHEAD /b HTTP/1.0\r\nHost: b\r\n\r\n")
    #expect(
      cells(Self.http) == [
        [
          "http.request.method": "GET|HEAD", "http.request.uri": "/a|/b",
          "http.request.version": "HTTP/1.1|HTTP/1.0", "http.host": "a|b",
        ]
      ])
  }

  @Test("a response stands where its body ends: by length, by chunks, or with the stream")
  mutating func bodies() {
    let code = ["http.response.code"]
    capture.send(
      &connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
    capture.send(&connection, .server, text: "67890HTTP/1.1 404 Not Found\r\n")
    capture.send(&connection, .server, text: "Transfer-Encoding: chunked\r\n\r\n5\r\nabc")
    capture.send(&connection, .server, text: "de\r\n0\r\n")
    capture.send(&connection, .server, text: "\r\nHTTP/1.0 302 Found\r\n\r\n")
    capture.send(&connection, .server, text: "to the end")
    capture.send(&connection, .server, [.fin, .ack])
    let answers = ["http.response.code": "200"]
    #expect(
      cells(code) == [
        [:], answers, [:], [:], ["http.response.code": "404"], [:], ["http.response.code": "302"],
      ])
  }

  @Test("the body of an answer to HEAD is not waited for")
  mutating func answerToHEAD() {
    capture.send(&connection, .client, text: "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
    #expect(cells(["http.response.code"]).last == ["http.response.code": "200"])
  }

  @Test("octets that were read are not read again")
  mutating func again() {
    let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    let start = connection.clientNext
    capture.send(&connection, .client, text: request)
    capture.wait(.milliseconds(300))
    capture.segment(
      connection, .client, [.psh, .ack], at: start, acknowledging: connection.serverNext,
      Array(request.utf8))
    #expect(cells(["http.host"]) == [["http.host": "a"], [:]])
  }

  @Test("behind a gap reading goes on where a message begins")
  mutating func gap() {
    capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Le")
    connection.serverNext += 40
    capture.send(&connection, .server, text: "in the body")
    capture.send(&connection, .server, text: "HTTP/1.1 204 No Content\r\n\r\n")
    #expect(cells(["http.response.code"]) == [[:], [:], ["http.response.code": "204"]])
  }

  @Test("a segment that comes late and repeats a part fills the gap of a body")
  mutating func overlap() {
    let names = ["http.response.code", "tcp.segment.overlap", "tcp.segment.overlap.conflict"]
    capture.send(
      &connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n1234")
    let start = connection.serverNext
    // Not called a retransmission: nothing of it was seen whole before.
    capture.segment(
      connection, .server, [.ack], at: start - 2, acknowledging: connection.clientNext,
      Array("x45678".utf8))
    connection.serverNext = start + 4
    capture.send(&connection, .server, text: "90ab")
    let found = rows(of: capture, names).compactMap { $0["tcp.segment.overlap.conflict"] }
    let codes = rows(of: capture, names).compactMap { $0["http.response.code"] }
    #expect(found.allSatisfy { $0 == "1" })
    #expect(codes.count <= 1)
  }

  @Test("WebSocket frames behind the upgrade, one in the answer's own segment")
  mutating func webSocket() {
    let names = [
      "http.response.code", "websocket.opcode", "websocket.fin", "websocket.mask",
      "websocket.payload_length", "websocket.rsv",
    ]
    capture.send(
      &connection, .client,
      text: "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
    let answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    capture.send(
      &connection, .server, [.psh, .ack], Array(answer.utf8) + [0xc1, 2, 0x68, 0x69])
    capture.send(&connection, .client, [.psh, .ack], [0x01, 0x82, 1, 2, 3, 4, 0x69])
    capture.send(&connection, .client, [.psh, .ack], [0x6b, 0x88, 0x80, 1, 2, 3, 4])
    #expect(
      cells(names).suffix(3) == [
        [
          "http.response.code": "101", "websocket.opcode": "1", "websocket.fin": "1",
          "websocket.mask": "0", "websocket.payload_length": "2", "websocket.rsv": "4",
        ],
        [:],
        [
          "websocket.opcode": "1|8", "websocket.fin": "0|1", "websocket.mask": "1|1",
          "websocket.payload_length": "2|0", "websocket.rsv": "0|0",
        ],
      ])
  }

  @Test("HTTP/2 with prior knowledge: frames behind the preface")
  mutating func http2() {
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    capture.send(&connection, .client, [.psh, .ack], preface + [0, 0, 0, 4, 0, 0, 0, 0, 0])
    capture.send(&connection, .server, [.psh, .ack], [0, 0, 3, 1, 4, 0, 0, 0])
    capture.send(&connection, .server, [.psh, .ack], [5, 1, 2, 3])
    #expect(
      cells(["http2.type", "http2.streamid"]) == [
        ["http2.type": "4", "http2.streamid": "0"], [:],
        ["http2.type": "1", "http2.streamid": "5"],
      ])
  }

  @Test("DNS messages in any cut")
  func dns() {
    let query = hex("beef 0100 0001 0000 0000 0000 0161 0474657374 00 0001 0001")
    let message = [0, UInt8(query.count)] + query
    let stream = message + message
    for cut in 1..<stream.count {
      var capture = ConversationBuilder()
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", 40_001, to: "203.0.113.80", 53)
      capture.open(&connection)
      capture.send(&connection, .client, [.psh, .ack], Array(stream[..<cut]))
      capture.send(&connection, .client, [.psh, .ack], Array(stream[cut...]))
      let names = rows(of: capture, ["dns.id", "dns.qry.name"])
      let first = cut >= message.count
      #expect(names[3] == (first ? ["dns.id": "0xbeef", "dns.qry.name": "a.test"] : [:]))
      #expect(
        names[4]
          == (first
            ? ["dns.id": "0xbeef", "dns.qry.name": "a.test"]
            : ["dns.id": "0xbeef|0xbeef", "dns.qry.name": "a.test|a.test"]),
        "\(cut)")
    }
  }
}
