import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

/// What is found of networks drawn by hand, and at what cost.
@Suite struct MultipathSessionTests {
  @Test("a diamond costs no more than the stopping rule asks", arguments: 2...16, 1...3)
  func diamonds(width: Int, seed: Int) {
    for (bound, algorithm) in [(0.05, MultipathConfiguration.Algorithm.lite), (0.01, .lite)] {
      var rule = StoppingRule(failureBound: bound)
      var harness = MultipathHarness(.diamond(width: width, seed: UInt64(seed))) {
        ($0.rule, $0.algorithm) = (rule, algorithm)
      }
      harness.run()
      let found = harness.session.graph.vertices.count
      // One for the first hop, n_k for the wide one, a flow each to where they meet, one to the target.
      let cost = 1 + rule.probes(ruling: width) + max(rule.probes(ruling: 1), width) + 1
      #expect(harness.sent.count <= cost)
      #expect(harness.session.limits == [])
      if found == width + 3 {
        #expect(harness.sent.count == cost)
        #expect(harness.session.graph.edges.count == 2 * width + 1)
      }
    }
  }

  @Test("16 ways of 10 ms a hop take less than two seconds")
  func time() {
    let network = BranchingNetwork.diamond(width: 16).with {
      for node in $0.nodes.indices { $0.nodes[node].delay = .milliseconds(10) }
    }
    for algorithm in MultipathConfiguration.Algorithm.allCases {
      var harness = MultipathHarness(network) { $0.algorithm = algorithm }
      harness.run()
      #expect(harness.session.graph.vertices.count == 19)
      #expect(harness.milliseconds < 1_000)
    }
  }

  @Test("a straight path needs the same few flows at each hop")
  func straight() {
    var harness = MultipathHarness(.straight(5))
    harness.run()
    #expect(harness.sent.count == 1 + 4 * 6 + 1)
    #expect(Set(harness.sent.map(\.flow)).count == 6)
    #expect(harness.session.graph.diamonds == [])
    #expect(
      harness.session.graph.vertices.map { $0.isEnd } == [false, false, false, false, false, true])
    let confidences = harness.session.graph.vertices.map(\.confidence)
    #expect(confidences[1].map { $0 > 0.95 } == true)
    #expect(confidences[4] == nil)
  }

  /// A network, and all its links: hop, router, and where it leads.
  static let shapes: [(String, BranchingNetwork, [String])] = [
    (
      "rows", .drawn("1", "2 3", "4", "5", "6", "6", "7"),
      ["1/1: 2 3", "2/2: 4", "2/3: 5", "3/4: 6", "3/5: 6", "4/6: 7", "5/7:"]
    ),
    (
      "mesh", .drawn("1", "2", "3 4", "5 6", "5 6", "7", "7", "8"),
      [
        "1/1: 2", "2/2: 3 4", "3/3: 5 6", "3/4: 5 6", "4/5: 7", "4/6: 7", "5/7: 8", "6/8:",
      ]
    ),
    (
      "nested", .drawn("1", "2 3", "6", "4 5", "6", "6", "7"),
      [
        "1/1: 2 3", "2/2: 6", "2/3: 4 5", "3/4: 6", "3/5: 6", "3/6: 7", "4/6: 7", "4/7:", "5/7:",
      ]
    ),
    (
      "different lengths", .drawn("1", "2 3", "5", "4", "5", "6"),
      ["1/1: 2 3", "2/2: 5", "2/3: 4", "3/4: 5", "3/5: 6", "4/5: 6", "4/6:", "5/6:"]
    ),
    (
      "the target at two distances", .drawn("1", "2 3", "5", "4", "5"),
      ["1/1: 2 3", "2/2: 5", "2/3: 4", "3/4: 5", "3/5:", "4/5:"]
    ),
    (
      "at the target's door", .drawn("1", "2 3 4", "5", "5", "5"),
      ["1/1: 2 3 4", "2/2: 5", "2/3: 5", "2/4: 5", "3/5:"]
    ),
  ]

  @Test("all links are found", arguments: shapes.indices, 1...5)
  func links(shape: Int, seed: Int) {
    let (name, network, expected) = Self.shapes[shape]
    for algorithm in MultipathConfiguration.Algorithm.allCases {
      let seeded = BranchingNetwork(network.nodes, seed: UInt64(seed))
      var harness = MultipathHarness(seeded) {
        $0.algorithm = algorithm
        // So low that chance has no part in this test.
        $0.rule = StoppingRule(failureBound: 1e-6)
      }
      harness.run()
      #expect(harness.links == expected.sorted(), "\(name) \(algorithm)")
      #expect(harness.session.limits == [])
    }
  }

  @Test("several first hops are looked for when the host has several ways")
  func sources() {
    for (isBalanced, count) in [(false, 1), (true, 2)] {
      var harness = MultipathHarness(.drawn("1 2", "3", "3", "4")) {
        $0.isSourceBalanced = isBalanced
      }
      harness.run()
      #expect(harness.session.graph.hops[0].vertices.count == count)
    }
  }
}
