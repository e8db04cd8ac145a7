import PacketTestSupport
import ProbeEngine
import Testing

@Suite("Damaged payloads")
struct PayloadDamageTests {
  private static let sent = (0..<56).map { UInt8($0) }

  private func damage(_ change: (inout [UInt8]) -> Void) -> PayloadDamage {
    var seen = Self.sent
    change(&seen)
    return PayloadDamage(expected: Self.sent.span, seen: seen.span)
  }

  @Test func none() {
    let none = damage { _ in }
    #expect(none.isNone && none.octetCount == 0 && none.bitCount == 0 && none.missing == 0)
    #expect(none.firstOffset == nil && none.lastOffset == nil && none.octets.isEmpty)
    #expect(none.onlyBit == nil)
  }

  @Test func flippedBits() {
    let some = damage {
      $0[16] ^= 0x80
      $0[17] ^= 0x81
      $0[40] ^= 0xff
    }
    #expect(!some.isNone && some.octetCount == 3 && some.bitCount == 11)
    #expect(some.firstOffset == 16 && some.lastOffset == 40)
    #expect((0..<8).map { some.flips(ofBit: $0) } == [2, 1, 1, 1, 1, 1, 1, 3])
    #expect(
      some.octets == [
        .init(offset: 16, expected: 0x10, seen: 0x90),
        .init(offset: 17, expected: 0x11, seen: 0x90),
        .init(offset: 40, expected: 0x28, seen: 0xd7),
      ])
    #expect(some.onlyBit == nil)
  }

  @Test func theSameBitAgainAndAgain() {
    let stuck = damage {
      $0[3] ^= 0x20
      $0[35] ^= 0x20
    }
    #expect(stuck.onlyBit == 5)
    #expect(damage { $0[3] ^= 0x20 }.onlyBit == nil)
    #expect(
      damage {
        $0[3] ^= 0x20
        $0[4] ^= 0x21
      }.onlyBit == nil)
  }

  @Test func lengths() {
    let short = damage { $0.removeLast(6) }
    #expect(short.missing == 6 && !short.isNone && short.octetCount == 0)
    let long = damage { $0 += [1, 2] }
    #expect(long.missing == -2 && !long.isNone)
    let empty = PayloadDamage(expected: Self.sent.span, seen: [UInt8]().span)
    #expect(empty.missing == 56 && empty.octetCount == 0)
  }

  @Test func theListIsBounded() {
    let all = damage { for index in $0.indices { $0[index] ^= 1 } }
    #expect(all.octetCount == 56 && all.octets.count == 32 && all.lastOffset == 55)
    #expect(all.bitCount == 56 && all.onlyBit == 0)
  }
}
