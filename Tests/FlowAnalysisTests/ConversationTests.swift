import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

/// What `Conversations` says of each packet of a built capture, and the table afterwards.
private func judge(
  _ capture: ConversationBuilder, limits: AnalysisLimits = AnalysisLimits()
) -> (segments: [TCPSegmentAnalysis?], conversations: Conversations) {
  var conversations = Conversations(limits: limits)
  var segments: [TCPSegmentAnalysis?] = []
  for (index, packet) in capture.packets.enumerated() {
    let frame = Frame(
      decoding: packet.octets.span, linkType: .ethernet, originalLength: packet.originalLength)
    let mark = PacketMark(number: index + 1, time: packet.time)
    segments.append(conversations.add(frame, length: packet.octets.count, at: mark))
  }
  return (segments, conversations)
}

/// The expectations of this suite were compared with tshark's output for the same packets.
@Suite("What is said of segments")
struct ConversationTests {
  typealias Builder = ConversationBuilder

  /// A handshake of 2 ms, the client's window scale 7, the server's 7.
  static func opened(
    _ connection: inout Builder.Connection, _ capture: inout Builder
  ) {
    capture.send(&connection, .client, [.syn], options: Builder.usualOptions)
    capture.send(&connection, .server, [.syn, .ack], options: Builder.usualOptions)
    capture.send(&connection, .client)
  }

  /// The findings of the packets behind the handshake.
  private func findings(
    _ build: (inout Builder.Connection, inout Builder) -> Void
  ) -> [TCPSegmentFindings] {
    var (capture, connection) = (Builder(), Builder.Connection())
    Self.opened(&connection, &capture)
    build(&connection, &capture)
    return judge(capture).segments.dropFirst(3).map { $0?.findings ?? [] }
  }

