import PacketWire
import Testing

@testable import PingCommand
@testable import ProbeEngine

@Suite("The text of a search for the path MTU")
struct MTUTextTests {
  static let router = address("198.51.100.1")

  static let steps: [(step: MTUStep, text: String)] = [
    (step(576, .passed(.milliseconds(8))), "  576  passes, time=8.00 ms"),
    (
      step(1500, .tooBig(says: 1400, from: router)),
      " 1500  is too long, says 198.51.100.1: its next link takes 1400"
    ),
    (
      step(1500, .tooBig(says: 0, from: router)),
      " 1500  is too long, says 198.51.100.1 (and not what its next link takes)"
    ),
    (step(1500, .tooBig(says: 0, from: nil)), " 1500  is too long"),
    (step(65535, .refused), "65535  is too long for this host's own link"),
    (step(68, .silent), "   68  has no answer"),
    (step(68, .silent, tries: 3), "   68  has no answer (3 probes)"),
  ]

  static let results: [(result: MTUResult, text: String)] = [
    (
      result(1400, 1401, .router),
      "path MTU 1400 (1372 octets of payload): 1401 is too long, and a router says so; 9 probes"
    ),
    (
      result(1400, 1401, .ownLink),
      "path MTU 1400 (1372 octets of payload): 1401 is too long for this host's own link; 9 probes"
    ),
    (
      result(1400, 1401, .blackHole, misleading: [router]),
      "path MTU 1400 (1372 octets of payload): 1401 vanishes and no router says so: a black hole; "
        + "9 probes\n198.51.100.1 named less than passes"
    ),
    (
      result(1400, nil, MTUResult.Limit.none),
      "path MTU 1400 (1372 octets of payload): nothing longer was tried; 9 probes"
    ),
    (
      result(1400, 1500, .router, isExact: false),
      "path MTU at least 1400 (1372 octets of payload), less than 1500: not searched to the end; "
        + "9 probes"
    ),
    (result(nil, nil, nil, isExact: false), "ended before an answer came; 9 probes"),
    (result(nil, 68, nil, isExact: false), "no answer, however short the packet; 9 probes"),
  ]

  static func step(_ length: Int, _ outcome: MTUStep.Outcome, tries: Int = 1) -> MTUStep {
    MTUStep(packetLength: length, outcome: outcome, tries: tries)
  }

  static func result(
    _ passing: Int?, _ failing: Int?, _ limit: MTUResult.Limit?, misleading: [IPAddress] = [],
    isExact: Bool = true
  ) -> MTUResult {
    MTUResult(
      passing: passing, failing: failing, limit: limit, misleading: misleading, probes: 9,
      isExact: isExact)
  }

  static let lines: [String] = {
    let events = MTUEvents(targets: EventSamples.pingEvents.targets)
    return steps.map { sample in
      EventSamples.line { events.step(sample.step, at: EventSamples.time, &$0) }
    }
      + results.map { sample in
        EventSamples.line { events.result(sample.result, at: EventSamples.time, &$0) }
      }
  }()

  @Test func everyStep() {
    for sample in Self.steps {
      #expect(EventSamples.line { MTUText.append(sample.step, &$0) } == sample.text)
    }
  }

  @Test func everyResult() {
    for sample in Self.results {
      #expect(EventSamples.line { MTUText.append(sample.result, .v4, &$0) } == sample.text)
    }
  }
}
