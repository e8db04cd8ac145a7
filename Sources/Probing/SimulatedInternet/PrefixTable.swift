/// A forwarding table: the longest prefix that holds an address wins (RFC 1812 §5.2.4.3).
///
/// One dictionary for each prefix length in use, longest first. `Bits` is an address' number.
struct PrefixTable<Bits: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  private var levels: [Level] = []

  private struct Level: Sendable {
    var length: Int
    var routes: [Bits: Route] = [:]
  }

  /// Adds or replaces the route to the addresses that agree with `prefix` in `length` bits.
  mutating func insert(_ route: Route, to prefix: Bits, length: Int = Bits.bitWidth) {
    let place = levels.firstIndex { $0.length <= length } ?? levels.count
    if place == levels.count || levels[place].length != length {
      levels.insert(Level(length: length), at: place)
    }
    levels[place].routes[prefix & Self.mask(length)] = route
  }

  /// The route for `address`.
  func route(to address: Bits) -> Route? {
    for level in levels {
      if let route = level.routes[address & Self.mask(level.length)] { return route }
    }
    return nil
  }

  private static func mask(_ length: Int) -> Bits {
    length == 0 ? 0 : ~0 << (Bits.bitWidth - length)
  }
}

/// Which way to go.
struct Route: Hashable, Sendable {
  /// The interface to send by, as its place in `Router.interfaces`.
  var interface: Int
}
