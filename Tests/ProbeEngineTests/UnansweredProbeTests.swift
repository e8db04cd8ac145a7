import PacketWire
import ProbeEngine
import Testing

@Suite("Probes of types to which no answer is expected")
struct UnansweredProbeTests {
  private static let router = IPv4Address(198, 51, 100, 7)

  private static func request(
    _ type: UInt8, _ family: IPFamily = .v4, payloadLength: Int = 56
  ) -> EchoRequest {
    EchoRequest(
      family: family, identifier: 0xbeef, payloadLength: payloadLength, type: type,
      cookies: PingHarness.cookies)
  }

  private func harness(
    _ type: UInt8 = 40, _ configure: (inout PingSession.Configuration) -> Void = { _ in }
  ) -> PingHarness {
    PingHarness {
      $0.requests.v4 = Self.request(type)
      ($0.reportsOutstanding, $0.timeout) = (false, .seconds(1))
      configure(&$0)
    }
  }

  @Test("they look like an echo request but for their type", arguments: [0, 3, 10, 56])
  func message(length: Int) throws {
    let request = Self.request(5, payloadLength: length)
    var checksums: Set<UInt16> = []
    for serial in [1, 2, 0x1_2345] as [UInt64] {
      let message = request.message(serial: serial)
      var reader = PacketReader(message.span)
      let header = try ICMPv4Header(parsing: &reader)
      #expect(header.type == .redirect && header.code == 0 && header.identifier == 0xbeef)
      #expect(header.sequenceNumber == UInt16(truncatingIfNeeded: serial))
      #expect(header.checksum == header.computedChecksum(payload: reader.remaining))
      checksums.insert(header.checksum)
      let echo = PingHarness.request(payloadLength: length).message(serial: serial)
      #expect(message.dropFirst(8).prefix(8) == echo.dropFirst(8).prefix(8))
    }
    #expect(checksums.count == (length < EchoRequest.balancedLength ? 3 : 1))
    #expect(!request.isAnswered && PingHarness.request().isAnswered)
    #expect(Self.request(8).isAnswered && !Self.request(8, .v6).isAnswered)
    #expect(Self.request(128, .v6).isAnswered && !Self.request(128).isAnswered)
  }

  @Test("nothing is lost, and the end comes when errors had their time")
  func silence() {
    var harness = harness { $0.count = 3 }
    let start = harness.now
    harness.feed(.start)
    harness.run(for: .seconds(60))
    #expect(harness.sent.map(\.number) == [1, 2, 3] && harness.isFinished)
    #expect(harness.reports.isEmpty)
    #expect(harness.session.duration == .seconds(3) && harness.sent[2].at == start + .seconds(2))
    let total = harness.session.total
    #expect(total.transmitted == 3 && total.received == 0 && total.errors == 0)
  }

  @Test("with a time limit COUNT is still that of the probes")
  func deadline() {
    var harness = harness { ($0.count, $0.deadline) = (2, .seconds(30)) }
    harness.feed(.start)
    harness.run(for: .seconds(60))
    #expect(harness.sent.count == 2 && harness.session.duration == .seconds(2))
    var short = self.harness { ($0.count, $0.deadline) = (9, .milliseconds(1_500)) }
    short.feed(.start)
    short.run(for: .seconds(60))
    #expect(short.sent.count == 2 && short.session.duration == .milliseconds(1_500))
    #expect(short.reports.isEmpty)
  }

  @Test("an interrupt reports nothing as lost")
  func interrupt() {
    var harness = harness()
    harness.feed(.start)
    harness.feed(.interrupted)
    #expect(harness.isFinished && harness.reports.isEmpty)
  }

  @Test("echo replies with the right numbers and cookie are no answers")
  func replies() {
    var harness = harness { $0.count = 1 }
    harness.feed(.start)
    let reply = harness.reply(to: 1)
    harness.deliver(reply)
    harness.take(reply)
    #expect(harness.reports.isEmpty && harness.session.total.received == 0)
    #expect(harness.session.total.rejected == 0 && !harness.isFinished)
  }

  @Test("errors that quote them are told, and the last one is the end")
  func errors() {
    var harness = harness { $0.count = 2 }
    harness.feed(.start)
    harness.deliver(harness.error(about: 1, type: .timeExceeded, code: 0, from: Self.router))
    harness.run(for: .seconds(1))
    harness.deliver(
      harness.error(about: 2, type: .destinationUnreachable, code: 13, from: Self.router))
    #expect(harness.isFinished && harness.session.duration == .seconds(1))
    let expected = [(11, 0), (3, 13)].enumerated().map { index, kind in
      PingReport.error(
        number: UInt64(index + 1),
        ICMPErrorReport(
          family: .v4, type: kind.0, code: kind.1, source: .v4(Self.router), timeToLive: 254))
    }
    #expect(harness.reports == expected && harness.session.total.errors == 2)
  }

  @Test("errors about a message of another type are another's", arguments: [8, 0, 41] as [UInt8])
  func foreign(type: UInt8) {
    var harness = harness { $0.count = 1 }
    harness.feed(.start)
    var packet = harness.error(about: 1, type: .timeExceeded, code: 0, from: Self.router)
    #expect(packet[48] == 40)
    packet[48] = type
    harness.deliver(packet)
    #expect(harness.reports.isEmpty && harness.session.total.errors == 0)
  }

  @Test("a replay of them loses none")
  func replay() {
    var configuration = PingSession.Configuration(
      targets: [PingTarget(PingHarness.v4.target)],
      requests: EchoRequests(v4: Self.request(40)))
    (configuration.isReplayed, configuration.reportsOutstanding) = (true, false)
    configuration.timeout = .milliseconds(10)
    var session = PingSession(configuration)
    var effects = PingSession.Effects()
    session.step(.start, at: MonotonicInstant(nanoseconds: 0), &effects)
    for serial in [1, 2, 5] as [UInt64] {
      let clock = ClockSample(
        monotonic: MonotonicInstant(nanoseconds: Int64(serial) * 1_000_000_000),
        wall: WallInstant(nanoseconds: 0))
      session.replay(
        PingProbe(serial: serial, target: 0, number: serial), length: 56, countsGaps: true,
        ProbeTiming(clock: clock), &effects)
    }
    session.step(.interrupted, at: MonotonicInstant(nanoseconds: 9_000_000_000), &effects)
    #expect(effects.reports.isEmpty && session.total.transmitted == 5)
  }
}
