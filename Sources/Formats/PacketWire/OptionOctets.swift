/// The options of an IPv4 or TCP header: at most 40 octets, since both count the header in four-bit
/// words of four (RFC 791 §3.1, RFC 9293 §3.1). Held in place, so that a header never allocates.
public struct OptionOctets: Sendable {
  /// The most that a header's length field leaves room for.
  public static let capacity = 40

  private var storage = InlineArray<40, UInt8>(repeating: 0)
  private var used: UInt8 = 0

  /// No options.
  public init() {}

  /// A copy of `octets`, which must be at most `capacity` many; `nil` if they are more.
  public init?(copying octets: Span<UInt8>) {
    guard octets.count <= Self.capacity else { return nil }
    self.init(prefix: octets)
  }

  /// A copy of the first octets, `capacity` of them at the most: what a header's four-bit length
  /// leaves never is more.
  @inline(__always)
  init(prefix octets: Span<UInt8>) {
    let count = min(octets.count, Self.capacity)
    used = UInt8(truncatingIfNeeded: count)
    // Nearly all are of these lengths: those of a segment with time stamps, and of a first one (RFC 7323
    // appendix A). A number that the compiler knows is copied in words, any other one octet by octet.
    switch count {
    case 12: for i in 0..<12 { storage[i] = octets[i] }
    case 20: for i in 0..<20 { storage[i] = octets[i] }
    default: for i in 0..<count { storage[i] = octets[i] }
    }
  }

  /// A copy of `octets`, padded with zero (end of option list) to a multiple of four; `nil` if
  /// that is more than `capacity`.
  public init?(padding octets: [UInt8]) {
    self.init(copying: octets.span)
    used = (used + 3) & ~3
  }

  /// How many octets there are.
  public var count: Int { Int(used) }
  /// How many octets they take in a header, which counts in fours; zeros (end of option list) fill up.
  public var paddedCount: Int { (Int(used) + 3) & ~3 }
  /// There are none.
  public var isEmpty: Bool { used == 0 }

  /// The octet at `index`, which must be less than `count`.
  public subscript(index: Int) -> UInt8 {
    precondition(index < count)
    return storage[index]
  }

  /// The octets in wire order.
  public var span: Span<UInt8> {
    @_lifetime(borrow self) get { storage.span.extracting(first: count) }
  }
}

extension OptionOctets: Hashable {
  /// The same octets in the same order.
  public static func == (left: Self, right: Self) -> Bool {
    guard left.used == right.used else { return false }
    for i in 0..<left.count where left.storage[i] != right.storage[i] { return false }
    return true
  }

  /// Feeds the octets to `hasher`.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(used)
    for i in 0..<count { hasher.combine(storage[i]) }
  }
}
