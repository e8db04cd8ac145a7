/// Records that end in one segment. What is enciphered can be read when its record is whole, and not
/// before.
public struct TLSRecordEnds: Hashable, Sendable {
  /// How many end there.
  public private(set) var count = 0
  /// The shortest of them, in octets without its header.
  public private(set) var shortest = 0
  /// The longest of them, in octets without its header.
  public private(set) var longest = 0

  /// None.
  public init() {}

  /// One ends that has `length` octets without its header.
  mutating func note(_ length: Int) {
    shortest = count == 0 ? length : min(shortest, length)
    longest = max(longest, length)
    count += 1
  }
}
