import PacketTestSupport
import PacketWire
import ProbeEngine
/// Networks drawn by hand. Routers are numbered from 1; the target is the last one.
extension BranchingNetwork {
  /// A network from the ways of its routers: `"1", "2 3", "4", "4", "5"`; 0, the host, is the first.
  static func drawn(_ ways: String..., seed: UInt64 = 1) -> BranchingNetwork {
    let nodes = ways.map { Node(ways: $0.split(separator: " ").compactMap { Int($0) }) }
    return BranchingNetwork(nodes + [Node()], seed: seed)
  }

  /// A router, `width` routers side by side, a router, the target.
  static func diamond(width: Int, seed: UInt64 = 1) -> BranchingNetwork {
    var nodes = [Node(ways: [1]), Node(ways: Array(2..<2 + width))]
    for _ in 0..<width { nodes.append(Node(ways: [2 + width])) }
    nodes.append(Node(ways: [3 + width]))
    return BranchingNetwork(nodes + [Node()], seed: seed)
  }

  /// Routers in a line, and the target.
  static func straight(_ count: Int) -> BranchingNetwork {
    BranchingNetwork((0...count).map { Node(ways: [$0 + 1]) } + [Node()])
  }

  /// The same network, changed.
  func with(_ change: (inout BranchingNetwork) -> Void) -> BranchingNetwork {
    var network = self
    change(&network)
    return network
  }

  /// Each router answers six times at once, and then once a second.
  var limited: BranchingNetwork {
    with { for node in $0.nodes.indices.dropFirst().dropLast() { $0.nodes[node].burst = 6 } }
  }
}

extension MultipathHarness {
  /// What was found: `"1: 2 3"`, a router and where it leads, in the order of the hops.
  var links: [String] {
    let graph = session.graph
    func name(_ vertex: Int) -> String {
      guard case .v4(let address) = graph.vertices[vertex].address else { return "*" }
      return String(address.bits & 0xffff)
    }
    return graph.vertices.indices.map { vertex in
      let ways = graph.vertices[vertex].ways.map { name(graph.edges[$0].to) }
      return "\(graph.vertices[vertex].timeToLive)/\(name(vertex)):"
        + ways.sorted().map { " \($0)" }.joined()
    }.sorted()
  }

  /// How a router balances.
  func balancing(of node: Int) -> MultipathBalancing? {
    session.graph.vertices.first { $0.address == BranchingNetwork.address(node) }?.balancing
  }
}
