import PacketTestSupport
import PacketText
import PacketWire
import Testing

@testable import StoryReport

@Suite("Nothing from a network becomes markup")
struct InjectionTests {
  static let attacks = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
    "</title></style></svg><svg onload=alert(1)>", "javascript:alert(1)", "--><!--", "]]>",
    "&lt;b&gt;&#60;b&#62;", "`${alert(1)}`", "\u{2028}\u{202e}<b>\u{0}\u{1b}[31m",
    "#1<b>#2\"#3", "<meta http-equiv=refresh content=0>", "{}*{display:none}", "<!DOCTYPE html>",
  ]

  /// The markup of a page about nothing hostile: its tags, in order, but for how many.
  static func expectSafe(_ page: [UInt8], _ attack: String) -> Markup {
    let markup = Markup(page)
    #expect(markup.faults.isEmpty, "\(attack): \(markup.faults.prefix(3))")
    for link in markup.values(of: "href") {
      #expect(link.firstMatch(of: #/^#(p\d+|[a-z]+)$/#) != nil, "\(attack): \(link)")
    }
    let styles = markup.tags.filter { $0.name == "style" }.count
    #expect(styles == 1)
    let identifiers = markup.values(of: "id")
    #expect(Set(identifiers).count == identifiers.count, "\(attack)")
    return markup
  }

  @Test("names, requests, answers and their fields", arguments: attacks)
  func pages(attack: String) {
    let plain = Markup(page(of: Capture.page()))
    let label = Array(attack.utf8.filter { $0 != 0 }.prefix(60))
    let capture = Capture.page(labels: [label, Array("test".utf8)], text: attack)
    let hostile = Self.expectSafe(page(of: capture, origin: attack), attack)
    // The steps are the same, and each has one place.
    let steps = { (markup: Markup) in markup.values(of: "id").filter { $0.hasPrefix("p") } }
    #expect(steps(hostile) == steps(plain))
    // What is printable is to be read, as it came.
    if attack.unicodeScalars.allSatisfy(SafeText.isPrintable) {
      #expect(hostile.texts.joined().contains("From \(attack)"))
      #expect(hostile.texts.joined().contains("GET: ") == true)
    }
  }

  @Test("what TLS says in the clear", arguments: attacks)
  func tls(attack: String) {
    let name = String(attack.prefix(30))
    let capture = Capture.tls(server: name, protocolName: name)
    let markup = Self.expectSafe(page(of: capture, origin: "-r " + attack), attack)
    #expect(markup.texts.contains { $0.contains("ClientHello") })
    #expect(markup.texts.contains("Connections over TLS"))
    // No name leads to a packet, whatever it looks like.
    let plain = Markup(page(of: Capture.tls(server: "x", protocolName: "x")))
    #expect(markup.values(of: "href") == plain.values(of: "href"), "\(attack)")
  }

  @Test("what is said on a WebSocket", arguments: attacks)
  func webSocket(attack: String) {
    func said(_ text: String) -> ConversationBuilder {
      var (capture, connection) = (ConversationBuilder(), ConversationBuilder.Connection())
      capture.open(&connection)
      capture.upgrade(&connection)
      capture.frames(&connection, .client, TestFrame(.text, text), TestFrame(.ping, text))
      capture.frames(&connection, .server, TestFrame(.pong, text), TestFrame(.text, text))
      capture.frames(&connection, .server, TestFrame(.close, octets: [3, 0xe8] + text.utf8))
      return capture
    }
    let plain = Markup(page(of: said("x")))
    let hostile = Self.expectSafe(page(of: said(attack)), attack)
    // Nothing that was said leads to a packet, whatever it looks like.
    #expect(hostile.values(of: "href") == plain.values(of: "href"), "\(attack)")
    #expect(hostile.texts.contains("WebSockets") && hostile.texts.contains("WebSocket messages"))
    #expect(hostile.texts.contains { $0.contains("Closed by the server with 1000") })
  }

  @Test("a page of damaged packets is sound", arguments: 0..<12 as Range<UInt64>)
  func damage(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var capture = ConversationBuilder()
    for packet in Capture.page(text: "<b>").packets
      + Capture.tls(server: "<b>", protocolName: "\"").packets
    {
      var octets = packet.octets
      for _ in 0..<Int.random(in: 0...4, using: &random) where !octets.isEmpty {
        octets[Int.random(in: octets.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if Bool.random(using: &random) {
        octets.removeLast(Int.random(in: 0...octets.count, using: &random))
      }
      capture.frame(octets, originalLength: packet.octets.count)
    }
    _ = Self.expectSafe(page(of: capture), "seed \(seed)")
  }

  @Test("a writer's text is only ever text")
  func writer() {
    var writer = HTMLWriter()
    writer.text("<a href='x' title=\"y\">`&amp;\u{9}\u{202e}é")
    #expect(
      writer.buffer.string
        == "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&#96;&amp;amp;U+9U+202Eé")
    writer = HTMLWriter()
    writer.text("#3, #99, #<b>, ##3 and 5#", linking: { $0 == 3 })
    #expect(
      writer.buffer.string
        == "<a href=\"#p3\">#3</a>, #99, #&lt;b&gt;, #<a href=\"#p3\">#3</a> and 5#")
  }
}
