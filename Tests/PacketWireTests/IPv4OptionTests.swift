import PacketTestSupport
import PacketWire
import Testing

@Suite("IPv4 options (RFC 791 §3.1)")
struct IPv4OptionTests {
  @Test("options are walked up to the end of the list")
  func walk() throws {
    let header = try self.header(hex("01 94040102 8307040a000001 00 ffff"))
    let options = try options(of: header)
    #expect(
      options.map(\.kind) == [
        IPv4Option.noOperation, IPv4Option.routerAlert, IPv4Option.looseSourceRoute,
      ])
    #expect(options.map(\.value) == [1..<1, 3..<5, 7..<12])
  }

  @Test("options that the kernel wrote")
  func recordRoute() throws {
    let header: IPv4Header = try parse(KernelPackets.recordRouteHeader)
    let options = try options(of: header)
    #expect(options.map(\.kind) == [IPv4Option.noOperation, IPv4Option.recordRoute])
    #expect(options.map(\.value) == [1..<1, 3..<40])
    #expect(header.options[3] == 8, "the pointer, behind one recorded address")
  }

  @Test("an option may have no value and end with the header")
  func shortest() throws {
    let header = try self.header(hex("0101 4402"))
    let last = try #require(try options(of: header).last)
    #expect(last.kind == IPv4Option.timestamp && last.value == 4..<4)
  }

  @Test func none() throws { #expect(try options(of: header([])).isEmpty) }

  @Test(
    "a length that cannot be is refused where it stands, after what stands before it",
    arguments: [
      ("01 8900 00", 1, 0x89, 0), ("01 8901 00", 1, 0x89, 1), ("01 8904 00", 1, 0x89, 4),
      ("0101 01 44", 3, 0x44, 0), ("94040000 07ff0000", 4, 7, 255), ("0705 0000", 0, 7, 5),
    ] as [(String, Int, UInt8, Int)])
  func badLength(text: String, index: Int, kind: UInt8, length: Int) throws {
    let header = try self.header(hex(text))
    var seen = 0
    let error = PacketError(.ipv4, at: 20 + index, .badOptionLength(kind: kind, length: length))
    #expect(throws: error) {
      try header.forEachOption { seen = $0.value.upperBound }
    }
    #expect(seen == index)
  }

  @Test("random options end, in bounds and in order", arguments: 0..<4 as Range<UInt64>)
  func randomOctets(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    for _ in 0..<1_000 {
      let octets = (0..<40).map { _ in UInt8.random(in: 0...9, using: &rng) }
      let header = try self.header(octets)
      var end = 0
      try? header.forEachOption { option in
        #expect(option.value.lowerBound > end && option.value.upperBound <= 40, "seed \(seed)")
        end = option.value.upperBound
      }
    }
  }

  private func header(_ octets: [UInt8]) throws -> IPv4Header {
    var header = IPv4Header(protocolNumber: .udp, from: .any, to: .any)
    header.options = try #require(OptionOctets(padding: octets))
    return header
  }

  private func options(of header: IPv4Header) throws(PacketError) -> [IPv4Option] {
    var options: [IPv4Option] = []
    try header.forEachOption { options.append($0) }
    return options
  }
}
