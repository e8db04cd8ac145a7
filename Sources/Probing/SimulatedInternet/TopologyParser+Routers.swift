import LineFormat
import PacketWire

/// The routers that have been read, and who is behind whom.
struct TopologyGraph {
  private(set) var routers: [Topology.Router] = []
  /// What the last line stands for, which the next one is behind if it does not say otherwise; `nil`
  /// before the first.
  private(set) var last: [Int]?
  /// How many routers a packet passes to each one, itself included.
  private var places: [Int] = []
  private var linkCount = 0
  /// By place, the last number that a router without a name got there.
  private var numbers: [Int: Int] = [:]
  /// What names stand for, in lower case.
  private var named: [String: [Int]] = [:]

  /// The place on a path of what stands behind these.
  func place(behind predecessors: [Int]?) -> Int {
    1 + ((predecessors ?? []).map { places[$0] }.max() ?? 0)
  }

  /// Adds a router; false if that were too many links.
  mutating func add(_ router: Topology.Router) -> Bool {
    linkCount += max(router.predecessors?.count ?? 0, 1)
    guard linkCount <= Topology.maximumLinks else { return false }
    places.append(place(behind: router.predecessors))
    routers.append(router)
    return true
  }

  /// The next number for a router without a name at a place; `nil` once all are used.
  mutating func nextNumber(at place: Int) -> Int? {
    let number = numbers[place, default: 0] + 1
    guard number <= 254 else { return nil }
    numbers[place] = number
    return number
  }

  /// All routers from the `first`th on are what the next line is behind, or only the last of them.
  mutating func endLine(named name: DNSName?, from first: Int, isRow: Bool) {
    let nodes = isRow ? Array(first..<routers.count) : [routers.count - 1]
    last = nodes
    if let name { named[name.description.lowercased()] = nodes }
  }

  /// What a name of an earlier line stands for.
  func nodes(named text: String) -> [Int]? {
    LineValue.name(text).flatMap { named[$0.description.lowercased()] }
  }
}

// The lines of routers and of sites.
extension TopologyParser {
  mutating func readRouter(_ line: inout WordLine) throws(LineError) {
    let start = line
    try requireRoom(1, start)
    let node = try takeNode(&line)
    let far = line.skip("far") ? try takeNewAddresses(&line) : nil
    let behind = try takePredecessors(&line)
    try requireDepth(1, behind: behind, start)
    let traits = try line.takeTraits()
    let router = traits.router(node, farAddresses: far, behind: behind)
    try add(router, start)
    graph.endLine(named: node.name, from: graph.routers.count - 1, isRow: false)
  }

  /// Routers without names, one behind the other.
  mutating func readPath(_ line: inout WordLine) throws(LineError) {
    let start = line
    let count = try takeCount(&line, atMost: Topology.maximumHops)
    let name = line.skip("as") ? try takeNewName(&line) : nil
    let behind = try takePredecessors(&line)
    try requireDepth(count, behind: behind, start)
    let traits = try line.takeTraits()
    let first = graph.routers.count
    for index in first..<first + count {
      let router = try anonymousRouter(
        behind: index == first ? behind : [index - 1], traits, start)
      try add(router, start)
    }
    graph.endLine(named: name, from: first, isRow: false)
  }

  /// Routers without names, side by side.
  mutating func readRow(_ line: inout WordLine) throws(LineError) {
    let start = line
    let count = try takeCount(&line, atMost: Topology.maximumHops)
    let name = line.skip("as") ? try takeNewName(&line) : nil
    let behind = try takePredecessors(&line)
    guard behind != nil else { throw start.error("a router before a row", back: 1) }
    try requireDepth(1, behind: behind, start)
    let traits = try line.takeTraits()
    let first = graph.routers.count
    for _ in 0..<count { try add(try anonymousRouter(behind: behind, traits, start), start) }
    graph.endLine(named: name, from: first, isRow: true)
  }

  mutating func readSite(_ line: inout WordLine) throws(LineError) {
    let node: Topology.Node
    if let earlier = sites.first(where: { $0.node.name?.isNext(in: line) ?? false }) {
      _ = try line.takeName()
      // One site in several places.
      let addresses = try line.takeAddresses { _, _ in }
      guard addresses == earlier.node.addresses else {
        throw line.error("the addresses of the earlier site of this name", back: 1)
      }
      node = earlier.node
    } else {
      node = try takeNode(&line)
    }
    let behind = line.nextWord?.text == "behind" ? try takePredecessors(&line) : nil
    sites.append(Topology.Site(node, behind: behind, link: try line.takeLink()))
  }

  /// Reads what stands behind `behind`: names of earlier lines. Without the word it is the line before.
  private func takePredecessors(_ line: inout WordLine) throws(LineError) -> [Int]? {
    guard line.skip("behind") else { return graph.last }
    var found: [Int] = []
    repeat {
      found += try line.take("the name of an earlier router, path or row") {
        graph.nodes(named: $0)
      }
    } while line.nextWord.flatMap { graph.nodes(named: $0.text) } != nil
    guard Set(found).count == found.count else {
      throw line.error("each name once", back: 1)
    }
    return found
  }

  private func takeCount(_ line: inout WordLine, atMost most: Int) throws(LineError) -> Int {
    let expected = "a number of routers from 1 to \(most)"
    let count = try line.take(expected) { text in
      LineValue.wholeNumber(text).flatMap { (1...UInt64(most)).contains($0) ? Int($0) : nil }
    }
    try requireRoom(count, line)
    return count
  }

  private func requireRoom(_ count: Int, _ line: WordLine) throws(LineError) {
    guard graph.routers.count + count <= Topology.maximumRouters else {
      throw line.error("at most \(Topology.maximumRouters) routers", back: 1)
    }
  }

  private func requireDepth(
    _ count: Int, behind predecessors: [Int]?, _ line: WordLine
  ) throws(LineError) {
    guard graph.place(behind: predecessors) + count - 1 <= Topology.maximumHops else {
      throw line.error("at most \(Topology.maximumHops) routers one behind the other", back: 1)
    }
  }

  private mutating func add(_ router: Topology.Router, _ line: WordLine) throws(LineError) {
    guard graph.add(router) else {
      throw line.error("at most \(Topology.maximumLinks) links", back: 1)
    }
  }

  /// The first router without a name at its place whose addresses nobody has yet.
  private mutating func anonymousRouter(
    behind predecessors: [Int]?, _ traits: WordLine.Traits, _ line: WordLine
  ) throws(LineError) -> Topology.Router {
    let place = graph.place(behind: predecessors)
    while let number = graph.nextNumber(at: place) {
      let addresses = Topology.Router.anonymousAddresses(at: place, number: number)
      let router = traits.router(Topology.Node(nil, addresses), behind: predecessors)
      if claim(router.node.addresses.all) { return router }
    }
    throw line.error("at most 254 routers at one place of the path", back: 1)
  }
}

extension DNSName {
  /// The line's next word is this name.
  fileprivate func isNext(in line: WordLine) -> Bool {
    line.nextWord.flatMap { LineValue.name($0.text) }?.isSame(as: self) ?? false
  }
}
