import PacketText
import PacketWire
import ProbeEngine
import Testing

@testable import PingCommand

/// What a function appends.
func written(_ write: (inout TextBuffer) -> Void) -> String {
  var buffer = TextBuffer()
  write(&buffer)
  return buffer.string
}

@Suite("The figures of a ping in words")
struct FigureTextTests {
  /// The start is at 5 s of the monotonic clock and 16:04:01 UTC.
  private static let start = ClockSample(
    monotonic: MonotonicInstant(nanoseconds: 5_000_000_000),
    wall: WallInstant(nanoseconds: 1_700_064_241_000_000_000))

  private func text(_ family: IPFamily = .v4, listLimit: Int = 20) -> FigureText {
    var text = FigureText(family: family, start: Self.start)
    text.listLimit = listLimit
    return text
  }

  private static func sent(_ number: UInt64) -> MonotonicInstant {
    start.monotonic + .seconds(Int64(number) - 1)
  }

  @Test(
    "loss",
    arguments: [
      (3, 250, "loss 3 of 250 = 1.2 %, 95 % between 0.41 and 3.5 %\n"),
      (0, 5, "loss 0 of 5 = 0 %, 95 % between 0 and 43.4 %\n"),
      (5, 5, "loss 5 of 5 = 100 %, 95 % between 56.6 and 100 %\n"),
      (1, 1_000_000, "loss 1 of 1000000 = 0.00010 %, 95 % between 0.000018 and 0.00057 %\n"),
      (0, 0, ""),
    ])
  func loss(lost: Int, sent: Int, expected: String) {
    #expect(written { text().loss(LossInterval(lost: lost, of: sent), &$0) } == expected)
  }

