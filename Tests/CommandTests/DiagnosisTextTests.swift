import LinuxNet
import PacketText
import PacketWire
import ProbeEngine
import Testing

@testable import PingCommand

@Suite("Lines of a diagnosis")
struct DiagnosisTextTests {
  private static func hop(_ hops: UInt8, _ last: UInt8, _ error: (UInt8, UInt8)?)
    -> PathDiagnosis.Hop
  {
    let address = IPAddress.v4(IPv4Address(198, 18, 0, last))
    return PathDiagnosis.Hop(
      timeToLive: hops, address: address,
      error: error.map {
        ICMPErrorReport(family: .v4, type: $0.0, code: $0.1, source: address)
      }, roundTrip: .milliseconds(1))
  }

  @Test(
    "each finding in words",
    arguments: [
      (
        PathDiagnosis.Finding.silence, [hop(1, 1, (11, 0)), hop(4, 10, (11, 0))], 8, 12,
        "no answers from hop 5 on; the last that answered is hop 4, 198.18.0.10 (time exceeded), "
          + "asked with 8 probes; earlier the target answered at about 12 hops"
      ),
      (
        .silence, [], 1, 1,
        "no answers from hop 1 on, asked with 1 probe; earlier the target answered at about 1 hop"
      ),
      (
        .refusal, [hop(3, 7, (3, 13))], 3, nil,
        "hop 3, 198.18.0.7 (Packet filtered), stops the probes, asked with 3 probes"
      ),
      (
        .loop,
        [
          hop(1, 1, (11, 0)), hop(2, 2, (11, 0)), hop(3, 3, (11, 0)), hop(4, 2, (11, 0)),
          hop(5, 3, (11, 0)), hop(6, 2, (11, 0)),
        ], 6, nil,
        "the probes go in circles: hop 2, 198.18.0.2 (time exceeded), then hop 3, 198.18.0.3 "
          + "(time exceeded) and again, asked with 6 probes"
      ),
      (.answer, [hop(9, 80, nil)], 9, nil, "the target answers, at hop 9, asked with 9 probes"),
    ] as [(PathDiagnosis.Finding, [PathDiagnosis.Hop], Int, Int?, String)])
  func findings(
    finding: PathDiagnosis.Finding, hops: [PathDiagnosis.Hop], probes: Int, expected: Int?,
    line: String
  ) {
    var targets = PingTargets()
    targets.append(.init(.v4(IPv4Address(192, 0, 2, 1))), typed: nil)
    let text = PingText(targets: targets, payloadLength: 56, name: { _ in nil })
    var buffer = TextBuffer(capacity: 0)
    text.diagnosis(
      PathDiagnosis(
        target: 0, finding: finding, hops: hops, probeCount: probes, expectedHop: expected),
      &buffer)
    #expect(buffer.string == "diagnosis: " + line)
  }
}
