import PacketTestSupport
import PacketWire
import Testing

@Suite("Internet checksum (RFC 1071)")
struct InternetChecksumTests {
  @Test("RFC 1071 §3's own example")
  func ownExample() {
    #expect(checksum(hex("0001 f203 f4f5 f6f7")).folded == 0xddf2)
    #expect(checksum(hex("0001 f203 f4f5 f6f7")).value == 0x220d)
  }

  @Test(
    "an odd last octet is padded with zero behind it",
    arguments: [("01", 0x0100), ("000102", 0x0201), ("ff", 0xff00), ("0001f203f4", 0xe605)]
      as [(String, UInt16)])
  func oddLength(text: String, folded: UInt16) {
    #expect(checksum(hex(text)).folded == folded)
    #expect(checksum(hex(text) + [0]).folded == folded)
  }

  @Test("nothing, and the two zeros of ones' complement")
  func zeros() {
    #expect(InternetChecksum().folded == 0 && InternetChecksum().value == 0xffff)
    #expect(checksum(hex("0000")).value == 0xffff)
    #expect(checksum(hex("ffff")).folded == 0xffff && checksum(hex("ffff")).value == 0)
    #expect(checksum(hex("ffff ffff ffff")).value == 0)
  }

  @Test("carries are folded until none is left")
  func carries() {
    #expect(checksum(hex("ffff 0001")).folded == 1)
    #expect(checksum(hex("8000 8000 ffff")).folded == 1)
    // 0xffff of 0xffff sum to 0xfffe0001, which takes two rounds.
    let many = checksum([UInt8](repeating: 0xff, count: 2 * 0x1_0001))
    #expect(many.folded == 0xffff)
  }

  @Test("every length agrees with the definition", arguments: 0..<4 as Range<UInt64>)
  func definition(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    for count in 0..<100 {
      let octets = rng.bytes(count: count)
      let sum = octets.enumerated().reduce(0 as UInt64) { sum, octet in
        sum + UInt64(octet.element) << (octet.offset.isMultiple(of: 2) ? 8 : 0)
      }
      // In ones' complement 0xffff is zero: only a sum of nothing at all stays zero.
      let folded = sum == 0 ? 0 : (sum - 1) % 0xffff + 1
      #expect(checksum(octets).folded == folded, "seed \(seed), \(count) octets")
    }
  }

  @Test("parts of even length may be added in any order")
  func parts() {
    var sum = InternetChecksum()
    sum.add(hex("f4f5").span)
    sum.add(0xf203 as UInt16)
    sum.add(hex("0001 f6f7").span)
    #expect(sum.value == 0x220d)
  }

  @Test("the pseudo header of IPv4 (RFC 768)")
  func pseudoHeaderIPv4() throws {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: try #require(IPAddress("1.2.3.4")), to: try #require(IPAddress("5.6.7.8")),
      protocolNumber: .udp, length: 0x0005_0102)
    #expect(sum.folded == checksum(hex("01020304 05060708 0011 0102")).folded)
  }

  @Test("the pseudo header of IPv6 has a length of 32 bits (RFC 8200 §8.1)")
  func pseudoHeaderIPv6() throws {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: try #require(IPAddress("102:304:506:708:90a:b0c:d0e:f10")),
      to: try #require(IPAddress("1112:1314:1516:1718:191a:1b1c:1d1e:1f20")),
      protocolNumber: .icmpv6, length: 0x0001_0203)
    let expected = hex(
      """
      0102030405060708090a0b0c0d0e0f10 1112131415161718191a1b1c1d1e1f20
      00010203 0000003a
      """)
    #expect(sum.folded == checksum(expected).folded)
  }

  private func checksum(_ octets: [UInt8]) -> InternetChecksum {
    var sum = InternetChecksum()
    sum.add(octets.span)
    return sum
  }
}
