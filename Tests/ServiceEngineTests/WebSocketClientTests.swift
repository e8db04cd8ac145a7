import PacketTestSupport
import PacketWire
import Testing

@testable import ServiceEngine

@Suite("A WebSocket client")
struct WebSocketClientTests {
  private func client() -> WebSocketClient {
    WebSocketClient(host: "lab.test:81", target: "/echo?a", random: SeededRNG(seed: 3))
  }

  @Test("it talks with our server, octet by octet")
  func conversation() {
    var client = client()
    var server = HTTPConnection(ChatContent(ChatRoom()))
    var events: [WebSocketClient.Event] = []
    func exchange() {
      while !client.output.isEmpty || !server.output.isEmpty {
        for octet in client.output.prefix(100) {
          server.receive([octet], at: WallInstant(nanoseconds: 0))
          client.hasSent(1)
        }
        for octet in server.output.prefix(100) {
          events += client.receive([octet])
          server.hasSent(1)
        }
      }
    }
    exchange()
    #expect(events == [.opened] && client.isOpen)
    client.send(.text("hello"))
    client.ping([1])
    client.close(WebSocketClose(.goingAway, "enough"))
    exchange()
    #expect(
      events.dropFirst() == [
        .happened(.message(.text("hello"))), .happened(.pong([1])),
        .happened(.closed(WebSocketClose(.goingAway))),
      ])
    #expect(client.isOver && server.isClosing)
  }

  @Test func request() {
    let text = String(decoding: client().output, as: UTF8.self)
    #expect(text.hasPrefix("GET /echo?a HTTP/1.1\r\nHost: lab.test:81\r\nUpgrade: websocket\r\n"))
    #expect(text.hasSuffix("\r\n\r\n"))
  }

  @Test(
    "answers that do not open it",
    arguments: [
      ("HTTP/1.1 404 Not Found", [], "the server answers 404 Not Found"),
      (
        "HTTP/1.1 101 X", ["Upgrade: h2c", "Connection: Upgrade"],
        "the server upgrades to something else"
      ),
      (
        "HTTP/1.1 101 X", ["Upgrade: websocket", "Connection: close"],
        "the server upgrades to something else"
      ),
      (
        "HTTP/1.1 101 X", ["Upgrade: websocket", "Connection: upgrade", "Sec-WebSocket-Accept: x"],
        "the server has not understood the key"
      ),
      ("HTTP/1.0 101 X", [], "the server does not speak HTTP/1.1"),
      ("220 mail.test ESMTP", [], "the server does not speak HTTP/1.1"),
      ("", [], "the server does not speak HTTP/1.1"),
    ] as [(String, [String], String)])
  func refusals(line: String, fields: [String], reason: String) {
    var client = client()
    let text = ([line] + fields + ["", ""]).joined(separator: "\r\n")
    #expect(
      client.receive(Array((text.isEmpty ? "\r\n\r\n" : text).utf8)[...]) == [.refused(reason)])
    #expect(client.isOver && !client.isOpen)
    #expect(client.receive([0x81, 0]) == [])
  }

  @Test func answersThatAskForMore() {
    for field in ["Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: chat"] {
      var client = client()
      let key =
        String(decoding: client.output, as: UTF8.self).split(separator: "\r\n")
        .first { $0.hasPrefix("Sec-WebSocket-Key: ") }?.dropFirst(19) ?? ""
      let text = """
        HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r
        Sec-WebSocket-Accept: \(WebSocketKey.accept(for: String(key)))\r\n\(field)\r\n\r\n
        """
      #expect(
        client.receive(Array(text.utf8)[...]) == [
          .refused("the server answers with what nobody asked for")
        ])
    }
    var endless = client()
    #expect(endless.receive([UInt8](repeating: 0x61, count: 8193)[...]).count == 1)
  }

  @Test(
    "URLs",
    arguments: [
      ("ws://lab.test", "lab.test", 80, "/", "lab.test"),
      ("WS://x:8765/chat?name=a", "x", 8765, "/chat?name=a", "x:8765"),
      ("ws://[::1]:81?q", "::1", 81, "/?q", "[::1]:81"),
      ("ws://[2001:db8::1]/", "2001:db8::1", 80, "/", "[2001:db8::1]"),
      ("ws://127.0.0.1:80/a", "127.0.0.1", 80, "/a", "127.0.0.1"),
    ] as [(String, String, UInt16, String, String)])
  func urls(text: String, host: String, port: UInt16, target: String, field: String) {
    let url = WebURL(text, plain: "ws", secure: "wss")
    #expect(url?.host == host && url?.port == port && url?.target == target)
    #expect(url?.hostField == field && url?.isSecure == false)
  }

  @Test func secureURLs() {
    let url = WebURL("WSS://lab.test/echo", plain: "ws", secure: "wss")
    #expect(url?.isSecure == true && url?.port == 443 && url?.hostField == "lab.test")
    #expect(WebURL("wss://lab.test:80/", plain: "ws", secure: "wss")?.hostField == "lab.test:80")
  }

  @Test(
    arguments: [
      "", "ws://", "ws:///x", "wss:/x/", "http://x/", "wsss://x/", "://x/", "ws://x:/", "ws://x:0",
      "ws://x:65536",
      "ws://x:+1", "ws://a@b/",
      "ws://::1/", "ws://[x]/", "ws://[::1", "ws://x/#y", "ws://x/ y", "ws://x/\r\nA: b", "ws://é/",
    ])
  func noURLs(text: String) { #expect(WebURL(text, plain: "ws", secure: "wss") == nil) }
}
