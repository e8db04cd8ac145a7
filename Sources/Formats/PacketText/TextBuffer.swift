import PacketWire

/// The one output buffer of all tools: octets are appended, handed to `write(2)`, and dropped, and
/// the memory is used again.
///
/// New octets go to a fixed block inside this value and move to the growing array behind it when the
/// block is full. That costs one more copy, but an append then needs no check that the array has a
/// single owner. Measured over a million lines of 17 appends and 85 octets, in one process, as
/// multiples of an unsafe pointer writer with the same explicit bounds:
///
/// | form | cost |
/// |---|---|
/// | unsafe pointer | 1.0 |
/// | this one: `InlineArray` block, then array | 1.0 to 1.2 |
/// | array, `mutableSpan` and an index | 1.6 |
/// | array, `append(addingCapacity:)` with an `OutputSpan` | 1.7 |
/// | array, `append` | 2.1 |
///
/// Text is copied as it is: octets of a packet go through `append(untrusted:)` instead.
public struct TextBuffer: ~Copyable, Sendable {
  /// What was moved out of the block, the older octets.
  @usableFromInline var settled: [UInt8]
  /// How much of `block` is in use. The narrow type tells the optimiser that it is not negative.
  @usableFromInline var used: UInt16 = 0
  /// The newest octets.
  @usableFromInline var block = InlineArray<512, UInt8>(repeating: 0)

  /// The size of `block`.
  @usableFromInline static var blockSize: Int { 512 }

  /// An empty buffer that grows when it holds more than `capacity` octets.
  public init(capacity: Int = 4096) {
    settled = []
    settled.reserveCapacity(capacity)
  }

  /// Octets held.
  @inlinable
  public var count: Int { settled.count &+ Int(used) }

  /// Nothing is held.
  @inlinable
  public var isEmpty: Bool { used == 0 && settled.isEmpty }

  /// Moves the block to the array.
  @usableFromInline @inline(never)
  mutating func settle() {
    // Taken out of this value while the block, another part of it, is lent.
    var all: [UInt8] = []
    swap(&all, &settled)
    all.append(copying: block.span.extracting(first: Int(used)))
    swap(&all, &settled)
    used = 0
  }

  /// Makes room for `size` octets in the block; `size` is at most `blockSize`.
  @inlinable @inline(__always)
  mutating func reserve(_ size: Int) {
    if Self.blockSize &- Int(used) < size { settle() }
  }

  /// Appends one octet as it is.
  @inlinable @inline(__always)
  public mutating func append(octet: UInt8) {
    let start = Int(used)
    guard start < Self.blockSize else { return appendSettling(octet: octet) }
    block[start] = octet
    used = UInt16(truncatingIfNeeded: start &+ 1)
  }

  // What the block has no room for is appended out of line: that keeps what is in line to one
  // comparison, from which the optimiser also sees that no index is out of bounds.

  @usableFromInline @inline(never)
  mutating func appendSettling(octet: UInt8) {
    settle()
    append(octet: octet)
  }

  /// Appends `octets` as they are.
  public mutating func append(_ octets: Span<UInt8>) {
    let size = octets.count
    let start = Int(used)
    // Said like this, the optimiser sees that no index below can be out of bounds.
    guard size <= Self.blockSize &- start else { return appendSettling(octets) }
    for index in 0..<size { block[start &+ index] = octets[index] }
    used = UInt16(truncatingIfNeeded: start &+ size)
  }

  /// Appends what does not fit into the rest of the block.
  @usableFromInline @inline(never)
  mutating func appendSettling(_ octets: Span<UInt8>) {
    settle()
    guard octets.count > Self.blockSize else { return append(octets) }
    settled.append(copying: octets)
  }

  /// Appends what `body` writes, `size` octets at the most, where it is to stay: what is longer than a
  /// line is copied once like this.
  @inlinable
  public mutating func append(upTo size: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
    if used > 0 { settle() }
    settled.append(addingCapacity: size, initializingWith: body)
  }

