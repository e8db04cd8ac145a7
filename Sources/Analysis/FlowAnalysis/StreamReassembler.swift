import PacketWire

/// Puts one direction of a connection in order, holding back what comes early.
///
/// Where segments overlap, the octets that came first count.
struct StreamReassembler: Sendable {
  /// A segment that came early.
  struct Held: Sendable {
    var positions: Range<Int64>
    /// As many as were captured, perhaps fewer than `positions`.
    var octets: [UInt8]
  }

  enum Verdict {
    /// The octets from `skip` on are next in order.
    case deliver(skip: Int)
    /// It waits for what is before it.
    case held
    /// It waits, and there is no more room to wait: what is before it must be given up.
    case heldWithoutRoom
    /// All of it was delivered before.
    case old
  }

  /// A bound on work, not on memory: each early segment is put in its place by a search.
  private static let maximumHeld = 1_024

  /// The position that comes next.
  private(set) var next: Int64 = 1
  private var held: [Held] = []
  private var heldOctets = 0

  /// Something waits.
  var isWaiting: Bool { !held.isEmpty }
  /// Where what waits begins.
  var firstHeldPosition: Int64? { held.first?.positions.lowerBound }

  /// Takes a segment whose captured octets are `octets`.
  mutating func accept(
    _ positions: Range<Int64>, _ octets: Span<UInt8>, _ memory: inout StreamMemory
  ) -> Verdict {
    guard positions.upperBound > next else { return .old }
    guard positions.lowerBound > next else {
      return .deliver(skip: Int(next - positions.lowerBound))
    }
    hold(positions, octets, &memory)
    let isFull =
      held.count > Self.maximumHeld || heldOctets > memory.limitPerStream
      || memory.used > memory.limit
    return isFull ? .heldWithoutRoom : .held
  }

  /// Counts octets up to `position` as delivered.
  mutating func advance(to position: Int64) { next = max(next, position) }

  /// The next of the waiting segments whose turn has come.
  mutating func takeReady(_ memory: inout StreamMemory) -> Held? {
    while let first = held.first, first.positions.lowerBound <= next {
      held.removeFirst()
      heldOctets -= first.octets.count
      memory.used -= first.octets.count
      if first.positions.upperBound > next { return first }
    }
    return nil
  }

  /// Forgets all.
  mutating func removeAll(_ memory: inout StreamMemory) {
    memory.used -= heldOctets
    (held, heldOctets) = ([], 0)
  }

  private mutating func hold(
    _ positions: Range<Int64>, _ octets: Span<UInt8>, _ memory: inout StreamMemory
  ) {
    var place = held.count
    while place > 0, held[place - 1].positions.lowerBound > positions.lowerBound { place -= 1 }
    // A copy of one that waits already adds nothing.
    if place > 0, held[place - 1].positions.upperBound >= positions.upperBound { return }
    let copy = Array(copying: octets)
    held.insert(Held(positions: positions, octets: copy), at: place)
    heldOctets += copy.count
    memory.used += copy.count
  }
}

/// How many octets all streams together hold back.
struct StreamMemory: Sendable {
  var used = 0
  let limit: Int
  let limitPerStream: Int
}
