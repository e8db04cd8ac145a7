import PacketWire
import ProbeEngine

/// What of a network a discovery has found, over many networks.
struct MultipathScore {
  /// Routers with several ways that were met, and those of which a way was missed.
  var balancers = Share()
  /// Diamonds, and those that look like one way.
  var diamondsMissed = Share()
  /// Diamonds, and those of which any router is missing.
  var diamondsIncomplete = Share()
  /// Networks with anything missing.
  var networks = Share()
  var probes = 0
  /// Links that do not exist.
  var inventions = 0

  struct Share {
    var count = 0
    var missed = 0

    mutating func add(_ isMissed: Bool) {
      count += 1
      if isMissed { missed += 1 }
    }

    /// In per cent, with Wilson's interval of 95 %.
    var text: String {
      guard count > 0 else { return "none" }
      let (n, p, z) = (Double(count), Double(missed) / Double(count), 1.96)
      let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
      let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
      let figures = [p, middle - half, middle + half].map { ($0 * 10_000).rounded() / 100 }
      return "\(missed) of \(count): \(figures[0]) % (\(figures[1]) to \(figures[2]))"
    }

    var ratio: Double { Double(missed) / Double(max(count, 1)) }
  }

  /// Takes in what a discovery has found. A router counts as one, at whatever distances it stands.
  mutating func add(_ harness: MultipathHarness) {
    let graph = harness.session.graph
    let network = harness.network
    probes += harness.sent.count
    var nodes: [IPAddress: Int] = [:]
    for node in network.nodes.indices { nodes[BranchingNetwork.address(node)] = node }
    let known = graph.vertices.map { vertex in vertex.address.flatMap { nodes[$0] } }
    var found: [Int: Set<Int>] = [:]
    for case .some(let node) in known { found[node, default: []] = [] }
    for edge in graph.edges {
      guard let from = known[edge.from], let to = known[edge.to] else { continue }
      found[from, default: []].insert(to)
      if !network.nodes[from].ways.contains(to) { inventions += 1 }
    }
    var isIncomplete = false
    for node in network.nodes.indices.dropFirst() {
      let ways = Set(network.nodes[node].ways)
      if found[node] != ways { isIncomplete = true }
      guard ways.count > 1, let seen = found[node] else { continue }
      balancers.add(seen != ways)
    }
    networks.add(isIncomplete)
    addDiamonds(network.links(), graph, Set(found.keys))
  }

  private mutating func addDiamonds(
    _ truth: [BranchingNetwork.Place: Set<BranchingNetwork.Place>], _ graph: MultipathGraph,
    _ found: Set<Int>
  ) {
    var all = Set(truth.keys)
    for ways in truth.values { all.formUnion(ways) }
    let last = all.map(\.timeToLive).max() ?? 0
    let hops = (0...last).map { ttl in all.filter { $0.timeToLive == ttl }.map(\.node) }
    let widths = graph.hops.map { ($0.timeToLive, $0.vertices.count) }
    var hop = 0
    while hop <= last {
      guard hops[hop].count > 1 else {
        hop += 1
        continue
      }
      var (isMissing, isSeen) = (false, false)
      while hop <= last, hops[hop].count > 1 {
        if hops[hop].contains(where: { !found.contains($0) }) { isMissing = true }
        if widths.contains(where: { $0.0 == hop && $0.1 > 1 }) { isSeen = true }
        hop += 1
      }
      diamondsIncomplete.add(isMissing)
      diamondsMissed.add(!isSeen)
    }
  }

  func report(_ name: String) {
    print("\(name): \(networks.count) networks, \(probes / max(networks.count, 1)) probes each")
    print("  balancers with a way missed   \(balancers.text)")
    print("  diamonds missed               \(diamondsMissed.text)")
    print("  diamonds with a router missed \(diamondsIncomplete.text)")
    print("  networks with a link missed   \(networks.text)")
    print("  links that do not exist       \(inventions)")
  }
}
