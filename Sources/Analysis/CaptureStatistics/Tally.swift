/// How often each of many things was seen, in bounded memory.
public struct Tally<Key: Hashable & Sendable>: Sendable {
  private let capacity: Int
  private var counts: [Key: Int] = [:]
  /// Things beyond those that there was room for.
  public private(set) var others = 0

  /// Room for so many different things.
  init(capacity: Int) { self.capacity = capacity }

  mutating func add(_ key: Key, count: Int = 1) {
    if counts.count < capacity {
      counts[key, default: 0] += count
    } else if let place = counts.index(forKey: key) {
      counts.values[place] += count
    } else {
      others += count
    }
  }

  /// How many were counted.
  public var total: Int { counts.values.reduce(others, +) }

  /// How often `key` was seen.
  public subscript(key: Key) -> Int { counts[key] ?? 0 }

  /// All of them, the most frequent first; what is as frequent in the order that `isBefore` gives to
  /// what `order` makes of each key, once: a thousand names make ten thousand comparisons.
  public func sorted<Order>(
    on order: (Key) -> Order, by isBefore: (Order, Order) -> Bool
  ) -> [(key: Key, count: Int)] {
    counts.map { (key: $0.key, count: $0.value, order: order($0.key)) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : isBefore($0.order, $1.order) }
      .map { (key: $0.key, count: $0.count) }
  }

  /// The same for keys that have an order.
  public func sorted(by isBefore: (Key, Key) -> Bool) -> [(key: Key, count: Int)] {
    sorted(on: { $0 }, by: isBefore)
  }
}
