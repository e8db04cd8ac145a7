/// How a payload that came back differs from the one that was sent.
public struct PayloadDamage: Hashable, Sendable {
  /// An octet that came back changed.
  public struct Octet: Hashable, Sendable {
    /// Its place in the payload, from 0.
    public var offset: Int
    /// As it was sent.
    public var expected: UInt8
    /// As it came back.
    public var seen: UInt8

    /// An octet from its fields.
    public init(offset: Int, expected: UInt8, seen: UInt8) {
      (self.offset, self.expected, self.seen) = (offset, expected, seen)
    }
  }

  /// How many of the changed octets are listed.
  public static let listLimit = 32

  /// Octets that differ, where both payloads have one.
  public private(set) var octetCount = 0
  /// Bits that differ in these.
  public private(set) var bitCount = 0
  /// The first octet that differs; nil when none does.
  public private(set) var firstOffset: Int?
  /// The last one.
  public private(set) var lastOffset: Int?
  /// The first 32 octets that differ.
  public private(set) var octets: [Octet] = []
  /// Octets that are missing at the end, if positive; octets too many there, if negative.
  public let missing: Int

  private var flips = SIMD8<Int>()

  /// Compares two payloads from their first octet on.
  ///
  /// - Parameters:
  ///   - expected: as it was sent.
  ///   - seen: as it came back.
  public init(expected: Span<UInt8>, seen: Span<UInt8>) {
    missing = expected.count - seen.count
    for offset in 0..<min(expected.count, seen.count) where expected[offset] != seen[offset] {
      add(Octet(offset: offset, expected: expected[offset], seen: seen[offset]))
    }
  }

  private mutating func add(_ octet: Octet) {
    octetCount += 1
    firstOffset = firstOffset ?? octet.offset
    lastOffset = octet.offset
    if octets.count < Self.listLimit { octets.append(octet) }
    let difference = octet.expected ^ octet.seen
    bitCount += difference.nonzeroBitCount
    for bit in 0..<8 where difference >> UInt8(bit) & 1 == 1 { flips[bit] += 1 }
  }

  /// How many octets have bit `bit` changed: 0 is the one with the value 1, 7 the one with 128.
  public func flips(ofBit bit: Int) -> Int { flips[bit] }

  /// The only bit that was ever changed, if at least two octets were: a sign of a broken line in some
  /// memory, where noise would hit all of them.
  public var onlyBit: Int? {
    guard octetCount > 1 else { return nil }
    return (0..<8).first { flips[$0] == bitCount }
  }

  /// Both payloads are the same.
  public var isNone: Bool { octetCount == 0 && missing == 0 }
}
