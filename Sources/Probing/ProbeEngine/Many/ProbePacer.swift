import PacketWire

/// Spaces probes evenly, so many a second. Who comes late may catch up a little, so that the rate is kept by a
/// clock that wakes late, and never more than that.
struct ProbePacer: Sendable {
  /// By how much may be caught up.
  private static let tolerance = Nanoseconds.milliseconds(2)

  private let interval: Nanoseconds
  /// When the next probe may go; nil before the first.
  private(set) var due: MonotonicInstant?

  init(rate: Int) { interval = Nanoseconds((1_000_000_000 + Int64(rate) - 1) / Int64(rate)) }

  func isDue(at now: MonotonicInstant) -> Bool { due.map { $0 <= now } ?? true }

  /// A probe goes.
  mutating func go(at now: MonotonicInstant) {
    let earliest = now + (.zero - Self.tolerance)
    due = (due.map { max($0, earliest) } ?? now) + interval
  }
}

/// When probes are given up, the earliest first: a binary heap.
struct ProbeDeadlines: Sendable {
  private struct Entry: Sendable {
    var due: MonotonicInstant
    var number: Int
  }

  private var heap: [Entry] = []

  /// Of the earliest, if there is one.
  var due: MonotonicInstant? { heap.first?.due }

  mutating func add(_ number: Int, at due: MonotonicInstant) {
    heap.append(Entry(due: due, number: number))
    var child = heap.count - 1
    while child > 0, heap[child].due < heap[(child - 1) / 2].due {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes out the earliest, if it is due.
  mutating func next(at now: MonotonicInstant) -> Int? {
    guard let first = heap.first, first.due <= now, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first.number }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].due < heap[least].due { least = child }
      guard least != parent else { return first.number }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}

/// How long answers are waited for, by what answers took: the mean and four times the mean deviation, as TCP's
/// retransmission timer (RFC 6298 §2), and a second at the least.
struct WaitEstimate: Sendable {
  private static let least = Nanoseconds.seconds(1)

  private var mean: Double?
  private var deviation = 0.0

  mutating func note(_ roundTrip: Nanoseconds) {
    let sample = Double(roundTrip.count)
    guard let mean else { return (mean, deviation) = (sample, sample / 2) }
    deviation += (abs(sample - mean) - deviation) / 4
    self.mean = mean + (sample - mean) / 8
  }

  /// For a path whose slowest answer took `slowest`, three times that if that is longer.
  func wait(slowest: Nanoseconds?, atMost longest: Nanoseconds) -> Nanoseconds {
    guard let mean else { return longest }
    let usual = Nanoseconds(Int64(min(mean + 4 * deviation, 1e15)))
    let own = Nanoseconds(min(slowest?.count ?? 0, longest.count) &* 3)
    return min(max(usual, own, Self.least), longest)
  }
}
