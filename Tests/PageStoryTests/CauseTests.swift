import PacketTestSupport
import PacketWire
import Testing

@testable import PageStory

@Suite("Which earlier packet a step follows from")
struct CauseTests {
  private static func answer(_ head: String, _ body: String = "") -> String {
    "HTTP/1.1 \(head)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static func request(_ target: String, _ host: String, _ more: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\(more)\r\n"
  }

  /// The step of each request, when each is answered before the next is sent.
  private static func requests(
    _ exchanges: [(target: String, host: String, more: String, answer: String)]
  ) -> [StoryStep] {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    for exchange in exchanges {
      capture.send(
        &connection, .client, text: request(exchange.target, exchange.host, exchange.more))
      capture.send(&connection, .server, text: exchange.answer)
    }
    return tell(capture).steps.filter { $0.sentence.hasPrefix("GET") }
  }

  @Test(
    "a redirect is followed, in whatever form it is written",
    arguments: [
      ("/room/", "/room/", "a.test"), ("http://b.test/x?y#z", "/x?y", "b.test"),
      ("//b.test", "/", "b.test"), ("next", "/old/next", "a.test"),
      ("https://c.test/", "/", "c.test"),
    ])
  func redirect(location: String, target: String, host: String) {
    let moved = Self.answer("302 Found\r\nLocation: \(location)")
    let steps = Self.requests([
      ("/old/page?q=/1", "a.test", "", moved), (target, host, "", Self.answer("200 OK")),
      (target, host, "", Self.answer("200 OK")),
    ])
    #expect(steps[1].sentence.contains(", where #5 has sent it") && steps[1].because == [5])
    // Who asks for it later does so unasked.
    #expect(!steps[2].sentence.contains("has sent it") && steps[2].because == [7])
  }

  @Test("of two that ask for the place of a redirect, it leads the one whose page is the same")
  func refererOfRedirect() {
    let moved = Self.answer("302 Found\r\nLocation: /new")
    let steps = Self.requests([
      ("/old", "a.test", "Referer: http://a.test/page\r\n", moved),
      ("/new", "a.test", "Referer: http://a.test/frame\r\n", Self.answer("200 OK")),
      ("/new", "a.test", "Referer: http://a.test/\r\n", Self.answer("200 OK")),
    ])
    #expect(!steps[1].sentence.contains("has sent it"))
    #expect(steps[2].sentence.contains(", where #5 has sent it"))
  }

  @Test("what leads elsewhere is no cause")
  func otherPlace() {
    let moved = Self.answer("302 Found\r\nLocation: /there")
    let steps = Self.requests([
      ("/", "a.test", "", moved), ("/here", "a.test", "", Self.answer("200 OK")),
      ("/there", "b.test", "", Self.answer("200 OK")),
    ])
    #expect(steps.allSatisfy { !$0.sentence.contains("has sent it") })
  }

  @Test("a page's files are asked for because of the page")
  func referer() {
    let steps = Self.requests([
      ("/", "a.test", "", Self.answer("200 OK", "page")),
      ("/style.css", "a.test", "Referer: http://a.test/\r\n", Self.answer("200 OK", "css")),
      ("/style.css", "a.test", "Referer: http://a.test/\r\n", Self.answer("304 Not Modified")),
      ("/font", "a.test", "referer: http://a.test/style.css\r\n", Self.answer("200 OK")),
      ("/x", "a.test", "Referer: http://elsewhere.test/\r\n", Self.answer("200 OK")),
    ])
    #expect(steps[1].sentence.contains(", for the page of #5") && steps[1].because.contains(5))
    #expect(steps[3].sentence.contains(", for the page of #9"))
    #expect(!steps[4].sentence.contains("for the page of"))
  }

  @Test("a search domain is tried because the name alone gave nothing")
  func searchDomain() {
    var capture = ConversationBuilder()
    let names: [(String, DNSType)] = [
      ("www.Nowhere", .a), ("www.nowhere.a.test", .a), ("www.nowhere.b.test", .aaaa),
      ("xwww.nowhere.a.test", .a),
    ]
    for (index, (text, type)) in names.enumerated() {
      let query = DNSMessage(query: name(text), type, identifier: UInt16(index))
      capture.dns(query, UInt16(50_000 + index))
      capture.dns(Scenario.answer(to: query, code: 3), UInt16(50_000 + index))
    }
    let steps = tell(capture).steps
    #expect(steps[2].sentence.contains("has put a search domain behind the name, for #2 gave"))
    #expect(steps[2].because == [2] && steps[4].because == [] && steps[6].because == [])
  }

  @Test("a handshake of TLS follows from that of TCP, and each flight from the other's")
  func tls() {
    let steps = tell(Trouble.tls()).steps.filter { $0.protocolName == "TLS" }
    #expect(steps.map(\.because) == [[3, 4, 5], [6], [], [8], []])
  }

  @Test("a FIN that is still on its way is not forgotten")
  func crossingFINs() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    capture.segment(connection, .client, [.fin], at: 1, acknowledging: 1)
    capture.segment(connection, .server, [.fin], at: 1, acknowledging: 1)
    capture.segment(connection, .client, [], at: 2, acknowledging: 2)
    let step = tell(capture).steps[5]
    #expect(step.sentence.hasSuffix("Its own FIN (#4) is still to be confirmed."))
    #expect(step.because == [4, 5])
  }
}
