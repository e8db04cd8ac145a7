import LinuxNet
import PacketText
import PacketWire
import Testing

@testable import PingCommand
@testable import ProbeEngine

/// One target, as a user typed it.
func pingTargets(_ host: String, _ address: IPAddress) -> PingTargets {
  var targets = PingTargets()
  targets.append(Endpoint(address), typed: host)
  return targets
}

/// A probe of a ping with one target.
func pingProbe(_ number: UInt64) -> PingProbe {
  PingProbe(serial: number, target: 0, number: number)
}

@Suite("The text of a ping")
struct PingTextTests {
  static let target = address("192.0.2.9")
  static let router = address("198.51.100.1")
  static let target6 = address("2001:db8::9")

  private func text(
    host: String = "www.example.test", target: IPAddress = Self.target,
    origin: (source: IPAddress, interface: String)? = nil, names: [IPAddress: String] = [:]
  ) -> PingText {
    PingText(
      targets: pingTargets(host, target), origin: origin, payloadLength: 56, name: { names[$0] })
  }

  private func written(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer()
    write(&buffer)
    return buffer.string
  }

  @Test func firstLines() {
    #expect(
      written(text().start) == "PING www.example.test (192.0.2.9) 56(84) bytes of data.")
    #expect(
      written(text(origin: (Self.router, "eth0")).start)
        == "PING www.example.test (192.0.2.9) from 198.51.100.1 eth0: 56(84) bytes of data.")
    #expect(
      written(text(host: "a\u{1b}[0m").start)
        == "PING a\\x1b[0m (192.0.2.9) 56(84) bytes of data.")
    var filled = text()
    filled.pattern = [0xff, 0x0a]
    #expect(
      written(filled.start)
        == "PATTERN: 0xff0a\nPING www.example.test (192.0.2.9) 56(84) bytes of data.")
    let v6 = text(host: "v6", target: Self.target6)
    #expect(written(v6.start) == "PING v6(2001:db8::9) 56 data bytes")
    let named = text(host: "v6", target: Self.target6, names: [Self.target6: "six.example.test"])
    #expect(written(named.start) == "PING v6(six.example.test (2001:db8::9)) 56 data bytes")
    let bound = text(
      host: "v6", target: Self.target6, origin: (address("2001:db8::1"), "eth1"))
    #expect(written(bound.start) == "PING v6(2001:db8::9) from 2001:db8::1 eth1: 56 data bytes")
  }

  static func answer(_ change: (inout PingReply) -> Void = { _ in }) -> PingReply {
    var answer = PingReply(
      probe: pingProbe(65_537),
      reply: EchoReply(
        sequenceNumber: 1, source: target, timeToLive: 63, length: 64, cookie: 0, cookieLength: 8,
        damage: nil, isChecksumValid: true),
      roundTrip: RoundTripTime(Nanoseconds(1_234_567), source: .kernel), isDuplicate: false,
      isLate: false, missingOctets: 0)
    change(&answer)
    return answer
  }

  @Test func replies() {
    let start = "64 bytes from 192.0.2.9: icmp_seq=1"
    func line(_ change: (inout PingReply) -> Void) -> String {
      written { text().reply(Self.answer(change), &$0) }
    }
    #expect(line { _ in } == "\(start) ttl=63 time=1.23 ms")
    #expect(line { $0.reply.timeToLive = nil } == "\(start) time=1.23 ms")
    #expect(line { $0.isDuplicate = true } == "\(start) ttl=63 time=1.23 ms (DUP!)")
    #expect(line { $0.isLate = true } == "\(start) ttl=63 time=1.23 ms")
    #expect(
      line { $0.reply.isChecksumValid = false } == "\(start) ttl=63 time=1.23 ms (BAD CHECKSUM!)")
    #expect(
      line { $0.reply.source = Self.router }
        == "64 bytes from 198.51.100.1: icmp_seq=1 ttl=63 time=1.23 ms (DIFFERENT ADDRESS!)")
    #expect(
      line { $0.reply.damage = .init(offset: 17, expected: 0x11, seen: 0x5) }
        == "\(start) ttl=63 time=1.23 ms\nwrong data byte #17 should be 0x11 but was 0x5")
    #expect(
      line {
        ($0.isDuplicate, $0.reply.isChecksumValid, $0.reply.source) = (true, false, Self.router)
      } == "64 bytes from 198.51.100.1: icmp_seq=1 ttl=63 time=1.23 ms (DUP!) (BAD CHECKSUM!)"
        + " (DIFFERENT ADDRESS!)")
    var split = text()
    split.style.splitsDelays = true
    let parts = RoundTripTime.Parts(
      sending: Nanoseconds(9_000), queueing: Nanoseconds(500), network: Nanoseconds(1_230_000),
      receiving: Nanoseconds(14_400))
    #expect(
      written { split.reply(Self.answer { $0.roundTrip.parts = parts }, &$0) }
        == "\(start) ttl=63 time=1.23 ms (host 0.009 + queue 0.001 + network 1.230 + host 0.014 ms)"
    )
    #expect(
      written { split.reply(Self.answer(), &$0) } == "\(start) ttl=63 time=1.23 ms (no stamps)")
    var stamped = text()
    stamped.style.usesHardwareStamps = true
    #expect(
      written { stamped.reply(Self.answer(), &$0) }
        == "\(start) ttl=63 time=1.23 ms (no hardware stamps)")
    #expect(
      written { stamped.reply(Self.answer { $0.roundTrip.source = .hardware }, &$0) }
        == "\(start) ttl=63 time=1.23 ms")
    var summary = PingSummary()
    (summary.transmitted, summary.received, summary.hardwareTimed) = (3, 2, 1)
    #expect(
      written { stamped.summary(summary, &$0) }.hasSuffix("hardware stamps: 1 of 2 delays\n"))
    #expect(!written { text().summary(summary, &$0) }.contains("hardware"))
    let named = text(names: [Self.target: "real.example.test"])
    #expect(
      written { named.reply(Self.answer(), &$0) }
        == "64 bytes from real.example.test (192.0.2.9): icmp_seq=1 ttl=63 time=1.23 ms")
  }

  @Test func errorsAndSilence() {
    let error = ICMPErrorReport(family: .v4, type: 3, code: 1, source: Self.router)
    #expect(
      written { text().error(pingProbe(65_538), error, &$0) }
        == "From 198.51.100.1 icmp_seq=2 Destination Host Unreachable")
    let local = ICMPErrorReport(family: .v4, type: 3, code: 4, source: nil, detail: 0x7_0578)
    #expect(
      written { text(names: [Self.router: "r"]).error(pingProbe(3), local, &$0) }
        == "From this host icmp_seq=3 Frag needed and DF set (mtu = 1400)")
    #expect(
      written { text(names: [Self.router: "r"]).error(pingProbe(3), error, &$0) }
        == "From r (198.51.100.1) icmp_seq=3 Destination Host Unreachable")
    #expect(
      written { text().outstanding(pingProbe(65_539), &$0) } == "no answer yet for icmp_seq=3")
  }

  @Test(arguments: [
    (0, "0.000"), (499, "0.000"), (500, "0.001"), (41_000, "0.041"), (999_499, "0.999"),
    (999_500, "1.00"), (1_000_000, "1.00"), (1_004_999, "1.00"), (1_005_000, "1.01"),
    (9_994_999, "9.99"), (9_995_000, "10.0"), (10_049_999, "10.0"), (10_050_000, "10.1"),
    (99_949_999, "99.9"), (99_950_000, "100"), (100_499_999, "100"), (100_500_000, "101"),
    (12_345_678_901, "12346"),
  ])
  func times(nanoseconds: Int64, text: String) {
    #expect(written { PingText.appendTime(Nanoseconds(nanoseconds), &$0) } == text)
  }

  /// `printf("%g", …)` of C has said what is right.
  @Test(arguments: [
    (0, 1, "0"), (1, 1, "100"), (1, 3, "33.3333"), (2, 3, "66.6667"), (1, 8, "12.5"),
    (1, 100, "1"), (1, 30, "3.33333"), (1, 300, "0.333333"), (1, 3_000, "0.0333333"),
    (1, 30_000, "0.00333333"), (1, 100_000, "0.001"), (1, 300_000, "0.000333333"),
    (9_999_999, 10_000_000, "100"), (999_999, 1_000_000, "99.9999"), (1, 7_000, "0.0142857"),
  ])
  func percentages(lost: Int, sent: Int, text: String) {
    #expect(PingText.percentage(Double(lost) / Double(sent)) == text)
  }
}