  @Test("a handshake, its round trip, and what each packet acknowledges")
  func handshake() throws {
    var (capture, connection) = (Builder(), Builder.Connection())
    Self.opened(&connection, &capture)
    capture.send(&connection, .client, text: "hello")
    capture.send(&connection, .server)
    let segments = judge(capture).segments.compactMap { $0 }
    #expect(segments.count == 5 && segments.allSatisfy { $0.findings.isEmpty && $0.stream == 0 })
    #expect(segments.map(\.completeness.rawValue) == [0, 1, 3, 7, 15])
    #expect(segments.map { $0.acknowledges?.packet } == [nil, 1, 2, nil, 4])
    #expect(segments[4].acknowledges?.after == .milliseconds(1))
    #expect(
      segments.map(\.initialRTT) == [nil, nil] + Array(repeating: .milliseconds(2), count: 3))
    #expect(segments.map(\.window) == [502, 502, 502 << 7, 502 << 7, 502 << 7])
    #expect(segments.map(\.octetsInFlight) == [0, 0, 0, 5, 0])
  }

  @Test("no scale unless both SYNs have it (RFC 7323 §2.2)")
  func scales() {
    var (capture, connection) = (Builder(), Builder.Connection())
    capture.send(&connection, .client, [.syn], options: Builder.usualOptions)
    capture.send(&connection, .server, [.syn, .ack])
    capture.send(&connection, .client)
    #expect(judge(capture).segments.map { $0?.window } == [502, 502, 502])
  }

  @Test("sent again: late, soon behind duplicates, and without need")
  func repetitions() {
    let late = findings { connection, capture in
      capture.send(&connection, .client, text: "hello")
      capture.wait(.milliseconds(300))
      capture.segment(connection, .client, [.psh], at: 1, acknowledging: 1, Array("hello".utf8))
    }
    #expect(late == [[], .retransmission])
    let fast = findings { connection, capture in
      for _ in 0..<2 { capture.send(&connection, .client, text: "hello") }
      for _ in 0..<3 { capture.segment(connection, .server, [], at: 1, acknowledging: 1) }
      capture.segment(connection, .client, [.psh], at: 1, acknowledging: 1, Array("hello".utf8))
    }
    #expect(
      fast == [
        [], [], .duplicateAcknowledgment, .duplicateAcknowledgment, .duplicateAcknowledgment,
        .fastRetransmission,
      ])
    let spurious = findings { connection, capture in
      capture.send(&connection, .client, text: "hello")
      capture.send(&connection, .server)
      capture.segment(connection, .client, [.psh], at: 1, acknowledging: 1, Array("hello".utf8))
    }
    #expect(spurious == [[], [], .spuriousRetransmission])
  }

  @Test("a gap, and what fills it soon or late")
  func gaps() {
    let soon = findings { connection, capture in
      capture.segment(connection, .client, [.psh], at: 6, acknowledging: 1, [6, 7, 8])
      capture.segment(connection, .client, [.psh], at: 1, acknowledging: 1, [1, 2, 3, 4, 5])
    }
    #expect(soon == [.lostSegment, .outOfOrder])
    let late = findings { connection, capture in
      capture.segment(connection, .client, [.psh], at: 6, acknowledging: 1, [6, 7, 8])
      capture.wait(.milliseconds(200))
      capture.segment(connection, .client, [.psh], at: 1, acknowledging: 1, [1, 2, 3, 4, 5])
    }
    #expect(late == [.lostSegment, .retransmission])
    let unseen = findings { connection, capture in
      for position in [10, 20] as [Int64] {
        capture.segment(connection, .server, [], at: 1, acknowledging: position)
      }
    }
    // All that was captured is told by the first; more of it is not told again.
    #expect(unseen == [.acknowledgesLostSegment, []])
  }

  @Test("what was acknowledged and not captured is told once of a sender that has only data")
  func unseenSegments() {
    let found = findings { connection, capture in
      let five = Array("hello".utf8)
      capture.segment(connection, .server, [.psh, .ack], at: 1, acknowledging: 1, five)
      capture.segment(connection, .client, [.ack], at: 1, acknowledging: 11)
      capture.segment(connection, .client, [.ack], at: 1, acknowledging: 16)
      // There is more now, and it lies behind a gap.
      capture.segment(connection, .server, [.psh, .ack], at: 16, acknowledging: 1, five)
      capture.segment(connection, .client, [.ack], at: 1, acknowledging: 21)
      capture.segment(connection, .server, [.psh, .ack], at: 21, acknowledging: 1, five)
      capture.segment(connection, .client, [.ack], at: 1, acknowledging: 31)
      // The server acknowledges something itself.
      capture.segment(connection, .client, [.psh, .ack], at: 1, acknowledging: 31, five)
      capture.segment(connection, .server, [.psh, .ack], at: 31, acknowledging: 6, five)
      capture.segment(connection, .client, [.ack], at: 6, acknowledging: 41)
      // An answer to it at once.
      for _ in 0..<2 {
        capture.segment(connection, .client, [.fin, .ack], at: 6, acknowledging: 41)
      }
    }
    #expect(
      found == [
        [], .acknowledgesLostSegment, [], .lostSegment, .acknowledgesLostSegment, [], [], [],
        .lostSegment, .acknowledgesLostSegment, .acknowledgesLostSegment, .fastRetransmission,
      ])
  }

  @Test("what a cut SYN offers is not known, and a segment counts whole without its options")
  func cutOptions() {
    var (capture, connection) = (Builder(), Builder.Connection())
    capture.send(&connection, .client, [.syn], options: Builder.usualOptions)
    capture.cutLast(to: 14 + 20 + 20 + 4)
    capture.send(&connection, .server, [.syn, .ack], options: Builder.usualOptions)
    capture.send(&connection, .client, [.ack], Array("hello".utf8), options: [1, 1, 1, 1])
    capture.cutLast(to: 14 + 20 + 20 + 2)
    let segments = judge(capture).segments
    #expect(segments.map { $0?.window } == [502, 502, 502])
    #expect(segments.map { $0?.completeness } == [[], .syn, [.syn, .synAcknowledgment]])
    #expect(segments.map { $0?.octetsInFlight } == [0, 0, 5])
  }

  @Test("keep-alives, windows, and probes into closed ones")
  func windows() {
    let alive = findings { connection, capture in
      capture.send(&connection, .client, text: "hello")
      capture.send(&connection, .server)
      capture.segment(connection, .client, [], at: 5, acknowledging: 1)
      capture.send(&connection, .server)
    }
    #expect(alive == [[], [], .keepAlive, .keepAliveAcknowledgment])
    let closed = findings { connection, capture in
      capture.send(&connection, .client, text: "hello")
      capture.send(&connection, .server, window: 0)
      capture.segment(connection, .client, [], at: 6, acknowledging: 1, [0])
      capture.segment(connection, .server, [], at: 1, acknowledging: 6, window: 0)
      capture.segment(connection, .server, [], at: 1, acknowledging: 6, window: 502)
    }
    #expect(
      closed == [
        [], .zeroWindow, .zeroWindowProbe, [.zeroWindow, .zeroWindowProbeAcknowledgment],
        .windowUpdate,
      ])
    let full = findings { connection, capture in
      capture.segment(connection, .server, [], at: 1, acknowledging: 1, window: 1)
      capture.segment(
        connection, .client, [.psh], at: 1, acknowledging: 1, [UInt8](repeating: 0, count: 128))
    }
    #expect(full == [.windowUpdate, .windowFull])
  }

  @Test("a SYN with another number begins another connection of the same ports")
  func reuse() {
    var (capture, connection) = (Builder(), Builder.Connection())
    Self.opened(&connection, &capture)
    var again = Builder.Connection()
    again.clientISN = 77
    again.serverISN = 88
    Self.opened(&again, &capture)
    let (segments, conversations) = judge(capture)
    #expect(segments.map { $0?.stream } == [0, 0, 0, 1, 1, 1])
    #expect(segments.map { $0?.findings } == [[], [], [], .portsReused, [], []])
    #expect(conversations.all.map(\.total.packets) == [3, 3])
  }

  @Test(
    "how a connection stands",
    arguments: [
      (0, ConnectionState.unanswered), (1, .refused), (2, .halfOpen), (3, .open), (4, .closing),
      (5, .closed), (6, .reset),
    ])
  func states(_ story: Int, _ state: ConnectionState) {
    var (capture, connection) = (Builder(), Builder.Connection())
    capture.send(&connection, .client, [.syn])
    switch story {
    case 0: break
    case 1: capture.segment(connection, .server, [.rst], at: 0, acknowledging: 1)
    default: capture.send(&connection, .server, [.syn, .ack])
    }
    if story > 2 { capture.send(&connection, .client) }
    if story == 4 || story == 5 { capture.send(&connection, .client, [.fin, .ack]) }
    if story == 5 { capture.send(&connection, .server, [.fin, .ack]) }
    if story == 6 { capture.send(&connection, .client, [.rst]) }
    let all = judge(capture).conversations.all
    #expect(all.count == 1 && all.first?.connection?.state == state)
    #expect(all.first?.initiator.port == 40_001)
  }

  @Test("both directions are counted, and the SYN tells who began")
  func counts() throws {
    var (capture, connection) = (Builder(), Builder.Connection())
    capture.segment(
      connection, .server, [.psh], at: 1, acknowledging: 1, Array("late".utf8))
    capture.send(&connection, .client, [.syn])
    let all = judge(capture).conversations.all
    let only = try #require(all.first)
    #expect(only.initiator.port == 40_001 && only.responder.port == 80)
    #expect(only.sent == TrafficCount(packets: 1, octets: 54))
    #expect(only.answered == TrafficCount(packets: 1, octets: 58))
    #expect(only.duration == .milliseconds(1))
  }

  @Test("a flood of SYNs takes bounded memory, and what made room is counted")
  func flood() {
    var limits = AnalysisLimits()
    limits.connections = 100
    limits.rememberedSegments = 50
    var conversations = Conversations(limits: limits)
    var header = TCPHeader(from: 0, to: 80, flags: .syn)
    let time = WallInstant(nanoseconds: 0)
    for number in 1...20_000 {
      header.sourcePort = UInt16(truncatingIfNeeded: number)
      let segment = TCPSegment(
        header, length: 0, from: .v4(IPv4Address(bits: UInt32(number))), to: .v4(.loopback))
      _ = conversations.add(
        segment, frameLength: 60, at: PacketMark(number: number, time: time))
    }
    #expect(conversations.all.count == 100)
    #expect(conversations.forgotten.count == 19_900)
    #expect(conversations.forgotten.traffic == TrafficCount(packets: 19_900, octets: 19_900 * 60))
    #expect(conversations.all.first?.stream == 19_900)
  }

  @Test("the same ends on two VLANs and in two tunnels are four conversations")
  func apart() throws {
    var capture = ConversationBuilder()
    var connection = Builder.Connection()
    capture.send(&connection, .client, [.syn])
    let octets = try #require(capture.packets.first).octets
    let plain = Frame(decoding: octets.span, linkType: .ethernet)
    let tagged = Array(octets.prefix(12)) + [0x81, 0, 0, 7] + Array(octets.dropFirst(12))
    let outer = ["198.18.0.9", "198.18.0.10"].map { source in
      var header = IPv4Header(
        protocolNumber: .gre, from: IPv4Address(source) ?? .any, to: .loopback)
      header.totalLength = 24
      var frame = plain
      frame.network = .ipv4(header)
      frame.protocolNumber = .gre
      return TunnelMark(frame, within: nil)
    }
    #expect(outer[0] != nil && outer[0] != outer[1])
    var conversations = Conversations()
    let mark = PacketMark(number: 1, time: WallInstant(nanoseconds: 0))
    for tunnel in [nil] + outer { conversations.add(plain, length: 60, at: mark, within: tunnel) }
    conversations.add(
      Frame(decoding: tagged.span, linkType: .ethernet), length: 64, at: mark)
    #expect(conversations.all.map(\.vlan) == [nil, nil, nil, 7])
    #expect(conversations.all.map(\.isTunnelled) == [false, true, true, false])
    var together = Conversations(keepsVLANsApart: false)
    together.add(plain, length: 60, at: mark)
    together.add(Frame(decoding: tagged.span, linkType: .ethernet), length: 64, at: mark)
    #expect(together.all.count == 1)
  }
}
