import PacketWire
import Testing

@testable import SimulatedInternet

@Suite("Forwarding tables")
struct PrefixTableTests {
  @Test("the longest prefix wins, in whatever order routes were added", arguments: 0..<6)
  func longestPrefix(rotation: Int) {
    let routes: [(prefix: UInt32, length: Int)] = [
      (0, 0), (0xc612_0000, 15), (0xc612_0300, 24), (0xc612_0301, 32), (0xc613_0000, 16),
      (0xc612_0302, 32),
    ]
    var table = PrefixTable<UInt32>()
    for index in routes.indices {
      let place = (index + rotation) % routes.count
      // Bits behind the prefix do not matter.
      let noise: UInt32 = routes[place].length == 32 ? 0 : 1
      table.insert(
        Route(interface: place), to: routes[place].prefix | noise, length: routes[place].length)
    }
    let expectations: [(UInt32, Int)] = [
      (0xc612_0301, 3), (0xc612_0302, 5), (0xc612_0303, 2), (0xc612_0403, 1),
      (0xc613_0001, 4), (0xc614_0001, 0), (0xffff_ffff, 0),
    ]
    for (address, expected) in expectations {
      #expect(table.route(to: address) == Route(interface: expected))
    }
    table.insert(Route(interface: 9), to: 0xc612_0301)
    #expect(table.route(to: 0xc612_0301) == Route(interface: 9))
  }

  @Test func emptyTable() {
    #expect(PrefixTable<UInt128>().route(to: 0) == nil)
  }
}
