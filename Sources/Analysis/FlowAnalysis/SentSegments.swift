/// Segments of one direction by position, so that an acknowledgment can name the packets that it
/// covers and a retransmission the packet that it repeats.
struct SentSegments: Sendable {
  private struct Entry: Sendable {
    var start: Int64
    var end: Int64
    var mark: PacketMark
  }

  /// Acknowledged ones that are kept to name what is sent again without need.
  private static let keptAfterAcknowledgment = 32
  /// Kept when the memory for all connections is used up.
  private static let keptUnderPressure = 16

  private var entries: [Entry] = []
  /// The oldest kept entry, and the oldest one that is not acknowledged.
  private var first = 0
  private var pending = 0

  /// How many are kept.
  var count: Int { entries.count - first }

  mutating func append(
    _ positions: Range<Int64>, _ mark: PacketMark, _ memory: inout SegmentMemory
  ) {
    entries.append(Entry(start: positions.lowerBound, end: positions.upperBound, mark: mark))
    memory.used += 1
    let isFull = memory.used > memory.limit
    let most = isFull ? Self.keptUnderPressure : memory.limitPerStream
    while count > most { drop(&memory) }
    compact()
  }

  /// Which packets an acknowledgment up to `position` covers that no earlier one did.
  mutating func acknowledge(
    upTo position: Int64, _ memory: inout SegmentMemory
  ) -> TCPPacketSpan? {
    let start = pending
    while pending < entries.count, entries[pending].end <= position { pending += 1 }
    defer {
      while pending - first > Self.keptAfterAcknowledgment { drop(&memory) }
      compact()
    }
    guard pending > start else { return nil }
    return TCPPacketSpan(
      first: entries[start].mark, last: entries[pending - 1].mark, count: pending - start)
  }

  /// The packet that first carried `position`.
  func original(of position: Int64) -> PacketMark? {
    var index = entries.count
    while index > first {
      index -= 1
      let entry = entries[index]
      if entry.start <= position, position < entry.end { return entry.mark }
    }
    return nil
  }

  /// Forgets all.
  mutating func removeAll(_ memory: inout SegmentMemory) {
    memory.used -= count
    self = SentSegments()
  }

  private mutating func drop(_ memory: inout SegmentMemory) {
    first += 1
    pending = max(pending, first)
    memory.used -= 1
  }

  /// Gives dropped entries back, seldom enough that each costs a constant.
  private mutating func compact() {
    guard first >= 64, first * 2 >= entries.count else { return }
    entries.removeFirst(first)
    pending -= first
    first = 0
  }
}

/// How many segments all connections together remember.
struct SegmentMemory: Sendable {
  var used = 0
  let limit: Int
  let limitPerStream: Int
}
