// The kernel's own structures, such as control messages and netlink attributes, hold numbers in the
// processor's order. They are read and written as octets, so that every access is checked.

extension Span<UInt8> {
  /// The number at `offset` in the processor's order. Out of bounds traps: the caller has checked.
  func native<Word: FixedWidthInteger>(_ type: Word.Type, at offset: Int) -> Word {
    var word: Word = 0
    for index in 0..<(Word.bitWidth / 8) {
      word |= Word(truncatingIfNeeded: self[offset + index]) << Word(index * 8)
    }
    return Word(littleEndian: word)
  }
}

extension MutableSpan<UInt8> {
  /// Puts a number at `offset` in the processor's order.
  mutating func store<Word: FixedWidthInteger>(native word: Word, at offset: Int) {
    let word = word.littleEndian
    for index in 0..<(Word.bitWidth / 8) {
      self[offset + index] = UInt8(truncatingIfNeeded: word >> Word(index * 8))
    }
  }

  /// Puts a number at `offset` in network order.
  mutating func store<Word: FixedWidthInteger>(bigEndian word: Word, at offset: Int) {
    store(native: word.bigEndian, at: offset)
  }
}
