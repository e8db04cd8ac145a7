import PacketWire

/// The graph that packets move on: routers joined by links, with attachments at the edges. Only
/// the initializer knows that the routers of a topology stand in a line.
struct Network: Sendable {
  /// The routers; links and attachments name them by their place here.
  var routers: [Router] = []
  /// The links, each direction on its own.
  var links: [DirectedLink] = []
  /// The link that a host's packets leave by.
  private(set) var entrances: [AttachmentPoint: Int] = [:]

  private let seed: UInt64

  /// A chain: the client, the topology's routers in their order, and the server side.
  init(topology: Topology, seed: UInt64) {
    self.seed = seed
    var end = Place.attachment(.client)
    for (index, entry) in topology.routers.enumerated() {
      let far = entry.farAddresses ?? entry.node.addresses
      routers.append(Router([entry.node.addresses, far], entry.manners, entry.edits))
      join(end, to: .router(index, interface: Self.homeward), entry.link)
      end = .router(index, interface: Self.outward)
    }
    join(end, to: .attachment(.server), topology.siteLink)
    addRoutes(topology)
  }

  /// A chain's routers have two interfaces.
  private static let (homeward, outward) = (0, 1)

  private mutating func join(_ near: Place, to far: Place, _ link: Topology.Link) {
    add(link.outward, from: near, to: far)
    add(link.homeward, from: far, to: near)
  }

  private mutating func add(_ properties: LinkProperties, from start: Place, to end: Place) {
    let index = links.count
    links.append(DirectedLink(to: end, properties, LinkChances(seed: seed, link: index)))
    switch start {
    case .attachment(let attachment): entrances[attachment] = index
    case .router(let router, let interface):
      routers[router].interfaces[interface].link = index
      routers[router].interfaces[interface].properties = properties
    }
  }

  /// Each router knows the way to every address of the topology, and to no other.
  private mutating func addRoutes(_ topology: Topology) {
    let routerAddresses = topology.routers.map {
      $0.node.addresses.all + ($0.farAddresses?.all ?? [])
    }
    let servers = topology.site.addresses.all + (topology.resolver?.addresses.all ?? [])
    for index in routers.indices {
      let before = routerAddresses[..<index].joined() + topology.client.addresses.all
      let after = routerAddresses[(index + 1)...].joined() + servers
      for address in before { routers[index].addRoute(to: address, by: Self.homeward) }
      for address in after { routers[index].addRoute(to: address, by: Self.outward) }
    }
  }
}
