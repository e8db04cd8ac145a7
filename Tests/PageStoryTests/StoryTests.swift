import FlowAnalysis
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@testable import PageStory

@Suite("What holds of every story")
struct StoryTests {
  /// What every step must be, whatever the packets are.
  static func expectSound(_ steps: [StoryStep], of capture: ConversationBuilder) {
    #expect(steps.map(\.number) == Array(capture.packets.indices.map { $0 + 1 }))
    expectSoundSentences(steps)
  }

  static func expectSoundSentences(_ steps: [StoryStep]) {
    for step in steps {
      let text = step.sentence
      #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "\(step.number): \(text)")
      #expect(text.utf8.count <= 300 && !text.isEmpty, "\(text.utf8.count): \(text)")
      #expect([".", "?", ")"].contains(text.suffix(1)), "\(text)")
      #expect(!text.contains("  ") && text.first != " ", "\(text)")
      #expect(step.because.allSatisfy { $0 >= 1 && $0 < step.number }, "\(step)")
      #expect(step.because == Array(Set(step.because)).sorted())
      // Whatever earlier packet a sentence names is one of its causes.
      for word in text.split(separator: "#").dropFirst() {
        guard let number = Int(word.prefix { $0.isNumber }), number != step.number else { continue }
        #expect(step.because.contains(number) || step.sentence.contains("\\"), "\(step)")
      }
    }
  }

