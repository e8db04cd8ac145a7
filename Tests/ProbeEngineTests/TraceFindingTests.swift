import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("What is unusual about a trace")
struct TraceFindingTests {
  static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))

  private func router(_ index: UInt8) -> IPAddress { .v4(IPv4Address(198, 18, index, 1)) }

  /// A hop whose probes were answered by these, in order; nil for no answer.
  private func hop(
    _ timeToLive: Int, _ sources: [IPAddress?], type: UInt8 = 11, code: UInt8 = 0
  ) -> TraceHop {
    TraceHop(
      timeToLive: timeToLive,
      outcomes: sources.map { source in
        guard let source else { return .lost }
        var outcome = TraceOutcome()
        let report = ICMPErrorReport(family: .v4, type: type, code: code, source: source)
        outcome.answer = .error(TraceError(report))
        return outcome
      })
  }

  private func arrived(_ timeToLive: Int, from source: IPAddress? = target) -> TraceHop {
    hop(timeToLive, [source, source], type: 3, code: 3)
  }

  private func findings(_ hops: [TraceHop]) -> [TraceFinding] {
    TraceFinding.findings(in: hops, target: Self.target, isSingleFlow: true)
  }

  @Test("a path of which there is nothing to say")
  func nothing() {
    #expect(findings([hop(1, [router(1), router(1)]), arrived(2)]) == [])
    #expect(findings([]) == [])
  }

  @Test("hops that keep silent, before others and at the end")
  func silence() {
    let quiet: [IPAddress?] = [nil, nil]
    let hops = [hop(1, quiet), hop(2, [router(2), router(2)]), hop(3, quiet), hop(4, quiet)]
    #expect(findings(hops + [arrived(5)]) == [.silentHops(1...1), .silentHops(3...4)])
    #expect(findings(hops) == [.silentHops(1...1), .silence(from: 3)])
  }

  @Test("loss that does not go on is a router's own, and loss that does is not")
  func limits() {
    let lossy = hop(1, [router(1), nil])
    #expect(findings([lossy, arrived(2)]) == [.limitedHop(1, answered: 1, of: 2)])
    #expect(findings([lossy, hop(2, [Self.target, nil], type: 3, code: 3)]) == [])
  }

  @Test("addresses that come back")
  func loops() {
    let twice = (1...2).map { hop($0, [router(1), router(1)]) }
    #expect(findings(twice + [arrived(3)]) == [.forwardedUsedUp(by: 1, seenBy: router(1))])
    let circle = (1...6).map { hop($0, [router(UInt8($0 % 2)), router(UInt8($0 % 2))]) }
    #expect(
      findings(circle)
        == [.loop(router(1), hops: [1, 3, 5]), .loop(router(0), hops: [2, 4, 6])])
    // The target may answer what was sent beyond it.
    #expect(findings([hop(1, [router(1), router(1)]), arrived(2)]) == [])
  }

  @Test("how it ends")
  func ends() {
    let refused = hop(2, [router(2), router(2)], type: 3, code: 13)
    guard case .refusal(2, let report)? = findings([hop(1, [router(1), router(1)]), refused]).last
    else {
      Issue.record("no refusal")
      return
    }
    #expect(report.code == 13 && report.source == router(2))
    #expect(findings([arrived(1, from: router(9))]) == [.otherAddress(router(9))])
  }

  @Test("several routers at one hop of one flow")
  func several() {
    let mixed = hop(1, [router(1), router(2)])
    #expect(
      findings([mixed, arrived(2)]) == [.severalAddresses(at: 1, [router(1), router(2)])])
    #expect(
      TraceFinding.findings(in: [mixed, arrived(2)], target: Self.target, isSingleFlow: false)
        == [])
  }
}