@Suite("The summary of a ping")
struct PingSummaryTests {
  private func lines(printsPace: Bool = false, _ change: (inout PingSummary) -> Void) -> [String] {
    var summary = PingSummary()
    change(&summary)
    var buffer = TextBuffer()
    PingText(
      targets: pingTargets("h\u{7}", PingTextTests.target),
      style: PingText.Style(printsPace: printsPace), payloadLength: 56, name: { _ in nil }
    ).summary(summary, &buffer)
    let lines = buffer.string.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "" && lines.last == "")
    #expect(lines.count == 5 && lines[1] == "--- h\\x07 ping statistics ---")
    return lines.dropFirst(2).dropLast().map { String($0) }
  }

  private static func answer(_ summary: inout PingSummary, _ times: Int64...) {
    for time in times { summary.rtt.add(Nanoseconds(time)) }
    summary.received = times.count
  }

  @Test func nothing() {
    #expect(lines { _ in } == ["0 packets transmitted, 0 received", ""])
    #expect(
      lines { ($0.transmitted, $0.elapsed) = (3, Nanoseconds(2_047_999_999)) }
        == ["3 packets transmitted, 0 received, 100% packet loss, time 2047ms", ""])
  }

  @Test func answers() {
    let summary = lines {
      ($0.transmitted, $0.elapsed, $0.pipe) = (3, .milliseconds(2_001), 1)
      Self.answer(&$0, 1_000_000, 3_000_000)
    }
    #expect(
      summary == [
        "3 packets transmitted, 2 received, 33.3333% packet loss, time 2001ms",
        "rtt min/avg/max/mdev = 1.000/2.000/3.000/1.000 ms",
      ])
  }

  @Test func everythingAtOnce() {
    let summary = lines(printsPace: true) {
      ($0.transmitted, $0.elapsed, $0.pipe) = (5, .milliseconds(10), 2)
      ($0.duplicates, $0.corrupted, $0.errors, $0.late, $0.rejected) = (1, 2, 3, 4, 5)
      Self.answer(&$0, 8_000_000, 16_000_000)
    }
    #expect(
      summary == [
        "5 packets transmitted, 2 received, +1 duplicates, +2 corrupted, +3 errors, "
          + "60% packet loss, time 10ms",
        "rtt min/avg/max/mdev = 8.000/12.000/16.000/4.000 ms, pipe 2, ipg/ewma 2.500/9.000 ms",
      ])
  }

  @Test func paceAndPipeAlone() {
    #expect(lines { ($0.transmitted, $0.pipe) = (4, 3) }.last == "pipe 3")
    let one = lines(printsPace: true) {
      $0.transmitted = 1
      Self.answer(&$0, 1_000_000)
    }
    #expect(one.last == "rtt min/avg/max/mdev = 1.000/1.000/1.000/0.000 ms")
  }

  @Test func statusLine() {
    var summary = PingSummary()
    func status() -> String {
      var buffer = TextBuffer()
      PingText(
        targets: pingTargets("h", PingTextTests.target), payloadLength: 56, name: { _ in nil }
      ).status(summary, &buffer)
      return buffer.string
    }
    #expect(status() == "0/0 packets, 0% loss")
    summary.transmitted = 3
    Self.answer(&summary, 8_000_000, 16_000_000)
    #expect(
      status() == "2/3 packets, 33% loss, min/avg/ewma/max = 8.000/12.000/9.000/16.000 ms")
  }
}
