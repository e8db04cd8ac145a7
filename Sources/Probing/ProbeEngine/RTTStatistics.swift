public import PacketWire

/// Running figures over round-trip times, in constant space.
public struct RTTStatistics: Hashable, Sendable {
  /// How many were taken in.
  public private(set) var count = 0
  /// The shortest one; zero when there is none.
  public private(set) var minimum = Nanoseconds.zero
  /// The longest one; zero when there is none.
  public private(set) var maximum = Nanoseconds.zero
  /// The mean in nanoseconds; zero when there is none.
  public private(set) var mean = 0.0
  /// An exponentially weighted mean with weight 1/8 for the newest, in nanoseconds.
  public private(set) var weightedMean = 0.0
  private var squaredDeviations = 0.0

  /// No measurement yet.
  public init() {}

  /// Takes one in (Welford 1962: no large sums that would lose the small differences).
  public mutating func add(_ rtt: Nanoseconds) {
    count += 1
    minimum = count == 1 ? rtt : min(minimum, rtt)
    maximum = count == 1 ? rtt : max(maximum, rtt)
    let value = Double(rtt.count)
    let delta = value - mean
    mean += delta / Double(count)
    squaredDeviations += delta * (value - mean)
    weightedMean = count == 1 ? value : weightedMean + (value - weightedMean) / 8
  }

  /// Takes in another's measurements (Chan, Golub and LeVeque 1979). The weighted mean, which is about
  /// an order in time, becomes that of the one with more of them.
  public mutating func add(_ other: RTTStatistics) {
    guard other.count > 0 else { return }
    guard count > 0 else { return self = other }
    let delta = other.mean - mean
    let share = Double(other.count) / Double(count + other.count)
    squaredDeviations += other.squaredDeviations + delta * delta * Double(count) * share
    mean += delta * share
    if other.count > count { weightedMean = other.weightedMean }
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    count += other.count
  }

  /// The population standard deviation in nanoseconds, which iputils prints as "mdev".
  public var standardDeviation: Double {
    count == 0 ? 0 : (squaredDeviations / Double(count)).squareRoot()
  }
}
