import PacketTestSupport
import PacketWire
import Testing

@testable import ServiceEngine

/// One row: what a client sends, what the server makes of it, and what it answers.
struct WebSocketCase: CustomTestStringConvertible {
  let number: String
  let frames: [TestFrame]
  let events: [String]
  let answers: [String]

  init(_ number: String, _ frames: [TestFrame], _ events: [String], _ answers: [String] = []) {
    (self.number, self.frames, self.events, self.answers) = (number, frames, events, answers)
  }

  /// What breaks a rule.
  init(_ number: String, _ frames: [TestFrame], fails code: Int, after events: [String] = []) {
    self.init(number, frames, events + ["failed \(code)"], ["close \(code)"])
  }

  var testDescription: String { number }
}

@Suite("WebSocket")
struct WebSocketConnectionTests {
  static let long = String(repeating: "x", count: 126)

  static let cases: [WebSocketCase] = [
    // A: whole messages.
    .init("A1 empty text", [TestFrame(.text)], ["text "]),
    .init("A2 empty octets", [TestFrame(.binary)], ["binary 0"]),
    .init("A3 text", [TestFrame(.text, "Käse 🧀")], ["text Käse 🧀"]),
    .init("A4 126 octets", [TestFrame(.text, long)], ["text \(long)"]),
    .init(
      "A5 65536 octets", [TestFrame(.binary, octets: [UInt8](repeating: 1, count: 65_536))],
      ["binary 65536"]),
    .init("A6 a key of zeros", [TestFrame(.text, "a").with { $0.key = 0 }], ["text a"]),
    // B: pings and pongs.
    .init("B1 ping", [TestFrame(.ping, "hello")], ["ping hello"], ["pong hello"]),
    .init("B2 empty ping", [TestFrame(.ping)], ["ping "], ["pong "]),
    .init(
      "B3 the longest ping", [TestFrame(.ping, String(long.dropLast()))],
      ["ping \(long.dropLast())"], ["pong \(long.dropLast())"]),
    .init("B4 too long a ping", [TestFrame(.ping, long)], fails: 1002),
    .init("B5 unasked pong", [TestFrame(.pong, "x")], ["pong x"]),
    .init("B6 too long a pong", [TestFrame(.pong, long)], fails: 1002),
    .init(
      "B7 pongs are in the order of pings", (0..<3).map { TestFrame(.ping, "\($0)") },
      (0..<3).map { "ping \($0)" }, (0..<3).map { "pong \($0)" }),
    // C: reserved bits and opcodes.
    .init("C1 RSV1", [TestFrame(.text, "a").with { $0.reservedBits = 4 }], fails: 1002),
    .init("C2 RSV2", [TestFrame(.ping, "a").with { $0.reservedBits = 2 }], fails: 1002),
    .init("C3 RSV3", [TestFrame(.close).with { $0.reservedBits = 1 }], fails: 1002),
    .init("C4 opcode 3", [TestFrame(.init(rawValue: 3))], fails: 1002),
    .init("C5 opcode 7", [TestFrame(.init(rawValue: 7), "a")], fails: 1002),
    .init("C6 opcode 11", [TestFrame(.init(rawValue: 11))], fails: 1002),
    .init("C7 opcode 15", [TestFrame(.init(rawValue: 15), "a")], fails: 1002),
    .init(
      "C8 what came before is kept", [TestFrame(.text, "a"), TestFrame(.init(rawValue: 4))],
      fails: 1002, after: ["text a"]),
    // D: fragments.
    .init(
      "D1 two", [TestFrame(.text, "a", isFinal: false), TestFrame(.continuation, "b")],
      ["text ab"]),
    .init(
      "D2 empty ones",
      [
        TestFrame(.text, isFinal: false), TestFrame(.continuation, isFinal: false),
        TestFrame(.continuation),
      ], ["text "]),
    .init(
      "D3 a ping in between",
      [
        TestFrame(.text, "a", isFinal: false), TestFrame(.ping, "p"),
        TestFrame(.continuation, "b"),
      ], ["ping p", "text ab"], ["pong p"]),
    .init(
      "D4 a close in between", [TestFrame(.text, "a", isFinal: false), TestFrame(.close)],
      ["closed - "], ["close -"]),
    .init("D5 a ping in fragments", [TestFrame(.ping, "a", isFinal: false)], fails: 1002),
    .init("D6 a close in fragments", [TestFrame(.close, isFinal: false)], fails: 1002),
    .init("D7 nothing to go on with", [TestFrame(.continuation, "a")], fails: 1002),
    .init(
      "D8 nothing to go on with any more",
      [TestFrame(.text, "a"), TestFrame(.continuation, "b")], fails: 1002, after: ["text a"]),
    .init(
      "D9 text inside of text", [TestFrame(.text, "a", isFinal: false), TestFrame(.text, "b")],
      fails: 1002),
    .init(
      "D10 octets inside of text",
      [TestFrame(.text, "a", isFinal: false), TestFrame(.binary, "b", isFinal: false)],
      fails: 1002),
    .init(
      "D11 a hundred",
      (0..<100).map { TestFrame($0 == 0 ? .binary : .continuation, "ab", isFinal: $0 == 99) },
      ["binary 200"]),
    // E: UTF-8.
    .init(
      "E1 a character in three fragments",
      [
        TestFrame(.text, octets: [0xf0, 0x9f], isFinal: false),
        TestFrame(.continuation, octets: [0xa7], isFinal: false),
        TestFrame(.continuation, octets: [0x80]),
      ], ["text 🧀"]),
    .init("E2 cut off at the end", [TestFrame(.text, octets: [0xe2, 0x82])], fails: 1007),
    .init(
      "E3 broken off by a new fragment",
      [TestFrame(.text, octets: [0xe2, 0x82], isFinal: false), TestFrame(.continuation, "a")],
      fails: 1007),
    .init("E4 overlong", [TestFrame(.text, octets: [0xc0, 0xaf])], fails: 1007),
    .init("E5 overlong of three", [TestFrame(.text, octets: [0xe0, 0x9f, 0xbf])], fails: 1007),
    .init(
      "E6 overlong of four", [TestFrame(.text, octets: [0xf0, 0x8f, 0xbf, 0xbf])], fails: 1007),
    .init("E7 a surrogate", [TestFrame(.text, octets: [0xed, 0xa0, 0x80])], fails: 1007),
    .init("E8 beyond U+10FFFF", [TestFrame(.text, octets: [0xf4, 0x90, 0x80, 0x80])], fails: 1007),
    .init("E9 no such first octet", [TestFrame(.text, octets: [0xff])], fails: 1007),
    .init("E10 a stray continuation", [TestFrame(.text, octets: [0x61, 0x80])], fails: 1007),
    .init(
      "E11 the edges",
      [TestFrame(.text, "\u{7f}\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}")],
      ["text \u{7f}\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}"]),
    .init("E12 octets may be anything", [TestFrame(.binary, octets: [0xff, 0xc0])], ["binary 2"]),
    .init(
      "E13 as early as can be: the fragment is not the last",
      [TestFrame(.text, octets: [0x61, 0xff], isFinal: false)], fails: 1007),
    .init(
      "E14 as early as can be: the frame has not ended",
      [TestFrame(.text, octets: [0xed, 0xa0]).with { $0.claimedLength = 1000 }], fails: 1007),
    // F: lengths.
    .init(
      "F1 16 bits for 125",
      [TestFrame(.text, String(long.dropLast())).with { $0.lengthCode = 126 }],
      fails: 1002),
    .init(
      "F2 64 bits for 5", [TestFrame(.text, "hello").with { $0.lengthCode = 127 }], fails: 1002),
    .init(
      "F3 the first of 64 bits", [TestFrame(.binary).with { $0.claimedLength = 1 << 63 }],
      fails: 1002),
    .init(
      "F4 more than the limit", [TestFrame(.binary).with { $0.claimedLength = 100_001 }],
      fails: 1009),
    .init(
      "F5 more than the limit in fragments",
      [
        TestFrame(.binary, octets: [UInt8](repeating: 0, count: 60_000), isFinal: false),
        TestFrame(.continuation).with { $0.claimedLength = 40_001 },
      ], fails: 1009),
    .init(
      "F6 just the limit", [TestFrame(.binary, octets: [UInt8](repeating: 0, count: 100_000))],
      ["binary 100000"]),
    // G: masks.
    .init("G1 a client does not mask", [TestFrame(.text, "a").with { $0.key = nil }], fails: 1002),
    .init("G2 nor its close", [TestFrame(.close).with { $0.key = nil }], fails: 1002),
    // H: closing.
    .init("H1 without a code", [TestFrame(.close)], ["closed - "], ["close -"]),
    .init("H2 one octet", [TestFrame(.close, octets: [3])], fails: 1002),
    .init(
      "H3 a code and a reason", [TestFrame(.close, octets: [0x03, 0xe8] + Array("bye ✓".utf8))],
      ["closed 1000 bye ✓"], ["close 1000"]),
    .init(
      "H4 a reason that is no UTF-8", [TestFrame(.close, octets: [0x03, 0xe8, 0xff])], fails: 1007),
    .init(
      "H5 the longest reason",
      [TestFrame(.close, octets: [0x03, 0xe8] + Array(long.utf8.prefix(123)))],
      ["closed 1000 \(long.prefix(123))"], ["close 1000"]),
    .init(
      "H6 longer", [TestFrame(.close, octets: [0x03, 0xe8] + Array(long.utf8.prefix(124)))],
      fails: 1002),
    .init(
      "H7 nothing counts behind it",
      [TestFrame(.close), TestFrame(.text, "a"), TestFrame(.ping, "b")],
      ["closed - "], ["close -"]),
    .init(
      "H8 nothing counts behind a mistake", [TestFrame(.continuation), TestFrame(.text, "a")],
      fails: 1002),
  ]

