import PacketWire
import ProbeEngine
import Testing

@Suite("Ping sessions")
struct PingSessionTests {
  @Test func threeProbesAnswered() {
    var harness = PingHarness { $0.count = 3 }
    harness.feed(.start)
    for number in 1...3 as ClosedRange<UInt64> {
      #expect(harness.sent.count == Int(number))
      harness.run(for: .milliseconds(10))
      harness.deliver(harness.reply(to: number))
      if number < 3 { harness.run(for: .milliseconds(990)) }
    }
    #expect(harness.isFinished)
    let summary = harness.session.total
    #expect(summary.transmitted == 3 && summary.received == 3 && summary.lossRatio == 0)
    #expect(summary.rtt.minimum == .milliseconds(10) && summary.rtt.maximum == .milliseconds(10))
    #expect(summary.elapsed == .seconds(2) && summary.pipe == 1)
    let numbers = harness.reports.map { report -> UInt64? in
      if case .reply(let reply) = report { reply.number } else { nil }
    }
    #expect(numbers == [1, 2, 3])
  }

  @Test("delays lie between a card's stamps where there are both, and how many do is counted")
  func cardStamps() {
    var harness = PingHarness { $0.count = 3 }
    harness.feed(.start)
    let stamps: [(sent: Int64?, received: Int64?)] = [(5, 12), (nil, 22), (31, nil)]
    func instant(_ milliseconds: Int64) -> CardInstant {
      CardInstant(nanoseconds: milliseconds * 1_000_000)
    }
    // Nobody knows this probe.
    harness.session.leftCard(serial: 77, instant(1))
    for (number, stamps) in zip((1 as UInt64)..., stamps) {
      if let sent = stamps.sent { harness.session.leftCard(serial: number, instant(sent)) }
      harness.run(for: .milliseconds(10))
      for _ in 0..<2 {
        harness.deliver(harness.reply(to: number), cardStamp: stamps.received.map(instant))
      }
      if number < 3 { harness.run(for: .milliseconds(990)) }
    }
    let delays = harness.reports.compactMap { report -> RoundTripTime? in
      if case .reply(let reply) = report, !reply.isDuplicate { reply.roundTrip } else { nil }
    }
    #expect(
      delays == [
        RoundTripTime(.milliseconds(7), source: .hardware),
        RoundTripTime(.milliseconds(10), source: .kernel),
        RoundTripTime(.milliseconds(10), source: .kernel),
      ])
    let total = harness.session.total
    #expect(total.hardwareTimed == 1 && total.received == 3 && total.duplicates == 2)
    #expect(total.rtt.minimum == .milliseconds(7) && total.rtt.maximum == .milliseconds(10))
  }

  @Test("replies that are taken in together lead to the same as one after the other")
  func together() {
    func configure(_ configuration: inout PingSession.Configuration) {
      configuration.count = 40
      configuration.preload = 8
      configuration.pacing = .onAnswer(atLeast: .zero, silence: .milliseconds(10))
      configuration.reportsOutstanding = false
    }
    var one = PingHarness { configure(&$0) }
    var many = PingHarness { configure(&$0) }
    one.feed(.start)
    many.feed(.start)
    var answered: UInt64 = 0
    while !one.isFinished, answered < 40 {
      let newest = UInt64(one.sent.count)
      one.now = one.now + .milliseconds(1)
      many.now = many.now + .milliseconds(1)
      for number in answered + 1...newest {
        one.deliver(one.reply(to: number))
        many.take(many.reply(to: number))
      }
      many.feed(.timer)
      answered = newest
      #expect(one.sent.map(\.at) == many.sent.map(\.at))
    }
    #expect(one.isFinished && many.isFinished && one.reports == many.reports)
    #expect(one.session.total == many.session.total && many.session.total.received == 40)
    #expect(!many.reports.contains { if case .outstanding = $0 { true } else { false } })
  }

  @Test("the schedule does not drift, however late the timer comes")
  func cadence() {
    var harness = PingHarness { $0.count = 4 }
    harness.feed(.start)
    let start = harness.now
    for _ in 0..<3 {
      guard let wake = harness.wakeAt else { break }
      harness.now = wake + .milliseconds(7)
      harness.feed(.timer)
    }
    let delays = harness.sent.map { $0.at - start }
    #expect(delays == [.zero, .milliseconds(1007), .milliseconds(2007), .milliseconds(3007)])
  }

  @Test("after a long pause there is no burst")
  func pause() {
    var harness = PingHarness()
    harness.feed(.start)
    harness.now = harness.now + .seconds(60)
    harness.feed(.timer)
    harness.run(for: .milliseconds(900))
    #expect(harness.sent.count == 2)
  }

  @Test("with no answer at all the last probe is waited for the whole timeout")
  func silence() {
    var harness = PingHarness {
      $0.count = 2
      $0.timeout = .milliseconds(1500)
    }
    harness.feed(.start)
    harness.run(for: .milliseconds(2499))
    #expect(!harness.isFinished)
    harness.run(for: .milliseconds(1))
    #expect(harness.isFinished)
    #expect(harness.session.total.received == 0 && harness.session.total.lossRatio == 1)
    let lost = harness.reports.filter { $0 == .lost(number: 1) || $0 == .lost(number: 2) }
    #expect(lost == [.lost(number: 1), .lost(number: 2)])
  }

  @Test("once something answered, the last probe is waited for two round trips, or an interval")
  func drain() {
    var harness = PingHarness { $0.count = 2 }
    harness.feed(.start)
    harness.run(for: .milliseconds(800))
    harness.deliver(harness.reply(to: 1))
    harness.run(for: .milliseconds(200 + 1599))
    #expect(harness.sent.count == 2 && !harness.isFinished)
    harness.run(for: .milliseconds(1))
    #expect(harness.isFinished)
  }

  @Test func duplicatesAreCountedApart() {
    var harness = PingHarness()
    harness.feed(.start)
    harness.deliver(harness.reply(to: 1))
    harness.deliver(harness.reply(to: 1))
    let summary = harness.session.total
    #expect(summary.received == 1 && summary.duplicates == 1 && summary.rtt.count == 1)
    guard case .reply(let second) = harness.reports.last else {
      Issue.record("no second reply")
      return
    }
    #expect(second.isDuplicate)
  }

  @Test("a forged reply with the right identifier and sequence number is never counted")
  func forgery() {
    var harness = PingHarness()
    harness.feed(.start)
    for bit in 0..<64 {
      harness.deliver(harness.reply(to: 1, forged: { $0[8 + bit / 8] ^= 1 << UInt8(bit % 8) }))
    }
    harness.deliver(harness.reply(to: 1, forged: { $0.removeLast($0.count - 15) }))  // a cut cookie
    #expect(harness.session.total.received == 0 && harness.session.total.rejected == 65)
    harness.deliver(harness.reply(to: 1))
    #expect(harness.session.total.received == 1)
  }

  @Test("a payload too short for the cookie carries what fits", arguments: [0, 1, 7])
  func shortPayload(length: Int) {
    var harness = PingHarness(payloadLength: length)
    harness.feed(.start)
    if length > 0 {
      harness.deliver(harness.reply(to: 1, forged: { $0[7 + length] ^= 1 }))
      #expect(harness.session.total.rejected == 1)
    }
    harness.deliver(harness.reply(to: 1))
    #expect(harness.session.total.received == 1)
  }

  @Test("an answer to a probe that was never sent is nothing")
  func unknownSequence() {
    var harness = PingHarness()
    harness.feed(.start)
    harness.deliver(harness.reply(to: 2))
    harness.deliver(harness.reply(to: 0xffff))
    #expect(harness.reports.isEmpty)
  }

  @Test func errorsSettleAProbe() {
    var harness = PingHarness { $0.count = 1 }
    harness.feed(.start)
    let router = IPv4Address(198, 51, 100, 1)
    harness.deliver(harness.error(about: 1, type: .timeExceeded, code: 0, from: router))
    #expect(harness.isFinished)
    #expect(harness.session.total.errors == 1 && harness.session.total.received == 0)
    #expect(
      harness.reports == [
        .error(
          number: 1,
          ICMPErrorReport(family: .v4, type: 11, code: 0, source: .v4(router), timeToLive: 254))
      ])
  }

  @Test("a redirect is told, but the probe is still waited for")
  func redirect() {
    var harness = PingHarness { $0.count = 1 }
    harness.feed(.start)
    harness.deliver(harness.error(about: 1, type: .redirect, code: 1, from: .loopback))
    #expect(harness.reports.count == 1 && harness.session.total.errors == 0)
    #expect(!harness.isFinished)
    harness.deliver(harness.reply(to: 1))
    #expect(harness.isFinished && harness.session.total.received == 1)
  }

  @Test func lateRepliesAreSaidToBeLate() {
    var harness = PingHarness { $0.timeout = .milliseconds(300) }
    harness.feed(.start)
    harness.run(for: .milliseconds(400))
    #expect(harness.reports == [.lost(number: 1)])
    harness.deliver(harness.reply(to: 1))
    #expect(harness.session.total.late == 1 && harness.session.total.received == 1)
  }

  @Test("the next probe says that there is no answer yet")
  func outstanding() {
    var harness = PingHarness()
    harness.feed(.start)
    harness.run(for: .seconds(1))
    #expect(harness.reports == [.outstanding(number: 1)])
  }

  @Test("under a deadline the count is of answers, and errors do not end the run")
  func deadline() {
    var harness = PingHarness {
      $0.count = 2
      $0.deadline = .milliseconds(4500)
    }
    harness.feed(.start)
    harness.deliver(harness.error(about: 1, type: .timeExceeded, code: 0, from: .loopback))
    harness.run(for: .seconds(3))
    #expect(harness.sent.count == 4 && !harness.isFinished)
    harness.deliver(harness.reply(to: 4))
    harness.run(for: .milliseconds(1499))
    #expect(!harness.isFinished)
    harness.run(for: .milliseconds(1))
    #expect(harness.isFinished && harness.sent.count == 5)
  }

  @Test("interval zero sends on each answer, or after 10 ms")
  func flood() {
    var harness = PingHarness { $0.pacing = .onAnswer(atLeast: .zero, silence: .milliseconds(10)) }
    harness.feed(.start)
    harness.run(for: .milliseconds(1))
    harness.deliver(harness.reply(to: 1))
    #expect(harness.sent.count == 2)
    harness.run(for: .milliseconds(9))
    #expect(harness.sent.count == 2)
    harness.run(for: .milliseconds(1))
    #expect(harness.sent.count == 3)
  }

  @Test("a corrupted answer is told but is no answer")
  func corrupted() {
    var harness = PingHarness()
    harness.feed(.start)
    harness.deliver(harness.reply(to: 1, change: { $0[8 + 30] ^= 1 }))
    let summary = harness.session.total
    #expect(summary.corrupted == 1 && summary.received == 0 && summary.rtt.count == 0)
  }

  @Test("an answer whose cookie was corrupted on the way is corrupted, not forged")
  func corruptedCookie() {
    var harness = PingHarness()
    harness.feed(.start)
    harness.deliver(harness.reply(to: 1, change: { $0[8] ^= 1 }))
    #expect(harness.session.total.corrupted == 1 && harness.session.total.rejected == 0)
  }

  @Test func failedSendsAreErrors() {
    var harness = PingHarness { $0.count = 1 }
    harness.feed(.start)
    harness.feed(.sendFailed(.alone(1), errorNumber: 90))
    #expect(harness.reports == [.sendFailed(number: 1, errorNumber: 90)])
    #expect(harness.session.total.errors == 1 && harness.isFinished)
  }

  @Test func interruptionEndsTheRun() {
    var harness = PingHarness()
    harness.feed(.start)
    harness.feed(.interrupted)
    #expect(harness.isFinished && harness.reports == [.lost(number: 1)])
    harness.feed(.timer)
    #expect(harness.sent.count == 1)
  }

  @Test("a long run wraps its sequence numbers and keeps its memory")
  func wraparound() {
    var harness = PingHarness { $0.pacing = .steady(interval: .milliseconds(1)) }
    harness.feed(.start)
    for number in 1...70_000 as ClosedRange<UInt64> {
      // Every hundredth answer is missing.
      if !number.isMultiple(of: 100) { harness.deliver(harness.reply(to: number)) }
      harness.run(for: .milliseconds(1))
    }
    let summary = harness.session.total
    #expect(summary.transmitted == 70_001 && summary.received == 69_300)
    #expect(summary.duplicates == 0 && summary.rejected == 0)
  }

  @Test("when the table is full of waiting probes it grows, and then the oldest is given up")
  func tableFull() {
    var harness = PingHarness {
      $0.pacing = .steady(interval: .milliseconds(1))
      $0.timeout = .seconds(3600)
    }
    harness.feed(.start)
    harness.run(for: .milliseconds(65_536))
    let lost = harness.reports.filter { if case .lost = $0 { true } else { false } }
    #expect(harness.sent.count == 65_537 && lost == [.lost(number: 1)])
    harness.feed(.interrupted)
    #expect(harness.reports.count { if case .lost = $0 { true } else { false } } == 65_537)
  }
}
