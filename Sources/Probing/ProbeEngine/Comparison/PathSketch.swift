public import PacketWire

/// A path as a trace found it, whatever kind of trace that was: what can be compared with another day's.
public struct PathSketch: Hashable, Sendable {
  /// What is known of one distance.
  public struct Hop: Hashable, Sendable {
    /// TTL or hop limit.
    public var timeToLive: Int
    /// Who answered; nobody, where it is silent.
    public var addresses: [IPAddress]
    /// How long answers took.
    public var delays: RTTStatistics
    /// The longest packets that come so far, in octets, if that was looked for.
    public var mtu: Int?

    /// A hop from its fields.
    public init(
      timeToLive: Int, addresses: [IPAddress], delays: RTTStatistics = RTTStatistics(),
      mtu: Int? = nil
    ) {
      (self.timeToLive, self.addresses) = (timeToLive, addresses)
      (self.delays, self.mtu) = (delays, mtu)
    }

    /// Nobody answered.
    public var isSilent: Bool { addresses.isEmpty }
  }

  /// From one router to one of the next hop.
  public struct Link: Hashable, Sendable {
    /// The nearer one.
    public var from: IPAddress
    /// The farther one.
    public var to: IPAddress

    /// A link between two routers.
    public init(from: IPAddress, to: IPAddress) { (self.from, self.to) = (from, to) }
  }

  /// From the first to the last, without silent ones behind the last that answers.
  public var hops: [Hop]
  /// The target answered.
  public var isReached: Bool
  /// The links of all ways; nil where only one was looked for.
  public var links: Set<Link>?

  /// A path from what is known of it.
  public init(hops: [Hop], isReached: Bool, links: Set<Link>? = nil) {
    let silent = hops.reversed().prefix { $0.isSilent }.count
    self.hops = Array(hops.dropLast(silent))
    (self.isReached, self.links) = (isReached, links)
  }

  /// The longest packets that come to the last hop of which that is known.
  public var mtu: Int? { hops.last { $0.mtu != nil }?.mtu }
}

extension PathSketch {
  /// What a trace hop by hop found.
  public init(_ hops: [TraceHop], isReached: Bool) {
    self.init(
      hops: hops.map { hop in
        var delays = RTTStatistics()
        for time in hop.outcomes.compactMap({ $0.roundTrip?.duration }) { delays.add(time) }
        return Hop(
          timeToLive: hop.timeToLive, addresses: hop.addresses, delays: delays,
          mtu: hop.mtu?.octets)
      }, isReached: isReached)
  }

  /// What a discovery of all ways found.
  public init(_ graph: MultipathGraph, target: IPAddress) {
    let hops = graph.hops.map { hop in
      let vertices = hop.vertices.map { graph.vertices[$0] }
      var delays = RTTStatistics()
      for vertex in vertices { delays.add(vertex.roundTrips) }
      return Hop(
        timeToLive: hop.timeToLive, addresses: vertices.compactMap(\.address), delays: delays)
    }
    var links: Set<Link> = []
    for edge in graph.edges {
      guard let from = graph.vertices[edge.from].address, let to = graph.vertices[edge.to].address
      else { continue }
      links.insert(Link(from: from, to: to))
    }
    self.init(
      hops: hops, isReached: graph.vertices.contains { $0.address == target }, links: links)
  }

  /// What a path under watch was found to be, with all that answered at a hop.
  public init(_ flow: RouteFlow) {
    self.init(
      hops: flow.hops.map { hop in
        Hop(
          timeToLive: hop.timeToLive, addresses: hop.sources.map(\.address), delays: hop.delays)
      }, isReached: flow.isReached)
  }
}
