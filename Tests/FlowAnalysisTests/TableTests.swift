@testable import FlowAnalysis
import PacketWire
import Testing

@Suite("Tables with a limit")
struct TableTests {
  @Test func oldestEntryMakesRoom() {
    var table = BoundedTable<Int, String>(capacity: 3)
    for key in 1...3 { table.set(key, "\(key)") }
    table.set(1, "one")  // and is the youngest now
    table.set(4, "4")
    #expect([table[1], table[2], table[3], table[4]] == ["one", nil, "3", "4"])
    #expect(table.evicted == 1 && table.count == 3)
  }

  @Test func changeKeepsAge() {
    var table = BoundedTable<Int, Int>(capacity: 2)
    table.set(1, 10)
    table.set(2, 20)
    table.update(1) { $0 += 1 }
    #expect(table[1] == 11)
    table.set(3, 30)
    #expect(table[1] == nil && table[2] == 20)
    table.update(9) { $0 += 1 }
    #expect(table[9] == nil)
  }

  @Test("removed and renewed keys take no lasting room")
  func churn() {
    var table = BoundedTable<Int, Int>(capacity: 4)
    for index in 0..<10_000 {
      table.set(index % 3, index)
      if index.isMultiple(of: 2) { table.remove(index % 3) }
    }
    #expect(table.evicted == 0 && table.count <= 3 && table.keptSlots <= 3)
  }

  static func key(_ port: UInt16) -> FlowKey {
    FlowKey.make(
      from: (.v4(.loopback), port), to: (.v4(.any), 1), protocolNumber: 6, vlans: 0
    ).key
  }

  @Test func leastUsedFlowMakesRoom() {
    var table = FlowTable<Int>(capacity: 3)
    var retired: [Int] = []
    for port in 1...3 {
      _ = table.insert(Self.key(UInt16(port)), port) { retired.append($0.state) }
    }
    #expect(table.slot(of: Self.key(1)).map { table.slots[$0].state } == 1)
    _ = table.insert(Self.key(4), 4) { retired.append($0.state) }
    #expect(table.slot(of: Self.key(3)) != nil && table.slot(of: Self.key(2)) == nil)
    _ = table.insert(Self.key(5), 5) { retired.append($0.state) }
    #expect(retired == [2, 1] && table.evicted == 2 && table.slots.count == 3)
    let ordinals = [3, 4, 5].map { port in
      table.slot(of: Self.key(UInt16(port))).map { table.slots[$0].ordinal }
    }
    #expect(ordinals == [3, 4, 5])
  }

  @Test("a look without use does not renew")
  func peeking() {
    var table = FlowTable<Int>(capacity: 2)
    for port in 1...2 { _ = table.insert(Self.key(UInt16(port)), port) { _ in } }
    #expect(table.peek(Self.key(1)) != nil)
    _ = table.insert(Self.key(3), 3) { _ in }
    #expect(table.peek(Self.key(1)) == nil && table.peek(Self.key(2)) != nil)
  }

  @Test("a key is the same both ways, and differs in each of its parts")
  func keys() {
    let (a, b) = (IPAddress.v4(IPv4Address(1, 2, 3, 4)), IPAddress.v4(IPv4Address(4, 3, 2, 1)))
    func key(
      _ source: (IPAddress, UInt16), _ destination: (IPAddress, UInt16), _ number: UInt8 = 6,
      _ vlans: UInt64 = 0
    ) -> FlowKey {
      FlowKey.make(from: source, to: destination, protocolNumber: number, vlans: vlans).key
    }
    func far(_ bits: UInt128) -> IPAddress { .v6(IPv6Address(bits: bits)) }
    let base = key((a, 1), (b, 2))
    #expect(base == key((b, 2), (a, 1)))
    #expect(key((a, 1), (a, 2)) == key((a, 2), (a, 1)))
    let v6 = IPAddress.v6(IPv6Address(bits: UInt128(IPv4Address(1, 2, 3, 4).bits)))
    let others = [
      key((a, 2), (b, 1)), key((a, 1), (b, 3)), key((b, 1), (b, 2)), key((a, 1), (b, 2), 17),
      key((a, 1), (b, 2), 6, 1), key((a, 1), (b, 2), 6, 1 << 12),
      FlowKey.make(from: (a, 1), to: (b, 2), protocolNumber: 6, vlans: 0, tunnel: 1).key,
      key((v6, 1), (.v6(IPv6Address(bits: UInt128(IPv4Address(4, 3, 2, 1).bits))), 2)),
      key((v6, 1), (far(1 << 64), 2)), key((v6, 1), (far(1 << 96), 2)),
      key((far(1 << 64), 1), (far(1 << 96), 2)), key((far(1 << 96), 1), (far(1 << 96), 2)),
    ]
    let all = others + [base]
    for (index, key) in all.enumerated() {
      #expect(!all[..<index].contains(key))
      // Two of them are the same once in four thousand million runs.
      #expect(!all[..<index].contains { FlowHash.shared($0) == FlowHash.shared(key) })
    }
    #expect(
      FlowKey.make(from: (a, 1), to: (b, 2), protocolNumber: 6, vlans: 0).sourceIsLow
        != FlowKey.make(from: (b, 2), to: (a, 1), protocolNumber: 6, vlans: 0).sourceIsLow)
  }
}
