import PacketTestSupport
import PacketWire
import Testing

@Suite("Option octets")
struct OptionOctetsTests {
  @Test("up to forty octets are held as they are, more are refused", arguments: 0...42)
  func capacity(count: Int) throws {
    let octets = (0..<count).map { UInt8($0 + 1) }
    let copied = OptionOctets(copying: octets.span)
    guard count <= 40 else { return #expect(copied == nil) }
    let options = try #require(copied)
    #expect(options.count == count && options.isEmpty == (count == 0))
    #expect(Array(copying: options.span) == octets)
    #expect((0..<count).map { options[$0] } == octets)
  }

  @Test("padding is zeros up to a multiple of four", arguments: 0...42)
  func padding(count: Int) throws {
    let octets = (0..<count).map { UInt8($0 + 1) }
    guard count <= 40 else { return #expect(OptionOctets(padding: octets) == nil) }
    let options = try #require(OptionOctets(padding: octets))
    let padded = octets + [UInt8](repeating: 0, count: (4 - count % 4) % 4)
    #expect(Array(copying: options.span) == padded)
  }

  @Test("equal means the same octets, as many of them")
  func equality() throws {
    let options = ["", "00", "0000", "0100", "0001", "000100"].map {
      OptionOctets(copying: hex($0).span)
    }
    for (left, first) in options.enumerated() {
      for (right, second) in options.enumerated() {
        #expect((first == second) == (left == right))
      }
    }
    #expect(Set(options).count == 6)
    #expect(options[0] == OptionOctets())
  }
}
