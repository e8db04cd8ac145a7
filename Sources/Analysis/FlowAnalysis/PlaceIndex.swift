/// Finds places in an array by the hash of what stands there, with open addressing.
///
/// A dictionary would hold every key once more, and keys are most of what a look-up reads. The hash
/// that is kept here settles nearly all questions without a look at the key. Whoever hashes does so
/// with something that no sender of packets knows.
struct PlaceIndex: Sendable {
  private struct Bucket: Sendable {
    /// -1 where there is none.
    var place: Int32
    var hash: UInt32
  }

  /// Each place stands at its hash or behind it; at most half of them are used.
  private var buckets = [Bucket](repeating: Bucket(place: -1, hash: 0), count: 16)
  private var count = 0

  /// The place with this hash that `isMatch` says is the right one.
  @inline(__always)
  func find(_ hash: UInt32, _ isMatch: (Int) -> Bool) -> Int? {
    let buckets = buckets.span
    let mask = buckets.count &- 1
    var index = Int(hash) & mask
    while buckets[index].place >= 0 {
      let place = Int(buckets[index].place)
      if buckets[index].hash == hash, isMatch(place) { return place }
      index = (index &+ 1) & mask
    }
    return nil
  }

  /// Adds a place. One with the same hash for which `isReplaced` is true is no longer found.
  mutating func add(_ place: Int, _ hash: UInt32, insteadOf isReplaced: (Int) -> Bool) {
    if (count + 1) * 2 > buckets.count { grow() }
    let mask = buckets.count - 1
    var index = Int(hash) & mask
    while buckets[index].place >= 0 {
      if buckets[index].hash == hash, isReplaced(Int(buckets[index].place)) { break }
      index = (index + 1) & mask
    }
    if buckets[index].place < 0 { count += 1 }
    buckets[index] = Bucket(place: Int32(truncatingIfNeeded: place), hash: hash)
  }

  /// Empties the bucket of a place, if it has one still, and moves those behind it up, so that no
  /// search ends too early.
  mutating func remove(_ place: Int, _ hash: UInt32) {
    let mask = buckets.count - 1
    var index = Int(hash) & mask
    while Int(buckets[index].place) != place {
      guard buckets[index].place >= 0 else { return }
      index = (index + 1) & mask
    }
    var next = (index + 1) & mask
    while buckets[next].place >= 0 {
      let home = Int(buckets[next].hash) & mask
      if (next - home) & mask >= (next - index) & mask {
        buckets[index] = buckets[next]
        index = next
      }
      next = (next + 1) & mask
    }
    buckets[index].place = -1
    count -= 1
  }

  private mutating func grow() {
    let old = buckets
    buckets = [Bucket](repeating: Bucket(place: -1, hash: 0), count: old.count * 2)
    let mask = buckets.count - 1
    for bucket in old where bucket.place >= 0 {
      var index = Int(bucket.hash) & mask
      while buckets[index].place >= 0 { index = (index + 1) & mask }
      buckets[index] = bucket
    }
  }
}

/// The order of places in an array by age, apart from what stands there: to move one reads its
/// neighbours too.
struct PlaceOrder: Sendable {
  private struct Link: Sendable {
    /// Neighbours; -1 at the ends.
    var newer: Int32
    var older: Int32
  }

  private var links: [Link] = []
  private var first: Int32 = -1
  private var last: Int32 = -1

  /// The youngest place; nil when there is none.
  var newest: Int? { first >= 0 ? Int(first) : nil }
  /// The oldest one.
  var oldest: Int? { last >= 0 ? Int(last) : nil }

  /// Takes a place, which is in no order until now, as the youngest; a new one is the next number.
  mutating func add(_ place: Int) {
    let number = Int32(truncatingIfNeeded: place)
    let link = Link(newer: -1, older: first)
    if place == links.count { links.append(link) } else { links[place] = link }
    if first >= 0 { links[Int(first)].newer = number } else { last = number }
    first = number
  }

  /// Takes a place out.
  mutating func remove(_ place: Int) {
    let link = links[place]
    if link.newer >= 0 { links[Int(link.newer)].older = link.older } else { first = link.older }
    if link.older >= 0 { links[Int(link.older)].newer = link.newer } else { last = link.newer }
  }

  /// Makes a place the youngest.
  mutating func renew(_ place: Int) {
    guard Int(first) != place else { return }
    remove(place)
    add(place)
  }
}
