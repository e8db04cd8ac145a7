/// The flows of one kind that are remembered; the one without packets for longest makes room.
///
/// The index is a table of places with open addressing, since a dictionary would hold every key once
/// more: keys are four fifths of what the look-up reads. It hashes with `Hasher`, whose seed no sender
/// of packets knows.
struct FlowTable<State: Sendable>: Sendable {
  struct Slot: Sendable {
    var key: FlowKey
    var ordinal: Int
    var state: State
    fileprivate var hash: Int
    /// Neighbours in the order of use; -1 at the ends.
    fileprivate var newer: Int32 = -1
    fileprivate var older: Int32 = -1

    fileprivate init(_ key: FlowKey, _ hash: Int, _ ordinal: Int, _ state: State) {
      (self.key, self.hash, self.ordinal, self.state) = (key, hash, ordinal, state)
    }
  }

  let capacity: Int
  /// How many flows had to make room.
  private(set) var evicted = 0
  /// In no order; `slot(of:)` and `insert` give indices.
  var slots: [Slot] = []
  /// Places in `slots`, or -1, each at its key's hash or behind it; at most half of it is used.
  private var index = [Int32](repeating: -1, count: 16)
  private var newest: Int32 = -1
  private var oldest: Int32 = -1
  private var nextOrdinal = 1

  init(capacity: Int) { self.capacity = min(max(capacity, 1), Int(Int32.max / 4)) }

  /// Where a flow is, which is then the one used last.
  mutating func slot(of key: FlowKey) -> Int? {
    // Packets come in bursts: the flow of the last packet is the likely one.
    if newest >= 0, slots[Int(newest)].key == key { return Int(newest) }
    guard let found = find(key, key.hashValue) else { return nil }
    unlink(found)
    linkAsNewest(found)
    return Int(found)
  }

  /// Adds a flow; `retire` sees the one that has to make room for it. One with the same key is no
  /// longer found, and stays until it makes room.
  mutating func insert(_ key: FlowKey, _ state: State, retire: (inout Slot) -> Void) -> Int {
    let slot = Slot(key, key.hashValue, nextOrdinal, state)
    nextOrdinal += 1
    let place: Int32
    if slots.count < capacity {
      place = Int32(truncatingIfNeeded: slots.count)
      slots.append(slot)
      if slots.count * 2 > index.count { growIndex() }
    } else {
      place = oldest
      evicted += 1
      retire(&slots[Int(place)])
      removeFromIndex(place)
      unlink(place)
      slots[Int(place)] = slot
    }
    addToIndex(place)
    linkAsNewest(place)
    return Int(place)
  }

  /// Begins another flow between the same ends.
  mutating func restart(_ place: Int, _ state: State, retire: (inout Slot) -> Void) {
    retire(&slots[place])
    slots[place].state = state
    slots[place].ordinal = nextOrdinal
    nextOrdinal += 1
  }

  /// Where a flow is, without counting as use.
  func peek(_ key: FlowKey) -> Int? { find(key, key.hashValue).map { Int($0) } }

  private func find(_ key: FlowKey, _ hash: Int) -> Int32? {
    let mask = index.count - 1
    var bucket = hash & mask
    while index[bucket] >= 0 {
      if slots[Int(index[bucket])].key == key { return index[bucket] }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  private mutating func addToIndex(_ place: Int32) {
    let mask = index.count - 1
    let key = slots[Int(place)].key
    var bucket = slots[Int(place)].hash & mask
    while index[bucket] >= 0, slots[Int(index[bucket])].key != key { bucket = (bucket + 1) & mask }
    index[bucket] = place
  }

  /// Empties the bucket of a place, if it has one still, and moves those behind it up, so that no
  /// search ends too early.
  private mutating func removeFromIndex(_ place: Int32) {
    let mask = index.count - 1
    var bucket = slots[Int(place)].hash & mask
    while index[bucket] != place {
      guard index[bucket] >= 0 else { return }
      bucket = (bucket + 1) & mask
    }
    var next = (bucket + 1) & mask
    while index[next] >= 0 {
      let home = slots[Int(index[next])].hash & mask
      if (next - home) & mask >= (next - bucket) & mask {
        index[bucket] = index[next]
        bucket = next
      }
      next = (next + 1) & mask
    }
    index[bucket] = -1
  }

  private mutating func growIndex() {
    let places = index.filter { $0 >= 0 }
    index = [Int32](repeating: -1, count: index.count * 2)
    for place in places { addToIndex(place) }
  }

  private mutating func unlink(_ place: Int32) {
    let (newer, older) = (slots[Int(place)].newer, slots[Int(place)].older)
    if newer >= 0 { slots[Int(newer)].older = older } else { newest = older }
    if older >= 0 { slots[Int(older)].newer = newer } else { oldest = newer }
  }

  private mutating func linkAsNewest(_ place: Int32) {
    slots[Int(place)].newer = -1
    slots[Int(place)].older = newest
    if newest >= 0 { slots[Int(newest)].newer = place } else { oldest = place }
    newest = place
  }
}
