import PacketWire

// Where every part of a text is appended for itself, each one reads from memory where the one before it
// ended, and the processor waits for that: a line of TCP took an eighth longer. Here the place goes
// from one to the next in a register:
//
//     var end = out.begin(upTo: 16)
//     end = out.put(", win ", at: end)
//     end = out.put(decimal: window, at: end)
//     out.end(at: end)
extension TextBuffer {
  /// Makes room for `size` octets and the rest of a word, `blockSize` at the most. Returns where the
  /// first octet is to be put.
  @inline(__always)
  mutating func begin(upTo size: Int) -> Int {
    reserve(size &+ 8)
    return Int(used)
  }

  /// Takes what was put before `index` as appended.
  @inline(__always)
  mutating func end(at index: Int) { used = UInt16(truncatingIfNeeded: index) }

  /// Writes the eight octets of `word` at `index`, the lowest one first.
  ///
  /// One store. Octet by octet the optimiser makes one of it only where it knows nothing of the word:
  /// a zero or a point that it knows makes it twenty instructions, which is four in a hundred of a
  /// line.
  @inline(__always)
  mutating func put(_ word: UInt64, at index: Int) {
    var octets = block.mutableSpan
    // The store checks its bounds. Only the view is marked, for elements of which not every pattern of
    // bits is a value; of octets each one is.
    var bytes = unsafe octets.mutableBytes
    bytes.storeBytes(of: word.littleEndian, toByteOffset: index, as: UInt64.self)
  }

  /// Writes one octet. Returns where it ends.
  @inline(__always)
  mutating func put(octet: UInt8, at index: Int) -> Int {
    block[index] = octet
    return index &+ 1
  }

  /// Writes a literal. Returns where it ends.
  @inlinable @inline(__always)
  mutating func put(_ text: StaticString, at index: Int) -> Int {
    let size = text.utf8CodeUnitCount
    precondition(
      text.hasPointerRepresentation
        && UInt(bitPattern: index) <= UInt(bitPattern: Self.blockSize &- size))
    // Below the literal's own length.
    for step in 0..<size { block[index &+ step] = unsafe text.utf8Start[step] }
    return index &+ size
  }

  /// Writes a number in decimal. Returns where it ends.
  @inline(__always)
  mutating func put(decimal value: UInt16, at index: Int) -> Int {
    let (word, count) = Self.digits(of: value)
    put(word, at: index)
    return index &+ count
  }

  /// Writes a number in decimal. Returns where it ends.
  @inline(__always)
  mutating func put(decimal value: UInt32, at index: Int) -> Int {
    guard value < 100_000_000 else { return put(longDecimal: value, at: index) }
    let digits = Self.eightDigits(value)
    // A bit in the last digit ends the count of zeros there.
    let zeros = (digits | 1 << 56).trailingZeroBitCount / 8
    put((digits | Self.zeroDigits) >> UInt64(8 &* zeros), at: index)
    return index &+ 8 &- zeros
  }

  /// Nine or ten digits.
  @inline(never)
  private mutating func put(longDecimal value: UInt32, at index: Int) -> Int {
    let upper = UInt64(value / 100_000_000)
    let lower = Self.eightDigits(value % 100_000_000)
    let tens = (upper &* 103) >> 10
    let count = tens > 0 ? 2 : 1
    let digits = Self.split(upper, tens, by: 10, width: 8) | Self.zeroDigits
    put(digits >> UInt64(8 &* (2 &- count)), at: index)
    put(lower | Self.zeroDigits, at: index &+ count)
    return index &+ count &+ 8
  }

  /// Writes `address.port` and the lowest `count` octets of `rest`, three at the most; 48 octets and the
  /// rest of a word in all. Returns where it ends.
  mutating func put(
    _ address: IPAddress, port: UInt16, then rest: UInt64, count: Int, at index: Int
  ) -> Int {
    var end = index
    switch address {
    case .v4(let address): end = put(address, at: end)
    case .v6(let address): end = put(octet: 0x2e, at: put(address, at: end))
    }
    let port = Self.digits(of: port)
    put(port.word | rest << UInt64(8 &* port.count), at: end)
    return end &+ port.count &+ count
  }
}
