import PacketWire

/// Who can be reached from where, for all routers together. Addresses that no node has are nowhere.
///
/// A set of bits for each router and direction: ten thousand routers take 25 MB, where a route for
/// each address in each router would take a hundred times that.
struct RoutingTable: Sendable {
  /// A neighbour of a router.
  struct Neighbour: Hashable, Sendable {
    /// Where it lies.
    var direction: Topology.Direction
    /// As its place among all destinations; routers come first there, by their places in `Network.routers`.
    var destination: Int
    /// Packets may be sent to it.
    var isOpen: Bool
  }

  /// By address; several places that share an address are one destination.
  private var destinations: [IPAddress: Int] = [:]
  private let routerCount: Int
  private var homeward: BitTable
  private var outward: BitTable

  /// A table in which nobody can be reached yet.
  init(routerCount: Int, destinationCount: Int) {
    self.routerCount = routerCount
    homeward = BitTable(rows: routerCount, columns: destinationCount)
    outward = BitTable(rows: routerCount, columns: destinationCount)
  }

  /// Says whose an address is; who had it first keeps it.
  mutating func add(_ address: IPAddress, of destination: Int) {
    if destinations[address] == nil { destinations[address] = destination }
  }

  /// Learns from the neighbours of a router what it can reach by them in their direction. They must have
  /// learned it before.
  mutating func learn(_ neighbours: some Sequence<Neighbour>, of router: Int) {
    for neighbour in neighbours where neighbour.isOpen {
      switch neighbour.direction {
      case .homeward: Self.learn(neighbour.destination, of: router, routerCount, &homeward)
      case .outward: Self.learn(neighbour.destination, of: router, routerCount, &outward)
      }
    }
  }

  private static func learn(
    _ neighbour: Int, of router: Int, _ routerCount: Int, _ table: inout BitTable
  ) {
    table.set(router, neighbour)
    if neighbour < routerCount { table.add(row: neighbour, to: router) }
  }

  /// Whose an address is.
  func destination(of address: IPAddress) -> Int? { destinations[address] }

  /// A neighbour is on the way to a destination.
  func leads(_ neighbour: Neighbour, to destination: Int) -> Bool {
    guard neighbour.isOpen else { return false }
    if neighbour.destination == destination { return true }
    guard neighbour.destination < routerCount else { return false }
    return switch neighbour.direction {
    case .homeward: homeward.contains(neighbour.destination, destination)
    case .outward: outward.contains(neighbour.destination, destination)
    }
  }
}

/// Rows of bits.
struct BitTable: Sendable {
  private let wordsPerRow: Int
  private var words: [UInt64]

  /// All bits are clear.
  init(rows: Int, columns: Int) {
    wordsPerRow = (columns + 63) / 64
    words = [UInt64](repeating: 0, count: rows * wordsPerRow)
  }

  /// Sets one bit.
  mutating func set(_ row: Int, _ column: Int) {
    words[row * wordsPerRow + column / 64] |= 1 << UInt64(column % 64)
  }

  /// Sets in one row all bits that are set in another.
  mutating func add(row source: Int, to target: Int) {
    for word in 0..<wordsPerRow {
      words[target * wordsPerRow + word] |= words[source * wordsPerRow + word]
    }
  }

  /// The bit is set.
  func contains(_ row: Int, _ column: Int) -> Bool {
    words[row * wordsPerRow + column / 64] >> UInt64(column % 64) & 1 == 1
  }
}
