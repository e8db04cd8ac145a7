/// SplitMix64 (Steele, Lea and Flood 2014). The project's own, so that a seed means the same packets
/// with every version of the standard library.
struct SeededGenerator: Sendable {
  private var state: UInt64

  /// A generator for the `stream`th user of `seed`; streams do not disturb one another.
  init(seed: UInt64, stream: Int) {
    state = seed
    state = next() ^ UInt64(truncatingIfNeeded: stream) &* 0xd134_2543_de82_ef95
    state = next()
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// 2^64 divided by the golden ratio, odd.
  private static let step: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// A number that tells nothing of `number`: each bit of it changes about half of the others.
  static func mixed(_ number: UInt64) -> UInt64 {
    var mixed = number
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to but not including `bound`, which must not be 0: the upper half of a
  /// product (Lemire 2019), whose bias of at most `bound` / 2^64 no experiment here can see.
  mutating func next(below bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }
}
