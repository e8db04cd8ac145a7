import PacketTestSupport
import PacketWire
import SimulatedInternet

/// A tree of routers with many targets at its twigs, and the true way to each of them.
struct ManyTopology {
  /// What may go wrong in it.
  struct Weather {
    /// Of each link in each direction.
    var loss = Probability(clamping: 0)
    /// One router in so many keeps silent; none for 0.
    var silentOneIn = 0
  }

  private(set) var topology: Topology
  /// For each target, the routers before it by their places.
  private(set) var ways: [[Int]]

  /// The same for the same seed.
  ///
  /// - Parameters:
  ///   - seed: where chance comes from.
  ///   - count: how many routers.
  ///   - targets: how many targets.
  ///   - spread: each router is behind one of so many before it; few make a deep tree.
  ///   - neighbours: so many targets in a row are behind the same router, in a /24 of their own.
  ///   - weather: what may go wrong.
  init(
    seed: UInt64, routers count: Int, targets: Int, spread: Int = 6, neighbours: Int = 1,
    _ weather: Weather = Weather()
  ) {
    var random = SeededRNG(seed: seed)
    var before: [Int?] = []
    let routers = (0..<count).map { place in
      let predecessor =
        place == 0 ? nil : Int.random(in: max(0, place - spread)..<place, using: &random)
      before.append(predecessor)
      var router = Topology.Router(
        Topology.Node(nil, Self.addresses(10, place)), behind: predecessor.map { [$0] },
        link: Self.link(&random, weather))
      router.manners.isSilent =
        weather.silentOneIn > 0 && Int.random(in: 0..<weather.silentOneIn, using: &random) == 0
      return router
    }
    var ways: [[Int]] = []
    var home = 0
    let sites = (0..<targets).map { place in
      if place % neighbours == 0 { home = Int.random(in: 0..<count, using: &random) }
      var way = [home]
      while let next = before[way[way.count - 1]] { way.append(next) }
      ways.append(way.reversed())
      return Topology.Site(
        Topology.Node(nil, Self.addresses(100, (place / neighbours) * 256 + place % neighbours)),
        behind: [home],
        link: Self.link(&random, weather))
    }
    self.ways = ways
    topology = Topology(
      seed: seed, client: Topology.Node(nil, Self.addresses(11, 1)), routers: routers,
      site: sites[0], otherSites: Array(sites.dropFirst()))
  }

  private static func addresses(_ first: UInt8, _ place: Int) -> NodeAddresses {
    NodeAddresses(
      IPv4Address(first, UInt8(place >> 16), UInt8(place >> 8 & 255), UInt8(place & 255)),
      IPv6Address(
        bits: 0x2001_0db8 << 96 | UInt128(first) << 64 | UInt128(place) << 8 | UInt128(1)))
  }

  private static func link(_ random: inout SeededRNG, _ weather: Weather) -> Topology.Link {
    var properties = LinkProperties()
    properties.delay = Nanoseconds(Int64.random(in: 100_000...3_000_000, using: &random))
    properties.loss = weather.loss
    return Topology.Link(properties)
  }

  mutating func change(router place: Int, _ change: (inout Topology.Router) -> Void) {
    change(&topology.routers[place])
  }

  func target(_ index: Int, _ family: IPFamily) -> IPAddress? {
    topology.sites[index].node.addresses[family]
  }

  /// Who is met on the way to a target, hop by hop; the last one is the target.
  func addresses(to target: Int, _ family: IPFamily) -> [IPAddress?] {
    ways[target].map { topology.routers[$0].node.addresses[family] }
      + [self.target(target, family)]
  }

  func isSilent(at timeToLive: Int, to target: Int) -> Bool {
    let way = ways[target]
    return timeToLive <= way.count && topology.routers[way[timeToLive - 1]].manners.isSilent
  }
}

/// Two addresses that answered at TTLs in a row, or the same beyond silent hops.
struct FoundLink: Hashable {
  var near: IPAddress?
  var far: IPAddress
  var timeToLive: Int

  /// Those of a way whose silent hops are nil; the first begins here.
  static func links(_ hops: [IPAddress?]) -> Set<FoundLink> {
    var links: Set<FoundLink> = []
    var near: IPAddress?
    for (index, address) in hops.enumerated() {
      guard let address else { continue }
      links.insert(FoundLink(near: near, far: address, timeToLive: index + 1))
      near = address
    }
    return links
  }
}
