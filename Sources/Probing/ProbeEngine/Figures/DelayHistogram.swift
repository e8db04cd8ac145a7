public import PacketWire

/// How often which delay was seen, in constant memory.
///
/// Buckets are log-linear: each delay up to 255 ns has its own, and each power of two above is cut
/// into 128 of equal width. Every delay of a bucket counts as its middle, which is off by at most
/// 1/256 of the delay (`relativeError`); the shortest and the longest one are kept as they are.
/// Delays of 2^44 ns (five hours) and more count as the last bucket's, and negative ones as none.
///
/// Memory grows with the first delay of a range and never otherwise: 1 KiB for each power of two
/// between the shortest and the longest delay, at most 38 KiB; 3 KiB where all lie between 10 and
/// 40 ms.
public struct DelayHistogram: Hashable, Sendable {
  /// The largest error of a quantile, as a share of it.
  public static let relativeError = 1.0 / 256

  /// How many delays were taken in.
  public private(set) var count = 0
  /// The shortest one, exactly; zero when there is none.
  public private(set) var minimum = Nanoseconds.zero
  /// The longest one, exactly; zero when there is none.
  public private(set) var maximum = Nanoseconds.zero
  /// Of all, exactly; at most 2^63 − 1 ns.
  public private(set) var sum = Nanoseconds.zero

  /// The counts of whole groups of buckets, from `firstGroup` on.
  private var counts: [UInt64] = []
  private var firstGroup = 0

  /// Buckets of one power of two.
  private static let groupSize = 128

  /// What the counts take, in octets.
  public var memorySize: Int { counts.count * 8 }

  /// No delay yet, and no memory.
  public init() {}

  /// Takes in one delay.
  public mutating func add(_ delay: Nanoseconds) {
    let delay = max(delay, .zero)
    takeInEnds(delay, delay)
    count &+= 1
    takeInSum(delay)
    let index = Self.bucket(of: delay)
    let place = index &- firstGroup &* Self.groupSize
    guard place >= 0, place < counts.count else { return addGrowing(index) }
    counts[place] &+= 1
  }

  /// Takes in all that another histogram has.
  public mutating func merge(_ other: DelayHistogram) {
    guard other.count > 0 else { return }
    takeInEnds(other.minimum, other.maximum)
    count &+= other.count
    takeInSum(other.sum)
    let groups = other.counts.count / Self.groupSize
    cover(other.firstGroup...other.firstGroup + groups - 1)
    let offset = (other.firstGroup - firstGroup) * Self.groupSize
    for index in other.counts.indices { counts[offset + index] &+= other.counts[index] }
  }

  private mutating func takeInEnds(_ shortest: Nanoseconds, _ longest: Nanoseconds) {
    minimum = count == 0 ? shortest : min(minimum, shortest)
    maximum = max(maximum, longest)
  }

  private mutating func takeInSum(_ delay: Nanoseconds) {
    let (total, isOver) = sum.count.addingReportingOverflow(delay.count)
    sum = Nanoseconds(isOver ? .max : total)
  }

  @inline(never)
  private mutating func addGrowing(_ index: Int) {
    cover(index / Self.groupSize...index / Self.groupSize)
    counts[index - firstGroup * Self.groupSize] &+= 1
  }

  /// Has counts for these groups too.
  private mutating func cover(_ groups: ClosedRange<Int>) {
    if counts.isEmpty { firstGroup = groups.lowerBound }
    let endGroup = firstGroup + counts.count / Self.groupSize
    let before = max(0, firstGroup - groups.lowerBound)
    let behind = max(0, groups.upperBound + 1 - endGroup)
    let size = Self.groupSize
    counts =
      [UInt64](repeating: 0, count: before * size) + counts
      + [UInt64](repeating: 0, count: behind * size)
    firstGroup -= before
  }
}

// MARK: - Buckets

extension DelayHistogram {
  /// Delays that count as one.
  public struct Bucket: Hashable, Sendable {
    /// The shortest delay that belongs to it.
    public var lowest: Nanoseconds
    /// The longest one.
    public var highest: Nanoseconds
    /// How many there were.
    public var count: Int

    /// What its delays count as.
    public var middle: Nanoseconds {
      Nanoseconds(lowest.count + (highest.count - lowest.count) / 2)
    }
  }

  /// The buckets that hold something, shortest delays first.
  public func forEachBucket(_ body: (Bucket) -> Void) {
    for (place, count) in counts.enumerated() where count > 0 {
      body(Self.bucket(firstGroup * Self.groupSize + place, count: Int(clamping: count)))
    }
  }

  /// How many delays are at most `limit`, each counted as its bucket's middle.
  public func count(atMost limit: Nanoseconds) -> Int {
    // Of the longest one more is known.
    if limit >= maximum { return count }
    var sum = 0
    forEachBucket { if $0.middle <= limit { sum += $0.count } }
    return sum
  }

  /// Where a delay counts: itself below 256 ns; above, its first eight bits behind the number of
  /// those that follow them.
  private static func bucket(of delay: Nanoseconds) -> Int {
    let value = min(UInt64(delay.count), 1 << 44 - 1)
    let shift = max(0, 56 - value.leadingZeroBitCount)
    return shift * groupSize + Int(value >> UInt64(shift))
  }

  private static func bucket(_ index: Int, count: Int) -> Bucket {
    let shift = max(0, index / groupSize - 1)
    let lowest = Int64(index - shift * groupSize) << Int64(shift)
    return Bucket(
      lowest: Nanoseconds(lowest), highest: Nanoseconds(lowest + 1 << Int64(shift) - 1),
      count: count)
  }
}

// MARK: - Quantiles

extension DelayHistogram {
  /// The delay that a share of all delays does not exceed, by nearest rank: the smallest delay that
  /// at least `share` (0 to 1) of all are at most as long as (RFC 2330 §11.3). Nil when there is
  /// none. It is one of the delays seen, but for `relativeError`; there is no interpolation.
  public func quantile(_ share: Double) -> Nanoseconds? {
    count == 0 ? nil : delay(at: Self.rank(of: share, among: count))
  }

  /// The place of a quantile among `count` delays in order, from 1.
  static func rank(of share: Double, among count: Int) -> Int {
    let place = share * Double(count)
    let whole = place.rounded()
    // 0.07 × 100 is a little more than 7 in binary, but is meant to be 7.
    let rank = (place - whole).magnitude <= whole * 1e-12 ? whole : place.rounded(.up)
    return min(max(Int(rank), 1), count)
  }

  /// The delay at a place, 1 to `count`, of all in order.
  func delay(at rank: Int) -> Nanoseconds {
    if rank >= count { return maximum }
    if rank <= 1 { return minimum }
    var left = UInt64(rank)
    for (place, count) in counts.enumerated() {
      guard count < left else {
        let bucket = Self.bucket(firstGroup * Self.groupSize + place, count: 0)
        return min(max(bucket.middle, minimum), maximum)
      }
      left -= count
    }
    return maximum
  }
}