  @Test func page() {
    let capture = Scenario.page()
    let (steps, _) = tell(capture)
    Self.expectSound(steps, of: capture)
    #expect(
      steps.map(\.because) == [
        [], [1], [2], [3], [4], [5], [5, 6], [5, 6, 7], [8], [8], [8, 10], [10, 11], [], [13], [14],
      ])
    #expect(steps.map(\.layer.rawValue) == [2, 2, 7, 7, 4, 4, 4, 7, 4, 7, 7, 4, 4, 4, 4])
    #expect(
      steps.map(\.phase.keyword) == [
        "link-address", "link-address", "name-lookup", "name-lookup", "handshake", "handshake",
        "handshake", "request", "request", "transfer", "transfer", "transfer", "teardown",
        "teardown", "teardown",
      ])
    #expect(steps[0].time == .zero && steps[3].time == Nanoseconds(23_300_000))
    let backward = steps.filter { $0.direction == .backward }.map(\.number)
    #expect(backward == [2, 4, 6, 9, 10, 11, 14])
  }

  @Test(arguments: Trouble.all.map(\.name))
  func trouble(_ name: String) throws {
    let capture = try #require(Trouble.all.first { $0.name == name }).capture()
    Self.expectSound(tell(capture).steps, of: capture)
  }

  /// All captures in one, one after the other.
  static let everything: [ConversationBuilder.Packet] =
    Scenario.page().packets + Trouble.all.flatMap { $0.capture().packets }

  @Test(
    "a story of damaged, cut, copied and shuffled packets is sound",
    arguments: 0..<30 as Range<UInt64>)
  func damage(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var packets = Self.everything
    for _ in 0..<packets.count / 3 {
      let index = Int.random(in: packets.indices, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        let count = Int.random(in: 0...packets[index].octets.count, using: &random)
        packets[index].octets.removeLast(count)
      case 1: packets.swapAt(index, Int.random(in: packets.indices, using: &random))
      case 2: packets.append(packets[index])
      case 3:
        packets[index].time.nanoseconds += Int64.random(
          in: -9_000_000_000...9_000_000_000, using: &random)
      default:
        for _ in 0..<3 where !packets[index].octets.isEmpty {
          let place = Int.random(in: packets[index].octets.indices, using: &random)
          packets[index].octets[place] = UInt8.random(in: 0...255, using: &random)
        }
      }
    }
    var capture = ConversationBuilder()
    for packet in packets {
      capture.now = packet.time
      capture.frame(packet.octets)
    }
    let (steps, summary) = tell(capture)
    Self.expectSound(steps, of: capture)
    for remark in summary.unseen + summary.missing + summary.warnings.map(\.sentence) {
      #expect(remark.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "\(remark)")
    }
    Self.expectPrintable(steps, summary)
  }

  /// No control but the end of a line reaches the terminal.
  static func expectPrintable(_ steps: [StoryStep], _ summary: StorySummary) {
    var printer = StoryText(width: 80, usesUnicode: false)
    var buffer = TextBuffer()
    for step in steps { printer.append(step, to: &buffer) }
    printer.append(summary, to: &buffer)
    #expect(buffer.octets.allSatisfy { $0 == 0x0a || (0x20...0x7e).contains($0) })
  }

  @Test("text from the network cannot reach the terminal unescaped")
  func escapes() throws {
    let evil = "\u{1b}[2J\u{9b}31m\u{202e}\u{7f}\u{0}\u{fc}"
    var capture = ConversationBuilder()
    var label = Array(evil.utf8)
    label.removeAll { $0 == 0 }
    let owner = try #require(DNSName(labels: [label, Array("test".utf8)]))
    let query = DNSMessage(query: owner, .a, identifier: 1)
    capture.dns(query)
    capture.dns(
      Scenario.answer(
        to: query,
        [
          DNSRecord(owner, .cname, timeToLive: 1, .name(owner)),
          DNSRecord(owner, .a, timeToLive: 1, .a(IPv4Address(203, 0, 113, 80))),
        ]))
    let text = DNSMessage(query: owner, .txt, identifier: 2)
    capture.dns(text)
    capture.dns(Scenario.answer(to: text, [DNSRecord(owner, .txt, timeToLive: 1, .txt([label]))]))
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    capture.send(
      &connection, .client,
      text:
        "GET /\(evil) HTTP/1.1\r\nHost: \(evil)\r\nUser-Agent: \(evil)\r\nUpgrade: \(evil)\r\n\r\n")
    capture.send(
      &connection, .server,
      text: "HTTP/1.1 301 \(evil)\r\nLocation: \(evil)\r\nContent-Type: \(evil)\r\n"
        + "Content-Encoding: \(evil)\r\nContent-Length: 3\r\n\r\nabc")
    let (steps, summary) = tell(capture)
    Self.expectSound(steps, of: capture)
    Self.expectPrintable(steps, summary)
    #expect(steps[7].sentence.contains(#"\x1b[2J"#))
  }

  @Test("a flood of SYNs is told in bounded memory, packet by packet")
  func flood() {
    var capture = ConversationBuilder()
    let connection = ConversationBuilder.Connection()
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    var octets = capture.packets[0].octets
    var limits = AnalysisLimits()
    limits.connections = 500
    var analysis = FlowAnalysis(limits: limits)
    var story = PageStory()
    let count = 20_000
    for number in 1...count {
      (octets[29], octets[34]) = (UInt8(number >> 8 & 0xff), UInt8(number & 0xff))
      let facts = analysis.add(
        Frame(decoding: octets.span, linkType: .ethernet), octets: octets.span, number: number,
        time: WallInstant(nanoseconds: Int64(number)))
      if story.tell(facts).number != number { return #expect(Bool(false), "\(number)") }
    }
    let summary = story.finish(analysis.counts)
    #expect(summary.packets == count && story.flows.count <= 4_096)
    #expect(summary.flows.count == 512 && summary.spans.count == 512)
    #expect(summary.omitted == 2 * (count - 512))
    #expect(summary.missing.contains { $0.contains("19500 flows") })
  }

  @Test("clocks that run backwards give no negative times in sentences")
  func backwards() {
    var capture = ConversationBuilder()
    for packet in Scenario.page().packets {
      capture.frame(packet.octets)
      capture.now = WallInstant(nanoseconds: capture.now.nanoseconds - 50_000_000)
    }
    let (steps, summary) = tell(capture)
    Self.expectSound(steps, of: capture)
    #expect(steps.allSatisfy { !$0.sentence.contains(" -") })
    #expect(summary.duration == .zero)
  }
}
