import PacketWire
import ProbeEngine
import Testing

@Suite("Keyed cookies (SipHash-2-4)")
struct KeyedCookieTests {
  /// The key 00 01 … 0f of the paper's appendix A, as two little-endian words.
  static let key = KeyedCookie(key: 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

  /// The reference implementation's vector for the eight-octet message 00 01 … 07.
  @Test func referenceVector() {
    #expect(Self.key.cookie(for: 0x0706_0504_0302_0100) == 0x93f5_f579_9a93_2462)
  }

  @Test func differsByNumberAndByKey() {
    let other = KeyedCookie(key: 0x0706_0504_0302_0101, 0x0f0e_0d0c_0b0a_0908)
    let cookies = Set((0..<1000).map { Self.key.cookie(for: $0) })
    #expect(cookies.count == 1000)
    #expect(other.cookie(for: 1) != Self.key.cookie(for: 1))
  }
}
