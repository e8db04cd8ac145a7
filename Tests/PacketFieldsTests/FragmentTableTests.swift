import PacketTestSupport
import PacketWire
import Testing

@testable import PacketFields

@Suite("fragments put together")
struct FragmentTableTests {
  private func key(_ identification: UInt32) -> FragmentTable.Key {
    FragmentTable.Key(
      source: .v4(IPv4Address(bits: 1)), destination: .v4(IPv4Address(bits: 2)),
      identification: identification, protocolNumber: .udp)
  }

  @Test("in any order, with repetitions", arguments: 0..<30)
  func anyOrder(_ seed: UInt64) {
    var random = SeededRNG(seed: seed)
    let whole = (0..<200).map { UInt8($0) }
    var pieces = stride(from: 0, to: 200, by: 8).map { $0..<min($0 + 24, 200) }
    pieces.shuffle(using: &random)
    var table = FragmentTable()
    var found: [UInt8]?
    for piece in pieces where found == nil {
      found = table.add(
        whole[piece].span, at: piece.lowerBound, moreFragments: piece.upperBound < 200,
        of: key(9))
    }
    #expect(found == whole)
    #expect(table.count == 0)
  }

  @Test("packets with another identification do not mingle")
  func apart() {
    var table = FragmentTable()
    #expect(table.add([1, 2].span, at: 0, moreFragments: true, of: key(1)) == nil)
    #expect(table.add([3, 4].span, at: 2, moreFragments: false, of: key(2)) == nil)
    #expect(table.add([5, 6].span, at: 2, moreFragments: false, of: key(1)) == [1, 2, 5, 6])
  }

  @Test("octets that came twice are those that came first")
  func overlap() {
    var table = FragmentTable()
    #expect(table.add([1, 1, 1].span, at: 2, moreFragments: true, of: key(1)) == nil)
    #expect(table.add([2, 2, 2, 2].span, at: 0, moreFragments: true, of: key(1)) == nil)
    let whole = table.add([3, 3, 3].span, at: 4, moreFragments: false, of: key(1))
    #expect(whole == [2, 2, 1, 1, 1, 3, 3])
  }

  @Test("the table is bounded, and counts what it forgets")
  func bounded() {
    var table = FragmentTable()
    for number in 0..<UInt32(FragmentTable.capacity + 5) {
      _ = table.add([1].span, at: 0, moreFragments: true, of: key(number))
    }
    #expect(table.count == FragmentTable.capacity)
    #expect(table.evictions == 5)
    // The oldest went.
    #expect(table.add([2].span, at: 1, moreFragments: false, of: key(4)) == nil)
    #expect(table.add([2].span, at: 1, moreFragments: false, of: key(50)) == [1, 2])
  }

  @Test("a packet in too many pieces is forgotten, one that is too long is not begun")
  func limits() {
    var table = FragmentTable()
    for number in 0...FragmentTable.maximumPieces {
      _ = table.add([1].span, at: number * 16, moreFragments: true, of: key(1))
    }
    #expect(table.count == 0)
    #expect(table.evictions == 1)
    _ = table.add([1, 2].span, at: 65_534, moreFragments: false, of: key(2))
    #expect(table.count == 0)
    _ = table.add([1].span, at: 65_534, moreFragments: false, of: key(2))
    #expect(table.count == 1)
  }
}
