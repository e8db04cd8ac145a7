/// Ranges of addresses of one family, each with the number of what is known of it, for look-ups by
/// binary search. They may lie within one another.
struct OriginRanges<Address: Comparable & Sendable>: Sendable {
  /// 16 octets in IPv4, 40 in IPv6.
  struct Entry: Sendable {
    var first: Address
    var last: Address
    var origin: UInt32
    /// The nearest entry before this one that is not over where this one begins, or `none`.
    var enclosing: UInt32 = OriginRanges.none
  }

  static var none: UInt32 { .max }

  private(set) var entries: [Entry] = []
  private var isSorted = true

  var count: Int { entries.count }

  mutating func append(_ first: Address, _ last: Address, _ origin: UInt32) {
    let entry = Entry(first: first, last: last, origin: origin)
    if isSorted, let previous = entries.last, Self.goesBefore(entry, previous) { isSorted = false }
    entries.append(entry)
  }

  /// The wider one of two that begin together goes first.
  private static func goesBefore(_ one: Entry, _ other: Entry) -> Bool {
    one.first != other.first ? one.first < other.first : one.last > other.last
  }

  /// Sorts, unless the file was sorted, and links each range to the one that it lies within.
  mutating func finish() {
    if !isSorted { entries.sort(by: Self.goesBefore) }
    isSorted = true
    var open: [UInt32] = []
    for index in entries.indices {
      let first = entries[index].first
      while let top = open.last, entries[Int(top)].last < first { open.removeLast() }
      entries[index].enclosing = open.last ?? Self.none
      open.append(UInt32(index))
    }
  }

  /// The narrowest range that holds the address, and all those of the very same extent: places in
  /// `entries`, the last one first.
  ///
  /// Every range that holds the address begins at or before it, and was open where the last such one
  /// begins; so it is that one or among those that enclose it.
  func find(_ address: Address, atMost limit: Int) -> [Int] {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].first <= address { low = middle + 1 } else { high = middle }
    }
    var found: [Int] = []
    var next = low == 0 ? Self.none : UInt32(low - 1)
    while next != Self.none, found.count < limit {
      let entry = entries[Int(next)]
      if let narrowest = found.first {
        guard entry.first == entries[narrowest].first, entry.last == entries[narrowest].last
        else { break }
        found.append(Int(next))
      } else if address <= entry.last {
        found.append(Int(next))
      }
      next = entry.enclosing
    }
    return found
  }
}
