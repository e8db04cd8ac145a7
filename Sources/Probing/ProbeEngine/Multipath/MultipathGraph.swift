public import PacketWire

/// All ways to a target, as far as they were found.
public struct MultipathGraph: Hashable, Sendable {
  /// A router at one distance. One that is met at several distances is several vertices.
  public struct Vertex: Hashable, Sendable {
    /// The TTL or hop limit at which it answers.
    public var timeToLive: Int
    /// Nil for what forwards in silence.
    public var address: IPAddress?
    /// How long its answers took.
    public var roundTrips: RTTStatistics
    /// Flows that it answered to.
    public var flows: Int
    /// Probes of those flows that were sent here.
    public var probes: Int
    /// Its answers to them.
    public var answers: Int
    /// Flows end here: it is the target, or refuses to pass them on.
    public var isEnd: Bool
    /// Its edges to the next hop, by their places among `edges`.
    public var ways: [Int] = []
    /// How it chooses among them, if they are several.
    public var balancing: MultipathBalancing
    /// The chance to have found one way more, if there were one: 0 to 1. Nil where nobody asked: at the
    /// end, and where one answer of the target was taken for all.
    public var confidence: Double?
  }

  /// How a way is known.
  public enum Ground: String, Hashable, Sendable, CaseIterable {
    /// A flow was answered at both ends.
    case flow
    /// No flow through the one end was answered from behind it, but there is only one router there.
    case only
    /// Behind a router that balances packets: that a flow was answered at both ends says little.
    case chance
  }

  /// A way from a router to one of the next hop.
  public struct Edge: Hashable, Sendable {
    /// The nearer vertex, by its place among `vertices`.
    public var from: Int
    /// The farther vertex.
    public var to: Int
    /// Flows that were seen to take it.
    public var flows: Int
    /// How it is known.
    public var ground: Ground
  }

  /// A hop.
  public struct Hop: Hashable, Sendable {
    /// Its TTL or hop limit.
    public var timeToLive: Int
    /// Its vertices, by their places among `vertices`.
    public var vertices: [Int]
    /// Probes sent to it.
    public var probes: Int
    /// Answers to them.
    public var answers: Int
  }

  /// From hop to hop, each vertex.
  public private(set) var vertices: [Vertex] = []
  /// From hop to hop, each way.
  public private(set) var edges: [Edge] = []
  /// From the first hop to the last.
  public private(set) var hops: [Hop] = []
  /// What each flow passes at each of `hops`; nil where nobody asked, or nobody answered.
  public private(set) var routes: [[Int?]] = []
  /// Probes in all.
  public var probes: Int
  /// What cut the discovery short.
  public var limits: [MultipathLimit]

  /// The ways that a discovery has found so far.
  public init(_ session: MultipathSession) {
    (probes, limits) = (session.ledger.count, session.limits)
    var places = [Int](repeating: -1, count: session.vertices.count)
    for ttl in (session.sourceTTL + 1)..<session.hops.count {
      // What was sent past an end by chance met it once more.
      if let last = hops.last, last.vertices.allSatisfy({ vertices[$0].isEnd }) { break }
      addHop(ttl, of: session, &places)
    }
    // Behind the last answer only silence was asked.
    while let last = hops.last, last.vertices.allSatisfy({ vertices[$0].address == nil }),
      hops.count > 1
    {
      for index in places.indices where last.vertices.contains(places[index]) { places[index] = -1 }
      vertices.removeLast(last.vertices.count)
      hops.removeLast()
    }
    for (index, place) in places.enumerated() where place >= 0 {
      addEdges(of: index, at: place, session, places)
    }
    for index in vertices.indices {
      vertices[index].ways = edges.indices.filter { edges[$0].from == index }
    }
    for flow in 0..<session.flowCount {
      routes.append(
        hops.map { hop in
          if hop.vertices.count == 1 { return hop.vertices[0] }
          let vertex = session.hops[hop.timeToLive][flow].vertex
          return vertex.flatMap { places[$0] >= 0 ? places[$0] : nil }
        })
    }
  }

  private mutating func addHop(_ ttl: Int, of session: MultipathSession, _ places: inout [Int]) {
    let hop = session.hops[ttl]
    let known = hop.vertices.filter { index in
      let vertex = session.vertices[index]
      return vertex.address != nil || vertex.flowCount > 1 || hop.answering == 0
    }
    guard !known.isEmpty else { return }
    let first = vertices.count
    for index in known {
      let vertex = session.vertices[index]
      places[index] = vertices.count
      vertices.append(
        Vertex(
          timeToLive: ttl, address: vertex.address, roundTrips: vertex.roundTrips,
          flows: vertex.flowCount, probes: vertex.probes, answers: vertex.answers,
          isEnd: vertex.isEnd, balancing: vertex.balancing, confidence: nil))
    }
    hops.append(
      Hop(
        timeToLive: ttl, vertices: Array(first..<vertices.count), probes: hop.sent,
        answers: hop.answers))
  }

  private mutating func addEdges(
    of index: Int, at place: Int, _ session: MultipathSession, _ places: [Int]
  ) {
    let vertex = session.vertices[index]
    let hop = session.hops[vertex.timeToLive]
    let next = session.hops[vertex.timeToLive + 1]
    let ways = session.ways(from: index).filter { places[$0] >= 0 }
    let isChance = hop.isSprayed && hop.vertices.count > 1 && next.vertices.count > 1
    for link in vertex.successors where ways.contains(link.vertex) {
      edges.append(
        Edge(
          from: place, to: places[link.vertex], flows: link.flows,
          ground: isChance ? .chance : .flow))
    }
    if ways.isEmpty, !vertex.isEnd, next.vertices.count == 1, places[next.vertices[0]] >= 0 {
      edges.append(Edge(from: place, to: places[next.vertices[0]], flows: 0, ground: .only))
    }
    guard !vertex.isEnd else { return }
    let isTakenForAll =
      session.configuration.algorithm == .lite && !ways.isEmpty
      && ways.allSatisfy { session.vertices[$0].isEnd }
    if isTakenForAll { return }
    // What was probed together was asked together.
    let isPooled = next.vertices.count == 1 || isChance
    let asked = isPooled ? next.flows : vertex.joined
    let seen = isChance ? next.vertices.count : max(ways.count, isPooled ? 1 : 0)
    vertices[place].confidence = 1 - StoppingRule.failure(after: asked, seeing: seen)
  }
}

extension MultipathSession {
  /// The ways found so far.
  public var graph: MultipathGraph { MultipathGraph(self) }
}