  @Test func percentiles() {
    var delays = DelayHistogram()
    #expect(written { text().percentiles(delays, &$0) }.isEmpty)
    for delay in 1...40 as ClosedRange<Int64> { delays.add(Nanoseconds(delay * 128 * 1_024)) }
    #expect(
      written { text().percentiles(delays, &$0) } == """
        rtt over 40 answers; pN is what N % of them took at most:
          p50 2.63 ms, 95 % between 1.84 and 3.55 ms
          p90 4.73 ms, 95 % between 4.21 and 5.24 ms
          p99 5.24 ms, too few answers: it takes 368

        """)
    var one = DelayHistogram()
    one.add(.milliseconds(1_500))
    #expect(
      written { text().percentiles(one, &$0) } == """
        rtt over 1 answer; pN is what N % of them took at most:
          p50 1500 ms, too few answers: it takes 6
          p90 1500 ms, too few answers: it takes 36
          p99 1500 ms, too few answers: it takes 368

        """)
  }

  @Test func variation() {
    var figures = ProbeFigures()
    func lines() -> String { written { text().variation(figures.variation, figures.delays, &$0) } }
    #expect(lines().isEmpty)
    for (number, delay) in [(1, 10), (2, 26), (4, 10), (5, 8)] as [(UInt64, Int64)] {
      figures.answered(
        number, after: .milliseconds(delay), sentAt: Self.sent(number), timeToLive: nil,
        trafficClass: nil)
    }
    // 11.99 ms is the middle of the median's bucket.
    #expect(
      lines() == """
        jitter 1.94 ms: how much the rtt changes from answer to answer, smoothed (RFC 3550)
        ipdv 9.00 ms on average, from -2.00 to 16.0 ms: how much it changes from one probe to the \
        next, over 2 pairs (RFC 3393)
        pdv p50 1.99, p90 18.0 ms above the shortest rtt (RFC 5481)

        """)
  }

  @Test func order() {
    var order = ReorderingMeter()
    #expect(written { text().order(order, &$0) }.isEmpty)
    for number in [1, 2] as [UInt64] { order.add(number) }
    #expect(
      written { text().order(order, &$0) }
        == "order: all 2 answers came in the order of the probes (RFC 4737)\n")
    for number in [6, 3, 4, 5] as [UInt64] { order.add(number) }
    #expect(
      written { text().order(order, &$0) }
        == "order: 3 of 6 answers = 50.0 % came behind that to a later probe (RFC 4737), by 2.0"
        + " places on average, 3 at most\n")
  }

  @Test func oddities() {
    #expect(written { text().oddities(FigureCounts(sent: 5, received: 5), &$0) }.isEmpty)
    let counts = FigureCounts(sent: 9, received: 5, duplicates: 1, late: 2, corrupted: 3)
    #expect(
      written { text().oddities(counts, &$0) } == """
        duplicates 1: further answers to probes already answered
        late 2: answers to probes that had been given up; they count as received
        corrupted 3: answers with a wrong checksum; they count as none

        """)
    #expect(counts.loss == LossInterval(lost: 4, of: 9))
    #expect(
      FigureCounts(sent: 9, waiting: 3, received: 5).loss == LossInterval(lost: 1, of: 6))
  }

  private func outages(_ letters: String) -> OutageMeter {
    var meter = OutageMeter()
    for (place, letter) in letters.enumerated() {
      let number = UInt64(place + 1)
      meter.settle(number, as: letter == "l" ? .lost : .answered, sentAt: Self.sent(number))
    }
    return meter
  }

  @Test func listOfOutages() {
    #expect(written { text().outages(outages("aala"), &$0) }.isEmpty)
    #expect(
      written { text().outages(outages("alllalaall"), &$0) } == """
        2 outages (at least 2 probes lost in a row): 5 probes lost, 3.0 s in all, the longest 3.0 s
          probes 2 to 4: 3 lost, 3.0 s, from 1.0 s after the start (16:04:02 UTC)
          probes 9 to 10: 2 lost, no answer since, from 8.0 s after the start (16:04:09 UTC)

        """)
    #expect(
      written { text().outages(outages("ll"), &$0) } == """
        1 outage (at least 2 probes lost in a row): 2 probes lost
          probes 1 to 2: 2 lost, no answer since, from 0.000 s after the start (16:04:01 UTC)

        """)
    #expect(
      written { text(listLimit: 1).outages(outages("llallalla"), &$0) } == """
        3 outages (at least 2 probes lost in a row): 6 probes lost, 6.0 s in all, the longest 2.0 s
          2 before these
          probes 7 to 8: 2 lost, 2.0 s, from 6.0 s after the start (16:04:07 UTC)

        """)
    var single = OutageMeter(leastLost: 1)
    single.settle(1, as: .lost, sentAt: Self.sent(1))
    #expect(
      written { text().outages(single, &$0) } == """
        1 outage (at least 1 probe lost in a row): 1 probe lost
          probe 1: 1 lost, no answer since, from 0.000 s after the start (16:04:01 UTC)

        """)
  }

  @Test func timesOfDay() {
    var late = text()
    // Before 1970 and over midnight.
    late.start.wall = WallInstant(nanoseconds: -1_000_000_000)
    let outage = Outage(
      firstLost: 2, lastLost: 3, lost: 2, start: Self.sent(11), end: Self.sent(12))
    #expect(
      written { late.outage(outage, &$0) }
        == "probes 2 to 3: 2 lost, 1.0 s, from 10.0 s after the start (00:00:09 UTC)")
    late.start.wall = WallInstant(nanoseconds: -20_000_000_000)
    #expect(written { late.outage(outage, &$0) }.hasSuffix("(23:59:50 UTC)"))
  }

  @Test(
    "changes",
    arguments: [
      (.timeToLive(from: 55, to: 53), "TTL 53 after 55: the way back is 2 hops longer"),
      (.timeToLive(from: 54, to: 55), "TTL 55 after 54: the way back is 1 hop shorter"),
      (
        .timeToLive(from: 57, to: 120),
        "TTL 120 after 57: answers began with 64 and begin with 128: another machine answers"
      ),
      (
        .timeToLive(from: 250, to: 70),
        "TTL 70 after 250: another way back, or another machine answers"
      ),
      (
        .codePoint(from: 46, to: 2),
        "DSCP 2 after EF: the other end, or a router on the way back, gives answers another class"
      ),
      (
        .congestionField(from: 2, to: 0),
        "ECN Not-ECT after ECT(0): on this way back congestion cannot be marked, or the mark's field"
          + " is cleared"
      ),
      (
        .congestionField(from: 0, to: 1),
        "ECN ECT(1) after Not-ECT: on this way back congestion can be marked"
      ),
    ] as [(ReplyChange.Kind, String)])
  func changes(kind: ReplyChange.Kind, expected: String) {
    let change = ReplyChange(number: 57, kind: kind)
    #expect(written { text().change(change, &$0) } == "probe 57: " + expected)
  }

  @Test func listOfChanges() {
    var meter = ReplyPathMeter()
    for (place, timeToLive) in ([60, 60, 59, 57] as [UInt8]).enumerated() {
      meter.add(UInt64(place + 1), timeToLive: timeToLive, trafficClass: place > 1 ? 3 : nil)
    }
    #expect(
      written { text(.v6, listLimit: 1).replyPath(meter, &$0) } == """
        answers came back differently 2 times:
          1 before these
          probe 4: hop limit 57 after 59: the way back is 2 hops longer
        2 answers marked on the way back because a queue was filling up (ECN CE, RFC 3168)

        """)
    #expect(written { text().replyPath(ReplyPathMeter(), &$0) }.isEmpty)
  }

  @Test func allTogether() {
    var figures = ProbeFigures()
    for number in 1...3 as ClosedRange<UInt64> {
      figures.answered(
        number, after: .milliseconds(10), sentAt: Self.sent(number), timeToLive: 60,
        trafficClass: 0)
    }
    let lines = written {
      text().summary(figures, FigureCounts(sent: 3, received: 3), &$0)
    }.split(separator: "\n").map { $0.prefix { $0 != " " && $0 != ":" } }
    #expect(lines == ["loss", "rtt", "", "", "", "jitter", "ipdv", "pdv", "order"])
    #expect(written { text().summary(ProbeFigures(), FigureCounts(), &$0) }.isEmpty)
  }
}
