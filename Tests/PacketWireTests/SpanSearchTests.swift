import PacketWire
import Testing

@Suite("The first octet of a kind")
struct SpanSearchTests {
  @Test("wherever it stands, among octets that differ by one bit or by one", arguments: 0...26)
  func places(count: Int) {
    for octet: UInt8 in [0x00, 0x0a, 0x7f, 0x80, 0xff] {
      for other in [octet &+ 1, octet &- 1, octet ^ 0x80, octet ^ 0x01] {
        let without = [UInt8](repeating: other, count: count)
        for start in 0...count {
          #expect(without.span.firstIndex(of: octet, from: start) == count)
          for place in 0..<count {
            var octets = without
            octets[place] = octet
            octets[count - 1] = octet
            let expected = octets[start...].firstIndex(of: octet) ?? count
            #expect(octets.span.firstIndex(of: octet, from: start) == expected)
          }
        }
      }
    }
  }
}
