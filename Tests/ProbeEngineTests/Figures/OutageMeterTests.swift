import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Outages")
struct OutageMeterTests {
  /// Probe 1 is sent at 0 s, one a second.
  private static func sent(_ number: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 0) + .seconds(Int64(number) - 1)
  }

  /// Settles probes 1, 2 … as the letters say: `a`nswered or `l`ost, in the given order.
  private func meter(
    _ outcomes: String, leastLost: Int = 2, order: ([UInt64]) -> [UInt64] = { $0 }
  ) -> OutageMeter {
    var meter = OutageMeter(leastLost: leastLost)
    let letters = Array(outcomes)
    for number in order((1...UInt64(letters.count)).map { $0 }) {
      let outcome = letters[Int(number) - 1] == "a" ? OutageMeter.Outcome.answered : .lost
      meter.settle(number, as: outcome, sentAt: Self.sent(number))
    }
    return meter
  }

  private func outage(_ first: UInt64, _ last: UInt64, end: UInt64?) -> Outage {
    Outage(
      firstLost: first, lastLost: last, lost: Int(last - first + 1), start: Self.sent(first),
      end: end.map { Self.sent($0) })
  }

  @Test func findsOutages() {
    let meter = meter("aallllaalalla")
    #expect(meter.outages.values() == [outage(3, 6, end: 7), outage(11, 12, end: 13)])
    #expect(meter.outages[0].length == .seconds(4))
    #expect(meter.lost == 6 && meter.length == .seconds(6) && meter.longest == .seconds(4))
    #expect(meter.shortLosses == 1 && meter.ongoing == nil && meter.unknown == 0)
  }

  @Test func howManyInARow() {
    #expect(meter("alalla", leastLost: 1).outages.total == 2)
    #expect(meter("alalla", leastLost: 0).outages.total == 2)
    #expect(meter("alalla", leastLost: 3).outages.total == 0)
    #expect(meter("alalla", leastLost: 3).shortLosses == 2)
  }

  @Test func whatGoesOn() {
    let down = meter("aalll")
    #expect(down.outages.total == 0 && down.ongoing == outage(3, 5, end: nil))
    #expect(down.ongoing?.length == nil)
    #expect(meter("al").ongoing == nil)
    #expect(meter("l", leastLost: 1).ongoing == outage(1, 1, end: nil))
  }

  @Test("whatever the order of settling", arguments: 1...20 as ClosedRange<UInt64>)
  func anyOrder(seed: UInt64) {
    var numbers = SeededRNG(seed: seed)
    let outcomes = String((0..<300).map { _ in numbers.next() % 3 == 0 ? "l" : "a" })
    let inOrder = meter(outcomes + "a")
    let mixed = meter(outcomes + "a") { $0.shuffled(using: &numbers) }
    #expect(mixed.outages == inOrder.outages && mixed.unknown == 0)
    #expect(mixed.lost == inOrder.lost && mixed.shortLosses == inOrder.shortLosses)
    #expect(inOrder.outages.total > 0)
    let lateLosses = meter(outcomes + "a") { numbers in
      numbers.sorted { left, right in
        let delay = { (number: UInt64) in
          number + (Array(outcomes + "a")[Int(number) - 1] == "l" ? 10 : 0)
        }
        return (delay(left), left) < (delay(right), right)
      }
    }
    #expect(lateLosses == inOrder)
  }

  @Test func theFirstWordCounts() {
    var meter = meter("alla")
    meter.settle(2, as: .answered, sentAt: Self.sent(2))
    meter.settle(7, as: .lost, sentAt: Self.sent(7))
    meter.settle(7, as: .answered, sentAt: Self.sent(7))
    for number in [5, 6, 8, 9] as [UInt64] {
      meter.settle(number, as: number == 8 ? .lost : .answered, sentAt: Self.sent(number))
    }
    #expect(meter.outages.values() == [outage(2, 3, end: 4), outage(7, 8, end: 9)])
  }

  @Test func totalsOutliveTheList() {
    let meter = meter(String(repeating: "lla", count: 1_500))
    #expect(meter.outages.total == 1_500 && meter.outages.count == 1_000)
    #expect(meter.outages.dropped == 500 && meter.lost == 3_000)
    #expect(meter.length == .seconds(3_000) && meter.outages[0].firstLost == 1_501)
  }

  /// Probe 1 never settles: those behind it do not wait for ever.
  @Test func waitingIsBounded() {
    var meter = OutageMeter()
    for group in 0..<2_000 as Range<UInt64> {
      let first = 2 + group * 3
      for (number, outcome) in [
        (first, OutageMeter.Outcome.lost), (first + 1, .lost), (first + 2, .answered),
      ] { meter.settle(number, as: outcome, sentAt: Self.sent(number)) }
    }
    #expect(meter.unknown == 1 && meter.outages.total == 2_000)
    // It is too late for it now.
    meter.settle(1, as: .lost, sentAt: Self.sent(1))
    #expect(meter.outages.total == 2_000 && meter.lost == 4_000)
  }
}
