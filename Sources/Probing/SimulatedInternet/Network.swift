import PacketWire

/// The graph that packets move on: routers joined by links, with hosts at the edges.
///
/// Every link has an outer end, farther from the client, and no router is behind itself: packets go
/// outward or homeward, and all ways that do lead to their destination.
struct Network: Sendable {
  /// The routers; links and hosts name them by their place here.
  var routers: [Router] = []
  /// The links, each direction on its own.
  var links: [DirectedLink] = []
  /// Which way is whose.
  private(set) var table: RoutingTable
  /// Where packets of hosts come in.
  private(set) var entrances = Entrances()

  private let seed: UInt64

  /// The topology's client, routers and sites, joined as it says.
  init(topology: Topology, seed: UInt64) {
    self.seed = seed
    let routerCount = topology.routers.count
    let (client, firstSite) = (routerCount, routerCount + 1)
    table = RoutingTable(
      routerCount: routerCount, destinationCount: firstSite + topology.sites.count)
    for index in topology.routers.indices { add(topology.routers[index], at: index, client) }
    for (index, site) in topology.sites.enumerated() {
      // Sites that are one in several places are one destination.
      let same = topology.sites.firstIndex { $0.node == site.node } ?? index
      add(site, as: firstSite + same, routerCount: routerCount, client)
    }
    addAddresses(topology, client, firstSite)
    for index in routers.indices { table.learn(routers[index].neighbours(.homeward), of: index) }
    for index in routers.indices.reversed() {
      table.learn(routers[index].neighbours(.outward), of: index)
    }
  }

  /// Remembers that a packet came to a host, whose answer is to leave by `link`.
  mutating func noteArrival(
    _ octets: [UInt8], at attachment: AttachmentPoint, answersBy link: Int
  ) {
    entrances.note(octets, to: attachment, answersBy: link)
  }

  private mutating func add(_ entry: Topology.Router, at index: Int, _ client: Int) {
    let balancer = Balancer(entry.manners.balancing, seed: seed, router: index)
    routers.append(Router(entry, balancer))
    let before = Self.predecessors(entry.predecessors, of: index)
    for predecessor in before { joinRouter(index, behind: predecessor, entry) }
    if before.isEmpty { joinRouter(index, behind: client, entry) }
  }

  private mutating func joinRouter(_ index: Int, behind before: Int, _ entry: Topology.Router) {
    let inner = place(before, toward: .outward, index, isOpen: entry.direction != .homeward)
    let outer = place(index, toward: .homeward, before, isOpen: entry.direction != .outward)
    join(inner, to: outer, entry.link)
  }

  private mutating func add(
    _ site: Topology.Site, as destination: Int, routerCount: Int, _ client: Int
  ) {
    let before = Self.predecessors(site.predecessors, of: routerCount)
    for predecessor in before.isEmpty ? [client] : before {
      let inner = place(predecessor, toward: .outward, destination, isOpen: true)
      // The link that leads back is the next but one.
      join(inner, to: .host(.server, answersBy: links.count + 1), site.link)
      entrances.add(links.count - 1, of: site.node.addresses.all)
    }
  }

  /// The places before `index`; `nil` stands for the one just before.
  private static func predecessors(_ said: [Int]?, of index: Int) -> [Int] {
    let last = index > 0 ? [index - 1] : []
    return said?.filter { (0..<index).contains($0) } ?? last
  }

  /// The end of a link at a node: a router gets an interface for it.
  private mutating func place(
    _ node: Int, toward direction: Topology.Direction, _ neighbour: Int, isOpen: Bool
  ) -> Place {
    guard routers.indices.contains(node) else {
      return .host(.client, answersBy: links.count)
    }
    let interface = routers[node].addInterface(
      toward: .init(direction: direction, destination: neighbour, isOpen: isOpen))
    return .router(node, interface: interface)
  }

  private mutating func join(_ near: Place, to far: Place, _ link: Topology.Link) {
    if case .host(.client, let index) = near { entrances.addClient(index) }
    add(link.outward, from: near, to: far)
    add(link.homeward, from: far, to: near)
  }

  private mutating func add(_ properties: LinkProperties, from start: Place, to end: Place) {
    let index = links.count
    links.append(DirectedLink(to: end, properties, LinkChances(seed: seed, link: index)))
    if case .router(let router, let interface) = start {
      routers[router].interfaces[interface].link = index
      routers[router].interfaces[interface].properties = properties
    }
  }

  private mutating func addAddresses(_ topology: Topology, _ client: Int, _ firstSite: Int) {
    for (index, router) in topology.routers.enumerated() {
      for address in router.node.addresses.all + (router.farAddresses?.all ?? []) {
        table.add(address, of: index)
      }
    }
    for address in topology.client.addresses.all { table.add(address, of: client) }
    for (index, site) in topology.sites.enumerated() {
      let same = topology.sites.firstIndex { $0.node == site.node } ?? index
      for address in site.node.addresses.all { table.add(address, of: firstSite + same) }
    }
    for address in topology.resolver?.addresses.all ?? [] { table.add(address, of: firstSite) }
  }
}
