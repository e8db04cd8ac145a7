public import PacketWire

/// What a lab file describes: who sits where, and what the links between them are like.
///
/// `init(parsing:named:)` reads the text format, which docs/lab-topology.md explains.
public struct Topology: Hashable, Sendable {
  /// A path has so many routers at most: a packet passes no more (RFC 791 §3.1).
  public static let maximumRouters = 254

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

  /// A router of the path.
  public struct Router: Hashable, Sendable {
    /// Its name, and the addresses of the interface that looks to the client.
    public var node: Node
    /// Those of the interface that looks to the site; `nil` if they are the same.
    public var farAddresses: NodeAddresses?
    /// The link from the node before.
    public var link: Link
    /// What it sends of its own.
    public var manners: RouterManners
    /// What it changes in packets that it forwards.
    public var edits: PacketEdits

    /// A router from its parts.
    public init(
      _ node: Node, farAddresses: NodeAddresses? = nil, link: Link,
      manners: RouterManners = RouterManners(), edits: PacketEdits = PacketEdits()
    ) {
      (self.node, self.farAddresses, self.link) = (node, farAddresses, link)
      (self.manners, self.edits) = (manners, edits)
    }
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

  /// Where all chance comes from.
  public var seed: UInt64
  /// The host that asks.
  public var client: Node
  /// In order from the client to the site.
  public var routers: [Router]
  /// The host that answers.
  public var site: Node
  /// The link from the last router to the site.
  public var siteLink: Link
  /// The DNS server's own address; without it the site answers DNS too.
  public var resolver: Node?
  /// DNS records beside those that follow from the nodes' names.
  public var records: [DNSRecord]

  /// A topology from its parts.
  public init(
    seed: UInt64, client: Node, routers: [Router], site: Node, siteLink: Link,
    resolver: Node? = nil, records: [DNSRecord] = []
  ) {
    (self.seed, self.client, self.routers) = (seed, client, routers)
    (self.site, self.siteLink) = (site, siteLink)
    (self.resolver, self.records) = (resolver, records)
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
  /// Puts `count` routers without names in the place of the path's, each behind a link like `link`.
  /// No more than `maximumRouters`.
  public mutating func replaceRouters(with count: Int, behind link: Link) {
    routers = (0..<min(max(count, 0), Self.maximumRouters)).map {
      Router(anonymousAt: $0 + 1, behind: link)
    }
  }

  /// Changes every link of the path, in both directions.
  public mutating func changeLinks(_ change: (inout LinkProperties) -> Void) {
    for index in routers.indices { routers[index].link.changeBoth(change) }
    siteLink.changeBoth(change)
  }
}

extension Topology.Router {
  /// The router without a name at `place` N of a path, 1 to 254, is 198.18.N.1 (RFC 2544) and
  /// 2001:db8:N::1 (RFC 3849), N with the same digits in both.
  init(
    anonymousAt place: Int, behind link: Topology.Link, manners: RouterManners = RouterManners(),
    edits: PacketEdits = PacketEdits()
  ) {
    let group = UInt128(String(place), radix: 16) ?? 0
    let addresses = NodeAddresses(
      IPv4Address(198, 18, UInt8(clamping: place), 1),
      IPv6Address(bits: 0x2001_0db8 << 96 | group << 80 | 1))
    self.init(Topology.Node(nil, addresses), link: link, manners: manners, edits: edits)
  }
}

extension Topology.Link {
  /// Changes both directions alike.
  mutating func changeBoth(_ change: (inout LinkProperties) -> Void) {
    change(&outward)
    change(&homeward)
  }
}
