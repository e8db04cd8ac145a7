/// Values by their keys, of which the last so many are kept.
struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var values: [Key: Value] = [:]
  /// The keys in the order in which they were new, as a ring.
  private var order: [Key] = []
  private var next = 0
  private let capacity: Int

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  /// What was kept for the key last; to set it can cost the oldest key its place.
  subscript(key: Key) -> Value? { values[key] }

  mutating func set(_ value: Value, for key: Key) {
    if values.updateValue(value, forKey: key) != nil { return }
    if order.count < capacity { return order.append(key) }
    values[order[next]] = nil
    order[next] = key
    next = (next &+ 1) % capacity
  }
}
