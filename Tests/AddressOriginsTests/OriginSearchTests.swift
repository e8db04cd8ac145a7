import AddressOrigins
import PacketTestSupport
import PacketWire
import Testing

/// The table beside a list that is searched from end to end.
@Suite("Search in tables of origins")
struct OriginSearchTests {
  private struct Line {
    var prefix: IPPrefix
    var number: UInt32
  }

  /// Prefixes that lie within one another as often as not.
  private func lines(_ family: IPFamily, _ random: inout SeededRNG) -> [Line] {
    (0..<300).map { index in
      let low = UInt32.random(in: 0..<64, using: &random)
      let length = UInt8.random(in: 0...8, using: &random)
      let prefix: IPPrefix
      switch family {
      case .v4:
        prefix = IPPrefix(.v4(IPv4Address(bits: 0xc0_00_02_00 | low << 2)), length: 24 + length)
      case .v6:
        let bits = 0x2001_0db8 << 96 | UInt128(low) << 2
        prefix = IPPrefix(.v6(IPv6Address(bits: bits)), length: 120 + length)
      }
      return Line(prefix: prefix, number: UInt32(64_500 + index % 12))
    }
  }

  @Test("the longest prefix wins, and all lines about it count", arguments: IPFamily.allCases)
  func search(family: IPFamily) throws {
    var random = SeededRNG(seed: 11)
    for _ in 0..<8 {
      let lines = lines(family, &random)
      let text = lines.map { "\($0.prefix) \($0.number)\n" }.joined()
      let table = try originTable(text)
      for low in 0..<UInt32(256) {
        let address: IPAddress =
          family == .v4
          ? .v4(IPv4Address(bits: 0xc0_00_02_00 | low))
          : .v6(IPv6Address(bits: 0x2001_0db8 << 96 | UInt128(low)))
        let covering = lines.filter { $0.prefix.contains(address) }
        let longest = covering.map(\.prefix.length).max()
        let numbers = Set(covering.filter { $0.prefix.length == longest }.map(\.number))
        let origin = table.origin(of: address)
        #expect(origin.map { Set($0.numbers) } ?? [] == numbers)
        #expect(origin?.block.prefix?.length == longest)
      }
    }
  }

  @Test("ranges that overlap without one lying within the other")
  func overlapping() throws {
    let table = try originTable(
      """
      0\t100\t1\tZZ\tA
      50\t150\t2\tZZ\tB
      60\t70\t3\tZZ\tC
      140\t145\t4\tZZ\tD
      """)
    let expected: [(UInt32, UInt32?)] = [
      (0, 1), (49, 1), (50, 2), (65, 3), (71, 2), (101, 2), (142, 4), (146, 2), (151, nil),
    ]
    for (bits, number) in expected {
      #expect(table.origin(of: .v4(IPv4Address(bits: bits)))?.numbers.first == number)
    }
  }

  @Test("one range that many lines are about has some of their numbers")
  func manyOrigins() throws {
    let text = (1...1000).map { "192.0.2.0/24 \($0)\n" }.joined()
    let origin = try originTable(text).origin(of: try #require(IPAddress("192.0.2.1")))
    #expect(origin?.numbers.count == AddressOrigin.maximumNumbers)
  }

  @Test("what is known of a system is kept once")
  func compact() throws {
    let text = (0..<5000).map { index in
      let first = UInt32(index) << 8
      return "\(first)\t\(first | 255)\t\(64_500 + index % 10)\tZZ\tNAME-\(index % 10)\n"
    }.joined()
    let table = try originTable(text)
    #expect(table.count == 5000 && table.systemCount == 10)
    #expect(table.footprint < 5000 * 17)
    for index in stride(from: 0, to: 5000, by: 7) {
      let origin = table.origin(of: .v4(IPv4Address(bits: UInt32(index) << 8 | 3)))
      #expect(origin?.name == "NAME-\(index % 10)")
    }
  }

  @Test("thousands of different names are told apart")
  func names() throws {
    let text = (0..<4000).map { "198.\($0 >> 8).\($0 & 255).0/24 \($0 + 1) N\($0)\n" }.joined()
    let table = try originTable(text)
    #expect(table.systemCount == 4000)
    for index in 0..<4000 {
      let address = IPv4Address(198, UInt8(index >> 8), UInt8(index & 255), 1)
      #expect(table.origin(of: .v4(address))?.name == "N\(index)")
    }
  }
}
