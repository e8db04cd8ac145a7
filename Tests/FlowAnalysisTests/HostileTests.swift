@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("Hostile captures")
struct HostileTests {
  /// A capture with something of everything.
  static func everything() -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.arp(DatagramTests.arp(.request, IPv4Address(198, 18, 0, 2), IPv4Address(198, 18, 0, 1)))
    capture.dns(DNSTests.query)
    capture.dns(
      DNSTests.answer([
        DNSTests.alias("www.discord.test", "a.test"), DNSTests.a("a.test", "203.0.113.80"),
      ]))
    for exchange in HTTPTests.exchanges {
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", UInt16(41_000 + capture.packets.count))
      capture.open(&connection)
      for turn in exchange.turns { capture.send(&connection, turn.side, text: turn.text) }
      capture.close(&connection)
    }
    for (side, octets) in [
      (ConversationBuilder.Side.client, TLSTests.clientHello), (.server, TLSTests.serverHello()),
    ] {
      var connection = ConversationBuilder.Connection(to: "203.0.113.81", 443)
      capture.send(&connection, side, [.ack], octets)
    }
    capture.icmp(
      ICMPv4Header(.timeExceeded), from: "192.0.2.1", to: "198.18.0.2",
      DatagramTests.quotation(capture.packets[1], 40))
    return capture
  }

  @Test(
    "captures with flipped bits, cut and shuffled frames never trap",
    arguments: 0..<40 as Range<UInt64>)
  func mutations(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var packets = Self.everything().packets
    for _ in 0..<packets.count / 4 {
      let index = Int.random(in: packets.indices, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0:
        packets[index].octets.removeLast(
          Int.random(in: 0...packets[index].octets.count, using: &random))
      case 1: packets.swapAt(index, Int.random(in: packets.indices, using: &random))
      case 2: packets.append(packets[index])
      default:
        for _ in 0..<4 where !packets[index].octets.isEmpty {
          let place = Int.random(in: packets[index].octets.indices, using: &random)
          packets[index].octets[place] = UInt8.random(in: 0...255, using: &random)
        }
      }
    }
    var capture = ConversationBuilder()
    for packet in packets { capture.frame(packet.octets) }
    let facts = follow(capture)
    #expect(facts.map(\.mark.number) == Array(1...packets.count))
  }

  @Test("random octets behind a header of each kind never trap", arguments: 0..<8 as Range<UInt64>)
  func noise(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    var capture = ConversationBuilder()
    let (one, two) = (address("198.18.0.2"), address("203.0.113.80"))
    for _ in 0..<400 {
      let count = Int.random(in: 0..<200, using: &random)
      let octets = random.bytes(count: count)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: capture.frame(octets)
      case 1: capture.ip(.tcp, from: one, to: two, octets)
      case 2: capture.ip(.icmp, from: two, to: one, octets)
      case 3: capture.ip(.icmpv6, from: address("2001:db8::1"), to: address("2001:db8::2"), octets)
      case 4:
        let port = [53, 443, 5353].randomElement(using: &random) ?? 53
        capture.udp(from: (one, 1_000), to: (two, UInt16(port)), octets)
      default:
        var connection = ConversationBuilder.Connection(
          from: "198.18.0.2", 40_001, to: "203.0.113.80", Bool.random(using: &random) ? 53 : 80)
        (connection.clientNext, connection.serverNext) = (
          Int64.random(in: -20...300, using: &random), Int64.random(in: -20...300, using: &random)
        )
        let flags = TCPHeader.Flags(rawValue: UInt16.random(in: 0...0x1ff, using: &random))
        let starts = [
          "GET ", "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n", "\u{16}\u{3}\u{1}", "",
        ]
        let start = Array((starts.randomElement(using: &random) ?? "").utf8)
        capture.send(
          &connection, Bool.random(using: &random) ? .client : .server, flags, start + octets)
      }
    }
    #expect(follow(capture).count == 400)
  }

  @Test("a flood of SYNs is followed in bounded memory")
  func flood() {
    var limits = AnalysisLimits()
    limits.connections = 1_000
    var analysis = FlowAnalysis(limits: limits)
    var capture = ConversationBuilder()
    let connection = ConversationBuilder.Connection()
    capture.segment(connection, .client, [.syn], at: 0, acknowledging: nil)
    var octets = capture.packets[0].octets
    let count = 200_000
    for number in 1...count {
      // Source address and port make each one another connection.
      octets[26 + 2] = UInt8(number >> 16 & 0xff)
      octets[26 + 3] = UInt8(number >> 8 & 0xff)
      octets[34] = UInt8(number & 0xff)
      let facts = analysis.add(
        Frame(decoding: octets.span, linkType: .ethernet), octets: octets.span, number: number,
        time: WallInstant(nanoseconds: Int64(number)))
      if facts.flow?.ordinal != number { return #expect(Bool(false), "packet \(number)") }
    }
    #expect(analysis.connections.slots.count == 1_000)
    #expect(analysis.counts.evictedFlows == count - 1_000)
    #expect(analysis.shared.memory.used == 0 && analysis.shared.segments.used == 0)
  }

  @Test("octets held for gaps are bounded, over all connections and for each")
  func heldOctets() {
    var limits = AnalysisLimits()
    (limits.heldOctets, limits.heldOctetsPerStream) = (40_000, 10_000)
    var analysis = FlowAnalysis(limits: limits)
    var number = 0
    for port in 1...30 {
      var capture = ConversationBuilder()
      var connection = ConversationBuilder.Connection(from: "198.18.0.2", UInt16(40_000 + port))
      capture.open(&connection)
      capture.send(&connection, .client, text: "GET / HTTP/1.1\r\n")
      connection.clientNext += 100  // never seen
      for _ in 0..<30 {
        capture.send(&connection, .client, [.ack], [UInt8](repeating: 65, count: 1_000))
      }
      for packet in capture.packets {
        number += 1
        let octets = packet.octets.span
        _ = analysis.add(
          Frame(decoding: octets, linkType: .ethernet), octets: octets, number: number,
          time: packet.time)
        #expect(analysis.shared.memory.used <= 40_000 + 2_000)
      }
    }
    #expect(analysis.counts.gaps > 0)
  }

  @Test("segments without acknowledgments are remembered up to a limit")
  func rememberedSegments() {
    var limits = AnalysisLimits()
    (limits.rememberedSegments, limits.rememberedSegmentsPerStream) = (1_000, 200)
    var analysis = FlowAnalysis(limits: limits)
    var number = 0
    for port in 1...10 {
      var capture = ConversationBuilder()
      var connection = ConversationBuilder.Connection(from: "198.18.0.2", UInt16(40_000 + port))
      capture.open(&connection)
      for _ in 0..<300 { capture.send(&connection, .client, [.ack], [1]) }
      for packet in capture.packets {
        number += 1
        let octets = packet.octets.span
        _ = analysis.add(
          Frame(decoding: octets, linkType: .ethernet), octets: octets, number: number,
          time: packet.time)
      }
    }
    #expect(analysis.shared.segments.used <= 1_000 + 16 * 10)
    #expect(analysis.shared.segments.used >= 1_000)
  }

  @Test("what a connection held is given back when it ends, is replaced or is forgotten")
  func memoryIsGivenBack() {
    var limits = AnalysisLimits()
    limits.connections = 3
    var analysis = FlowAnalysis(limits: limits)
    var number = 0
    for port in 1...20 {
      var capture = ConversationBuilder()
      var connection = ConversationBuilder.Connection(from: "198.18.0.2", UInt16(40_000 + port % 7))
      connection.clientISN = UInt32(port) * 1_000
      capture.open(&connection)
      capture.send(&connection, .client, text: "GET / HT")
      capture.send(&connection, .server, [.ack], Array(TLSTests.clientHello.prefix(60)))
      connection.clientNext += 5
      capture.send(&connection, .client, text: "early")
      if port.isMultiple(of: 3) { capture.send(&connection, .client, [.rst, .ack]) }
      for packet in capture.packets {
        number += 1
        let octets = packet.octets.span
        _ = analysis.add(
          Frame(decoding: octets, linkType: .ethernet), octets: octets, number: number,
          time: packet.time)
      }
    }
    for index in analysis.connections.slots.indices {
      analysis.connections.slots[index].state.release(&analysis.shared)
    }
    #expect(analysis.shared.memory.used == 0 && analysis.shared.segments.used == 0)
  }
}
