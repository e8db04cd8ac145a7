import PacketTestSupport
import PacketWire
import Testing

@testable import ServiceEngine

/// A client of a chat over HTTP or WebSocket, and its connection to a server that all of them share.
private final class ChatClient {
  var http: HTTPConnection
  private var webSocket = WebSocketConnection.client(masks: SeededRNG(seed: 1))
  /// What was heard by WebSocket.
  var heard: [String] = []
  static var now: WallInstant { WallInstant(nanoseconds: 1_000_000_000_000) }

  init(_ content: ChatContent, _ number: UInt64) {
    http = HTTPConnection(content, as: ConnectionID(rawValue: number))
  }

  /// Sends a request; gives what is answered.
  func request(_ line: String, _ fields: String = "", body: String = "") -> Reply {
    let text = "\(line) HTTP/1.1\r\nHost: x\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n"
    http.receive(Array((text + body).utf8)[...], at: Self.now)
    return take()
  }

  /// Nothing was sent for a while; gives whether the connection goes on.
  func wait(until now: WallInstant) -> Bool { http.timeIsUp(at: now) }

  func take() -> Reply {
    let reply = Reply(http.output)
    http.hasSent(http.output.count)
    return reply
  }

  func open(_ place: String) {
    let reply = request(
      "GET \(place)",
      """
      Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n
      """)
    #expect(reply.status == 101)
    #expect(reply["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    hear(reply.octets)
  }

  func say(_ message: WebSocketMessage, at now: WallInstant = now) {
    webSocket.send(message)
    let octets = webSocket.output
    webSocket.hasSent(octets.count)
    http.receive(octets[...], at: now)
    listen()
  }

  func listen() {
    let output = http.output
    http.hasSent(output.count)
    hear(output)
  }

  private func hear(_ octets: [UInt8]) {
    heard += webSocket.receive(octets[...]).map(\.words)
  }
}

@Suite("Chat")
struct ChatTests {
  private let room = ChatRoom()
  private let content: ChatContent

  init() { content = ChatContent(room) }

  private func wake(_ clients: [ChatClient]) {
    for id in content.wakes() {
      let client = clients[Int(id.rawValue)]
      client.http.receive([], at: ChatClient.now)
    }
    for client in clients { client.listen() }
  }

  private func clients(_ count: UInt64) -> [ChatClient] {
    (0..<count).map { ChatClient(content, $0) }
  }

  @Test("what one says all hear, in order, and who comes and goes is told")
  func conversation() {
    let clients = clients(3)
    clients[0].open("/chat?name=Ada")
    clients[1].open("/chat?name=Bob%20B")
    clients[0].say(.text("hello <b>&"))
    clients[1].say(.text("Grüße"))
    wake(clients)
    clients[2].open("/chat?name=Cleo")
    wake(clients)
    clients[1].http.ended()
    wake(clients)
    let said = [
      "* Ada has come in", "* Bob B has come in", "Ada: hello <b>&", "Bob B: Grüße",
      "* Cleo has come in",
    ]
    let expected = said.map { "text \($0)" }
    #expect(clients[0].heard == expected + ["text * Bob B has left"])
    #expect(clients[1].heard == expected)
    #expect(clients[2].heard == expected + ["text * Bob B has left"])
  }

