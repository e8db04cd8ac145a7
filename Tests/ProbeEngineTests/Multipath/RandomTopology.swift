import PacketTestSupport

/// Random networks of routers that part ways: straight hops and diamonds of all shapes, one behind
/// the other.
struct RandomTopology {
  private var random: SeededRNG
  private var nodes: [BranchingNetwork.Node] = [BranchingNetwork.Node()]

  /// The network that follows from `seed`.
  static func network(seed: UInt64) -> BranchingNetwork {
    var topology = RandomTopology(random: SeededRNG(seed: seed))
    return topology.build(seed: seed)
  }

  private init(random: SeededRNG) { self.random = random }

  private mutating func build(seed: UInt64) -> BranchingNetwork {
    var ends = grow(from: [0])
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      for _ in 0..<Int.random(in: 0...2, using: &random) { ends = grow(from: ends) }
      ends = diamond(from: ends[0])
      // Most diamonds meet in a router, some only at the target.
      if Int.random(in: 0..<10, using: &random) == 0 { break }
      ends = grow(from: ends)
    }
    _ = grow(from: ends)
    return BranchingNetwork(nodes, seed: seed)
  }

  /// One more router, behind all of these.
  private mutating func grow(from ends: [Int]) -> [Int] {
    nodes.append(BranchingNetwork.Node())
    for end in ends { nodes[end].ways.append(nodes.count - 1) }
    return [nodes.count - 1]
  }

  private mutating func chain(from node: Int, length: Int) -> Int {
    var end = node
    for _ in 0..<length { end = grow(from: [end])[0] }
    return end
  }

  /// A diamond behind a router, without the router where its ways meet.
  private mutating func diamond(from node: Int) -> [Int] {
    let width =
      Bool.random(using: &random)
      ? Int.random(in: 2...4, using: &random) : Int.random(in: 2...16, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: return (0..<width).map { _ in chain(from: node, length: 1) }
    case 2:
      let length = Int.random(in: 2...3, using: &random)
      return (0..<min(width, 6)).map { _ in chain(from: node, length: length) }
    case 3: return mesh(from: node)
    case 4: return nested(from: node)
    default:
      return (0..<min(width, 6)).map { _ in
        chain(from: node, length: Int.random(in: 1...3, using: &random))
      }
    }
  }

  /// Two rows, some routers of the one joined to some of the other.
  private mutating func mesh(from node: Int) -> [Int] {
    let near = (0..<Int.random(in: 2...3, using: &random)).map { _ in chain(from: node, length: 1) }
    let isFull = Bool.random(using: &random)
    let far = (0..<Int.random(in: 2...3, using: &random)).map { index in
      grow(from: isFull ? near : [near[index % near.count]])[0]
    }
    guard !isFull else { return far }
    for router in near {
      let other = far[Int.random(in: far.indices, using: &random)]
      if !nodes[router].ways.contains(other) { nodes[router].ways.append(other) }
    }
    return far
  }

  /// Ways of which some part again and meet again.
  private mutating func nested(from node: Int) -> [Int] {
    (0..<Int.random(in: 2...3, using: &random)).map { _ in
      let first = chain(from: node, length: 1)
      guard Bool.random(using: &random) else { return first }
      let inner = (0..<Int.random(in: 2...3, using: &random)).map { _ in
        chain(from: first, length: 1)
      }
      return grow(from: inner)[0]
    }
  }
}