  @Test("what a server makes of frames, in whatever pieces they come", arguments: cases)
  func frames(row: WebSocketCase) {
    let octets = row.frames.flatMap(\.octets)
    for size in [1, 2, 3, 7, 1000, max(octets.count, 1)] where octets.count < 5000 || size >= 1000 {
      var server = WebSocketConnection.server(maximumMessageLength: 100_000)
      var events: [String] = []
      var rest = octets[...]
      while !rest.isEmpty {
        events += server.receive(rest.prefix(size)).map(\.words)
        rest = rest.dropFirst(size)
      }
      #expect(events == row.events, "in pieces of \(size)")
      #expect(described(server.output, from: .server) == row.answers)
      let hasEnded = row.answers.contains { $0.hasPrefix("close") }
      #expect(server.isClosed == hasEnded && server.isOpen == !hasEnded)
    }
  }

  @Test(
    "which codes may be on the wire",
    arguments: [
      (0, false), (999, false), (1000, true), (1001, true), (1002, true), (1003, true),
      (1004, false), (1005, false), (1006, false), (1007, true), (1011, true), (1012, true),
      (1014, true), (1015, false), (1016, false), (1999, false), (2000, false), (2999, false),
      (3000, true), (3999, true), (4000, true), (4999, true), (5000, false), (65_535, false),
    ] as [(UInt16, Bool)])
  func closeCodes(code: UInt16, isLegal: Bool) {
    var server = WebSocketConnection.server()
    let frame = TestFrame(.close, octets: [UInt8(code >> 8), UInt8(code & 0xff)])
    let events = server.receive(frame.octets[...])
    #expect(events.map(\.words) == [isLegal ? "closed \(code) " : "failed 1002"])
    #expect(described(server.output, from: .server) == ["close \(isLegal ? code : 1002)"])
    // Nor do we send one.
    var client = WebSocketConnection.client(masks: SeededRNG(seed: 1))
    client.close(WebSocketClose(WebSocketCloseCode(rawValue: code), "x"))
    #expect(described(client.output, from: .client) == [isLegal ? "close \(code)" : "close -"])
  }

