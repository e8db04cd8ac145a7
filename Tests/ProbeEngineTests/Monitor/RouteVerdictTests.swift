import PacketWire
import Testing

@testable import ProbeEngine

@Suite("What the losses of hops mean together")
struct RouteVerdictTests {
  typealias Finding = RouteVerdict.Finding
  typealias HopLoss = RouteVerdict.HopLoss

  /// A hop that lost so many of so many probes.
  private static func hop(_ timeToLive: Int, lost: Int, of sent: Int) -> RouteHop {
    var hop = RouteHop(timeToLive)
    let error = ICMPErrorReport(
      family: .v4, type: 11, code: 0, source: .v4(IPv4Address(198, 18, 1, 1)))
    var outcome = TraceOutcome()
    outcome.answer = .error(TraceError(error))
    outcome.roundTrip = RoundTripTime(.milliseconds(1), source: .program)
    for round in 1...sent {
      hop.send()
      if round <= lost {
        hop.giveUp(in: round)
      } else {
        hop.take(outcome, wasLost: false, in: round)
      }
    }
    return hop
  }

  @Test(
    "by the shares of its hops",
    arguments: [
      // 1 of 10 is not called loss.
      ([0, 1, 0], 10, .noLoss, [.none, .little, .none]),
      ([0, 0, 1], 10, .noLoss, [.none, .none, .little]),
      // 6 of 10 at a hop, and nothing behind it.
      ([0, 6, 0], 10, .noLoss, [.none, .own, .none]),
      // Where 10 probes cannot tell, a range.
      ([0, 0, 3, 3], 10, .loss(from: 1, to: 3), [.none, .none, .real, .real]),
      ([0, 0, 30, 30], 100, .loss(from: 3, to: 3), [.none, .none, .real, .real]),
      // A hop that loses more than what is behind it tells nothing of where the loss begins.
      ([0, 60, 20, 20], 100, .loss(from: 2, to: 3), [.none, .own, .real, .real]),
      // Nobody between two and five.
      ([0, 0, 100, 100, 25], 100, .loss(from: 3, to: 5), [.none, .none, .silent, .silent, .real]),
      // All the way from the first hop.
      ([25, 25, 25], 100, .loss(from: 1, to: 1), [.real, .real, .real]),
      // The target alone.
      ([0, 0, 40], 100, .loss(from: 3, to: 3), [.none, .none, .real]),
      // 2 of 1000: less than what is told.
      ([0, 2, 2], 1_000, .noLoss, [.none, .little, .little]),
    ] as [([Int], Int, Finding, [HopLoss])])
  func table(lost: [Int], sent: Int, finding: Finding, hops: [HopLoss]) {
    let path = lost.enumerated().map { Self.hop($0 + 1, lost: $1, of: sent) }
    let verdict = RouteVerdict(
      hops: path, first: 1, target: LossInterval(lost: lost.last ?? 0, of: sent), isReached: true)
    #expect(verdict.finding == finding)
    #expect(verdict.hops == hops)
  }

  @Test("a target that never answered, and a path of which nothing is known")
  func unreached() {
    let path = [Self.hop(1, lost: 0, of: 4), Self.hop(2, lost: 4, of: 4)]
    let all = LossInterval(lost: 4, of: 4)
    #expect(
      RouteVerdict(hops: path, first: 1, target: all, isReached: false).finding
        == .unreached(last: 1))
    #expect(
      RouteVerdict(hops: path, first: 1, target: LossInterval(lost: 0, of: 0), isReached: false)
        .finding
        == .nothingYet)
  }

  @Test("an address that answers in turn with others is nobody's successor")
  func sources() {
    let (a, b) = (IPAddress.v4(IPv4Address(1, 1, 1, 1)), IPAddress.v4(IPv4Address(2, 2, 2, 2)))
    func changes(_ pattern: String) -> [Int] {
      var sources = HopSources()
      return pattern.enumerated().compactMap { round, letter in
        sources.add(letter == "a" ? a : b, in: round) == nil ? nil : round
      }
    }
    #expect(changes("aaaaaaaabbbbbb") == [9])
    #expect(changes("aaabbbbbbbb") == [9])
    #expect(changes("aaaaaaaaaabaaaaaaaaaa") == [])
    #expect(changes("aabbaabbaabb") == [])
    // Of a balancer nothing is told, until it has kept to one way for long.
    let long = String(repeating: "b", count: 40)
    #expect(changes("abababababab" + long) == [])
    #expect(changes("abababababab" + long + "aaa") == [53])
  }
}
