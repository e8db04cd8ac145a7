import PacketWire

/// Proves that a reply answers one of our probes: SipHash-2-4 (Aumasson and Bernstein, 2012) of the
/// probe's number under a key that never leaves the process.
///
/// Identifiers and sequence numbers are 16 bits wide and easily met by another process' replies or
/// guessed by somebody off the path; 64 keyed bits are not.
public struct KeyedCookie: Sendable {
  private let key: (low: UInt64, high: UInt64)

  /// A generator under a 128-bit key, which should come from the system's random source.
  public init(key low: UInt64, _ high: UInt64) { key = (low, high) }

  /// The cookie of probe `number`.
  public func cookie(for number: UInt64) -> UInt64 {
    var v0 = key.low ^ 0x736f_6d65_7073_6575
    var v1 = key.high ^ 0x646f_7261_6e64_6f6d
    var v2 = key.low ^ 0x6c79_6765_6e65_7261
    var v3 = key.high ^ 0x7465_6462_7974_6573

    func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 { word << count | word >> (64 - count) }
    func round() {
      v0 &+= v1
      v1 = rotate(v1, 13) ^ v0
      v0 = rotate(v0, 32)
      v2 &+= v3
      v3 = rotate(v3, 16) ^ v2
      v0 &+= v3
      v3 = rotate(v3, 21) ^ v0
      v2 &+= v1
      v1 = rotate(v1, 17) ^ v2
      v2 = rotate(v2, 32)
    }

    // One eight-octet block, then the block that holds only the message's length.
    for block in [number, 8 << 56] {
      v3 ^= block
      round()
      round()
      v0 ^= block
    }
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }
}