  @Test("a client's frames are masked, each with a key of its own, and a server's are not")
  func roles() {
    var client = WebSocketConnection.client(masks: SeededRNG(seed: 7))
    var server = WebSocketConnection.server()
    for _ in 0..<20 { client.send(.text("same")) }
    let keys = Set((0..<20).map { Array(client.output[$0 * 10 + 2..<$0 * 10 + 6]) })
    #expect(client.output.count == 200 && keys.count == 20)
    #expect(
      server.receive(client.output[...]) == Array(repeating: .message(.text("same")), count: 20))
    server.send(.binary([1, 2]))
    #expect(server.output == [0x82, 2, 1, 2])
    #expect(client.receive(server.output[...]) == [.message(.binary([1, 2]))])
    // What is masked never comes from a server.
    var strict = WebSocketConnection.client(masks: SeededRNG(seed: 7))
    #expect(strict.receive(TestFrame(.text, "a").octets[...]).map(\.words) == ["failed 1002"])
  }

  @Test("RFC 6455 §5.7's own examples")
  func examples() {
    var server = WebSocketConnection.server()
    #expect(server.receive(hex("818537fa213d7f9f4d5158")[...]) == [.message(.text("Hello"))])
    #expect(server.receive(hex("898537fa213d7f9f4d5158")[...]) == [.ping(Array("Hello".utf8))])
    #expect(server.output == hex("8a0548656c6c6f"))
    var client = WebSocketConnection.client(masks: SeededRNG(seed: 1))
    #expect(client.receive(hex("010348656c80026c6f")[...]) == [.message(.text("Hello"))])
  }

  @Test(
    "who has closed waits for the other end, takes what is still under way and sends nothing new")
  func closingHandshake() {
    var server = WebSocketConnection.server()
    var client = WebSocketConnection.client(masks: SeededRNG(seed: 1))
    server.close(WebSocketClose(.goingAway, "good night"))
    server.close(WebSocketClose(.normal))
    server.send(.text("too late"))
    server.ping()
    #expect(!server.isOpen && !server.isClosed)
    #expect(described(server.output, from: .server) == ["close 1001"])
    client.send(.text("under way"))
    #expect(server.receive(client.output[...]).map(\.words) == ["text under way"])
    client.hasSent(client.output.count)
    #expect(client.receive(server.output[...]).map(\.words) == ["closed 1001 good night"])
    #expect(client.isClosed && described(client.output, from: .client) == ["close 1001"])
    server.hasSent(server.output.count)
    #expect(server.receive(client.output[...]).map(\.words) == ["closed 1001 "])
    #expect(server.isClosed && server.output.isEmpty)
  }

  @Test func longReasonsAreCutBetweenCharacters() {
    let close = WebSocketClose(.normal, String(repeating: "é", count: 100))
    #expect(close.reason == String(repeating: "é", count: 61))
    #expect(close.payload.count == 124)
  }

  @Test(
    "random frames never trap, and what is well-formed comes back",
    arguments: 0..<4 as Range<UInt64>)
  func hostile(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    for _ in 0..<3000 {
      var octets = (0..<Int.random(in: 1...4, using: &random)).flatMap { _ in
        TestFrame(
          .init(rawValue: UInt8.random(in: 0...15, using: &random)),
          octets: random.bytes(count: Int.random(in: 0...130, using: &random)),
          isFinal: Bool.random(using: &random)
        ).octets
      }
      octets[Int.random(in: 0..<octets.count, using: &random)] = random.bytes(count: 1)[0]
      var whole = WebSocketConnection.server(maximumMessageLength: 200)
      var drip = whole
      let events = whole.receive(octets[...])
      #expect(octets.indices.flatMap { drip.receive(octets[$0...$0]) } == events)
      #expect(drip.output == whole.output)
    }
  }
}
