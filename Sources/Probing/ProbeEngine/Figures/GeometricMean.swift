public import PacketWire

/// The geometric mean of delays, in constant space: their product as a significand and a power of two.
public struct GeometricMean: Hashable, Sendable {
  /// How many were taken in.
  public private(set) var count = 0
  private var product = Scaled(1)

  /// A number too large for what holds one.
  private struct Scaled: Hashable, Sendable {
    /// From 1 up to, but not, 2.
    var significand: Double
    var exponent: Int

    init(_ value: Double) { (significand, exponent) = (value.significand, Int(value.exponent)) }

    mutating func multiply(by other: Scaled) {
      let next = Scaled(significand * other.significand)
      (significand, exponent) = (next.significand, exponent + other.exponent + next.exponent)
    }

    /// Multiplied by itself so many times, in as many steps as the number has bits.
    func power(_ times: Int) -> Scaled {
      var (result, square, rest) = (Scaled(1), self, times)
      while rest > 0 {
        if rest & 1 == 1 { result.multiply(by: square) }
        square.multiply(by: square)
        rest >>= 1
      }
      return result
    }

    static func < (left: Scaled, right: Scaled) -> Bool {
      (left.exponent, left.significand) < (right.exponent, right.significand)
    }
  }

  /// No measurement yet.
  public init() {}

  /// Takes one in. What is shorter than a nanosecond counts as one: a product with zero would say nothing.
  public mutating func add(_ delay: Nanoseconds) {
    count += 1
    product.multiply(by: Scaled(Double(max(delay.count, 1))))
  }

  /// The mean in nanoseconds, to a tenth of one; zero when there is none. It lies between the shortest and
  /// the longest of the delays, which `RTTStatistics` knows.
  public func value(from minimum: Nanoseconds, to maximum: Nanoseconds) -> Double {
    guard count > 0 else { return 0 }
    var (low, high) = (Double(max(minimum.count, 1)), Double(max(maximum.count, 1)))
    while high - low > 0.1 {
      let middle = (low + high) / 2
      // Neighbours of such a size have nothing between them.
      guard middle > low, middle < high else { break }
      if Scaled(middle).power(count) < product { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
