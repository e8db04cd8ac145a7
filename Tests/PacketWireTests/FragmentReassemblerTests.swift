import PacketTestSupport
import PacketWire
import Testing

@Suite("fragments put together (RFC 791 §3.2, RFC 8200 §4.5)")
struct FragmentReassemblerTests {
  typealias Outcome = FragmentReassembler.Outcome
  typealias Payload = FragmentReassembler.Payload

  /// A part of a packet: its place in units of eight octets, and what it carries.
  struct Piece: Sendable {
    var units: Int
    var octets: [UInt8]
    var more = true
    var identification: UInt32 = 0x0102
    var seconds: Int64 = 0
    var next = IPProtocol.udp
    var source: UInt8 = 1
  }

  /// Both families put packets together, by other rules.
  enum Family: CaseIterable { case v4, v6 }

  static let v4 = IPv4Header(
    protocolNumber: .udp, from: IPv4Address(192, 0, 2, 1), to: IPv4Address(192, 0, 2, 9))

  private static func address(_ number: UInt8) -> IPv6Address {
    IPv6Address(bits: 0x2001_0db8 << 96 | UInt128(number))
  }

  private func add(
    _ piece: Piece, _ family: Family, to table: inout FragmentReassembler
  ) -> Outcome {
    let now = WallInstant(nanoseconds: 1_000_000_000 * (1_000 + piece.seconds))
    switch family {
    case .v4:
      var header = Self.v4
      header.source = IPv4Address(192, 0, 2, piece.source)
      header.protocolNumber = piece.next
      header.identification = UInt16(piece.identification)
      header.flagsAndOffset = UInt16(piece.units) | (piece.more ? 0x2000 : 0)
      return table.add(piece.octets.span, of: header, at: now)
    case .v6:
      let header = IPv6Header(
        nextHeader: .fragment, from: Self.address(piece.source),
        to: Self.address(9))
      let fragment = IPv6FragmentHeader(
        nextHeader: piece.next, fragmentOffset: UInt16(piece.units * 8),
        moreFragments: piece.more, identification: piece.identification)
      return table.add(piece.octets.span, of: fragment, in: header, at: now)
    }
  }

  private func outcomes(
    _ pieces: [Piece], _ family: Family, _ limits: FragmentReassembler.Limits = .init()
  ) -> ([Outcome], FragmentReassembler) {
    var table = FragmentReassembler(limits: limits)
    return (pieces.map { add($0, family, to: &table) }, table)
  }

  private static func eight(_ value: UInt8) -> [UInt8] { [UInt8](repeating: value, count: 8) }

  @Test("in any order, each piece twice", arguments: Family.allCases, 0..<20 as Range<UInt64>)
  func anyOrder(family: Family, seed: UInt64) {
    var random = SeededRNG(seed: seed)
    let whole = (0..<203).map { UInt8($0) }
    var pieces = stride(from: 0, to: 203, by: 16).map {
      Piece(units: $0 / 8, octets: Array(whole[$0..<min($0 + 16, 203)]), more: $0 + 16 < 203)
    }
    pieces = (pieces + pieces).shuffled(using: &random)
    var table = FragmentReassembler()
    var seen: Set<Int> = []
    for piece in pieces {
      let isNew = seen.insert(piece.units).inserted
      let outcome = add(piece, family, to: &table)
      guard seen.count < 13 else {
        #expect(outcome == .whole(Payload(.udp, octets: whole)))
        break
      }
      #expect(outcome == (isNew ? .waiting : .duplicate))
    }
    #expect(table.waiting == 0 && table.heldOctets == 0)
    #expect(table.counts == FragmentReassembler.Counts())
  }

