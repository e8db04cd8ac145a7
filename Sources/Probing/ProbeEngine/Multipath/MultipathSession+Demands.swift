import PacketWire

// How many flows of a vertex have to go on to the next hop.
extension MultipathSession {
  /// For each vertex of a hop, how many flows through it are to be answered from the next one.
  mutating func demands(at ttl: Int) -> [Int] {
    var demands = hops[ttl].vertices.map { demand(of: $0) }
    guard configuration.algorithm == .lite, hops[ttl].isSettled, hops[ttl].vertices.count > 1,
      !hops[ttl].isSprayed
    else { return demands }
    let least = rule.probes(ruling: 1)
    for group in convergingGroups(at: ttl) where group.count > 1 {
      let places = hops[ttl].vertices.indices.filter { group.contains(hops[ttl].vertices[$0]) }
      share(least, among: places, at: ttl, &demands)
    }
    return demands
  }

  /// One flow for each, and more until there are as many as the rule asks for one router: they go where
  /// there are flows, and evenly.
  private func share(_ least: Int, among places: [Int], at ttl: Int, _ demands: inout [Int]) {
    for place in places { demands[place] = 1 }
    var missing = least - places.count
    while missing > 0 {
      var best: Int?
      for place in places where vertices[hops[ttl].vertices[place]].flows.count > demands[place] {
        if best.map({ demands[place] < demands[$0] }) ?? true { best = place }
      }
      demands[best ?? places[0]] += 1
      missing -= 1
    }
  }

  private mutating func demand(of vertex: Int) -> Int {
    let known = vertices[vertex]
    let ttl = known.timeToLive
    if known.isEnd || ttl >= lastTTL { return 0 }
    // The first flow goes ahead; what it finds tells how many must follow.
    guard hops[ttl].isSettled, !known.successors.isEmpty else { return 1 }
    // Whether flows tell the ways apart is not known yet.
    for parent in known.predecessors where vertices[parent].repetitions > 0 {
      return max(known.joined, 1)
    }
    let seen = ways(from: vertex)
    guard !seen.isEmpty else { return min(known.joined + 1, 3) }
    if ttl > sourceTTL, known.address == nil, seen.allSatisfy({ vertices[$0].address == nil }) {
      return 1
    }
    if configuration.algorithm == .lite {
      if ttl == sourceTTL, !configuration.isSourceBalanced { return 1 }
      if seen.allSatisfy({ vertices[$0].isEnd }) { return 1 }
      if let address = known.address, let places = places[address], places.count > 1 {
        return demand(of: vertex, among: places)
      }
    }
    return rule.probes(ruling: seen.count)
  }

  /// Behind ways of different lengths the same routers come once more, at another distance. Each needs to
  /// be asked for its ways at one of them: that where most flows pass.
  private mutating func demand(of vertex: Int, among places: [Int]) -> Int {
    let address = vertices[vertex].address
    var (seen, joined): (Set<IPAddress?>, Int) = ([], 0)
    var most = places[0]
    for place in places {
      if vertices[place].flowCount > vertices[most].flowCount { most = place }
      if place != vertex { joined += vertices[place].joined }
      for way in ways(from: place) { seen.insert(vertices[way].address) }
    }
    // A router that forwards what it should have dropped makes the next one answer twice.
    seen.remove(address)
    guard vertex == most else { return 1 }
    return max(rule.probes(ruling: seen.count) - joined, 1)
  }

  /// The vertices behind one, without a silent one that a single lost flow can be the reason of.
  func ways(from vertex: Int) -> [Int] {
    let next = vertices[vertex].timeToLive + 1
    return vertices[vertex].successors.map(\.vertex).filter {
      vertices[$0].address != nil || vertices[$0].flowCount > 1 || hops[next].answering == 0
    }
  }

  // MARK: Ways that meet

  /// A part of a tree of ways: the vertices of the hop that it ends at, if all of them lead to one.
  private struct Branch {
    /// Where they lead to; nil while nobody knows.
    var meeting: Int?
    /// Its vertices at the hop.
    var leaves: [Int]
    /// How it branches: branches alike have this alike.
    var shape: [Int]
  }

  /// The vertices of a hop, put together where ways that part alike meet at one router: with a
  /// flow for each of them and as many in all as the rule asks for one router, it is the only one.
  private func convergingGroups(at ttl: Int) -> [[Int]] {
    var groups: [[Int]] = []
    let top = (sourceTTL...ttl).last { hops[$0].vertices.count == 1 } ?? sourceTTL
    var roots = hops[top].vertices
    for hop in hops[(top + 1)...ttl] {
      roots += hop.vertices.filter { vertices[$0].predecessors.count != 1 }
    }
    for root in roots {
      if let branch = branch(from: root, to: ttl, &groups) { groups.append(branch.leaves) }
    }
    return groups
  }

  private func branch(from vertex: Int, to ttl: Int, _ groups: inout [[Int]]) -> Branch? {
    if vertices[vertex].timeToLive == ttl {
      let seen = ways(from: vertex)
      guard seen.count < 2, !vertices[vertex].isEnd else { return nil }
      return Branch(meeting: seen.first, leaves: [vertex], shape: [])
    }
    var parts: [Branch] = []
    var isWhole = true
    for next in ways(from: vertex) {
      guard vertices[next].predecessors.count == 1, let part = branch(from: next, to: ttl, &groups)
      else {
        isWhole = false
        continue
      }
      parts.append(part)
    }
    guard let first = parts.first else { return nil }
    let meetings = Set(parts.compactMap(\.meeting))
    guard isWhole, meetings.count < 2, parts.allSatisfy({ $0.shape == first.shape }) else {
      groups += parts.map(\.leaves)
      return nil
    }
    return Branch(
      meeting: meetings.first, leaves: parts.flatMap(\.leaves),
      shape: [parts.count] + first.shape)
  }

  // MARK: By flow or by packet

  /// Sends flows again through routers that have several ways.
  mutating func testBalancers(
    at ttl: Int, _ now: MonotonicInstant, _ effects: inout [TraceEffect<Report>]
  ) {
    guard hops[ttl].isSettled, !hops[ttl].isSprayed else { return }
    for vertex in hops[ttl].vertices where vertices[vertex].balancing == .untested {
      let seen = ways(from: vertex).count
      guard vertices[vertex].repetitions == 0, seen > 1, isWorthTesting(vertex),
        let flow = answeredFlow(through: vertex)
      else { continue }
      for _ in 0..<rule.repetitions(among: seen) {
        guard send(flow, ttl + 1, .repetition(vertex), at: now, &effects) else { return }
        vertices[vertex].repetitions += 1
        if isReplay { vertices[vertex].announced += 1 }
      }
    }
  }

  /// MDA-Lite takes the first hop at its word, unless routers behind it seem to be joined each to all:
  /// that is what chance looks like.
  private mutating func isWorthTesting(_ vertex: Int) -> Bool {
    let isMixed = ways(from: vertex).contains { next in
      let behind = ways(from: next)
      return behind.count > 1 && behind.contains { vertices[$0].predecessors.count > 1 }
    }
    if isMixed { return true }
    let known = vertices[vertex]
    if configuration.algorithm == .lite, known.timeToLive <= sourceTTL + 1 { return false }
    return isServed(vertex, demand(of: vertex))
  }

  private func answeredFlow(through vertex: Int) -> Int? {
    let next = vertices[vertex].timeToLive + 1
    return (0..<flowCount).first { flow in
      guard let behind = hops[next][flow].vertex, vertices[behind].address != nil else {
        return false
      }
      return hops[next][flow].origin == Int32(vertex)
    }
  }
}
