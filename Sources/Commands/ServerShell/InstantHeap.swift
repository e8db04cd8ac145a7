import PacketWire

/// An instant for each of some places, of which the earliest is always known. To change one takes as
/// many steps as the number of places has binary digits.
struct InstantHeap {
  private struct Entry {
    var instant: MonotonicInstant
    var place: Int
  }

  /// A binary heap: no entry is later than the two at twice its index and one and two more.
  private var entries: [Entry] = []
  /// Where each place's entry stands.
  private var indexes: [Int?] = []

  /// The place whose instant comes first.
  var first: (place: Int, instant: MonotonicInstant)? {
    entries.first.map { ($0.place, $0.instant) }
  }

  /// The instant of a place, nil where it has none. Places count from 0.
  subscript(place: Int) -> MonotonicInstant? {
    get { index(of: place).map { entries[$0].instant } }
    set {
      guard let newValue else { return remove(place) }
      if let index = index(of: place) {
        guard entries[index].instant != newValue else { return }
        entries[index].instant = newValue
        settle(index)
      } else {
        if place >= indexes.count {
          indexes += [Int?](repeating: nil, count: place + 1 - indexes.count)
        }
        indexes[place] = entries.count
        entries.append(Entry(instant: newValue, place: place))
        settle(entries.count - 1)
      }
    }
  }

  private func index(of place: Int) -> Int? {
    place < indexes.count ? indexes[place] : nil
  }

  private mutating func remove(_ place: Int) {
    guard let index = index(of: place) else { return }
    swap(index, entries.count - 1)
    entries.removeLast()
    indexes[place] = nil
    if index < entries.count { settle(index) }
  }

  /// Puts an entry where it belongs, when all others are in order.
  private mutating func settle(_ start: Int) {
    var index = start
    while index > 0, case let parent = (index - 1) / 2,
      entries[index].instant < entries[parent].instant
    {
      swap(index, parent)
      index = parent
    }
    while let child = earlierChild(of: index), entries[child].instant < entries[index].instant {
      swap(index, child)
      index = child
    }
  }

  private func earlierChild(of index: Int) -> Int? {
    let (left, right) = (2 * index + 1, 2 * index + 2)
    guard left < entries.count else { return nil }
    guard right < entries.count else { return left }
    return entries[right].instant < entries[left].instant ? right : left
  }

  private mutating func swap(_ first: Int, _ second: Int) {
    entries.swapAt(first, second)
    indexes[entries[first].place] = first
    indexes[entries[second].place] = second
  }
}
