import PacketWire
import ProbeEngine
import Testing

@Suite("Replays of sessions")
struct PingReplayTests {
  private enum Happening {
    case sent(PingProbe, ProbeTiming)
    case arrived(EchoArrival, Arrival)
  }

  /// What a session was told, in order, and what it said.
  private struct Recording {
    var happenings: [Happening] = []
    var harness: PingHarness
    private var written = 0

    init(_ configure: @escaping (inout PingSession.Configuration) -> Void) {
      harness = PingHarness { configure(&$0) }
      harness.feed(.start)
      write()
    }

    mutating func run(for duration: Nanoseconds) {
      let end = harness.now + duration
      while let wake = harness.wakeAt, wake <= end, !harness.isFinished {
        harness.run(until: wake)
        write()
      }
      harness.run(until: end)
    }

    mutating func deliver(_ packet: [UInt8]) {
      let arrival = harness.request.decode(
        packet.span, framing: .packet, fields: ArrivalFields(source: PingHarness.v4.target))
      guard let arrival else { return }
      let clock = harness.clock
      happenings.append(.arrived(arrival, Arrival(clock: clock, kernelStamp: clock.wall)))
      harness.deliver(packet)
      write()
    }

    private mutating func write() {
      for index in written..<harness.sent.count {
        let at = harness.sent[index].at
        let clock = ClockSample(
          monotonic: at, wall: WallInstant(nanoseconds: at.nanoseconds + 1_700_000_000_000_000_000))
        happenings.append(
          .sent(harness.probes[index], ProbeTiming(clock: clock, kernelStamp: clock.wall)))
      }
      written = harness.sent.count
    }
  }

  /// Replays it; only what is missing of the probes' timers is run.
  private func replay(
    _ recording: Recording, leavingOut missing: Set<UInt64> = []
  ) -> (session: PingSession, reports: [PingReport]) {
    var configuration = recording.harness.session.configuration
    configuration.isReplayed = true
    var session = PingSession(configuration)
    var effects = PingSession.Effects()
    session.step(.start, at: MonotonicInstant(nanoseconds: 7_000), &effects)
    func passTime(to end: MonotonicInstant) {
      while let wake = session.wakeAt, wake < end { session.step(.timer, at: wake, &effects) }
    }
    for happening in recording.happenings {
      switch happening {
      case .sent(let probe, let timing):
        guard !missing.contains(probe.serial) else { continue }
        passTime(to: timing.clock.monotonic)
        session.replay(probe, length: 56, countsGaps: true, timing, &effects)
      case .arrived(let arrival, let time):
        passTime(to: time.clock.monotonic)
        session.step(.arrived(arrival, time), at: time.clock.monotonic, &effects)
      }
    }
    passTime(to: recording.harness.now)
    session.step(.interrupted, at: recording.harness.now, &effects)
    #expect(effects.sends.isEmpty && session.isFinished)
    return (session, effects.reports)
  }

  @Test("answers, losses, duplicates, latecomers and errors: the same reports and figures")
  func same() {
    var recording = Recording {
      $0.count = 8
      $0.timeout = .milliseconds(1_500)
    }
    for number in 1...8 as ClosedRange<UInt64> {
      recording.run(for: .milliseconds(20 + Int64(number)))
      switch number {
      case 3: break
      case 5: recording.deliver(recording.harness.reply(to: 3))
      case 6:
        recording.deliver(
          recording.harness.error(
            about: 6, type: .timeExceeded, code: 0, from: IPv4Address(198, 51, 100, 1)))
      default:
        recording.deliver(recording.harness.reply(to: number))
        if number == 7 { recording.deliver(recording.harness.reply(to: 7)) }
      }
      recording.run(for: .milliseconds(980 - Int64(number)))
    }
    recording.run(for: .seconds(3))
    let (session, reports) = replay(recording)
    #expect(recording.harness.isFinished)
    #expect(reports == recording.harness.reports)
    #expect(session.total == recording.harness.session.total)
    #expect(session.total.late == 1 && session.total.duplicates == 1 && session.total.errors == 1)
  }

  @Test("a number that is left out was refused by the kernel")
  func gaps() {
    var recording = Recording { $0.count = 4 }
    for number in 1...4 as ClosedRange<UInt64> {
      recording.run(for: .milliseconds(20))
      recording.deliver(recording.harness.reply(to: number))
      recording.run(for: .milliseconds(980))
    }
    recording.happenings.removeAll {
      if case .arrived(.reply(let reply), _) = $0 { reply.sequenceNumber == 2 } else { false }
    }
    let (session, _) = replay(recording, leavingOut: [2])
    #expect(session.total.transmitted == 4 && session.total.received == 3)
    #expect(session.total.errors == 1)
  }

  @Test("a probe that goes back, or to nobody, is left out")
  func hostile() {
    var configuration = PingHarness().session.configuration
    configuration.isReplayed = true
    var session = PingSession(configuration)
    var effects = PingSession.Effects()
    let timing = ProbeTiming(clock: PingHarness().clock)
    for probe in [
      PingProbe(serial: 5, target: 0, number: .max),
      PingProbe(serial: 5, target: 0, number: 1 << 61),
      PingProbe(serial: 5, target: 0, number: 2),
      PingProbe(serial: 9, target: 1, number: 1), PingProbe(serial: .max - 1, target: 0, number: 3),
    ] { session.replay(probe, length: 70_000, countsGaps: true, timing, &effects) }
    #expect(session.total.transmitted == 2)
  }

  @Test("without a key answers are believed, and their payload is not judged")
  func trusted() throws {
    let harness = PingHarness()
    let packet = harness.reply(to: 1, forged: { $0[9] ^= 0xff })
    var request = EchoRequest(
      family: .v4, identifier: 0xbeef, payloadLength: 0, cookies: KeyedCookie(key: 9, 9))
    request.trustsAnswers = true
    var configuration = harness.session.configuration
    configuration.isReplayed = true
    configuration.requests.v4 = request
    var session = PingSession(configuration)
    var effects = PingSession.Effects()
    session.replay(
      .alone(1), length: 56, countsGaps: false, ProbeTiming(clock: harness.clock), &effects)
    let found = request.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: PingHarness.v4.target))
    let arrival = try #require(found)
    session.step(.arrived(arrival, Arrival(clock: harness.clock)), at: harness.now, &effects)
    guard case .reply(let answer) = effects.reports.last else {
      Issue.record("no reply: \(effects.reports)")
      return
    }
    #expect(answer.reply.damage == nil && answer.missingOctets == 0)
  }
}
