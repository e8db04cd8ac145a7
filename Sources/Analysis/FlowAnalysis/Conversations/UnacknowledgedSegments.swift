import PacketWire

/// Segments that wait for their acknowledgment: the queues of all directions of all connections, in
/// one pool of cells, so that a packet costs no allocation and the memory has one bound.
struct UnacknowledgedSegments: Sendable {
  struct Segment: Sendable {
    var start: UInt32
    var end: UInt32
    var packet: Int
    var time: WallInstant
  }

  /// One direction's segments, in the order in which they were sent.
  struct Queue: Sendable {
    fileprivate var first: Int32 = -1
    fileprivate var last: Int32 = -1
    fileprivate var count: Int32 = 0
    /// Behind the last octet of those that were sent since the queue was empty.
    fileprivate var highest: UInt32 = 0
    /// None begins or ends before one that was sent earlier, so that the first ones are
    /// acknowledged first.
    fileprivate var isOrdered = true
  }

  private struct Cell: Sendable {
    var segment: Segment
    var next: Int32
  }

  /// Who does not acknowledge so many has no acknowledgments in the capture.
  private static let longestQueue: Int32 = 10_000

  private let capacity: Int
  private var cells: [Cell] = []
  private var free: Int32 = -1

  init(capacity: Int) { self.capacity = min(max(capacity, 1), Int(Int32.max)) }

  /// Adds the youngest segment of a direction, if there is room for it.
  mutating func append(_ segment: Segment, to queue: inout Queue) {
    guard queue.count < Self.longestQueue, let place = take(segment) else { return }
    if queue.last >= 0 {
      let last = cells[Int(queue.last)].segment
      if last.start.isBehind(segment.start) || last.end.isBehind(segment.end) {
        queue.isOrdered = false
      }
      if segment.end.isBehind(queue.highest) { queue.highest = segment.end }
      cells[Int(queue.last)].next = place
    } else {
      (queue.first, queue.highest, queue.isOrdered) = (place, segment.end, true)
    }
    queue.last = place
    queue.count &+= 1
  }

  /// Takes out what `number` acknowledges; the first segment that ends there, if one does.
  mutating func acknowledge(_ number: UInt32, in queue: inout Queue) -> Segment? {
    var match: Segment?
    var before: Int32 = -1
    var place = queue.first
    while place >= 0 {
      let (segment, next) = (cells[Int(place)].segment, cells[Int(place)].next)
      if segment.end.isBehind(number) {
        // What is left of a segment that is acknowledged in part begins there.
        if number.isBehind(segment.start) {
          cells[Int(place)].segment.start = number
        } else if queue.isOrdered {
          break
        }
        before = place
      } else {
        if match == nil, segment.end == number { match = segment }
        remove(place, after: before, next, from: &queue)
      }
      place = next
    }
    return match
  }

  /// The segment that waits longest.
  func first(of queue: Queue) -> Segment? {
    queue.first >= 0 ? cells[Int(queue.first)].segment : nil
  }

  /// How far it is from the lowest to the highest number that wait, as they count from `origin`; 0
  /// when none does.
  func extent(of queue: Queue, from origin: UInt32) -> Int {
    guard queue.first >= 0 else { return 0 }
    let first = cells[Int(queue.first)].segment
    if queue.isOrdered { return Int(queue.highest &- first.start) }
    var (low, high) = (first.start &- origin, first.end &- origin)
    var place = cells[Int(queue.first)].next
    while place >= 0 {
      let segment = cells[Int(place)].segment
      low = min(low, segment.start &- origin)
      high = max(high, segment.end &- origin)
      place = cells[Int(place)].next
    }
    // Segments on both sides of the origin are no flight.
    return high &- low > SequenceSpace.largestWindow ? 0 : Int(high &- low)
  }

  /// Gives all cells of a direction back.
  mutating func removeAll(of queue: inout Queue) {
    guard queue.first >= 0 else { return }
    cells[Int(queue.last)].next = free
    free = queue.first
    queue = Queue()
  }

  private mutating func take(_ segment: Segment) -> Int32? {
    if free >= 0 {
      let place = free
      free = cells[Int(place)].next
      cells[Int(place)] = Cell(segment: segment, next: -1)
      return place
    }
    guard cells.count < capacity else { return nil }
    cells.append(Cell(segment: segment, next: -1))
    return Int32(truncatingIfNeeded: cells.count &- 1)
  }

  private mutating func remove(
    _ place: Int32, after before: Int32, _ next: Int32, from queue: inout Queue
  ) {
    if before >= 0 { cells[Int(before)].next = next } else { queue.first = next }
    if queue.last == place { queue.last = before }
    queue.count &-= 1
    cells[Int(place)].next = free
    free = place
  }
}

extension UInt32 {
  /// This sequence number comes behind another one (RFC 9293 §3.4).
  func isBehind(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) > 0 }
}
