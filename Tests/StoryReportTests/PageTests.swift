import PacketExplanation
import PacketTestSupport
import PacketWire
import Testing

@testable import StoryReport

@Suite("A story as a page")
struct PageTests {
  @Test("the policy names the style by its digest, and allows nothing else")
  func policy() throws {
    let text = String(decoding: page(of: Capture.page()), as: UTF8.self)
    let style = try #require(text.firstMatch(of: #/<style>([^<]*)<\/style>/#)?.1)
    let digest = Base64.encode(SHA256.digest(Array(style.utf8)))
    let policy = Markup(Array(text.utf8)).values(of: "content").first
    #expect(
      policy
        == "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'")
    // It stands before whatever it is to hold for.
    let place = try #require(text.firstRange(of: "Content-Security-Policy")).lowerBound
    #expect(try #require(text.firstRange(of: "<style>")).lowerBound > place)
    // Nothing that a browser would fetch or run.
    let markup = Markup(Array(text.utf8))
    for tag in markup.tags {
      for attribute in tag.attributes where attribute.name != "title" {
        #expect(!attribute.value.contains("://"), "\(tag)")
      }
    }
    for word in ["url(", "@import", "expression("] { #expect(!style.contains(word), "\(word)") }
  }

  @Test("landmarks, headings in order, tables with headers")
  func structure() {
    let markup = Markup(page(of: Capture.page()))
    #expect(markup.faults.isEmpty, "\(markup.faults.prefix(3))")
    let names = markup.tags.map(\.name)
    for (name, count) in [("h1", 1), ("main", 1), ("nav", 1), ("header", 1), ("footer", 1)] {
      #expect(names.count { $0 == name } == count, "\(name)")
    }
    // No level is left out.
    let levels = names.compactMap { $0.firstMatch(of: #/^h([1-6])$/#).flatMap { Int($0.1) } }
    #expect(levels.first == 1)
    #expect(zip(levels.dropFirst(), levels).allSatisfy { $0 <= $1 + 1 })
    let tables = names.count { $0 == "table" }
    #expect(tables > 5 && names.count { $0 == "caption" } == tables)
    for tag in markup.tags where tag.name == "th" {
      #expect(tag.attributes.contains { $0.name == "scope" })
    }
    // Each drawing has a name, or is left out of what is read aloud.
    for tag in markup.tags where tag.name == "svg" {
      #expect(tag.attributes.contains { $0.name == "aria-labelledby" || $0.name == "aria-hidden" })
    }
    // Whatever is linked is there.
    let identifiers = Set(markup.values(of: "id"))
    for link in markup.values(of: "href") {
      #expect(identifiers.contains(String(link.dropFirst())), "\(link)")
    }
  }

  @Test("hellos and what programs are known by stand in tables")
  func encryptions() throws {
    let markup = Markup(page(of: Capture.tls(server: "x.test", protocolName: "h2")))
    let titles = markup.texts
    #expect(
      titles.contains("Connections over TLS") && titles.contains("TLS 1.3, TLS_AES_128_GCM_SHA256"))
    #expect(titles.contains { $0.hasPrefix("What programs are known by") })
    let hellos = try Capture.hellos(server: "x.test", protocolName: "h2")
    for value in [
      "JA3 \(hellos.client.ja3)", "JA4 \(hellos.client.ja4(isQUIC: false))",
      "JA3S \(hellos.server.ja3s)",
    ] {
      #expect(titles.contains(value), "\(value)")
    }
  }

  @Test("every packet has its step, its causes, its octets and its fields")
  func steps() {
    let capture = Capture.page()
    let text = String(decoding: page(of: capture), as: UTF8.self)
    for number in 1...capture.packets.count {
      #expect(text.contains("id=\"p\(number)\""))
      #expect(text.contains("octets of packet \(number)<"))
    }
    #expect(text.contains("<p class=\"because\">because of <a href=\"#p1\">#1</a></p>"))
    #expect(text.contains("Destination Port</th><td data-is=\"Value\">53 (domain)"))
    // The octets of a SYN's ports, in the colours of two fields.
    #expect(text.contains("title=\"Source Port\">9c 41</span> <span class=\"c"))
    #expect(text.contains("title=\"Destination Port\">00 50</span>"))
  }

  @Test("the fields of each octet are found, in order and once", arguments: [0, 1, 20, 41, 60, 90])
  func groups(cut: Int) {
    for packet in Capture.page().packets {
      let octets = Array(packet.octets.prefix(packet.octets.count - min(cut, packet.octets.count)))
      let groups = PacketView.groups(
        of: .init(of: octets.span, linkType: .ethernet, originalLength: packet.octets.count))
      #expect(groups.flatMap { Array($0.octets) } == Array(octets.indices))
    }
  }

  @Test("a page has an end, however long the capture, and says what it left out")
  func bounds() {
    let capture = Capture.page(text: String(repeating: "a", count: 60))
    let (short, long) = (page(of: capture, repeating: 100), page(of: capture, repeating: 400))
    let markup = Markup(long)
    #expect(markup.faults.isEmpty)
    let steps = markup.values(of: "id").filter { $0.hasPrefix("p") }
    #expect(steps.count == StoryReport.maximumSteps)
    #expect(markup.tags.count { $0.name == "details" } == StoryReport.maximumPackets)
    let identifiers = Set(markup.values(of: "id"))
    for link in markup.values(of: "href") {
      #expect(identifiers.contains(String(link.dropFirst())), "\(link)")
    }
    let packets = capture.packets.count * 400
    let text = markup.texts.joined()
    #expect(text.contains("leaves out \(packets - StoryReport.maximumSteps) more"))
    #expect(text.contains("those of \(packets - StoryReport.maximumPackets) more are not"))
    #expect(text.contains("Packets\(packets)") || text.contains("\(packets)"))
    #expect(long.count < short.count + 200_000 && long.count < 6_000_000, "\(long.count)")
  }

  @Test("a capture of nothing is a page too")
  func nothing() {
    let markup = Markup(page(of: ConversationBuilder(), origin: ""))
    #expect(markup.faults.isEmpty)
    #expect(markup.texts.joined().contains("This capture holds no packet."))
  }

  @Test("one host with addresses of two families has one lane")
  func lanes() {
    var capture = ConversationBuilder()
    let owner = name("www.test")
    let query = DNSMessage(query: owner, .aaaa, identifier: 1)
    capture.dns(query)
    let found = DNSRecord(owner, .aaaa, timeToLive: 1, .aaaa(IPv6Address("2001:db8::80") ?? .any))
    capture.dns(Capture.answer(to: query, [found]))
    var connection = ConversationBuilder.Connection(from: "2001:db8::2", to: "2001:db8::80")
    capture.open(&connection)
    let text = String(decoding: page(of: capture), as: UTF8.self)
    #expect(text.contains("5 packets between 3 hosts"))
    #expect(text.contains(">198.18.0.2</text>") && text.contains(">2001:db8::2</text>"))
  }

  @Test("pauses are shortened, and it is said")
  func pauses() {
    var capture = Capture.page()
    var connection = ConversationBuilder.Connection(from: "198.18.0.2", 40_009)
    capture.wait(.seconds(3_600))
    capture.open(&connection)
    let text = String(decoding: page(of: capture), as: UTF8.self)
    #expect(text.contains("3600 s of silence, drawn shorter"))
    let height = text.firstMatch(
      of: #/aria-labelledby="seqt seqd" width="[\d.]+" height="([\d.]+)"/#)
    #expect(Double(height?.1 ?? "").map { $0 < 2_000 } == true)
  }
}
