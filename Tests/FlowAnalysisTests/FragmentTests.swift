@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("Packets in pieces")
struct FragmentTests {
  static let client = (address: address("198.18.0.2"), port: UInt16(40_001))
  static let server = (address: address("203.0.113.80"), port: UInt16(443))

  /// A datagram of 100 octets, 108 with its header.
  static func datagram(wide: Bool = false) -> ConversationBuilder {
    var capture = ConversationBuilder()
    if wide {
      capture.udp(
        from: (address("2001:db8::2"), client.port), to: (address("2001:db8::80"), server.port),
        Array(0..<100))
    } else {
      capture.udp(from: client, to: server, Array(0..<100))
    }
    return capture
  }

  static func state(_ facts: PacketFacts) -> FragmentFacts.State? {
    if case .fragment(let piece) = facts.content { piece.state } else { nil }
  }

  @Test("the packet is read with the last piece to come", arguments: [false, true])
  func anyOrder(wide: Bool) {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      var capture = Self.datagram(wide: wide)
      capture.cutLastIntoPieces(of: 40, order: order)
      let facts = follow(capture)
      let pieces = facts[..<2].map { facts -> FragmentFacts? in
        if case .fragment(let piece) = facts.content { piece } else { nil }
      }
      #expect(pieces.map { $0?.offset } == order[..<2].map { $0 * 40 })
      #expect(pieces.map { $0?.length } == order[..<2].map { $0 == 2 ? 28 : 40 })
      #expect(pieces.map { $0?.moreFragments } == order[..<2].map { $0 != 2 })
      #expect(pieces.map { $0?.first?.number } == [nil, 1])
      #expect(pieces.allSatisfy { $0?.protocolNumber == .udp && $0?.state == .waiting })
      #expect(facts[..<2].allSatisfy { $0.flow == FlowID(.ip, 1) && $0.pieces == nil })
      guard case .udp(let whole) = facts[2].content else {
        #expect(Bool(false), "not whole")
        continue
      }
      #expect(whole.length == 100 && facts[2].flow == FlowID(.udp, 1) && facts[2].isFirstOfFlow)
      #expect(facts[2].pieces?.numbers == [1, 2] && facts[2].pieces?.count == 2)
      #expect(facts[2].source?.port == 40_001 && facts[2].destination?.port == 443)
    }
  }

  @Test("an answer of DNS in pieces belongs to its query")
  func answer() {
    var capture = ConversationBuilder()
    capture.dns(DNSTests.query)
    capture.dns(DNSTests.answer([DNSTests.a("www.discord.test", "203.0.113.80")]))
    capture.cutLastIntoPieces(of: 16)
    let facts = follow(capture)
    guard case .dns(let whole) = facts.last?.content, case .answer(let query?, nil) = whole.role
    else {
      return #expect(Bool(false), "no answer")
    }
    #expect(query.first.number == 1 && facts.last?.flow == FlowID(.udp, 1))
  }

  @Test("two packets with pieces between each other, and one that another number tells apart")
  func interleaved() {
    var capture = ConversationBuilder()
    var pieces: [[ConversationBuilder.Packet]] = []
    for datagram in [Self.datagram(), Self.datagram()].enumerated() {
      var one = datagram.element
      one.cutLastIntoPieces(of: 56)
      pieces.append(one.packets)
    }
    // The identification of the second one.
    pieces[1] = pieces[1].map { packet in
      var packet = packet
      packet.octets[19] ^= 1
      return packet
    }
    for (piece, packet) in [(0, 0), (0, 1), (1, 1), (1, 0)] {
      capture.frame(pieces[packet][piece].octets)
    }
    let facts = follow(capture)
    #expect(facts.map { $0.pieces?.numbers } == [nil, nil, [2], [1]])
  }

  @Test("what came before, what the capture cut, and what cannot be")
  func states() {
    var capture = Self.datagram()
    capture.cutLastIntoPieces(of: 40)
    let pieces = capture.packets.map(\.octets)
    var other = ConversationBuilder()
    other.frame(pieces[0])
    other.frame(pieces[0])
    other.frame(pieces[1])
    other.cutLast(to: 14 + 20 + 30)
    var longer = pieces[2]
    longer[21] = 20  // behind the end
    other.frame(pieces[2])
    other.frame(longer)
    other.frame(pieces[1])
    let facts = follow(other)
    #expect(
      facts.map(Self.state) == [
        .waiting, .duplicate, .cut, .waiting, .refused(.contradictoryLength), .refused(.discarded),
      ])
  }

  @Test("a tunnel's packet in pieces, and a piece inside of a tunnel")
  func tunnels() {
    var outside = ConversationBuilder()
    outside.wrap(Self.datagram(), .gre)
    outside.cutLastIntoPieces(of: 48)
    var pieces = Self.datagram()
    pieces.cutLastIntoPieces(of: 48)
    var inside = ConversationBuilder()
    inside.wrap(pieces, .ip)
    for capture in [outside, inside] {
      let facts = follow(capture)
      #expect(facts.count == 3 && facts[2].pieces?.numbers == [1, 2])
      guard case .udp(let whole) = facts[2].content else {
        #expect(Bool(false), "not whole")
        continue
      }
      #expect(whole.length == 100 && facts[2].tunnel != nil)
      #expect(facts[..<2].map(Self.state) == [.waiting, .waiting])
    }
  }

  @Test("the whole packet is on the VLAN of its pieces")
  func vlans() {
    var capture = ConversationBuilder()
    let whole = Self.datagram().packets[0].octets
    capture.frame(Array(whole[..<12]) + [0x81, 0, 0, 5] + whole[12...])
    var pieces = Self.datagram()
    pieces.cutLastIntoPieces(of: 64)
    for piece in pieces.packets {
      capture.frame(Array(piece.octets[..<12]) + [0x81, 0, 0, 5] + piece.octets[12...])
      capture.frame(piece.octets)
    }
    let flows = follow(capture).map { $0.flow?.description }
    #expect(flows == ["udp:1", "ip:1", "ip:2", "udp:1", "udp:2"])
  }

  @Test("packets that are whole with a piece of one around them have an end")
  func nesting() {
    // Each packet is whole with its last piece, which stands in the last piece of the next one.
    var capture = ConversationBuilder()
    capture.udp(from: Self.client, to: Self.server, Array(0..<100))
    var last: [UInt8] = []
    for depth in 0..<20 {
      var one = ConversationBuilder()
      if depth == 0 {
        one.udp(from: Self.client, to: Self.server, Array(0..<100))
      } else {
        one.ip(.ipv4, from: Self.client.address, to: address("192.0.2.\(depth)"), last)
      }
      one.cutLastIntoPieces(of: 8)
      for packet in one.packets.dropLast() { capture.frame(packet.octets) }
      last = Array(one.packets.last?.octets.dropFirst(14) ?? [])
    }
    capture.ip(.ipv4, from: Self.client.address, to: address("192.0.2.99"), last)
    let facts = follow(capture)
    #expect(facts.count == capture.packets.count)
    if case .udp = facts.last?.content { #expect(Bool(false), "deeper than the limit") }
  }

  @Test("a flood of first pieces is forgotten")
  func flood() {
    var capture = ConversationBuilder()
    var piece = Self.datagram()
    piece.cutLastIntoPieces(of: 64)
    var octets = piece.packets[0].octets
    for number in 0..<1_000 {
      (octets[18], octets[19]) = (UInt8(number >> 8), UInt8(number & 0xff))
      capture.frame(octets)
    }
    // The first one is forgotten, the last one not.
    var rest = piece.packets[1].octets
    (rest[18], rest[19]) = (0, 0)
    capture.frame(rest)
    (rest[18], rest[19]) = (octets[18], octets[19])
    capture.frame(rest)
    let facts = follow(capture)
    #expect(Self.state(facts[1_000]) == .waiting && facts[1_001].pieces?.numbers == [1_000])
  }
}
