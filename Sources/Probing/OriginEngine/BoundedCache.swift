/// Values by keys, so many at most: the oldest makes room.
struct BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let capacity: Int
  private var values: [Key: Value] = [:]
  /// In the order they came; the oldest is at `oldest` once all places are taken.
  private var order: [Key] = []
  private var oldest = 0

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  var count: Int { values.count }

  subscript(key: Key) -> Value? { values[key] }

  mutating func set(_ key: Key, to value: Value) {
    guard values.updateValue(value, forKey: key) == nil else { return }
    guard order.count == capacity else { return order.append(key) }
    values[order[oldest]] = nil
    order[oldest] = key
    oldest = (oldest + 1) % capacity
  }
}
