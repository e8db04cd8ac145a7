import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Clock offsets from ICMP timestamps")
struct ClockOffsetTests {
  static func offset(
    _ receive: UInt32, _ transmit: UInt32, sent: Int64, roundTrip: Int64
  ) -> ClockOffset? {
    ClockOffset(
      ICMPTimestamps(
        originate: ICMPTimestamp(rawValue: 0), receive: ICMPTimestamp(rawValue: receive),
        transmit: ICMPTimestamp(rawValue: transmit)),
      sentAt: WallInstant(nanoseconds: sent), roundTrip: Nanoseconds(roundTrip))
  }

  @Test func bounds() throws {
    // Sent at 10 ms, there at 25, gone at 27, here at 20.
    let offset = try #require(Self.offset(25, 27, sent: 10_000_000, roundTrip: 10_000_000))
    #expect(offset.lower == .milliseconds(7) && offset.upper == .milliseconds(16))
    #expect(offset.estimate == Nanoseconds(11_500_000))
    #expect(offset.uncertainty == Nanoseconds(4_500_000))
  }

  static let day: Int64 = 86_400_000_000_000

  @Test("the truth lies within the bounds, at midnight too", arguments: 0..<8 as Range<UInt64>)
  func truth(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    for _ in 0..<500 {
      let isAtMidnight = Bool.random(using: &rng)
      let sent =
        Self.day * 20_000
        + (isAtMidnight
          ? Int64.random(in: -200_000_000...200_000_000, using: &rng)
          : Int64.random(in: 0..<Self.day, using: &rng))
      let (out, back) = (
        Int64.random(in: 0...300_000_000, using: &rng),
        Int64.random(in: 0...300_000_000, using: &rng)
      )
      let stay = Int64.random(in: 0...50_000_000, using: &rng)
      let truth = Int64.random(in: -40_000_000_000_000...40_000_000_000_000, using: &rng)
      let receive = ICMPTimestamp(WallInstant(nanoseconds: sent + out + truth))
      let transmit = ICMPTimestamp(WallInstant(nanoseconds: sent + out + stay + truth))
      let offset = try #require(
        Self.offset(
          receive.rawValue, transmit.rawValue, sent: sent, roundTrip: out + stay + back))
      #expect(offset.lower.count <= truth && truth <= offset.upper.count)
      #expect(abs(offset.estimate.count - truth) <= offset.uncertainty.count)
      // No wider than what the way and the roundings allow.
      #expect(offset.upper.count - offset.lower.count <= out + back + 2_000_000)
    }
  }

  @Test("half a day off, the bounds still lie beside each other")
  func halfADay() throws {
    for truth in [43_199_999, 43_200_000, 43_200_001] as [Int64] {
      let receive = ICMPTimestamp(WallInstant(nanoseconds: truth * 1_000_000))
      let offset = try #require(
        Self.offset(receive.rawValue, receive.rawValue, sent: 0, roundTrip: 2_000_000))
      #expect(offset.upper.count - offset.lower.count == 3_000_000)
    }
  }

  @Test("no offset from what is no time, or goes backwards")
  func nonsense() {
    #expect(Self.offset(0x8000_0000, 1, sent: 0, roundTrip: 0) == nil)
    #expect(Self.offset(1, 86_400_000, sent: 0, roundTrip: 0) == nil)
    #expect(Self.offset(10, 20, sent: 0, roundTrip: 1_000_000) == nil)
    #expect(Self.offset(0, 0, sent: 0, roundTrip: 0) != nil)
  }

  @Test("several answers narrow the bounds, or contradict each other")
  func narrowed() throws {
    let wide = try #require(Self.offset(30, 30, sent: 0, roundTrip: 20_000_000))
    let narrow = try #require(Self.offset(112, 112, sent: 100_000_000, roundTrip: 1_000_000))
    let both = try #require(wide.narrowed(by: narrow))
    #expect(both.lower == .milliseconds(11) && both.upper == .milliseconds(13))
    let other = try #require(Self.offset(500, 500, sent: 0, roundTrip: 1_000_000))
    #expect(wide.narrowed(by: other) == nil)
  }
}
