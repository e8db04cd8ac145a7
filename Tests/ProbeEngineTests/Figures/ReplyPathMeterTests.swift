import ProbeEngine
import Testing

@Suite("Changes of the way back")
struct ReplyPathMeterTests {
  @Test func changesAreTold() {
    var meter = ReplyPathMeter()
    // DSCP 46 and ECT(0), then both others.
    let told = [
      (55, 0xba), (55, 0xba), (53, 0xba), (53, 0x02), (53, 0x00), (nil, nil), (55, 0x00),
    ].enumerated().map { place, fields in
      meter.add(UInt64(place + 1), timeToLive: fields.0, trafficClass: fields.1)
    }
    #expect(told == [false, false, true, true, true, false, true])
    #expect(
      meter.changes.values() == [
        ReplyChange(number: 3, kind: .timeToLive(from: 55, to: 53)),
        ReplyChange(number: 4, kind: .codePoint(from: 46, to: 0)),
        ReplyChange(number: 5, kind: .congestionField(from: 2, to: 0)),
        ReplyChange(number: 7, kind: .timeToLive(from: 53, to: 55)),
      ])
    #expect(meter.timeToLive == 55 && meter.lowestTimeToLive == 53)
    #expect(meter.highestTimeToLive == 55 && meter.congestionMarks == 0)
  }

  @Test func aMarkIsNoChange() {
    var meter = ReplyPathMeter()
    for trafficClass in [0x02, 0x03, 0x03, 0x02] as [UInt8] {
      let isChange = meter.add(1, timeToLive: nil, trafficClass: trafficClass)
      #expect(!isChange)
    }
    #expect(meter.congestionMarks == 2 && meter.changes.total == 0)
    #expect(meter.congestionField == 2 && meter.timeToLive == nil)
  }

  @Test func memoryIsBounded() {
    var meter = ReplyPathMeter()
    for number in 1...1_000 as ClosedRange<UInt64> {
      meter.add(number, timeToLive: number % 2 == 0 ? 55 : 57, trafficClass: 0)
    }
    #expect(meter.changes.total == 999 && meter.changes.count == 100)
  }

  @Test(
    "initial TTLs",
    arguments: [
      (0, 32), (1, 32), (20, 32), (23, 32), (24, nil), (32, nil), (33, 64), (55, 64), (64, 64),
      (65, nil), (87, nil), (88, 128), (128, 128), (129, nil), (214, nil), (215, 255), (255, 255),
    ] as [(UInt8, UInt8?)])
  func initial(left: UInt8, initial: UInt8?) {
    #expect(ReturnPathMeaning.initialTimeToLive(of: left) == initial)
  }

  @Test(
    "meanings",
    arguments: [
      (55, 53, .hops(2)), (53, 55, .hops(-2)), (64, 33, .hops(31)),
      (57, 120, .otherSender(began: 64, begins: 128)),
      (250, 60, .otherSender(began: 255, begins: 64)),
      (30, 28, .hops(2)), (66, 63, .hops(3)), (250, 70, .unclear), (30, 128, .unclear),
    ] as [(UInt8, UInt8, ReturnPathMeaning)])
  func meanings(from: UInt8, to: UInt8, meaning: ReturnPathMeaning) {
    #expect(ReturnPathMeaning(timeToLive: from, to: to) == meaning)
  }
}