  @Test("long polling hears and says the same")
  func polling() {
    let clients = clients(2)
    clients[0].open("/chat?name=Ada")
    #expect(clients[1].request("GET /poll").body == "1\n")
    // There is nothing yet, so it waits.
    #expect(clients[1].request("GET /poll?after=1").status == 0)
    #expect(clients[1].http.wantsInput)
    clients[0].say(.text("hi"))
    #expect(content.wakes() == [ConnectionID(rawValue: 0), ConnectionID(rawValue: 1)])
    clients[1].http.receive([], at: ChatClient.now)
    let reply = clients[1].take()
    #expect(reply.body == "2 Ada: hi\n" && reply["Cache-Control"] == "no-store")
    let answer = clients[1].request("POST /poll?name=Bob", body: "yes")
    #expect(answer.status == 204 && answer.body.isEmpty && answer["Content-Length"] == nil)
    wake(clients)
    #expect(clients[0].heard.last == "text Bob: yes")
    #expect(
      clients[1].request("GET /poll?after=0").body.hasPrefix("1 * Ada has come in\n2 Ada: hi\n"))
    // A number from another room's life.
    #expect(clients[1].request("GET /poll?after=99").body.hasPrefix("1 "))
    #expect(clients[1].request("GET /poll?after=x").status == 400)
  }

  @Test("who waits in vain is told so after a while, and asks again on the same connection")
  func patience() {
    let client = clients(1)[0]
    #expect(client.request("GET /poll?after=0").status == 0)
    let start = ChatClient.now
    #expect(client.wait(until: start + .seconds(5)))
    #expect(client.http.output.isEmpty)
    #expect(client.wait(until: start + .seconds(15)))
    #expect(client.take().status == 204)
    #expect(client.request("GET /poll?after=0").status == 0)
    // A great deal that comes meanwhile is not taken in.
    client.http.receive([UInt8](repeating: 0x61, count: 8192)[...], at: start)
    #expect(!client.http.wantsInput)
    room.say("x")
    client.http.ended()
    #expect(content.wakes().isEmpty)
    room.say("y")
    #expect(content.wakes().isEmpty)
  }

  @Test(
    "names",
    arguments: [
      ("Ada", "Ada"), ("%20Ada%20%20L%20", "Ada L"), ("A%3Ada", "Ada"), ("*%20Ada", "Ada"),
      ("%E2%80%AEadA", "\u{fffd}adA"), ("%0aAda", "Ada"), ("%3Cb%3E", "<b>"), ("", nil),
      ("%20", nil),
      (":*:", nil), ("%zz", nil), (String(repeating: "x", count: 25), nil),
    ] as [(String, String?)])
  func names(text: String, name: String?) {
    let client = clients(1)[0]
    guard let name else {
      #expect(client.request("GET /chat?name=\(text)").status == 400)
      return
    }
    client.open("/chat?name=\(text)")
    #expect(client.heard == ["text * \(name) has come in"])
  }

  @Test(
    "lines are one line of text",
    arguments: [
      ("a\nb", "a b"), ("a\u{0}b", "a\u{fffd}b"), ("\u{1b}[31m", "\u{fffd}[31m"),
      ("\u{202e}x", "\u{fffd}x"),
      ("x\u{2028}y", "x y"), ("👩‍🚀 ❤️", "👩‍🚀 ❤️"), ("* Ada has left", "* Ada has left"), (" ", nil),
    ] as [(String, String?)])
  func lines(text: String, line: String?) {
    let client = clients(1)[0]
    client.open("/chat?name=Ada")
    client.say(.text(text))
    #expect(client.heard.dropFirst() == (line.map { ["text Ada: \($0)"] } ?? [])[...])
  }

  @Test func whatIsNotAllowed() {
    let clients = clients(4)
    clients[0].open("/chat?name=Ada")
    clients[0].say(.binary([1]))
    #expect(clients[0].heard.last == "closed 1003 only texts are said here")
    clients[1].open("/chat?name=Bob")
    clients[1].say(.text(String(repeating: "x", count: 2001)))
    #expect(clients[1].heard.last?.hasPrefix("closed 1009") == true)
    clients[2].open("/chat?name=Cleo")
    for _ in 0..<25 { clients[2].say(.text("spam")) }
    #expect(clients[2].heard.last == "closed 1008 20 messages a second are the most")
    #expect(
      clients[3].request("POST /poll?name=Dan", "Origin: http://evil.test\r\n", body: "x").status
        == 403)
    #expect(
      clients[3].request("POST /poll?name=Dan", "Origin: http://x\r\n", body: "x").status == 204)
    #expect(clients[3].request("PUT /poll?name=Dan")["Allow"] == "GET, POST")
    #expect(clients[3].request("GET /room.js").status == 200)
    #expect(clients[3].request("GET /chat?name=Eve").status == 426)
  }

  @Test("who does not read is told how much was missed, and holds no more memory than others")
  func slowListener() {
    let clients = clients(2)
    clients[0].open("/chat?name=Ada")
    for number in 0..<1000 { room.say("Bob: \(number)") }
    wake(clients)
    #expect(clients[0].heard.count == 1 + 1 + ChatRoom.memory)
    #expect(clients[0].heard.dropFirst().first == "text * 800 lines were missed")
    #expect(clients[0].heard.last == "text Bob: 999")
    // While much waits to be sent, nothing is added.
    for _ in 0..<100 {
      for _ in 0..<50 { room.say(String(repeating: "x", count: 2000)) }
      for _ in content.wakes() { clients[0].http.receive([], at: ChatClient.now) }
    }
    #expect(clients[0].http.output.count < 600_000)
  }

  @Test("several servers share one room")
  func doors() {
    let other = ChatContent(room)
    let (ada, bob) = (ChatClient(content, 7), ChatClient(other, 7))
    ada.open("/chat?name=Ada")
    bob.open("/chat?name=Bob")
    #expect(content.wakes() == [ConnectionID(rawValue: 7)])
    #expect(content.wakes().isEmpty)
    #expect(other.wakes() == [ConnectionID(rawValue: 7)])
    ada.http.ended()
    #expect(content.wakes().isEmpty && other.wakes() == [ConnectionID(rawValue: 7)])
  }
}

