import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@testable import StoryQuiz

/// The questions about a built capture.
func questions(about capture: ConversationBuilder) -> [StoryQuiz.Question] {
  var analysis = FlowAnalysis()
  var quiz = StoryQuiz()
  for (index, packet) in capture.packets.enumerated() {
    let length = packet.originalLength ?? packet.octets.count
    let facts = analysis.add(
      Frame(decoding: packet.octets.span, linkType: .ethernet, originalLength: length),
      octets: packet.octets.span, number: index + 1, time: packet.time, originalLength: length)
    let asked = quiz.ask(about: facts)
    #expect(asked == nil || asked == quiz.questions.last)
  }
  return quiz.questions
}

@Suite("Questions about one's own packets")
struct QuizTests {
  static func question(
    _ kind: StoryQuiz.Kind, in capture: ConversationBuilder
  ) throws -> StoryQuiz.Question {
    let found = questions(about: capture)
    return try #require(
      found.first { $0.kind == kind }, "\(kind) is not among \(found.map(\.kind))")
  }

  /// What holds of every quiz.
  static func expectSound(_ questions: [StoryQuiz.Question]) {
    #expect(questions.map(\.number) == Array(questions.indices.map { $0 + 1 }))
    #expect(Set(questions.map(\.kind)).count == questions.count)
    #expect(questions.map(\.packet) == questions.map(\.packet).sorted())
    #expect(Set(questions.map(\.packet)).count == questions.count)
    for question in questions {
      for text in [question.text, question.answer] {
        #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "\(text)")
        #expect(text.utf8.count < 420 && [".", "?"].contains(text.suffix(1)), "\(text)")
        #expect(!text.contains("  "), "\(text)")
        // Nothing is asked about what comes later.
        for word in text.split(separator: "#").dropFirst() {
          guard let number = Int(word.prefix { $0.isNumber }) else { continue }
          #expect(number <= question.packet || text.contains("\\"), "\(text)")
        }
      }
      #expect(question.text.contains("?"), "\(question.text)")
    }
  }

  @Test("a page asks a dozen kinds, in its order")
  func page() {
    let found = questions(about: Captures.page())
    Self.expectSound(found)
    #expect(
      found.map(\.kind) == [
        .linkBroadcast, .noHandshake, .alias, .twoFamilies, .learnedAddress, .acknowledgesSYN,
        .roundTrip, .hostField, .acknowledgment, .segments, .windowScale, .reuse, .status,
        .halfClosed, .hops, .timeWait,
      ])
  }

  /// The kind, the capture, and what the question and the answer must say for these packets.
  static let cases: [(StoryQuiz.Kind, ConversationBuilder, question: String, answer: String)] = [
    (.linkBroadcast, Captures.page(), "#1 goes to every host", "network address 198.18.0.1,"),
    (.alias, Captures.page(), "has the address 203.0.113.80", "cdn.test: www.test is an alias"),
    (.twoFamilies, Captures.page(), "#3 and #5 ask for the same name, www.test", "IPv6"),
    (.timeToLive, Captures.lookUp(), "#2 without asking", "For 300 s:"),
    (.missingName, Captures.noName(), "no name gone.test", "whatever the type"),
    (.learnedAddress, Captures.page(), "#7 goes to 203.0.113.80", "#4 told it: the answer"),
    (.ports, Captures.opened(), "from port 40001 to port 80", "80 is where the service"),
    (
      .acknowledgesSYN, Captures.page(), "number 2837463. Why one more", "client's first byte"
    ),
    (.segmentSize, Captures.twice(), "up to 1460 bytes", "1500 bytes: 1460 of data, 20"),
    (
      .roundTrip, Captures.page(), "#7, #8 and #9 opened",
      "25.0 ms, from #7 to #8. To the client it is 1.00 ms: the capture was nearer to the client."
    ),
    (.thirdPacket, Captures.twice(), "agreed in #5. Why does it need #6", "another's name"),
    (.hostField, Captures.page(), "leads to 203.0.113.80 already", "Many sites"),
    (
      .acknowledgment, Captures.page(), "#11 carries no data",
      "confirms #10, and all before it: the server has 34 bytes of the client and waits for byte 35, "
        + "which is what its acknowledgment number 2837497 stands for"
    ),
    (
      .segments, Captures.page(), "a head of 41 bytes and a body of 2881",
      "3: 2922 bytes, and a segment has room for 1460 (the client takes 1460)."
    ),
    (.windowScale, Captures.page(), "field of #13 is 502", "64256: in #7 the client said"),
    (.reuse, Captures.page(), "request 2 on this", "about 25.0 ms here"),
    (.status, Captures.page(), "the status 301", "from now on always: /there"),
    (.halfClosed, Captures.page(), "the FIN of the client", "The server sends a FIN of its own"),
    (
      .timeWait, Captures.page(), "With #18",
      "The client, which closed first (#16): if #18 is lost, "
        + "the FIN of #17"
    ),
    (.hops, Captures.page(), "a time to live of 53. If it left with 64", "11: each router"),
    (.bodyEnd, Captures.chunked(), "does not say how long", "an empty one is the last"),
    (.refusal, Captures.refused(), "#2 answers #1 with RST", "listens on port 81 of 203.0.113.80"),
    (.lostSYN, Captures.lostSYN(), "#2 is the SYN of #1", "1.00 s after the first of now 2"),
    (
      .retransmission, Captures.lost(), "#9 brings bytes that #4 brought before",
      "3 ACKs with the same number"
    ),
    (.duplicate, Captures.lost(), "#6 confirms no more", "waits for byte 1. It is number 1"),
    (.gap, Captures.missing(), "Before #4", "10 bytes between"),
    (.zeroWindow, Captures.full(), "#5 offers a window of 0", "No, the server is"),
    (.serverName, Captures.tls(version: 4), "reads #4", "wants www.test:"),
    (.hiddenCertificate, Captures.tls(version: 4), "chooses TLS 1.3", "Behind #5"),
    (
      .enciphered, Captures.tls(version: 4), "#6 is enciphered",
      "58 bytes of records from the client"
    ),
    (.networkError, Captures.unreachable(), "192.0.2.1 reports", "which is #1. Not the target"),
    (.webSocketAccept, Captures.webSocket(), "#5 has a Sec-WebSocket-Accept", "SHA-1"),
    (.webSocketMask, Captures.webSocket(), "in #6 is masked", "Not for secrecy"),
    (.webSocketFrame, Captures.webSocket(), "ends in #7 has 200 bytes", "204: its header has 4."),
    (.webSocketClose, Captures.webSocket(), "#8 closes the WebSocket", "7.1.1"),
    (.reset, Captures.reset(), "RST and not with FIN", "that the server knows nothing"),
  ]

  @Test(
    "each question is about these packets, and its answer right for them", arguments: cases.indices)
  func answers(index: Int) throws {
    let (kind, capture, text, answer) = Self.cases[index]
    let question = try Self.question(kind, in: capture)
    #expect(question.text.contains(text), "\(question.text)")
    #expect(question.answer.contains(answer), "\(question.answer)")
    Self.expectSound(questions(about: capture))
  }

  @Test("nothing is asked where the packets do not say")
  func silence() {
    #expect(questions(about: ConversationBuilder()).isEmpty)
    // The SYN is not in the capture: nobody can say what the numbers mean.
    var capture = ConversationBuilder()
    let connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 40_002)
    capture.segment(connection, .server, [.ack], at: 5, acknowledging: 9)
    #expect(questions(about: capture).isEmpty)
  }

  @Test("whatever comes, a quiz is sound", arguments: 0..<20 as Range<UInt64>)
  func damage(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var packets = Self.cases.flatMap { $0.1.packets }
    var capture = ConversationBuilder()
    for _ in 0..<packets.count / 3 {
      let place = Int.random(in: packets.indices, using: &random)
      packets.swapAt(place, Int.random(in: packets.indices, using: &random))
      if packets[place].octets.isEmpty { continue }
      let octet = Int.random(in: packets[place].octets.indices, using: &random)
      packets[place].octets[octet] = UInt8.random(in: 0...255, using: &random)
      packets[place].time.nanoseconds += Int64.random(in: -9_000_000...9_000_000, using: &random)
    }
    for packet in packets {
      capture.now = packet.time
      capture.frame(packet.octets)
    }
    Self.expectSound(questions(about: capture))
  }
}
