import PacketWire

/// All chance of one direction of a link. Each kind draws from numbers of its own, so that to change
/// one of a link's properties changes nothing about the others.
struct LinkChances: Sendable {
  private var losses: SeededGenerator
  private var delays: SeededGenerator
  private var bursts: SeededGenerator
  private var copies: SeededGenerator
  private var damages: SeededGenerator
  private var latecomers: SeededGenerator
  /// The link is in a burst of losses.
  private var isBad = false

  /// The chances of the `index`th of the directions of all links.
  init(seed: UInt64, link index: Int) {
    func generator(_ kind: Int) -> SeededGenerator {
      SeededGenerator(seed: seed, stream: index &* 8 &+ kind)
    }
    (losses, delays, bursts) = (generator(0), generator(1), generator(2))
    (copies, damages, latecomers) = (generator(3), generator(4), generator(5))
  }

  /// The next packet is lost.
  mutating func loses(_ properties: LinkProperties) -> Bool {
    let isLost = properties.loss.happens(&losses)
    guard let burst = properties.bursts else { return isLost }
    // Both numbers are drawn whatever the state is: runs with other chances then stay comparable.
    let changes = (isBad ? burst.leaving : burst.entering).happens(&bursts)
    if changes { isBad.toggle() }
    let isLostInBurst = burst.loss.happens(&bursts)
    return isLost || (isBad && isLostInBurst)
  }

  /// The next packet arrives twice.
  mutating func doubles(_ properties: LinkProperties) -> Bool {
    properties.duplication.happens(&copies)
  }

  /// The bit of the next packet that is flipped, counted from its first; `nil` if none is.
  mutating func damagedBit(_ properties: LinkProperties, of octetCount: Int) -> Int? {
    let happens = properties.corruption.happens(&damages)
    let bit = damages.next(below: UInt64(max(octetCount * 8, 1)))
    return happens && octetCount > 0 ? Int(bit) : nil
  }

  /// By how much the next packet comes late, beside its jitter.
  mutating func lateness(_ properties: LinkProperties) -> Nanoseconds? {
    guard let lateness = properties.lateness, lateness.chance.happens(&latecomers) else {
      return nil
    }
    return lateness.delay
  }

  /// By how much the next packet's delay differs from the usual one.
  mutating func jitter(_ properties: LinkProperties) -> Nanoseconds {
    let size = properties.jitter
    guard size > .zero else { return .zero }
    switch properties.jitterShape {
    case .uniform: return Nanoseconds(Int64(delays.next(below: UInt64(2 * size.count + 1)))) - size
    case .normal: return delays.normal(deviation: size)
    case .exponential: return delays.exponential(mean: size)
    case .pareto: return delays.lomax(mean: size)
    }
  }
}

extension Probability {
  /// Draws once. Certain things draw too, so that changing a probability to or from certainty does
  /// not shift the numbers of all later packets.
  func happens(_ generator: inout SeededGenerator) -> Bool {
    generator.next(below: 1_000_000) < perMillion
  }
}

// Delays that are spread in other ways than evenly. They use nothing but whole numbers, and division
// and square root, which IEEE 754 rounds the same everywhere: a seed means the same on every machine.
extension SeededGenerator {
  /// No packet is delayed by more than this.
  private static let longest: Int64 = 60_000_000_000

  /// A number of a normal distribution around zero: the sum of twelve even ones, whose variance is one.
  mutating func normal(deviation: Nanoseconds) -> Nanoseconds {
    var sum: Int64 = -6 << 52
    for _ in 0..<12 { sum += Int64(next() >> 12) }
    return Nanoseconds(Int64(clamping: (Int128(sum) * Int128(deviation.count)) >> 52))
  }

  /// A number of an exponential distribution, by comparing even ones (von Neumann 1951): the first of
  /// a falling run of odd length counts, and each run of even length adds one.
  mutating func exponential(mean: Nanoseconds) -> Nanoseconds {
    var whole: Int128 = 0
    while true {
      let first = next()
      var (last, isOdd) = (first, true)
      while true {
        let number = next()
        if number >= last { break }
        (last, isOdd) = (number, !isOdd)
      }
      // One run in three goes on to the next round; forty of them are a chance of 10^-17.
      if isOdd || whole == 40 {
        let share = whole << 64 | Int128(first)
        return Nanoseconds(min(Int64(clamping: (share * Int128(mean.count)) >> 64), Self.longest))
      }
      whole += 1
    }
  }

  /// A number of a Lomax distribution of shape 2, by its inverse.
  mutating func lomax(mean: Nanoseconds) -> Nanoseconds {
    // 53 bits, from 2^-53 to 1.
    let even = Double((next() >> 11) + 1) / 0x1p53
    let factor = 1 / even.squareRoot() - 1
    return Nanoseconds(Int64(min(factor * Double(mean.count), Double(Self.longest))))
  }
}
