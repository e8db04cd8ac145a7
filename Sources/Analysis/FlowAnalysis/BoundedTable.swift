/// A dictionary that holds at most `capacity` entries: the one that was set first makes room.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    var value: Value
    var stamp: Int
  }

  let capacity: Int
  /// How many entries had to make room.
  private(set) var evicted = 0
  private var entries: [Key: Entry] = [:]
  /// Keys in the order in which they were set; an entry that was set again or removed since has
  /// another stamp, or none.
  private var order: [(key: Key, stamp: Int)] = []
  private var first = 0
  private var nextStamp = 0

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  var count: Int { entries.count }
  /// Keys that are kept for their order, those that no longer count too.
  var keptKeys: Int { order.count }

  subscript(key: Key) -> Value? { entries[key]?.value }

  /// Changes a value where it stands; its age stays.
  mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
    guard let index = entries.index(forKey: key) else { return }
    change(&entries.values[index].value)
  }

  /// Sets a value, which is then the youngest one.
  mutating func set(_ key: Key, _ value: Value) {
    nextStamp &+= 1
    entries[key] = Entry(value: value, stamp: nextStamp)
    order.append((key, nextStamp))
    while entries.count > capacity { evictOldest() }
    if order.count > 2 * capacity + 16 { compact() }
  }

  mutating func remove(_ key: Key) { entries[key] = nil }

  private mutating func evictOldest() {
    while first < order.count {
      let (key, stamp) = order[first]
      first += 1
      guard entries[key]?.stamp == stamp else { continue }
      entries[key] = nil
      evicted += 1
      return
    }
  }

  /// Drops what no longer counts; runs once in `capacity` calls at the most.
  private mutating func compact() {
    order = order[first...].filter { entries[$0.key]?.stamp == $0.stamp }
    first = 0
  }
}
