// Text is looked at eight octets at a time.
extension Span<UInt8> {
  /// The eight octets at `offset` as a number, the first one lowest.
  ///
  /// Of a span of eight octets the optimiser knows that all are there, and loads them at once.
  @inlinable @inline(__always)
  public func word(at offset: Int) -> UInt64 {
    let octets = extracting(offset..<offset &+ 8)
    var word: UInt64 = 0
    for index in 0..<8 { word |= UInt64(octets[index]) << UInt64(8 &* index) }
    return word
  }

  /// Where the first octet from `start` on is that is `octet`; `count` when there is none.
  public func firstIndex(of octet: UInt8, from start: Int) -> Int {
    let pattern = UInt64(octet) &* 0x0101_0101_0101_0101
    var index = start
    while index <= count &- 8 {
      // Only zeros, and what stands behind one, borrow.
      let others = word(at: index) ^ pattern
      let found = (others &- 0x0101_0101_0101_0101) & ~others & 0x8080_8080_8080_8080
      if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < count, self[index] != octet { index &+= 1 }
    return index
  }
}
