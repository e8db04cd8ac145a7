import PacketWire

/// The routers that are known, each at its TTL, with the way back from it: doubletree's local stop set (Donnet et al.,
/// "Efficient Algorithms for Large-Scale Topology Discovery", 2005), as a tree whose root is this host.
///
/// A trace that meets one of them need not ask the hops before it. The way back may not be known yet: then the
/// trace that met the router first is looking for it, and whoever meets it later waits for that one.
struct LocalStopSet: Sendable {
  private struct Key: Hashable, Sendable {
    var address: IPAddress
    var timeToLive: UInt8
  }

  private struct Node: Sendable {
    /// Nil for a hop that kept silent.
    let address: IPAddress?
    let timeToLive: UInt8
    /// The target of the trace that found it.
    let target: Int32
    var before: Before
  }

  private enum Before: Sendable {
    /// Nobody: it is the first hop.
    case start
    /// The trace that found it is asking.
    case asked
    case node(Int32)
  }

  /// What is known of the way to a router.
  enum Way: Hashable, Sendable {
    /// All of it, from the first hop on.
    case complete([KnownHop])
    /// The trace to this target is still looking for it.
    case asked(by: Int)
  }

  private var nodes: [Node] = []
  private var places: [Key: Int32] = [:]
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// How many hops it knows.
  var count: Int { nodes.count }

  /// Where a router stands in the set, if it does.
  func place(of address: IPAddress, at timeToLive: Int) -> Int? {
    places[Key(address: address, timeToLive: UInt8(clamping: timeToLive))].map { Int($0) }
  }

  /// Adds a hop that a trace from far to near has met, in front of what it met last.
  ///
  /// - Returns: its place; nil when there is no room. A way that was begun is always ended.
  mutating func add(
    _ address: IPAddress?, at timeToLive: Int, target: Int, inFrontOf last: Int?
  ) -> Int? {
    guard last != nil || nodes.count < limit else { return nil }
    let place = append(address, timeToLive, target, .asked)
    if let last { connect(last, to: place) }
    return place
  }

  /// Adds a hop that a trace from near to far has met, behind another.
  mutating func add(
    _ address: IPAddress?, at timeToLive: Int, target: Int, behind place: Int
  ) -> Int? {
    guard nodes.count < limit else { return nil }
    return append(address, timeToLive, target, .node(Int32(place)))
  }

  private mutating func append(
    _ address: IPAddress?, _ timeToLive: Int, _ target: Int, _ before: Before
  ) -> Int {
    let place = nodes.count
    let node = Node(
      address: address, timeToLive: UInt8(clamping: timeToLive), target: Int32(clamping: target),
      before: before)
    nodes.append(node)
    if let address { places[Key(address: address, timeToLive: node.timeToLive)] = Int32(place) }
    return place
  }

  /// Says what stands before a hop.
  mutating func connect(_ place: Int, to before: Int) {
    nodes[place].before = .node(Int32(before))
  }

  /// Says that nothing does: it is the first hop.
  mutating func end(_ place: Int) { nodes[place].before = .start }

  /// The way to a router, itself left out.
  func way(to place: Int) -> Way {
    var hops: [KnownHop] = []
    var node = nodes[place]
    // Each node is at a lower TTL than the one behind it, so that this ends.
    while true {
      switch node.before {
      case .start: return .complete(hops.reversed())
      case .asked: return .asked(by: Int(node.target))
      case .node(let before):
        node = nodes[Int(before)]
        hops.append(
          KnownHop(
            timeToLive: Int(node.timeToLive), address: node.address, target: Int(node.target)))
      }
    }
  }
}
