/// A dictionary that holds at most `capacity` entries: the one that was set first makes room.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Slot: Sendable {
    var key: Key
    var value: Value
    var hash: UInt32
  }

  let capacity: Int
  /// How many entries had to make room.
  private(set) var evicted = 0
  private var slots: [Slot] = []
  /// Places in `slots` that were removed; what stands there goes when another takes the place.
  private var free: [Int] = []
  private var index = PlaceIndex()
  private var order = PlaceOrder()

  init(capacity: Int) { self.capacity = min(max(capacity, 1), Int(Int32.max / 4)) }

  var count: Int { slots.count - free.count }
  /// Places that are in use or wait to be used again.
  var keptSlots: Int { slots.count }

  /// All values, in no order.
  var values: [Value] {
    let unused = Set(free)
    return slots.indices.filter { !unused.contains($0) }.map { slots[$0].value }
  }

  subscript(key: Key) -> Value? { place(of: key, hash(key)).map { slots[$0].value } }

  /// Changes a value where it stands; its age stays. Nil when there is none.
  @discardableResult
  mutating func update<Result>(_ key: Key, _ change: (inout Value) -> Result) -> Result? {
    guard let place = place(of: key, hash(key)) else { return nil }
    return change(&slots[place].value)
  }

  /// Sets a value, which is then the youngest one. Returns the one that it takes the place of.
  @discardableResult
  mutating func set(_ key: Key, _ value: Value) -> Value? {
    let hash = hash(key)
    guard let place = place(of: key, hash) else {
      add(Slot(key: key, value: value, hash: hash))
      return nil
    }
    let before = slots[place].value
    slots[place].value = value
    order.renew(place)
    return before
  }

  mutating func remove(_ key: Key) { removeValue(of: key) }

  /// Removes a value and returns it; nil when there is none.
  @discardableResult
  mutating func removeValue(of key: Key) -> Value? {
    guard let place = place(of: key, hash(key)) else { return nil }
    index.remove(place, slots[place].hash)
    order.remove(place)
    free.append(place)
    return slots[place].value
  }

  @inline(__always)
  private func hash(_ key: Key) -> UInt32 { UInt32(truncatingIfNeeded: key.hashValue) }

  @inline(__always)
  private func place(of key: Key, _ hash: UInt32) -> Int? {
    // Through a span nothing of a slot is copied to compare its key.
    let slots = slots.span
    return index.find(hash) { slots[$0].key == key }
  }

  private mutating func add(_ slot: Slot) {
    if count == capacity, let oldest = order.oldest {
      index.remove(oldest, slots[oldest].hash)
      order.remove(oldest)
      free.append(oldest)
      evicted += 1
    }
    let place: Int
    if let used = free.popLast() {
      place = used
      slots[place] = slot
    } else {
      place = slots.count
      slots.append(slot)
    }
    index.add(place, slot.hash) { _ in false }
    order.add(place)
  }
}
