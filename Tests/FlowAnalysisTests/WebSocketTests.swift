import PacketTestSupport
import PacketWire
import Testing

@testable import FlowAnalysis

@Suite("WebSocket: frames, messages, pings and closes")
struct WebSocketTests {
  var capture = ConversationBuilder()
  var connection = ConversationBuilder.Connection()

  init() { capture.open(&connection) }

  /// The frames of each packet, in words.
  func told(limits: AnalysisLimits = AnalysisLimits()) -> [String] {
    describe(facts(limits: limits))
  }

  func facts(limits: AnalysisLimits = AnalysisLimits()) -> [PacketFacts] {
    follow(capture, limits: limits, inflaters: { _ in TwiceInflater() })
  }

  func describe(_ facts: [PacketFacts]) -> [String] {
    facts.flatMap { facts -> [String] in
      let web = facts.tcp?.stream?.webSocket
      var lines = (web?.frames ?? []).map { "\(facts.mark.number) \(words(of: $0))" }
      if let part = web?.part {
        let length = part.header.map { "\($0.payloadLength)" } ?? "?"
        lines.append("\(facts.mark.number) part \(part.octets) of \(length) #\(part.first.number)")
      }
      if web?.isLost == true { lines.append("\(facts.mark.number) lost") }
      if let cutOff = web?.cutOff {
        lines.append(
          "\(facts.mark.number) cut off \(cutOff.sender)\(cutOff.isInFrame ? " in frame" : "")"
            + (cutOff.afterClose.map { " after #\($0.number)" } ?? ""))
      }
      return lines
    }
  }

  private func words(of frame: WebSocketFrame) -> String {
    var words = frame.sender == .client ? "> " : "< "
    switch frame.content {
    case .message(let message):
      words += message.isText ? "text" : "binary"
      words += " \(message.number)/\(message.frames)\(message.isWhole ? "" : "-")"
      words += " '\(text(message.start))'\(message.start.isCut ? "..." : "")"
      words += " \(message.octets.map { "\($0)" } ?? "?")/\(message.sentOctets)"
      if message.packing != .none { words += " \(message.packing)" }
    case .ping(let payload): words += "ping \(text(payload))"
    case .pong(let payload, let ping):
      words += "pong \(text(payload)) \(ping.map { "#\($0.number)" } ?? "unasked")"
    case .close(let closing):
      words += "close \(closing.code.map { "\($0.rawValue)" } ?? "-") \(text(closing.reason))"
      if let answers = closing.answers { words += " #\(answers.number)" }
    case .unknown: words += "unknown \(frame.header.opcode.rawValue)"
    }
    if frame.first.number > 0, frame.missingOctets > 0 {
      words += " missing \(frame.missingOctets)"
    }
    for violation in frame.violations { words += " !\(violation)" }
    return words
  }

  private func agreed() -> WebSocketAgreement? {
    for case .response(let response) in facts().flatMap(\.events) { return response.webSocket }
    return nil
  }

  @Test("the handshake: key, and what was agreed")
  mutating func handshake() throws {
    capture.upgrade(
      &connection,
      extensions:
        "permessage-deflate; client_max_window_bits=\"10\"; SERVER_no_context_takeover , x-other")
    let agreement = try #require(agreed())
    #expect(agreement.accept == .right && agreement.problems == [])
    #expect(agreement.deflate?.client == .init(keepsContext: true, windowBits: 10))
    #expect(agreement.deflate?.server == .init(keepsContext: false, windowBits: 15))
    let facts = facts()
    for case .request(let request) in facts.flatMap(\.events) {
      #expect(request.webSocket?.problems == [])
    }
    #expect(facts.last?.tcp?.application == .webSocket)
  }

  @Test("a wrong answer to the key is told with the right one")
  mutating func wrongAccept() throws {
    capture.upgrade(&connection, accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOO=")
    let agreement = try #require(agreed())
    #expect(agreement.accept == .wrong(expected: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    #expect(agreement.problems == [.wrongAccept])
  }

  @Test("what was not offered, and what is missing")
  mutating func unoffered() throws {
    capture.send(
      &connection, .client,
      text: "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
        + "Sec-WebSocket-Protocol: chat, \r\nSec-WebSocket-Protocol: superchat\r\n\r\n")
    capture.send(
      &connection, .server,
      text: "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: hyper\r\n"
        + "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16\r\n\r\n")
    for case .request(let request) in facts().flatMap(\.events) {
      #expect(request.webSocket?.problems == [.badKey, .otherVersion])
      #expect(request.webSocket?.protocols.map { text($0) } == "chat,, superchat")
    }
    #expect(
      agreed()?.problems == [.noAccept, .badDeflate, .unofferedExtension, .unofferedProtocol])
  }

