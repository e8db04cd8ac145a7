extension MultipathGraph {
  /// Ways that part at one router and meet again at another, with all that is between: each flow
  /// passes both.
  public struct Diamond: Hashable, Sendable {
    /// Where ways part; nil for this host.
    public var divergence: Int?
    /// Where they meet again; nil where that was not found.
    public var convergence: Int?
    /// The hops between, by their places among `hops`.
    public var hops: Range<Int>
    /// The most vertices that one of those hops has.
    public var width: Int
    /// Hops from the one end to the other.
    public var length: Int
    /// Ways have different lengths: one address answers at several distances.
    public var isAsymmetric: Bool
    /// Ways part again between its ends.
    public var isNested: Bool
    /// Ways that part there meet with others before its end.
    public var isMeshed: Bool
    /// How the routers choose that have several ways: the one that balances packets counts, if there is
    /// one.
    public var balancing: MultipathBalancing
  }

  /// All diamonds, from the nearest on.
  public var diamonds: [Diamond] {
    var diamonds: [Diamond] = []
    var place = 0
    while place < hops.count {
      guard hops[place].vertices.count > 1 else {
        place += 1
        continue
      }
      let first = place
      while place < hops.count, hops[place].vertices.count > 1 { place += 1 }
      diamonds.append(diamond(first..<place))
    }
    return diamonds
  }

  private func diamond(_ range: Range<Int>) -> Diamond {
    let inside = range.flatMap { hops[$0].vertices }
    let before = range.lowerBound > 0 ? hops[range.lowerBound - 1].vertices.first : nil
    let behind = range.upperBound < hops.count ? hops[range.upperBound].vertices.first : nil
    let addresses = (inside + (behind.map { [$0] } ?? [])).compactMap { vertices[$0].address }
    let parting = inside.filter { vertices[$0].ways.count > 1 }
    let balancers = (before.map { [$0] } ?? []) + parting
    let kinds = balancers.map { vertices[$0].balancing }
    return Diamond(
      divergence: before, convergence: behind, hops: range,
      width: range.map { hops[$0].vertices.count }.max() ?? 0, length: range.count + 1,
      isAsymmetric: Set(addresses).count < addresses.count, isNested: !parting.isEmpty,
      isMeshed: parting.contains { vertex in
        vertices[vertex].ways.contains { way in
          let next = edges[way].to
          return next != behind && edges.count { $0.to == next } > 1
        }
      },
      balancing: kinds.contains(.packet)
        ? .packet : kinds.contains(.untested) ? .untested : .flow)
  }
}
