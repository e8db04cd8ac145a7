import PacketTestSupport
import ProbeEngine
import Testing

@Suite struct StoppingRuleTests {
  @Test(
    "n_k is that of the published tables",
    arguments: [
      (0.05, [6, 11, 16, 21, 27, 33, 38, 44, 51, 57, 63, 70, 76, 83, 90, 96]),
      (0.01, [8, 15, 21, 28, 36, 43, 51, 58, 66, 74, 82, 90, 98, 106, 115, 123]),
    ])
  func table(bound: Double, expected: [Int]) {
    var rule = StoppingRule(failureBound: bound)
    #expect((1...expected.count).map { rule.probes(ruling: $0) } == expected)
  }

  @Test(
    "n_k is the least number whose closed form is below the bound", arguments: [0.05, 0.01, 0.002])
  func closedForm(bound: Double) {
    var rule = StoppingRule(failureBound: bound)
    // Inclusion and exclusion: exact as long as the terms are small.
    func missing(_ ways: Int, _ flows: Int) -> Double {
      var (sum, choices) = (0.0, 1.0)
      for unseen in 1..<ways {
        choices *= Double(ways - unseen + 1) / Double(unseen)
        let term = choices * power(1 - Double(unseen) / Double(ways), flows)
        sum += unseen % 2 == 1 ? term : -term
      }
      return sum
    }
    for seen in 1...15 {
      let flows = rule.probes(ruling: seen)
      #expect(missing(seen + 1, flows) <= bound)
      #expect(missing(seen + 1, flows - 1) > bound)
      let own = StoppingRule.failure(after: flows, seeing: seen)
      #expect(abs(own - missing(seen + 1, flows)) < 1e-9)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  @Test("throwing dice misses a way as often as the rule says", arguments: [2, 3, 5, 9, 17])
  func dice(ways: Int) {
    var rule = StoppingRule(failureBound: 0.05)
    var random = SeededRNG(seed: UInt64(ways))
    let trials = 20_000
    let missed = (0..<trials).count { _ in
      var seen: Set<Int> = []
      var flows = 0
      while seen.isEmpty || flows < rule.probes(ruling: seen.count) {
        seen.insert(Int.random(in: 0..<ways, using: &random))
        flows += 1
      }
      return seen.count < ways
    }
    let share = Double(missed) / Double(trials)
    let expected = StoppingRule.failure(after: rule.probes(ruling: ways - 1), seeing: ways - 1)
    // To stop earlier, with fewer ways seen, is rare: it adds a little.
    #expect(share > expected - 0.006 && share < expected + 0.012)
  }

  @Test("a bound for the whole trace is a lower one for each router")
  func traceBound() {
    var rule = StoppingRule(traceFailureBound: 0.05, balancers: 10)
    #expect(rule.failureBound == 0.005)
    #expect(rule.probes(ruling: 1) == 9)
    #expect(StoppingRule(traceFailureBound: 0.05, balancers: 0).failureBound == 0.05)
  }

  @Test("a bound without sense becomes the nearest with some")
  func bounds() {
    #expect(StoppingRule(failureBound: 0).failureBound == 1e-6)
    #expect(StoppingRule(failureBound: 7).failureBound == 0.5)
    #expect(StoppingRule(failureBound: .nan).failureBound >= 1e-6)
  }

  @Test(
    "repetitions tell dice from flows",
    arguments: [(2, 5), (3, 3), (4, 3), (5, 2), (16, 2), (20, 1)])
  func repetitions(ways: Int, count: Int) {
    #expect(StoppingRule(failureBound: 0.05).repetitions(among: ways) == count)
  }
}
