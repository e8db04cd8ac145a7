import PacketTestSupport
import PacketWire
import Testing

@Suite("fragments taken from frames, and whole packets as frames (RFC 791 §3.2, RFC 8200 §4.5)")
struct FragmentFrameTests {
  static let now = WallInstant(nanoseconds: 1_000_000_000)

  /// A datagram of 100 octets.
  static func datagram(wide: Bool) -> ConversationBuilder {
    var capture = ConversationBuilder()
    let ends = wide ? ("2001:db8::2", "2001:db8::80") : ("198.18.0.2", "203.0.113.80")
    capture.udp(from: (address(ends.0), 9), to: (address(ends.1), 10), Array(0..<100))
    return capture
  }

  static func pieces(wide: Bool) -> [[UInt8]] {
    var capture = datagram(wide: wide)
    capture.cutLastIntoPieces(of: 56)
    return capture.packets.map(\.octets)
  }

  static func add(
    _ octets: [UInt8], on network: UInt64 = 0, to table: inout FragmentReassembler
  ) -> FragmentReassembler.FrameOutcome? {
    let frame = Frame(decoding: octets.span, linkType: .ethernet)
    return table.add(frame, octets.span, on: network, at: now)
  }

  static func isRefused(_ octets: [UInt8], by table: inout FragmentReassembler) -> Bool {
    if case .none = add(octets, to: &table) { true } else { false }
  }

  @Test(
    "the whole packet is the one that was cut, but for what its fragments had",
    arguments: [false, true])
  func whole(wide: Bool) throws {
    var table = FragmentReassembler()
    let pieces = Self.pieces(wide: wide)
    #expect(pieces.count == 2)
    guard case .waiting = Self.add(pieces[1], to: &table) else {
      return #expect(Bool(false), "nothing is missing")
    }
    guard case .whole(let frame, let octets) = Self.add(pieces[0], to: &table) else {
      return #expect(Bool(false), "not whole")
    }
    // Behind the Ethernet header; the sums of the IPv4 header are those of its last fragment.
    let sent = Array(Self.datagram(wide: wide).packets[0].octets[14...])
    let (length, changed) = wide ? (IPv6Header.length, 6..<7) : (IPv4Header.minimumLength, 10..<12)
    #expect(octets.count == sent.count && octets[length...] == sent[length...])
    for index in 0..<length where !changed.contains(index) { #expect(octets[index] == sent[index]) }
    guard case .udp(let header) = frame.transport else { return #expect(Bool(false), "no UDP") }
    #expect(header.sourcePort == 9 && frame.payload.count == 100 && !frame.isFragment)
  }

  @Test("an extension header before the fragment header, and one behind it")
  func extensions() {
    // Hop-by-hop options stand in each fragment, destination options in the first one.
    var table = FragmentReassembler()
    var outcome: FragmentReassembler.FrameOutcome?
    let options: [UInt8] = [0, 0, 1, 4, 0, 0, 0, 0]
    let payload = [17] + options.dropFirst() + [0, 9, 0, 10, 0, 16, 0, 0] + Array(1...8)
    for start in [0, 8, 16] {
      let isLast = start == 16
      let part = Array(payload[start..<min(start + 8, payload.count)])
      let fragment = [60, 0, 0, UInt8(start) | (isLast ? 0 : 1), 0, 0, 0, 7]
      var capture = ConversationBuilder()
      capture.ip(
        IPProtocol(rawValue: 0), from: address("2001:db8::2"), to: address("2001:db8::80"),
        [44] + options.dropFirst() + fragment + part)
      outcome = Self.add(capture.packets[0].octets, to: &table)
    }
    guard case .whole(let frame, let octets) = outcome else {
      return #expect(Bool(false), "not whole")
    }
    #expect(Array(octets[40...]) == payload)
    guard case .udp(let header) = frame.transport else { return #expect(Bool(false), "no UDP") }
    #expect(header.destinationPort == 10 && Array(octets[frame.payload]) == Array(1...8))
  }

  @Test("what is no fragment, or is cut, is not taken", arguments: [false, true])
  func refused(wide: Bool) {
    var table = FragmentReassembler()
    #expect(Self.isRefused(Self.datagram(wide: wide).packets[0].octets, by: &table))
    let piece = Self.pieces(wide: wide)[0]
    for count in 0..<piece.count {
      #expect(Self.isRefused(Array(piece[..<count]), by: &table), "\(count) octets")
    }
    #expect(table.waiting == 0)
  }

  @Test("a fragment of nothing is refused, of either family", arguments: [false, true])
  func empty(wide: Bool) {
    var piece = Self.pieces(wide: wide)[0]
    // The length of the packet: its header's, and in IPv6 that of the fragment header.
    piece.replaceSubrange(wide ? 18..<20 : 16..<18, with: wide ? [0, 8] : [0, 20])
    var table = FragmentReassembler()
    guard case .refused(.empty) = Self.add(piece, to: &table) else {
      return #expect(Bool(false), "it was taken")
    }
  }

  @Test("a packet that is longer than its header can say says nothing of its length")
  func unsayable() {
    let header = IPv4Header(
      protocolNumber: .udp, from: IPv4Address(192, 0, 2, 1), to: IPv4Address(192, 0, 2, 9))
    for (count, length) in [(65_515, [0xff, 0xff]), (65_516, [0, 0])] as [(Int, [UInt8])] {
      let payload = FragmentReassembler.Payload(
        .udp, octets: [UInt8](repeating: 1, count: count))
      #expect(Array(payload.packet(behind: header).octets[2..<4]) == length)
    }
  }

  @Test(
    "networks with the same addresses are told apart, and VLAN tags stay", arguments: [false, true])
  func networks(wide: Bool) {
    var table = FragmentReassembler()
    let pieces = Self.pieces(wide: wide).map { Array($0[..<12]) + [0x81, 0, 0, 5] + $0[12...] }
    for network: UInt64 in [1, 2] { _ = Self.add(pieces[0], on: network, to: &table) }
    #expect(table.waiting == 2)
    guard case .whole(let frame, _) = Self.add(pieces[1], on: 2, to: &table) else {
      return #expect(Bool(false), "not whole")
    }
    #expect(frame.vlan?.identifier == 5 && table.waiting == 1)
  }
}
