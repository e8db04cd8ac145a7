/// The flows of one kind that are remembered; the one without packets for longest makes room.
struct FlowTable<State: Sendable>: Sendable {
  struct Slot: Sendable {
    var key: FlowKey
    var ordinal: Int
    var state: State
    /// Neighbours in the order of use; -1 at the ends.
    fileprivate var newer: Int
    fileprivate var older: Int
  }

  let capacity: Int
  /// How many flows had to make room.
  private(set) var evicted = 0
  /// In no order; `slot(of:)` and `insert` give indices.
  var slots: [Slot] = []
  private var index: [FlowKey: Int] = [:]
  private var newest = -1
  private var oldest = -1
  private var nextOrdinal = 1

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  /// Where a flow is, which is then the one used last.
  mutating func slot(of key: FlowKey) -> Int? {
    // Packets come in bursts: the flow of the last packet is the likely one.
    if newest >= 0, slots[newest].key == key { return newest }
    guard let found = index[key] else { return nil }
    unlink(found)
    linkAsNewest(found)
    return found
  }

  /// Adds a flow that is not there; `retire` sees the state that has to make room for it.
  mutating func insert(_ key: FlowKey, _ state: State, retire: (inout State) -> Void) -> Int {
    let place: Int
    if slots.count < capacity {
      place = slots.count
      slots.append(Slot(key: key, ordinal: nextOrdinal, state: state, newer: -1, older: -1))
    } else {
      place = oldest
      evicted += 1
      retire(&slots[place].state)
      index[slots[place].key] = nil
      unlink(place)
      slots[place] = Slot(key: key, ordinal: nextOrdinal, state: state, newer: -1, older: -1)
    }
    nextOrdinal += 1
    index[key] = place
    linkAsNewest(place)
    return place
  }

  /// Begins another flow between the same ends.
  mutating func restart(_ place: Int, _ state: State, retire: (inout State) -> Void) {
    retire(&slots[place].state)
    slots[place].state = state
    slots[place].ordinal = nextOrdinal
    nextOrdinal += 1
  }

  /// Where a flow is, without counting as use.
  func peek(_ key: FlowKey) -> Int? { index[key] }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (slots[place].newer, slots[place].older)
    if newer >= 0 { slots[newer].older = older } else { newest = older }
    if older >= 0 { slots[older].newer = newer } else { oldest = newer }
  }

  private mutating func linkAsNewest(_ place: Int) {
    slots[place].newer = -1
    slots[place].older = newest
    if newest >= 0 { slots[newest].newer = place } else { oldest = place }
    newest = place
  }
}
