import PacketWire
import SimulatedInternet

/// Nodes of a topology put in rows, those nearer to the client first, and alike ones drawn as one.
struct TopologyRows {
  /// What is drawn as one node.
  struct Node {
    /// Its name, if it has one.
    var name: String
    /// Its addresses, or those of the first and the last of many.
    var addresses: String
    /// What the lab file says of it.
    var words: String
    /// So many routers, if it stands for more than one.
    var group: (count: Int, isRow: Bool)?
    /// The nodes before it, as places in `nodes`.
    var predecessors: [Int]
  }

  private(set) var nodes: [Node] = []
  /// The places of nodes in `nodes`, row by row; `nil` is where a line passes.
  private(set) var rows: [[Int?]] = []
  /// The lines from each row to the next one, as columns.
  private(set) var edges: [[(from: Int, to: Int)]] = []

  /// More alike routers than this are drawn as one.
  private static let mostAlike = 4

  init(_ topology: Topology) {
    addNodes(topology)
    layOut()
  }

  private mutating func addNodes(_ topology: Topology) {
    nodes = [
      Node(
        name: Self.name(topology.client), addresses: Self.addresses(topology.client), words: "",
        predecessors: [])
    ]
    let successorCounts = topology.successorCounts
    var places = [Int](repeating: 0, count: topology.routers.count)
    var index = 0
    while index < topology.routers.count {
      let alike = topology.alikeRouters(from: index, successorCounts)
      let count = alike.count > Self.mostAlike ? alike.count : 1
      let first = topology.routers[index]
      let before = topology.predecessors(of: index).map { places[$0] }
      var node = Node(
        name: Self.name(first.node), addresses: Self.addresses(first),
        words: (first.link.words + first.words).joined(separator: "  "),
        predecessors: before.isEmpty ? [0] : Self.unique(before))
      if count > 1 {
        node.group = alike
        node.addresses += " to " + Self.addresses(topology.routers[index + count - 1].node)
      }
      for place in index..<index + count { places[place] = nodes.count }
      nodes.append(node)
      index += count
    }
    for site in topology.sites {
      let before = (site.predecessors ?? [topology.routers.count - 1])
        .filter { topology.routers.indices.contains($0) }.map { places[$0] }
      nodes.append(
        Node(
          name: Self.name(site.node), addresses: Self.addresses(site.node),
          words: site.link.words.joined(separator: "  "),
          predecessors: before.isEmpty ? [0] : Self.unique(before)))
    }
  }

  /// Each node stands below all that are before it; where a line skips a row it passes there.
  private mutating func layOut() {
    var depths = [Int](repeating: 0, count: nodes.count)
    for index in nodes.indices.dropFirst() {
      depths[index] = 1 + (nodes[index].predecessors.map { depths[$0] }.max() ?? 0)
    }
    var successors = [[Int]](repeating: [], count: nodes.count)
    for index in nodes.indices {
      for before in nodes[index].predecessors { successors[before].append(index) }
    }
    rows = [[0]]
    // What each column of the last row leads to.
    var waiting = [successors[0]]
    while waiting.contains(where: { !$0.isEmpty }) {
      var (row, lines): ([Int?], [(from: Int, to: Int)]) = ([], [])
      var next: [[Int]] = []
      var columns: [Int: Int] = [:]
      for (column, targets) in waiting.enumerated() {
        var passing: [Int] = []
        for target in targets {
          guard depths[target] == rows.count else {
            passing.append(target)
            continue
          }
          if let place = columns[target] {
            lines.append((column, place))
            continue
          }
          lines.append((column, row.count))
          columns[target] = row.count
          row.append(target)
          next.append(successors[target])
        }
        guard !passing.isEmpty else { continue }
        lines.append((column, row.count))
        row.append(nil)
        next.append(passing)
      }
      rows.append(row)
      edges.append(lines)
      waiting = next
    }
  }

  private static func unique(_ places: [Int]) -> [Int] { Set(places).sorted() }

  private static func name(_ node: Topology.Node) -> String {
    node.name.map { String($0.description.dropLast()) } ?? ""
  }

  private static func addresses(_ router: Topology.Router) -> String {
    let far = router.farAddresses?.all.first.map { " far \($0)" } ?? ""
    return addresses(router.node) + far
  }

  private static func addresses(_ node: Topology.Node) -> String {
    node.addresses.all.first?.description ?? ""
  }
}

extension Topology {
  /// The routers just before one.
  fileprivate func predecessors(of index: Int) -> [Int] {
    routers[index].predecessors ?? (index > 0 ? [index - 1] : [])
  }

  /// How many routers and sites are just behind each router.
  fileprivate var successorCounts: [Int] {
    var counts = [Int](repeating: 0, count: routers.count)
    for index in routers.indices {
      for before in predecessors(of: index) { counts[before] += 1 }
    }
    for site in sites {
      for before in site.predecessors ?? [routers.count - 1] where counts.indices.contains(before) {
        counts[before] += 1
      }
    }
    return counts
  }

  /// How many routers from the `first`th on are without names and alike, one behind the other or side by
  /// side; at least one.
  fileprivate func alikeRouters(
    from first: Int, _ successorCounts: [Int]
  ) -> (count: Int, isRow: Bool) {
    func isAlike(_ index: Int) -> Bool {
      routers[index].node.name == nil && routers[index].link == routers[first].link
        && routers[index].words == routers[first].words
    }
    guard isAlike(first) else { return (1, false) }
    var chain = first
    while chain + 1 < routers.count, isAlike(chain + 1), predecessors(of: chain + 1) == [chain],
      successorCounts[chain] == 1
    {
      chain += 1
    }
    if chain > first { return (chain - first + 1, false) }
    var row = first
    while row + 1 < routers.count, isAlike(row + 1),
      predecessors(of: row + 1) == predecessors(of: first),
      successorCounts[row + 1] == successorCounts[first]
    {
      row += 1
    }
    return (row - first + 1, true)
  }
}
