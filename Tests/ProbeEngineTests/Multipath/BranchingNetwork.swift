import PacketTestSupport
import PacketWire

/// Routers that part ways, without packets: a flow and a TTL go in, a router comes out. Router 0 is
/// the host that probes, the last one the target.
struct BranchingNetwork {
  struct Node {
    /// Where it sends packets.
    var ways: [Int] = []
    /// How many flows in so many each of them gets; empty for equal shares.
    var weights: [Int] = []
    /// It throws a die for each packet.
    var balancesPackets = false
    /// It forwards and says nothing.
    var isSilent = false
    /// It sends so many errors at once, and then one a second.
    var burst: Int?
    /// The way to it, in one direction.
    var delay = Nanoseconds.milliseconds(1)
  }

  var nodes: [Node]
  /// How many of a hundred packets get lost, there and back together.
  var lossPercent = 0
  private let salt: UInt64
  private var dice: SeededRNG

  init(_ nodes: [Node], seed: UInt64 = 1) {
    self.nodes = nodes
    dice = SeededRNG(seed: seed)
    salt = dice.next()
  }

  var target: Int { nodes.count - 1 }

  static func address(_ node: Int) -> IPAddress {
    .v4(IPv4Address(198, 18, UInt8(node / 256), UInt8(node % 256)))
  }

  // MARK: Packets

  struct Answer {
    var node: Int
    var isTarget: Bool
    var roundTrip: Nanoseconds
  }

  /// Who answers; nil for a packet that was lost or a router that is silent or tired.
  mutating func answer(flow: Int, timeToLive: Int, at now: MonotonicInstant) -> Answer? {
    var (node, oneWay, hop) = (0, Nanoseconds.zero, 0)
    while hop < timeToLive, node != target {
      guard let next = way(from: node, flow: flow) else { return nil }
      node = next
      oneWay = oneWay + nodes[node].delay
      hop += 1
    }
    if lossPercent > 0, Int.random(in: 0..<100, using: &dice) < lossPercent { return nil }
    let isTarget = node == target
    guard !nodes[node].isSilent, takesToken(node, at: now) else { return nil }
    return Answer(node: node, isTarget: isTarget, roundTrip: oneWay + oneWay)
  }

  private mutating func way(from node: Int, flow: Int) -> Int? {
    let ways = nodes[node].ways
    guard ways.count > 1 else { return ways.first }
    var number: UInt64
    if nodes[node].balancesPackets {
      number = dice.next()
    } else {
      var hash = SeededRNG(seed: salt ^ UInt64(node) &* 0x9e37_79b9_7f4a_7c15)
      hash = SeededRNG(seed: hash.next() ^ UInt64(flow))
      number = hash.next()
    }
    let weights = nodes[node].weights
    guard !weights.isEmpty else { return ways[Int(number % UInt64(ways.count))] }
    number %= UInt64(weights.reduce(0, +))
    for (way, weight) in zip(ways, weights) {
      if number < UInt64(weight) { return way }
      number -= UInt64(weight)
    }
    return ways.last
  }

  private var tokens: [Int: (left: Double, at: MonotonicInstant)] = [:]

  /// Linux: `burst` tokens, and one more each second (net/ipv4/route.c, `inet_peer_xrlim_allow`).
  private mutating func takesToken(_ node: Int, at now: MonotonicInstant) -> Bool {
    guard let burst = nodes[node].burst else { return true }
    var (left, since) = tokens[node] ?? (Double(burst), now)
    left = min(Double(burst), left + Double((now - since).count) / 1e9)
    since = now
    defer { tokens[node] = (left, since) }
    guard left >= 1 else { return false }
    left -= 1
    return true
  }

  // MARK: Truth

  /// A router at a hop.
  struct Place: Hashable {
    var timeToLive: Int
    var node: Int
  }

  /// Which places lead to which, of all that a packet can come by.
  func links(within hops: Int = 30) -> [Place: Set<Place>] {
    var links: [Place: Set<Place>] = [:]
    var front: Set<Int> = [0]
    for ttl in 0..<hops {
      var next: Set<Int> = []
      for node in front where node != target {
        let behind = nodes[node].ways.map { Place(timeToLive: ttl + 1, node: $0) }
        links[Place(timeToLive: ttl, node: node)] = Set(behind)
        next.formUnion(nodes[node].ways)
      }
      front = next
    }
    return links
  }
}
