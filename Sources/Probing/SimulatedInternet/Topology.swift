public import PacketWire

/// What a lab file describes: who sits where, and what the links between them are like.
///
/// `init(parsing:named:)` reads the text format, which docs/lab-topology.md explains.
public struct Topology: Hashable, Sendable {
  /// A path has so many routers at most: a packet passes no more (RFC 791 §3.1).
  public static let maximumHops = 254
  /// A topology has so many routers at most.
  public static let maximumRouters = 10_000
  /// And so many links between them.
  public static let maximumLinks = 100_000

  /// Something with addresses and, mostly, a name.
  public struct Node: Hashable, Sendable {
    /// In the DNS; without one it has no PTR record either.
    public var name: DNSName?
    /// At most one of each family.
    public var addresses: NodeAddresses

    /// A node from its parts.
    public init(_ name: DNSName?, _ addresses: NodeAddresses) {
      (self.name, self.addresses) = (name, addresses)
    }
  }

  /// A router.
  public struct Router: Hashable, Sendable {
    /// Its name, and the addresses of the interface that looks to the client.
    public var node: Node
    /// Those of the interface that looks to the site; `nil` if they are the same.
    public var farAddresses: NodeAddresses?
    /// The routers before it, nearer to the client, by their places in `routers`, which are before its
    /// own; `nil` is the one before in the list, and of the first the client.
    public var predecessors: [Int]?
    /// The link from the node before; with several before it, each of the links.
    public var link: Link
    /// Packets pass the links that lead to it in this direction only; without one in both.
    public var direction: Direction?
    /// What it sends of its own.
    public var manners: RouterManners
    /// What it changes in packets that it forwards.
    public var edits: PacketEdits
    /// What it does not let through.
    public var firewall = Firewall()
    /// IPv4 packets that leave it away from the client seem to come from its own far address (network
    /// address and port translation, RFC 3022).
    public var translates = false

    /// A router from its parts.
    public init(
      _ node: Node, farAddresses: NodeAddresses? = nil, behind predecessors: [Int]? = nil,
      link: Link, manners: RouterManners = RouterManners(), edits: PacketEdits = PacketEdits()
    ) {
      (self.node, self.farAddresses, self.link) = (node, farAddresses, link)
      self.predecessors = predecessors
      (self.manners, self.edits) = (manners, edits)
    }
  }

  /// Where packets are going.
  public enum Direction: String, Hashable, Sendable {
    /// Away from the client.
    case outward
    /// Towards the client.
    case homeward
  }

  /// A link, with the properties of each direction.
  public struct Link: Hashable, Sendable {
    /// From the client's side to the site's.
    public var outward: LinkProperties
    /// From the site's side to the client's.
    public var homeward: LinkProperties

    /// The same both ways.
    public init(_ properties: LinkProperties = LinkProperties()) {
      (outward, homeward) = (properties, properties)
    }
  }

  /// A host that answers. All of them are one machine, which has the addresses of each.
  public struct Site: Hashable, Sendable {
    /// Its name and addresses; several sites with the same ones are one in several places (anycast).
    public var node: Node
    /// The routers before it, by their places in `routers`; `nil` is the last one.
    public var predecessors: [Int]?
    /// The link from the router before; with several before it, each of the links.
    public var link: Link

    /// A site from its parts.
    public init(_ node: Node, behind predecessors: [Int]? = nil, link: Link) {
      (self.node, self.predecessors, self.link) = (node, predecessors, link)
    }
  }

  /// Where all chance comes from.
  public var seed: UInt64
  /// The host that asks.
  public var client: Node
  /// Each behind others that stand before it, from the client on.
  public var routers: [Router]
  /// The hosts that answer, the main one first. There is always one.
  public private(set) var sites: [Site]
  /// The DNS server's own address; without it the main site answers DNS too.
  public var resolver: Node?
  /// DNS records beside those that follow from the nodes' names.
  public var records: [DNSRecord]
  /// Who runs which networks, for who asks the DNS.
  public var systems: [AutonomousSystem] = []