  @Test("frames in both directions, the first behind the answer's head")
  mutating func frames() {
    capture.upgrade(
      &connection, then: TestFrame(.text, "hi").with { $0.key = nil }.octets)
    capture.frames(
      &connection, .client, TestFrame(.text, "Käse"), TestFrame(.binary, octets: [1, 2]))
    capture.frames(&connection, .client, TestFrame(.ping, "a"), TestFrame(.ping, "b"))
    capture.frames(
      &connection, .server, TestFrame(.pong, "b"), TestFrame(.pong, "a"), TestFrame(.pong, "b"))
    capture.frames(&connection, .server, TestFrame(.close, "\u{3}\u{0}bye"))
    capture.frames(&connection, .client, TestFrame(.close))
    capture.close(&connection)
    #expect(
      told() == [
        "5 < text 1/1 'hi' 2/2", "6 > text 1/1 'Käse' 5/5", "6 > binary 2/1 '\u{1}\u{2}' 2/2",
        "7 > ping a", "7 > ping b", "8 < pong b #7", "8 < pong a unasked", "8 < pong b unasked",
        "9 < close 768 bye !badCloseCode", "10 > close -  #9",
      ])
  }

  @Test("a message in fragments with control frames between, cut anywhere into segments")
  mutating func fragments() {
    let frames = [
      TestFrame(.text, "in ", isFinal: false), TestFrame(.ping, "x"),
      TestFrame(.continuation, "three ", isFinal: false), TestFrame(.continuation, "fragments"),
    ]
    let octets = TestFrame.text(frames)
    for cut in 1..<octets.count {
      var test = self
      test.capture.upgrade(&test.connection)
      test.capture.send(&test.connection, .client, [.ack], Array(octets[..<cut]))
      test.capture.send(&test.connection, .client, [.ack], Array(octets[cut...]))
      let told = test.told().filter { !$0.contains("part") }.map { $0.dropFirst(2) }
      #expect(
        told == [
          "> text 1/1- 'in ' 3/3", "> ping x", "> text 1/2- 'in three ' 9/9",
          "> text 1/3 'in three fragments' 18/18",
        ], "\(cut)")
    }
  }

  @Test("where a frame goes on is told")
  mutating func parts() {
    capture.upgrade(&connection)
    let octets = TestFrame(.text, String(repeating: "x", count: 200)).octets
    for range in [0..<1, 1..<8, 8..<50, 50..<200, 200..<208] {
      capture.send(&connection, .client, [.ack], Array(octets[range]))
    }
    #expect(
      told() == [
        "6 part 0 of ? #6", "7 part 0 of 200 #6", "8 part 42 of 200 #6", "9 part 192 of 200 #6",
        "10 > text 1/1 '\(String(repeating: "x", count: 200))' 200/200",
      ])
  }

  /// Frames that break a rule, who sends them, and what is told.
  static let broken: [(ConversationBuilder.Side, [TestFrame], String)] = [
    (.client, [TestFrame(.text, "a").with { $0.key = nil }], "> text 1/1 'a' 1/1 !unmasked"),
    (.server, [TestFrame(.text, "a").with { $0.key = 1 }], "< text 1/1 'a' 1/1 !masked"),
    (
      .client, [TestFrame(.text, "a").with { $0.reservedBits = 4 }],
      "> text 1/1 'a' 1/1 !reservedBit"
    ),
    (.client, [TestFrame(.init(rawValue: 3), "a")], "> unknown 3 !reservedOpcode"),
    (.client, [TestFrame(.init(rawValue: 11), "a")], "> unknown 11 !reservedOpcode"),
    (
      .client, [TestFrame(.text, "a").with { $0.lengthCode = 126 }], "> text 1/1 'a' 1/1 !badLength"
    ),
    (
      .client, [TestFrame(.text, "a").with { $0.lengthCode = 127 }], "> text 1/1 'a' 1/1 !badLength"
    ),
    (.client, [TestFrame(.continuation, "a")], "> unknown 0 !nothingToContinue"),
    (
      .client, [TestFrame(.text, "a", isFinal: false), TestFrame(.text, "b")],
      "> text 2/1 'b' 1/1 !messageInsideMessage"
    ),
    (.client, [TestFrame(.ping, "a", isFinal: false)], "> ping a !fragmentedControl"),
    (
      .client, [TestFrame(.pong, String(repeating: "a", count: 126))],
      "> pong \(String(repeating: "a", count: 125)) unasked !longControl"
    ),
    (.client, [TestFrame(.close), TestFrame(.text, "a")], "> text 1/1 'a' 1/1 !afterClose"),
    (.client, [TestFrame(.close, "x")], "> close -  !badClose"),
    (.client, [TestFrame(.close, octets: [3, 0xee])], "> close 1006  !badCloseCode"),
    (
      .client, [TestFrame(.close, octets: [3, 0xe8, 0x80])], "> close 1000 \u{fffd} !badText"
    ),
    (.client, [TestFrame(.text, octets: [0xc3, 0x28])], "> text 1/1 '\u{fffd}(' 2/2 !badText"),
    (.client, [TestFrame(.text, octets: [0xc3])], "> text 1/1 '\u{fffd}' 1/1 !badText"),
    (
      .client,
      [TestFrame(.text, octets: [0xc3], isFinal: false), TestFrame(.continuation, octets: [0xa4])],
      "> text 1/2 'ä' 2/2"
    ),
  ]

  @Test("what breaks a rule is said to", arguments: broken.indices)
  func violations(index: Int) {
    let (side, frames, expected) = Self.broken[index]
    var test = self
    test.capture.upgrade(&test.connection)
    let isOwn = frames.contains { $0.key == nil || $0.key == 1 }
    let octets = frames.flatMap { frame in
      frame.with { if side == .server, !isOwn { $0.key = nil } }.octets
    }
    test.capture.send(&test.connection, side == .client ? .client : .server, [.ack], octets)
    #expect(test.told().last == "6 " + expected)
  }

  @Test("octets that are missing inside of a frame leave the rest readable")
  mutating func gapInside() {
    capture.upgrade(&connection)
    let octets = TestFrame(.text, "0123456789abcdef").octets
    capture.send(&connection, .client, [.ack], Array(octets[..<9]))
    connection.clientNext += 5
    capture.send(&connection, .client, [.ack], Array(octets[14...]))
    capture.send(&connection, .server)
    capture.frames(&connection, .client, TestFrame(.text, "next"))
    #expect(
      told() == [
        "6 part 3 of 16 #6", "9 > text 1/1 '012'... 16/16 missing 5", "9 > text 2/1 'next' 4/4",
      ])
  }

  @Test("octets that are missing at a frame's beginning lose what follows, and it is said")
  mutating func gapBetween() {
    capture.upgrade(&connection)
    capture.frames(&connection, .client, TestFrame(.text, "one"))
    connection.clientNext += 9
    capture.frames(&connection, .client, TestFrame(.text, "three"))
    capture.send(&connection, .server)
    capture.frames(&connection, .client, TestFrame(.text, "four"))
    capture.frames(&connection, .server, TestFrame(.text, "five"))
    capture.send(&connection, .client, [.fin, .ack])
    #expect(told() == ["6 > text 1/1 'one' 3/3", "9 lost", "10 < text 1/1 'five' 4/4"])
  }

  @Test("an end without a close frame, by FIN, by RST, in a frame, and after the other end's close")
  func cutOff() {
    var fin = self
    fin.capture.upgrade(&fin.connection)
    fin.capture.close(&fin.connection)
    #expect(fin.told() == ["6 cut off client"])
    var reset = self
    reset.capture.upgrade(&reset.connection)
    reset.capture.send(&reset.connection, .server, [.ack], [0x81])
    reset.capture.send(&reset.connection, .server, [.rst, .ack])
    #expect(reset.told() == ["6 part 0 of ? #6", "7 cut off server in frame"])
    var late = self
    late.capture.upgrade(&late.connection)
    late.capture.frames(&late.connection, .server, TestFrame(.close, octets: [3, 0xe8]))
    late.capture.send(&late.connection, .client, [.fin, .ack])
    #expect(late.told() == ["6 < close 1000 ", "7 cut off client after #6"])
  }

  @Test("packed messages are unpacked, each end's own")
  mutating func packed() {
    capture.upgrade(&connection, extensions: "permessage-deflate")
    let frame = TestFrame(.text, "ab").with { $0.reservedBits = 4 }
    capture.frames(&connection, .client, frame, frame)
    capture.frames(
      &connection, .server, frame.with { $0.isFinal = false }, TestFrame(.continuation, "c"))
    capture.frames(&connection, .client, TestFrame(.text, "plain"))
    // The inflater doubles each octet, and the tail that belongs to a message gives one more.
    #expect(
      told() == [
        "6 > text 1/1 'aabb.' 5/2 unpacked", "6 > text 2/1 'aabb.' 5/2 unpacked",
        "7 < text 1/1- 'aabb' 4/2 unpacked", "7 < text 1/2 'aabbcc.' 7/3 unpacked",
        "8 > text 3/1 'plain' 5/5",
      ])
  }

  @Test("damage and gaps lose the packed messages behind them, unless each begins anew")
  func packedAndLost() {
    for (parameters, expected) in [
      ("", "10 > text 3/1 '' ?/2 packed"),
      ("; client_no_context_takeover", "10 > text 3/1 'aabb.' 5/2 unpacked"),
    ] {
      var test = self
      test.capture.upgrade(&test.connection, extensions: "permessage-deflate" + parameters)
      let frame = TestFrame(.text, "ab").with { $0.reservedBits = 4 }
      test.capture.frames(&test.connection, .client, frame.with { $0.payload = [0xff] })
      let octets = frame.octets
      test.capture.send(&test.connection, .client, [.ack], Array(octets[..<6]))
      test.connection.clientNext += 1
      test.capture.send(&test.connection, .client, [.ack], Array(octets[7...]))
      test.capture.send(&test.connection, .server)
      test.capture.frames(&test.connection, .client, frame)
      #expect(test.told().first == "6 > text 1/1 '' ?/1 packed !badCompression")
      #expect(test.told().last == expected)
    }
  }

  @Test("without something that unpacks, messages stay packed and no rule is broken")
  mutating func leftPacked() {
    capture.upgrade(&connection, extensions: "permessage-deflate")
    capture.frames(&connection, .client, TestFrame(.text, "ab").with { $0.reservedBits = 4 })
    #expect(describe(follow(capture)) == ["6 > text 1/1 '' ?/2 packed"])
  }

  @Test("inflaters count as memory, and go with their connection")
  mutating func memory() {
    capture.upgrade(&connection, extensions: "permessage-deflate")
    let frame = TestFrame(.text, "ab").with { $0.reservedBits = 4 }
    capture.frames(&connection, .client, frame)
    capture.frames(&connection, .server, frame)
    capture.frames(&connection, .client, TestFrame(.close), flags: [.fin])
    capture.frames(&connection, .server, TestFrame(.close), flags: [.fin])
    capture.send(&connection, .client)
    var limits = AnalysisLimits()
    limits.heldOctets = MessageUnpacker.heldOctets
    #expect(told(limits: limits)[1] == "7 < text 1/1 '' ?/2 packed")
    // The first connection's are free again.
    connection = .init(from: "198.18.0.2", 40_002)
    limits.heldOctets *= 2
    let start = capture.packets.count
    capture.open(&connection)
    capture.upgrade(&connection, extensions: "permessage-deflate")
    capture.frames(&connection, .client, frame)
    capture.frames(&connection, .server, frame)
    let told = told(limits: limits).filter { $0.contains("packed") }
    #expect(told.count == 4 && told.allSatisfy { $0.contains("unpacked") }, "\(start) \(told)")
  }

  @Test("of a long message its beginning is kept, and of many frames a few")
  mutating func bounds() throws {
    capture.upgrade(&connection)
    capture.frames(&connection, .client, TestFrame(.text, String(repeating: "x", count: 900)))
    capture.send(
      &connection, .server, [.ack], TestFrame.text(Array(repeating: TestFrame(.ping), count: 200)))
    let facts = facts()
    #expect(describe(facts)[0].hasSuffix("xx'... 900/900"))
    let web = try #require(facts.last?.tcp?.stream?.webSocket)
    #expect(web.frames.count == WebSocketFacts.maximumFrames && web.omittedFrames == 136)
  }
}

/// Unpacks by doubling each octet; 0xff is damage, and the octets that are taken off a message's end are
/// a full stop.
private final class TwiceInflater: MessageInflater {
  func inflate(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) -> (consumed: Int, produced: Int)? {
    if input.count == 4, input[0] == 0, input[3] == 0xff {
      output[0] = UInt8(ascii: ".")
      return (4, 1)
    }
    guard input.count > 0 else { return (0, 0) }
    guard input[0] != 0xff else { return nil }
    (output[0], output[1]) = (input[0], input[0])
    return (1, 2)
  }

  func reset() {}
}
