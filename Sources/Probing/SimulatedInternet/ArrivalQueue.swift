import PacketWire

/// A packet on its way over a link.
struct Arrival: Sendable {
  /// When it is at the link's other end.
  var due: MonotonicInstant
  /// Where the link ends.
  var place: Place
  /// The packet.
  var octets: [UInt8]
}

/// All packets that are under way, earliest arrival first: a binary heap with a bound.
///
/// The heap holds plain numbers and the packets stay where they were put: moving a packet would
/// count its references, which costs more than all else here.
struct ArrivalQueue: Sendable {
  private struct Entry: Sendable {
    var due: MonotonicInstant
    /// Which of two that are due at once comes first: the one sent first.
    var order: UInt64
    /// Where its packet is.
    var slot: Int

    static func < (left: Entry, right: Entry) -> Bool {
      left.due != right.due ? left.due < right.due : left.order < right.order
    }
  }

  private let limits: SimulatedInternet.Limits
  private var heap: [Entry] = []
  private var slots: [Arrival?] = []
  private var freeSlots: [Int] = []
  private var octetCount = 0
  private var nextOrder: UInt64 = 0

  init(limits: SimulatedInternet.Limits) { self.limits = limits }

  /// When the earliest arrival is due.
  var nextDue: MonotonicInstant? { heap.first?.due }

  /// Adds an arrival; false, and nothing added, if that were more than the limits allow.
  mutating func push(_ arrival: Arrival) -> Bool {
    guard heap.count < limits.packets, octetCount + arrival.octets.count <= limits.octets else {
      return false
    }
    octetCount += arrival.octets.count
    let slot = freeSlots.popLast() ?? slots.count
    if slot == slots.count { slots.append(arrival) } else { slots[slot] = arrival }
    heap.append(Entry(due: arrival.due, order: nextOrder, slot: slot))
    nextOrder &+= 1
    siftUp(heap.count - 1)
    return true
  }

  /// Takes the earliest arrival out if it is due by `instant`.
  mutating func popFirst(dueBy instant: MonotonicInstant) -> Arrival? {
    guard let first = heap.first, first.due <= instant, let last = heap.popLast() else {
      return nil
    }
    if !heap.isEmpty {
      heap[0] = last
      siftDown()
    }
    freeSlots.append(first.slot)
    guard let arrival = slots[first.slot].take() else { return nil }
    octetCount -= arrival.octets.count
    return arrival
  }

  private mutating func siftUp(_ start: Int) {
    let entry = heap[start]
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard entry < heap[parent] else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = entry
  }

  private mutating func siftDown() {
    let entry = heap[0]
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < entry else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = entry
  }
}
