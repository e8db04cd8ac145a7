import Foundation
import PacketTestSupport
import ProbeEngine
import Testing

/// The share of ways that are missed in random networks, beside the share that was allowed.
@Suite struct RandomTopologyTests {
  /// `WIREWALK_TOPOLOGIES=10000` for all of them.
  static var count: Int {
    ProcessInfo.processInfo.environment["WIREWALK_TOPOLOGIES"].flatMap { Int($0) } ?? 150
  }

  @Test(
    "no more is missed than was allowed", arguments: MultipathConfiguration.Algorithm.allCases,
    [0.05, 0.01])
  func missed(_ algorithm: MultipathConfiguration.Algorithm, _ bound: Double) {
    var score = MultipathScore()
    for seed in 0..<UInt64(Self.count) {
      var harness = MultipathHarness(RandomTopology.network(seed: seed)) {
        $0.algorithm = algorithm
        $0.rule = StoppingRule(failureBound: bound)
      }
      harness.run()
      #expect(harness.session.isFinished)
      score.add(harness)
    }
    score.report("\(algorithm) at \((1 - bound) * 100) %")
    // Seeds are fixed: these are the same figures on every run. Few networks may have bad luck.
    let slack = Self.count < 1_000 ? 2.0 : 1.0
    #expect(score.balancers.ratio < bound * slack)
    #expect(score.diamondsMissed.ratio < bound)
    #expect(score.diamondsIncomplete.ratio < bound * slack)
    // Where all of a diamond was missed, flows are taken to pass the one router that was seen.
    #expect(score.inventions <= 2 * score.diamondsMissed.missed + 2)
  }
}