  /// A topology from its parts; `otherSites` stand beside the main one.
  public init(
    seed: UInt64, client: Node, routers: [Router], site: Site, otherSites: [Site] = [],
    resolver: Node? = nil, records: [DNSRecord] = []
  ) {
    (self.seed, self.client, self.routers) = (seed, client, routers)
    sites = [site] + otherSites
    (self.resolver, self.records) = (resolver, records)
  }

  /// The main site.
  public var site: Node { sites[0].node }

  /// The link to the main site.
  public var siteLink: Link {
    get { sites[0].link }
    set { sites[0].link = newValue }
  }
}

/// The addresses of an interface.
public struct NodeAddresses: Hashable, Sendable {
  /// The IPv4 address, if it has one.
  public var ipv4: IPv4Address?
  /// The IPv6 address, if it has one.
  public var ipv6: IPv6Address?

  /// Both, one or none.
  public init(_ ipv4: IPv4Address?, _ ipv6: IPv6Address?) {
    (self.ipv4, self.ipv6) = (ipv4, ipv6)
  }

  /// The addresses that there are, IPv4 first.
  public var all: [IPAddress] { IPFamily.allCases.compactMap { self[$0] } }

  /// The address of a family.
  public subscript(family: IPFamily) -> IPAddress? {
    switch family {
    case .v4: ipv4.map { .v4($0) }
    case .v6: ipv6.map { .v6($0) }
    }
  }

  func contains(_ address: IPAddress) -> Bool { self[address.family] == address }
}

extension Topology {
  /// Puts a path of `count` routers without names in the place of all routers, each behind a link like
  /// `link`. No more than `maximumHops`.
  public mutating func replaceRouters(with count: Int, behind link: Link) {
    routers = (0..<min(max(count, 0), Self.maximumHops)).map {
      Router(Node(nil, Router.anonymousAddresses(at: $0 + 1)), link: link)
    }
    for index in sites.indices { sites[index].predecessors = nil }
  }

  /// Changes every link, in both directions.
  public mutating func changeLinks(_ change: (inout LinkProperties) -> Void) {
    for index in routers.indices { routers[index].link.changeBoth(change) }
    for index in sites.indices { sites[index].link.changeBoth(change) }
  }

  /// All that the machine at the far end answers to, in the order of their numbers.
  public var serverAddresses: [IPAddress] {
    let nodes = sites.map(\.node) + (resolver.map { [$0] } ?? [])
    return Set(nodes.flatMap(\.addresses.all)).sorted()
  }

  /// The longest packet that the client's own link takes, in octets, if there is a limit.
  public var clientMTU: Int? { (routers.first?.link ?? siteLink).outward.mtu }

  /// The longest packet that the links of all sites take, in octets, if there is a limit.
  public var serverMTU: Int? { sites.compactMap(\.link.homeward.mtu).min() }
}

extension Topology.Router {
  /// The router without a name that is the `number`th K, 1 to 254, of those at `place` N of a path, 1 to
  /// 254, has 198.18.N.K (RFC 2544) and 2001:db8:N::K (RFC 3849), both with the same digits.
  static func anonymousAddresses(at place: Int, number: Int = 1) -> NodeAddresses {
    let (group, last) = (sameDigits(place), sameDigits(number))
    return NodeAddresses(
      IPv4Address(198, 18, UInt8(clamping: place), UInt8(clamping: number)),
      IPv6Address(bits: 0x2001_0db8 << 96 | group << 80 | last))
  }

  /// What `number` is in hexadecimal with the digits that it has in decimal.
  private static func sameDigits(_ number: Int) -> UInt128 {
    UInt128(String(number), radix: 16) ?? 0
  }
}

extension Topology.Link {
  /// Changes both directions alike.
  mutating func changeBoth(_ change: (inout LinkProperties) -> Void) {
    change(&outward)
    change(&homeward)
  }
}
