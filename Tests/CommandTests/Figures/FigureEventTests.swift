import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import Testing

@testable import PingCommand

@Suite("The figures of a ping as JSON")
struct FigureEventTests {
  private static let start = MonotonicInstant(nanoseconds: 5_000)

  /// What stands behind schema and name.
  private func fields(_ fields: (inout JSONObject) -> Void) -> String {
    let start = #"{"schema":"wirewalk/1","event":"x""#
    return String(written { $0.appendEvent("x", fields) }.dropFirst(start.count).dropLast())
  }

  @Test func loss() {
    #expect(
      fields { $0.field(loss: LossInterval(lost: 5, of: 5)) }
        == #","loss_ci95":[0.5655175352168252,1.0]"#)
    #expect(fields { $0.field(loss: LossInterval(lost: 0, of: 0)) } == #","loss_ci95":null"#)
  }

  @Test func quantiles() {
    var delays = DelayHistogram()
    #expect(
      fields { $0.quantileFields(delays) }
        == #","samples":0,"p50":null,"p50_ci95":null,"p90":null,"p90_ci95":null,"p99":null,"#
        + #""p99_ci95":null"#)
    for delay in 1...40 as ClosedRange<Int64> { delays.add(Nanoseconds(delay)) }
    #expect(
      fields { $0.quantileFields(delays) }
        == #","samples":40,"p50":20,"p50_ci95":[14,27],"p90":36,"p90_ci95":[32,40],"#
        + #""p99":40,"p99_ci95":[38,null]"#)
  }

  @Test func variation() {
    var variation = DelayVariation()
    #expect(fields { $0.variationFields(variation) } == #","jitter_ns":null,"ipdv_ns":null"#)
    variation.add(Nanoseconds(100), of: 1)
    variation.add(Nanoseconds(180), of: 2)
    variation.add(Nanoseconds(140), of: 3)
    #expect(
      fields { $0.variationFields(variation) }
        == #","jitter_ns":7,"ipdv_ns":{"pairs":2,"mean":60,"min":-40,"max":80,"p90":80}"#)
  }

  @Test func order() {
    var order = ReorderingMeter()
    #expect(fields { $0.orderFields(order) } == #","reordered":0,"reordering":null"#)
    for number in [2, 3, 4, 1] as [UInt64] { order.add(number) }
    #expect(
      fields { $0.orderFields(order) }
        == #","reordered":1,"reordering":{"ratio":0.25,"extent_mean":3.0,"extent_max":3}"#)
  }

  @Test func outages() {
    var meter = OutageMeter()
    for number in 1...6 as ClosedRange<UInt64> {
      meter.settle(
        number, as: number % 3 == 0 ? .answered : .lost,
        sentAt: MonotonicInstant(nanoseconds: 5_000 + Int64(number * number)))
    }
    #expect(
      fields { $0.outageFields(meter) }
        == #","outages":{"count":2,"lost":4,"total_ns":28,"longest_ns":20,"ongoing":false}"#)
    meter.settle(7, as: .lost, sentAt: Self.start)
    meter.settle(8, as: .lost, sentAt: Self.start)
    #expect(fields { $0.outageFields(meter) }.hasSuffix(#""ongoing":true}"#))
    #expect(
      fields { $0.fields(of: meter.outages[1], start: Self.start) }
        == #","first_seq":4,"last_seq":5,"lost":2,"since_start_ns":16,"length_ns":20"#)
    let ongoing = meter.ongoing
    #expect(
      fields { object in ongoing.map { object.fields(of: $0, start: Self.start) } }
        .hasSuffix(#""lost":2,"since_start_ns":0,"length_ns":null"#))
  }

  @Test(
    "changes",
    arguments: [
      (.timeToLive(from: 55, to: 53), #""field":"ttl","before":55,"now":53,"hops":2"#),
      (.timeToLive(from: 57, to: 120), #""field":"ttl","before":57,"now":120,"hops":null"#),
      (.codePoint(from: 46, to: 44), #""field":"dscp","before":46,"now":44,"hops":null"#),
      (.congestionField(from: 2, to: 0), #""field":"ecn","before":2,"now":0,"hops":null"#),
    ] as [(ReplyChange.Kind, String)])
  func changes(kind: ReplyChange.Kind, expected: String) {
    #expect(
      fields { $0.fields(of: ReplyChange(number: 7, kind: kind)) } == #","seq":7,"# + expected)
  }

  @Test func replyPath() {
    var meter = ReplyPathMeter()
    for timeToLive in [60, 61, 60] as [UInt8] {
      meter.add(1, timeToLive: timeToLive, trafficClass: 3)
    }
    #expect(
      fields { $0.replyPathFields(meter) } == #","path_changes":2,"congestion_marks":3"#)
  }
}
