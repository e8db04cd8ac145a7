import PacketWire

/// A packet on its way over a link.
struct Arrival: Sendable {
  /// When it is at the link's other end.
  var due: MonotonicInstant
  /// Which of two that are due at once comes first: the one sent first.
  var order: UInt64
  /// Where the link ends.
  var place: Place
  /// The packet.
  var octets: [UInt8]

  static func < (left: Arrival, right: Arrival) -> Bool {
    (left.due, left.order) < (right.due, right.order)
  }
}

/// All packets that are under way, earliest arrival first: a binary heap with a bound.
struct ArrivalQueue: Sendable {
  private let limits: SimulatedInternet.Limits
  private var heap: [Arrival] = []
  private var octetCount = 0
  private var nextOrder: UInt64 = 0

  init(limits: SimulatedInternet.Limits) { self.limits = limits }

  /// When the earliest arrival is due.
  var nextDue: MonotonicInstant? { heap.first?.due }

  /// Adds an arrival; false, and nothing added, if that were more than the limits allow.
  mutating func push(_ octets: [UInt8], to place: Place, due: MonotonicInstant) -> Bool {
    guard heap.count < limits.packets, octetCount + octets.count <= limits.octets else {
      return false
    }
    octetCount += octets.count
    heap.append(Arrival(due: due, order: nextOrder, place: place, octets: octets))
    nextOrder &+= 1
    siftUp(heap.count - 1)
    return true
  }

  /// Takes the earliest arrival out if it is due by `instant`.
  mutating func popFirst(dueBy instant: MonotonicInstant) -> Arrival? {
    guard let first = heap.first, first.due <= instant else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    siftDown()
    octetCount -= first.octets.count
    return first
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
