import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeEngine

@Suite("A session that asks questions")
struct QuestionSessionTests {
  private func session(
    _ question: ProbeQuestion, count: Int, first: UInt16 = 1
  ) -> (PingSession, QuestionProbe) {
    let probe = QuestionProbe(
      question, target: PingHarness.v4.target, source: PingHarness.v4.source, identifier: 9,
      firstSequenceNumber: first, cookies: PingHarness.cookies)
    var configuration = PingSession.Configuration(
      targets: [PingTarget(PingHarness.v4.target)], requests: EchoRequests())
    configuration.questions = ProbeQuestions(v4: probe)
    configuration.count = count
    configuration.pacing = .steady(interval: .milliseconds(10))
    return (PingSession(configuration), probe)
  }

  /// What a host sends back: interfaces repeat all, timestamps get two more.
  private func answer(_ probe: QuestionProbe, to number: UInt64, forged: Bool) -> EchoArrival? {
    guard var message = try? QuestionProbeTests.answer(to: probe.message(number: number)) else {
      return nil
    }
    // The checksum is made good again where a forger would.
    if forged { message[message.count - 1] ^= 1 }
    (message[2], message[3]) = (0, 0)
    var sum = InternetChecksum()
    sum.add(message.span)
    (message[2], message[3]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
    return probe.decode(
      message.span, framing: .message, fields: ArrivalFields(source: probe.target, timeToLive: 60))
  }

  @Test(
    "each answer finds its probe, also where numbers of 8 bits come round; forged ones do not count",
    arguments: [1, 0, 250, 65_300] as [UInt16])
  func counted(first: UInt16) throws {
    var (session, probe) = session(
      .interface(InterfaceQuestion(.index(3))), count: 600, first: first)
    var now = MonotonicInstant(nanoseconds: 1_000)
    var effects = PingSession.Effects()
    var numbers: [UInt64] = []
    var rejected = 0
    session.step(.start, at: now, &effects)
    while !session.isFinished {
      let sends = effects.sends
      effects.sends = []
      for send in sends {
        session.sent(send, ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0)))
        for forged in [true, false] {
          let arrival = try #require(answer(probe, to: send.serial, forged: forged))
          session.step(
            .arrived(
              arrival,
              Arrival(
                clock: ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0)))), at: now,
            &effects)
        }
      }
      for report in effects.reports {
        if case .answer(let answer) = report {
          numbers.append(answer.reply.number)
          #expect(answer.proof == .keyed && !answer.reply.isDuplicate)
        }
        if case .rejected = report { rejected += 1 }
      }
      effects.reports = []
      guard let wake = session.wakeAt else { break }
      now = max(now, wake)
      session.step(.timer, at: now, &effects)
    }
    #expect(numbers == Array(1...600))
    #expect(rejected == 600)
    #expect(session.total.received == 600 && session.total.rejected == 600)
  }

  @Test("a card's stamps say how long it took, and never what time it was")
  func cardStamps() throws {
    var bounds: [ClockOffset?] = []
    for cardStamp in [nil, CardInstant(nanoseconds: 40_000_000)] {
      var (session, probe) = session(.timestamp, count: 1)
      var effects = PingSession.Effects()
      func clock(_ milliseconds: Int64) -> ClockSample {
        ClockSample(
          monotonic: MonotonicInstant(nanoseconds: 7 + milliseconds * 1_000_000),
          wall: WallInstant(nanoseconds: milliseconds * 1_000_000))
      }
      session.step(.start, at: clock(0).monotonic, &effects)
      session.sent(try #require(effects.sends.first), clock(0))
      session.transmitted(serial: 1, clock(0).wall)
      // A hundred milliseconds in the queue of this host's interface.
      session.leftCard(serial: 1, CardInstant(nanoseconds: 30_000_000))
      session.leftCard(serial: 2, CardInstant(nanoseconds: 1))
      let arrival = try #require(answer(probe, to: 1, forged: false))
      session.step(
        .arrived(
          arrival, Arrival(clock: clock(110), kernelStamp: clock(110).wall, cardStamp: cardStamp)),
        at: clock(110).monotonic, &effects)
      guard case .answer(let told) = effects.reports.first else {
        Issue.record("no answer")
        return
      }
      let length: Int64 = cardStamp == nil ? 110 : 10
      #expect(told.reply.roundTrip.duration == .milliseconds(length))
      bounds.append(told.offset)
    }
    #expect(bounds[0] != nil && bounds[0] == bounds[1])
  }

  @Test("an error about a question to somebody else is not ours")
  func errors() {
    var (session, _) = session(.timestamp, count: 1)
    let now = MonotonicInstant(nanoseconds: 1_000)
    var effects = PingSession.Effects()
    session.step(.start, at: now, &effects)
    effects.sends = []
    let error = ICMPErrorReport(family: .v4, type: 3, code: 1, source: nil)
    let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0))
    for target in [IPAddress.v4(.loopback), PingHarness.v4.target] {
      session.step(
        .arrived(.error(sequenceNumber: 1, target: target, error), Arrival(clock: clock)), at: now,
        &effects)
    }
    #expect(effects.reports == [.error(.alone(1), error)])
    #expect(session.total.errors == 1)
  }
}
