extension MultipathGraph {
  /// One way from the first hop to the last.
  public struct Path: Hashable, Sendable {
    /// Its vertices.
    public var vertices: [Int]
    /// The flows that were seen to take it and no other.
    public var flows: [Int]
  }

  /// How many ways there are from the first hop to where they end, as links can be combined;
  /// `Int.max` for more than can be counted.
  public var pathCount: Int {
    var counts = [Int](repeating: 0, count: vertices.count)
    // Edges lead to later vertices only.
    for index in vertices.indices.reversed() {
      let ways = vertices[index].ways
      counts[index] = ways.isEmpty ? 1 : 0
      for way in ways {
        let (sum, isOver) = counts[index].addingReportingOverflow(counts[edges[way].to])
        counts[index] = isOver ? .max : sum
      }
    }
    var total = 0
    for index in hops.first?.vertices ?? [] {
      let (sum, isOver) = total.addingReportingOverflow(counts[index])
      total = isOver ? .max : sum
    }
    return total
  }

  /// The first ways, at most so many, each with the flows that take it.
  public func paths(limit: Int) -> [Path] {
    var paths: [Path] = []
    var open = (hops.first?.vertices ?? []).reversed().map { [$0] }
    while paths.count < limit, let path = open.popLast() {
      let ways = vertices[path[path.count - 1]].ways
      if ways.isEmpty {
        paths.append(Path(vertices: path, flows: flows(on: path)))
      } else {
        for way in ways.reversed() { open.append(path + [edges[way].to]) }
      }
    }
    return paths
  }

  private func flows(on path: [Int]) -> [Int] {
    routes.indices.filter { flow in
      zip(path, routes[flow]).allSatisfy { $0 == $1 }
    }
  }
}