  /// Appends our own text as UTF-8. Text that came from the network goes through
  /// `append(untrusted:)`.
  @_disfavoredOverload
  public mutating func append(_ text: String) { append(text.utf8.span) }

  /// Appends a literal.
  ///
  /// A line has twenty of them. As a `String` each costs ninety instructions, most of them to find out
  /// where its octets are; like this the compiler knows octets and length, and stores words.
  @inlinable @inline(__always)
  public mutating func append(_ text: StaticString) {
    let size = text.utf8CodeUnitCount
    let start = Int(used)
    guard text.hasPointerRepresentation, start <= Self.blockSize &- size else {
      return append(String(describing: text))
    }
    used = UInt16(truncatingIfNeeded: put(text, at: start))
  }

  /// Appends the first `count` octets of `word`, the lowest one first; at most as many as it has.
  @inline(__always)
  mutating func append(word: UInt64, count: Int) {
    let start = Int(used)
    guard start <= Self.blockSize &- 8 else { return appendSettling(word: word, count: count) }
    put(word, at: start)
    used = UInt16(truncatingIfNeeded: start &+ count)
  }

  @inline(never)
  private mutating func appendSettling(word: UInt64, count: Int) {
    settle()
    append(word: word, count: count)
  }

  /// Appends `count` times the same octet; none if `count` is negative.
  public mutating func append(repeating octet: UInt8, count: Int) {
    let start = Int(used)
    guard count > 0 else { return }
    guard count <= Self.blockSize &- start else {
      return appendSettling(repeating: octet, count: count)
    }
    for index in 0..<count { block[start &+ index] = octet }
    used = UInt16(truncatingIfNeeded: start &+ count)
  }

  @inline(never)
  private mutating func appendSettling(repeating octet: UInt8, count: Int) {
    var left = count
    while left > 0 {
      settle()
      let part = min(left, Self.blockSize)
      append(repeating: octet, count: part)
      left &-= part
    }
  }

  /// Ends the line (U+000A).
  @inlinable
  public mutating func newline() { append(octet: 0x0a) }

  /// Lends the octets, all in one piece. They are gone when `body` returns, so hand them to
  /// `write(2)` or copy them there.
  public mutating func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    settle()
    return try body(settled.span)
  }

  /// A copy of the octets.
  public var octets: [UInt8] {
    var all = settled
    all.append(copying: block.span.extracting(first: Int(used)))
    return all
  }

  /// A copy of the octets as text; what is not UTF-8 becomes U+FFFD.
  public var string: String { String(decoding: octets, as: UTF8.self) }

  /// Forgets the octets, and by default keeps the memory for the next ones.
  public mutating func removeAll(keepingCapacity: Bool = true) {
    settled.removeAll(keepingCapacity: keepingCapacity)
    used = 0
  }

  /// Forgets the octets after the first `count`; a larger `count` changes nothing.
  public mutating func truncate(to count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) octets")
    guard count < self.count else { return }
    if count >= settled.count {
      used = UInt16(truncatingIfNeeded: count &- settled.count)
    } else {
      used = 0
      settled.removeLast(settled.count &- count)
    }
  }
}

extension TextBuffer {
  /// Appends blanks until the text that was begun at `start` (a former `count`) is `width` octets
  /// long, so that it is flush left. Longer text stays as it is.
  public mutating func padRight(from start: Int, to width: Int) {
    append(repeating: 0x20, count: width &- (count &- start))
  }

  /// Puts blanks before the text that was begun at `start` (a former `count`) until it is `width`
  /// octets long, so that it is flush right. Longer text stays as it is.
  public mutating func padLeft(from start: Int, to width: Int) {
    let end = count
    let shift = width &- (end &- start)
    guard shift > 0 else { return }
    append(repeating: 0x20, count: shift)
    settle()
    var all = settled.mutableSpan
    var index = end
    while index > start {
      index &-= 1
      all[index &+ shift] = all[index]
    }
    for blank in start..<start &+ shift { all[blank] = 0x20 }
  }
}