@Suite("The WebSocket handshake")
struct WebSocketHandshakeTests {
  private static let good = [
    "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ]

  private func answer(_ fields: [String], _ line: String = "GET /echo HTTP/1.1") -> Reply {
    var connection = HTTPConnection(ChatContent(ChatRoom()))
    let text = ([line, "Host: lab.test:8765"] + fields + ["", ""]).joined(separator: "\r\n")
    connection.receive(Array(text.utf8)[...], at: WallInstant(nanoseconds: 0))
    return Reply(connection.output)
  }

  @Test(
    "what is a handshake",
    arguments: [
      (0, "Upgrade: WebSocket", 101), (0, "Upgrade: h2c, websocket", 101), (0, "Upgrade: h2c", 426),
      (0, "X: y", 426), (1, "connection: upgrade", 101), (1, "Connection: close", 426),
      (2, "Sec-WebSocket-Version: 8", 426), (2, "Sec-WebSocket-Version: 13, 8", 426),
      (2, "X: y", 426),
      (3, "X: y", 400), (3, "Sec-WebSocket-Key: ", 400), (3, "Sec-WebSocket-Key: c2hvcnQ=", 400),
      (3, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ", 400),
      (
        3,
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        400
      ),
    ] as [(Int, String, Int)])
  func requests(place: Int, field: String, status: Int) {
    var fields = Self.good
    fields[place] = field
    let reply = answer(fields)
    #expect(reply.status == status)
    if status == 101 {
      #expect(reply["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      #expect(reply["Upgrade"] == "websocket" && reply["Connection"] == "Upgrade")
    }
    if place == 2 { #expect(reply["Sec-WebSocket-Version"] == "13") }
  }

  @Test func otherKinds() {
    #expect(answer(Self.good).status == 101)
    #expect(answer(Self.good, "GET /echo HTTP/1.0").status == 400)
    #expect(
      answer(Self.good, "POST /echo HTTP/1.1").status == 404
        || answer(Self.good, "POST /echo HTTP/1.1").status == 405)
    #expect(answer(Self.good + ["Origin: http://lab.test:8765"]).status == 101)
    #expect(answer(Self.good + ["Origin: https://LAB.test:8765"]).status == 101)
    for origin in [
      "http://lab.test", "http://evil.test:8765", "null", "http://lab.test:8765.evil.test",
    ] {
      #expect(answer(Self.good + ["Origin: \(origin)"]).status == 403)
    }
  }

  @Test(
    "what comes together with the handshake counts, and a silent client is asked whether it lives")
  func session() {
    var connection = HTTPConnection(ChatContent(ChatRoom()))
    let head = (["GET /echo HTTP/1.1", "Host: x"] + Self.good + ["", ""]).joined(separator: "\r\n")
    let start = WallInstant(nanoseconds: 0)
    connection.receive((Array(head.utf8) + TestFrame(.text, "early").octets)[...], at: start)
    func sent() -> [String] {
      let body = Reply(connection.output).octets
      let frames = body.isEmpty ? connection.output : body
      connection.hasSent(connection.output.count)
      return described(frames, from: .server)
    }
    #expect(sent() == ["text early"])
    #expect(connection.patience == .seconds(30))
    var goesOn = connection.timeIsUp(at: start + .seconds(31))
    #expect(goesOn && sent() == ["ping "])
    connection.receive(TestFrame(.pong).octets[...], at: start + .seconds(40))
    goesOn = connection.timeIsUp(at: start + .seconds(61))
    #expect(goesOn && sent() == [])
    goesOn = connection.timeIsUp(at: start + .seconds(91))
    #expect(goesOn && sent() == ["ping "])
    goesOn = connection.timeIsUp(at: start + .seconds(121))
    #expect(!goesOn)
    connection.receive(TestFrame(.close).octets[...], at: start + .seconds(122))
    #expect(connection.isClosing && !connection.wantsInput && sent() == ["close -"])
  }
}
