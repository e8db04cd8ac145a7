/// The flows of one kind that are remembered; the one without packets for longest makes room.
struct FlowTable<State: Sendable>: Sendable {
  struct Slot: Sendable {
    var key: FlowKey
    var ordinal: Int
    var state: State
    fileprivate var hash: UInt32

    fileprivate init(_ key: FlowKey, _ hash: UInt32, _ ordinal: Int, _ state: State) {
      (self.key, self.hash, self.ordinal, self.state) = (key, hash, ordinal, state)
    }
  }

  let capacity: Int
  /// How many flows had to make room.
  private(set) var evicted = 0
  /// In no order; `slot(of:)` and `insert` give indices.
  var slots: [Slot] = []
  private var index = PlaceIndex()
  private var order = PlaceOrder()
  private var nextOrdinal = 1

  init(capacity: Int) { self.capacity = min(max(capacity, 1), Int(Int32.max / 4)) }

  /// Where a flow is, which is then the one used last.
  mutating func slot(of key: FlowKey) -> Int? {
    // Packets come in bursts: the flow of the last packet is the likely one.
    if let newest = order.newest, slots.span[newest].key == key { return newest }
    guard let found = peek(key) else { return nil }
    order.renew(found)
    return found
  }

  /// Adds a flow; `retire` sees the one that has to make room for it. One with the same key is no
  /// longer found, and stays until it makes room.
  mutating func insert(_ key: FlowKey, _ state: State, retire: (inout Slot) -> Void) -> Int {
    let slot = Slot(key, FlowHash.shared(key), nextOrdinal, state)
    nextOrdinal += 1
    let place: Int
    if slots.count == capacity, let oldest = order.oldest {
      place = oldest
      evicted += 1
      retire(&slots[place])
      index.remove(place, slots[place].hash)
      order.remove(place)
      slots[place] = slot
    } else {
      place = slots.count
      slots.append(slot)
    }
    index.add(place, slot.hash) { slots[$0].key == key }
    order.add(place)
    return place
  }

  /// Begins another flow between the same ends.
  mutating func restart(_ place: Int, _ state: State, retire: (inout Slot) -> Void) {
    retire(&slots[place])
    slots[place].state = state
    slots[place].ordinal = nextOrdinal
    nextOrdinal += 1
  }

  /// Where a flow is, without counting as use.
  func peek(_ key: FlowKey) -> Int? {
    // Through a span nothing of a slot is copied to compare its key.
    let slots = slots.span
    return index.find(FlowHash.shared(key)) { slots[$0].key == key }
  }
}
