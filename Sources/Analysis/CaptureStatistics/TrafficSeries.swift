public import FlowAnalysis
public import PacketWire

/// How much was seen in each stretch of time, in bounded memory: when the stretches are too many,
/// each two become one.
public struct TrafficSeries: Sendable {
  /// More stretches than that are never kept.
  private static let capacity = 1024
  /// The shortest stretch.
  private static let finest = Nanoseconds.milliseconds(1)

  /// How long a stretch is.
  public private(set) var width = Self.finest
  /// When the first stretch begins; nil before the first packet.
  public private(set) var start: WallInstant?
  /// The stretches, from the first to the last with a packet.
  public private(set) var counts: [TrafficCount] = []
  /// Packets whose stamps are before the first one's, and stand in its stretch.
  public private(set) var early = 0

  /// Nothing was seen.
  public init() {}

  /// Counts one frame.
  public mutating func add(frame length: Int, at time: WallInstant) {
    let origin = start ?? time
    start = origin
    var offset = (time - origin).count
    if offset < 0 {
      early += 1
      offset = 0
    }
    while offset / width.count >= Int64(Self.capacity) { halve() }
    let place = Int(offset / width.count)
    while counts.count <= place { counts.append(TrafficCount()) }
    counts[place] += TrafficCount(packets: 1, octets: length)
  }

  /// Makes one stretch of each two. A stamp lies at most 292 years behind another one, so that the
  /// width cannot overflow.
  private mutating func halve() {
    width = Nanoseconds(width.count * 2)
    counts = stride(from: 0, to: counts.count, by: 2).map { place in
      place + 1 < counts.count ? counts[place] + counts[place + 1] : counts[place]
    }
  }

  /// The same in at most `columns` stretches, each a multiple of `width`, and how long they are.
  public func resampled(toAtMost columns: Int) -> (width: Nanoseconds, counts: [TrafficCount]) {
    let factor = max(1, (counts.count + max(columns, 1) - 1) / max(columns, 1))
    let sums = stride(from: 0, to: counts.count, by: factor).map { place in
      counts[place..<min(place + factor, counts.count)].reduce(TrafficCount(), +)
    }
    return (Nanoseconds(width.count * Int64(factor)), sums)
  }
}