  @Test("what is no fragment is given back, whatever waits (RFC 6946 §4)")
  func whole() {
    let pieces = [
      Piece(units: 0, octets: Self.eight(1)),
      Piece(units: 0, octets: [5, 6, 7], more: false),
      Piece(units: 1, octets: [2], more: false),
    ]
    let (v6, _) = outcomes(pieces, .v6)
    #expect(
      v6 == [
        .waiting, .whole(Payload(.udp, octets: [5, 6, 7])),
        .whole(Payload(.udp, octets: Self.eight(1) + [2])),
      ])
    let (v4, _) = outcomes(pieces, .v4)
    #expect(v4 == v6)
  }

  @Test(
    "packets that differ in one thing do not mingle",
    arguments: [
      (Piece(units: 1, octets: [2], more: false, identification: 0x0103), true),
      (Piece(units: 1, octets: [2], more: false, source: 2), true),
      // IPv6 does not compare it (RFC 8200 §4.5), and takes that of the first fragment.
      (Piece(units: 1, octets: [2], more: false, next: .tcp), false),
    ])
  func apart(last: Piece, isApartInIPv6: Bool) {
    let pieces = [Piece(units: 0, octets: Self.eight(1)), last]
    #expect(outcomes(pieces, .v4).0 == [.waiting, .waiting])
    let whole = Outcome.whole(Payload(.udp, octets: Self.eight(1) + [2]))
    #expect(outcomes(pieces, .v6).0 == [.waiting, isApartInIPv6 ? .waiting : whole])
    #expect(outcomes(pieces.reversed(), .v6).0 == [.waiting, isApartInIPv6 ? .waiting : whole])
  }

  /// Fragments that have octets in common with 2...3 of a packet whose fourth unit is the last.
  static let overlapping: [(Piece, [UInt8])] = [
    (Piece(units: 1, octets: eight(7) + eight(8)), eight(7) + eight(2) + eight(3)),
    (Piece(units: 2, octets: eight(7)), eight(0) + eight(2) + eight(3)),
    (Piece(units: 3, octets: eight(7)), eight(0) + eight(2) + eight(3)),
    (Piece(units: 3, octets: eight(7) + eight(8)), eight(0) + eight(2) + eight(3) + eight(8)),
    (
      Piece(units: 1, octets: eight(7) + eight(8) + eight(9) + eight(10)),
      eight(7) + eight(2) + eight(3) + eight(10)
    ),
  ]

  @Test("octets stay that came first", arguments: Family.allCases, overlapping)
  func overlapThatKeeps(family: Family, overlap: (piece: Piece, expected: [UInt8])) {
    let (piece, expected) = overlap
    let middle = Piece(units: 2, octets: Self.eight(2) + Self.eight(3))
    var table =
      family == .v4 ? FragmentReassembler() : FragmentReassembler(overlap: .keepsFirst)
    #expect(add(middle, family, to: &table) == .waiting)
    let isInside = piece.units >= 2 && piece.units + piece.octets.count / 8 <= 4
    #expect(add(piece, family, to: &table) == (isInside ? .duplicate : .waiting))
    #expect(add(Piece(units: 1, octets: Self.eight(0)), family, to: &table) != .refused(.overlap))
    _ = add(Piece(units: 4, octets: Self.eight(4)), family, to: &table)
    _ = add(Piece(units: 5, octets: [5], more: false), family, to: &table)
    let end = expected.count == 32 ? [5] : Self.eight(4) + [5]
    let whole = Self.eight(1) + expected + end
    #expect(
      add(Piece(units: 0, octets: Self.eight(1)), family, to: &table)
        == .whole(Payload(.udp, octets: whole)))
  }

  @Test("an overlap in IPv6 discards the packet and the rest of it (RFC 5722 §3)")
  func overlapInIPv6() {
    for (piece, _) in Self.overlapping {
      var table = FragmentReassembler()
      let middle = Piece(units: 2, octets: Self.eight(2) + Self.eight(3))
      _ = add(middle, .v6, to: &table)
      #expect(add(middle, .v6, to: &table) == .duplicate)
      #expect(add(piece, .v6, to: &table) == .refused(.overlap))
      #expect(table.counts.discarded == 1 && table.waiting == 1 && table.heldOctets == 0)
      #expect(
        add(Piece(units: 0, octets: Self.eight(1)), .v6, to: &table) == .refused(.discarded))
      #expect(table.counts.discarded == 1)
      let later = Piece(units: 0, octets: Self.eight(1), seconds: 61)
      #expect(add(later, .v6, to: &table) == .waiting)
      #expect(table.counts.expired == 0 && table.waiting == 1)
    }
  }

  @Test("neighbours do not overlap")
  func neighbours() {
    let pieces = [
      Piece(units: 1, octets: Self.eight(2)), Piece(units: 3, octets: Self.eight(4)),
      Piece(units: 2, octets: Self.eight(3)), Piece(units: 0, octets: Self.eight(1)),
    ]
    #expect(outcomes(pieces, .v6).0 == [.waiting, .waiting, .waiting, .waiting])
  }

  @Test(
    "a packet with two ends, or octets behind its end, is discarded",
    arguments: Family.allCases,
    [
      [Piece(units: 2, octets: [1], more: false), Piece(units: 2, octets: [1, 2], more: false)],
      [Piece(units: 2, octets: [1, 2], more: false), Piece(units: 2, octets: [1], more: false)],
      [Piece(units: 2, octets: [1], more: false), Piece(units: 2, octets: eight(1))],
      [Piece(units: 2, octets: [1], more: false), Piece(units: 3, octets: eight(1))],
      [Piece(units: 2, octets: eight(1)), Piece(units: 1, octets: [1], more: false)],
      [Piece(units: 2, octets: eight(1)), Piece(units: 1, octets: eight(1), more: false)],
    ])
  func contradictions(family: Family, pieces: [Piece]) {
    let (outcomes, table) = outcomes(
      pieces + [Piece(units: 0, octets: Self.eight(1) + Self.eight(1))], family)
    #expect(
      outcomes == [.waiting, .refused(.contradictoryLength), .refused(.discarded)])
    #expect(table.counts.discarded == 1 && table.heldOctets == 0)
  }

  @Test("an end that comes after all else is no contradiction", arguments: Family.allCases)
  func lateEnd(family: Family) {
    let pieces = [
      Piece(units: 0, octets: Self.eight(1)), Piece(units: 1, octets: Self.eight(2)),
      Piece(units: 2, octets: Self.eight(3), more: false),
    ]
    let whole = Self.eight(1) + Self.eight(2) + Self.eight(3)
    #expect(
      outcomes(pieces, family).0 == [.waiting, .waiting, .whole(Payload(.udp, octets: whole))])
  }

  @Test("an end that repeats octets before it is no contradiction", arguments: Family.allCases)
  func repeatedEnd(family: Family) {
    let pieces = [
      Piece(units: 1, octets: Self.eight(2)), Piece(units: 1, octets: Self.eight(2), more: false),
      Piece(units: 0, octets: Self.eight(1)),
    ]
    let whole = Outcome.whole(Payload(.udp, octets: Self.eight(1) + Self.eight(2)))
    #expect(outcomes(pieces, family).0 == [.waiting, .duplicate, whole])
  }

  @Test("fragments that are left out alone")
  func leftOut() {
    let odd = Piece(units: 0, octets: [1, 2, 3])
    let empty = Piece(units: 1, octets: [])
    var (outcomes, table) = outcomes([odd, empty], .v6)
    #expect(outcomes == [.refused(.oddLength), .refused(.empty)])
    #expect(table.waiting == 0 && table.counts == FragmentReassembler.Counts())
    // RFC 791 says so too, but its offsets alone tell where octets belong.
    (outcomes, table) = self.outcomes([odd, empty], .v4)
    #expect(outcomes == [.waiting, .refused(.empty)])
  }

  @Test("no packet is longer than its length field can say")
  func tooLong() {
    let long = [UInt8](repeating: 1, count: 4)
    func piece(_ count: Int) -> Piece {
      Piece(units: 8_191, octets: Array(long.prefix(count)), more: false)
    }
    // 65 528 octets before it; the IPv4 header's 20 count too.
    #expect(outcomes([piece(1)], .v4).0 == [.refused(.tooLong)])
    #expect(
      outcomes([Piece(units: 8_189, octets: Array(long.prefix(3)), more: false)], .v4).0
        == [.waiting])
    #expect(
      outcomes([Piece(units: 8_189, octets: long, more: false)], .v4).0 == [.refused(.tooLong)])
    for count in 7...8 {
      let piece = Piece(units: 8_191, octets: [UInt8](repeating: 1, count: count), more: false)
      #expect(outcomes([piece], .v6).0 == [count == 7 ? .waiting : .refused(.tooLong)])
    }
    var table = FragmentReassembler()
    let header = IPv6Header(
      nextHeader: .fragment, from: Self.address(1),
      to: Self.address(9))
    let fragment = IPv6FragmentHeader(
      nextHeader: .udp, fragmentOffset: 65_528, moreFragments: false, identification: 1)
    for (extensions, count, expected) in [
      (8, 7, Outcome.refused(.tooLong)), (3, 5, .refused(.tooLong)), (3, 4, .waiting),
    ] {
      let octets = [UInt8](repeating: 1, count: count)
      let outcome = table.add(
        octets.span, of: fragment, in: header, behind: extensions,
        at: WallInstant(nanoseconds: 0))
      #expect(outcome == expected)
    }
  }

  @Test("the packet that was begun first makes room", arguments: Family.allCases)
  func bound(family: Family) {
    var limits = FragmentReassembler.Limits()
    limits.packets = 3
    var table = FragmentReassembler(limits: limits)
    for number in 1...5 as ClosedRange<UInt32> {
      let piece = Piece(units: 0, octets: Self.eight(1), identification: number)
      #expect(add(piece, family, to: &table) == .waiting)
    }
    // More of a packet that waits makes no other one go, nor itself younger.
    _ = add(Piece(units: 1, octets: Self.eight(1), identification: 3), family, to: &table)
    #expect(table.waiting == 3 && table.counts.evicted == 2 && table.heldOctets == 32)
    _ = add(Piece(units: 0, octets: Self.eight(1), identification: 6), family, to: &table)
    #expect(table.waiting == 3 && table.counts.evicted == 3 && table.heldOctets == 24)
    let last = Piece(units: 1, octets: [2], more: false, identification: 4)
    #expect(
      add(last, family, to: &table) == .whole(Payload(.udp, octets: Self.eight(1) + [2])))
  }

  @Test("a table for one packet, and one for none, which is taken for it", arguments: [0, 1])
  func smallest(packets: Int) {
    var limits = FragmentReassembler.Limits()
    limits.packets = packets
    var table = FragmentReassembler(limits: limits)
    for number in 1...2 as ClosedRange<UInt32> {
      let piece = Piece(units: 0, octets: Self.eight(1), identification: number)
      #expect(add(piece, .v4, to: &table) == .waiting)
      #expect(table.waiting == 1)
    }
  }

  @Test("where no network is named it is the first one")
  func network() {
    var table = FragmentReassembler()
    let now = WallInstant(nanoseconds: 1_000)
    let payload = Self.eight(1)
    var four = Self.v4
    four.flagsAndOffset = 0x2000
    #expect(table.add(payload.span, of: four, at: now) == .waiting)
    #expect(table.add(payload.span, of: four, on: 0, at: now) == .duplicate)
    #expect(table.add(payload.span, of: four, on: 1, at: now) == .waiting)
    let six = IPv6Header(nextHeader: .fragment, from: Self.address(1), to: Self.address(9))
    let fragment = IPv6FragmentHeader(
      nextHeader: .udp, fragmentOffset: 0, moreFragments: true, identification: 1)
    #expect(table.add(payload.span, of: fragment, in: six, at: now) == .waiting)
    #expect(table.add(payload.span, of: fragment, in: six, on: 0, at: now) == .duplicate)
    // Eight octets less may stand behind extension headers of eight octets.
    let last = IPv6FragmentHeader(
      nextHeader: .udp, fragmentOffset: 65_528, moreFragments: false, identification: 2)
    let seven = Array(payload.prefix(7))
    #expect(table.add(seven.span, of: last, in: six, at: now) == .waiting)
  }

  @Test("octets are bounded, those that are not there yet too", arguments: Family.allCases)
  func boundOfOctets(family: Family) {
    var limits = FragmentReassembler.Limits()
    limits.octets = 40
    var table = FragmentReassembler(limits: limits)
    let pieces = [(1, 0, 8), (2, 1, 24), (3, 1, 40), (3, 0, 40), (4, 3, 32), (5, 5, 0)]
    for (number, units, held) in pieces {
      let piece = Piece(
        units: units, octets: Self.eight(1), identification: UInt32(number))
      _ = add(piece, family, to: &table)
      #expect(table.heldOctets == held, "\(number)")
    }
    #expect(table.counts.evicted == 5 && table.waiting == 0)
  }

  @Test("a packet in too many pieces is discarded", arguments: Family.allCases)
  func boundOfPieces(family: Family) {
    var limits = FragmentReassembler.Limits()
    limits.pieces = 3
    let pieces = (0..<4).map { Piece(units: $0 * 2, octets: Self.eight(1)) }
    let (outcomes, table) = outcomes(pieces, family, limits)
    #expect(outcomes == [.waiting, .waiting, .waiting, .refused(.tooManyPieces)])
    #expect(table.counts.discarded == 1 && table.heldOctets == 0)
  }

  @Test("a packet waits as long as the limit says, from its first fragment on")
  func age() {
    func piece(_ units: Int, _ seconds: Int64, _ identification: UInt32 = 1) -> Piece {
      Piece(
        units: units, octets: Self.eight(1), identification: identification, seconds: seconds)
    }
    var (outcomes, table) = outcomes(
      [piece(0, 0), piece(2, 30), piece(0, 30, 2), piece(2, 60)], .v6)
    #expect(outcomes == [.waiting, .waiting, .waiting, .duplicate])
    #expect(table.counts.expired == 0 && table.heldOctets == 32)
    #expect(add(piece(2, 61), .v6, to: &table) == .waiting)
    #expect(table.counts.expired == 1 && table.waiting == 2 && table.heldOctets == 32)
    #expect(add(piece(0, 91, 3), .v6, to: &table) == .waiting)
    #expect(table.counts.expired == 2 && table.waiting == 2)
    // A clock that is set back makes nothing old.
    (outcomes, table) = self.outcomes([piece(0, 0), piece(0, -500, 2), piece(2, 10)], .v6)
    #expect(outcomes == [.waiting, .waiting, .waiting])
    #expect(table.counts.expired == 1 && table.waiting == 1)
  }

  @Test func usualLimits() {
    let limits = FragmentReassembler.Limits()
    #expect(limits.packets == 64 && limits.octets == 4_194_304 && limits.pieces == 2_048)
    #expect(limits.age == .seconds(60))
    #expect(FragmentReassembler().limits == limits && FragmentReassembler().overlap == .discards)
  }

  @Test("random fragments keep within all bounds", arguments: Family.allCases)
  func random(family: Family) {
    var random = SeededRNG(seed: 815)
    var limits = FragmentReassembler.Limits()
    (limits.packets, limits.octets, limits.pieces) = (4, 2_000, 20)
    var table = FragmentReassembler(limits: limits)
    var wholes = 0
    for _ in 0..<5_000 {
      let piece = Piece(
        units: Int.random(in: 0..<(Bool.random(using: &random) ? 4 : 400), using: &random),
        octets: random.bytes(count: Int.random(in: 1...4, using: &random) * 8),
        more: Int.random(in: 0..<4, using: &random) > 0,
        identification: UInt32.random(in: 0..<8, using: &random),
        seconds: Int64.random(in: 0..<100, using: &random))
      if case .whole(let payload) = add(piece, family, to: &table) {
        wholes += 1
        #expect(!payload.octets.isEmpty && payload.octets.count <= 65_535)
      }
      #expect(table.waiting <= 4 && (0...2_000).contains(table.heldOctets))
    }
    #expect(wholes > 50)
  }
}
