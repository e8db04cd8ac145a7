import PacketWire

/// What a reader of messages says of octets that end before a message does.
struct MessageNeed: Sendable {
  /// How many octets more would do.
  enum Amount: Sendable {
    /// That is seen when the next segment is there.
    case segment
    /// So many.
    case octets(Int)
    /// All that come before the stream ends.
    case rest
  }

  /// Where the message begins.
  var offset: Int
  var amount: Amount
  /// How many octets of the message the reader wants to see again.
  var kept = Int.max
}

/// The beginning of a message whose rest is in later segments.
struct PendingMessage: Sendable {
  /// The sequence number of its first octet.
  let start: UInt32
  /// Its octets without a gap, as many as are kept of them.
  private(set) var octets: [UInt8]
  /// How many have come without a gap.
  private(set) var count: Int
  /// Behind the last octet that it asks for; Int.max when the stream's end is its own.
  private(set) var end = 0
  /// It wants to see the whole of the next segment.
  private(set) var takesSegment = false
  private(set) var kept = Int.max
  /// How many segments repeated octets of it, and how many of them said something else.
  private(set) var overlaps = 0, conflicts = 0
  /// Segments behind a gap, in order.
  private var ahead: [(offset: Int, count: Int, octets: [UInt8])] = []
  /// Octets that wait behind gaps.
  private var aheadOctets = 0

  /// A bound on the work of putting early segments in their place.
  private static let maximumAhead = 256

  init(start: UInt32, _ octets: Span<UInt8>, count: Int, _ need: MessageNeed) {
    self.start = start
    let kept = min(octets.count, need.kept)
    self.octets = Array(copying: octets.extracting(0..<kept))
    self.count = count
    set(need)
  }

  /// How much memory it holds, about.
  var heldOctets: Int { octets.count &+ aheadOctets }
  /// All that was asked for is there.
  var isWhole: Bool { count >= end }
  /// It ends with its stream.
  var isUntilEnd: Bool { end == .max }

  /// Asks for more of the same message.
  mutating func set(_ need: MessageNeed) {
    kept = need.kept
    takesSegment = false
    switch need.amount {
    case .segment: (end, takesSegment) = (count &+ 1, true)
    case .octets(let more): end = count &+ more
    case .rest: end = .max
    }
  }

  /// Where `number` stands in the message, if it belongs to what has come or was asked for.
  func offset(of number: UInt32) -> Int? {
    let offset = Int(Int32(bitPattern: number &- start))
    return offset >= 0 && offset < end ? offset : nil
  }

  /// Takes octets that stand at `offset`; of those that are there already the first ones count.
  mutating func add(_ octets: Span<UInt8>, at offset: Int) {
    guard offset <= count else {
      hold(octets, at: offset)
      return
    }
    append(octets, count: octets.count, at: offset)
    while let first = ahead.first, first.offset <= count {
      ahead.removeFirst()
      aheadOctets &-= first.octets.count
      append(first.octets.span, count: first.count, at: first.offset)
    }
  }

  /// `octets` are the first of `more` ones.
  private mutating func append(_ octets: Span<UInt8>, count more: Int, at offset: Int) {
    let known = min(count &- offset, more)
    if known > 0 { compare(octets, at: offset, known) }
    guard more > known else { return }
    let room = min(kept &- min(kept, self.octets.count), octets.count &- min(known, octets.count))
    // Without a gap in what is kept.
    if self.octets.count == count, room > 0 {
      for index in known..<known &+ room { self.octets.append(octets[index]) }
    }
    count &+= more &- known
  }

  private mutating func compare(_ octets: Span<UInt8>, at offset: Int, _ known: Int) {
    overlaps &+= 1
    for index in 0..<min(known, octets.count) where offset &+ index < self.octets.count {
      if self.octets[offset &+ index] != octets[index] {
        conflicts &+= 1
        return
      }
    }
  }

  private mutating func hold(_ octets: Span<UInt8>, at offset: Int) {
    guard ahead.count < Self.maximumAhead else { return }
    var place = ahead.count
    while place > 0, ahead[place &- 1].offset > offset { place &-= 1 }
    let wanted = min(octets.count, kept &- min(kept, offset))
    let copy = Array(copying: octets.extracting(0..<wanted))
    ahead.insert((offset, octets.count, copy), at: place)
    aheadOctets &+= copy.count
  }
}
