import PacketWire
import Testing

@testable import ProbeEngine

@Suite("Sweeps: one answer from each target")
struct SweepTests {
  private func targets(_ count: Int) -> [IPAddress] {
    (0..<count).map { .v4(IPv4Address(bits: 0xc612_0000 + UInt32($0))) }
  }

  /// Runs a sweep in which a target answers after `delay`, or never.
  private func run(
    _ harness: inout PingHarness, count: Int,
    delay: (_ target: Int, _ attempt: UInt64) -> Nanoseconds?
  ) {
    var answered = 0
    var packets: [MonotonicInstant: [[UInt8]]] = [:]
    harness.feed(.start)
    // Each turn sends, receives or lets time pass; a session that does neither would turn for ever.
    for _ in 0..<count * 20 where !harness.isFinished {
      while answered < harness.probes.count {
        let probe = harness.probes[answered]
        answered += 1
        guard let delay = delay(probe.target, probe.number) else { continue }
        let source = harness.session.configuration.targets[probe.target].address
        packets[harness.now + delay, default: []].append(
          harness.reply(to: probe.serial, from: source))
      }
      let wake = harness.wakeAt
      guard let next = ([wake].compactMap { $0 } + packets.keys).min() else { break }
      harness.now = max(harness.now, next)
      if let wake, wake <= harness.now { harness.feed(.timer) }
      for packet in packets.removeValue(forKey: next) ?? [] { harness.deliver(packet) }
    }
  }

  @Test("who answers is asked once, and who does not is asked again, with a back-off")
  func retries() {
    var harness = PingHarness(targets(3)) {
      $0.retries = .init(count: 2, backoff: 2, adapts: false)
      $0.timeout = .milliseconds(100)
    }
    let start = harness.now
    run(&harness, count: 3) { target, _ in target == 1 ? nil : .milliseconds(5) }
    #expect(harness.isFinished && harness.session.aliveCount == 2)
    let times = zip(harness.probes, harness.sent).filter { $0.0.target == 1 }.map { $1.at - start }
    #expect(times == [.zero, .milliseconds(100), .milliseconds(300)])
    #expect(harness.now - start == .milliseconds(700))
    #expect(harness.sent.count == 5 && harness.reports.contains(.unreachable(target: 1)))
  }

  @Test("an answer to an earlier attempt counts, and so does one that comes after all attempts")
  func lateAnswers() {
    var harness = PingHarness(targets(2)) {
      $0.retries = .init(count: 1, backoff: 1, adapts: false)
      $0.timeout = .milliseconds(100)
    }
    run(&harness, count: 2) { target, attempt in
      attempt == 1 ? (target == 0 ? .milliseconds(150) : nil) : nil
    }
    #expect(harness.isFinished && harness.session.aliveCount == 1)
    #expect(harness.session.summary(of: 0).late == 1)
    #expect(harness.reports.contains(.unreachable(target: 1)))
    #expect(!harness.reports.contains(.unreachable(target: 0)))
  }

  @Test("the time for an answer shrinks to what answers need, and not before that is known")
  func adaptiveTimers() {
    for (count, expected) in [(15, Nanoseconds.milliseconds(500)), (40, .milliseconds(80))] {
      var harness = PingHarness(targets(count + 1)) {
        $0.retries = .init(count: 1, backoff: 1, adapts: true)
        $0.timeout = .milliseconds(500)
      }
      run(&harness, count: count + 1) { target, _ in target == 0 ? nil : .milliseconds(20) }
      let times = zip(harness.probes, harness.sent).filter { $0.0.target == 0 }.map { $1.at }
      #expect(times.count == 2 && times[1] - times[0] == expected)
      #expect(harness.session.aliveCount == count)
    }
  }

  @Test("a target that nothing can be sent to is tried as often as the others, and given up")
  func failedSends() {
    var harness = PingHarness(targets(2)) {
      $0.retries = .init(count: 2, backoff: 1, adapts: false)
      $0.timeout = .milliseconds(100)
    }
    harness.feed(.start)
    var told = 0
    while told < harness.probes.count, !harness.isFinished {
      harness.feed(.sendFailed(harness.probes[told], errorNumber: 101))
      told += 1
    }
    #expect(harness.isFinished && told == 6 && harness.session.total.errors == 6)
    #expect(harness.reports.count { if case .unreachable = $0 { true } else { false } } == 2)
  }

  @Test("more targets than sequence numbers: none is forgotten while it may answer")
  func moreThanSequenceNumbers() {
    let count = 70_000
    var harness = PingHarness(targets(count)) {
      $0.retries = .init(count: 1, backoff: 1, adapts: true)
      $0.timeout = .milliseconds(500)
    }
    // All answers are slower than the sending, and half of the targets are dead.
    run(&harness, count: count) { target, _ in
      target.isMultiple(of: 2) ? .milliseconds(300) : nil
    }
    #expect(harness.isFinished && harness.session.aliveCount == count / 2)
    let given = harness.reports.count { if case .unreachable = $0 { true } else { false } }
    #expect(given == count / 2 && harness.session.total.transmitted == count + count / 2)
    #expect(harness.session.total.late == 0)
  }
}
