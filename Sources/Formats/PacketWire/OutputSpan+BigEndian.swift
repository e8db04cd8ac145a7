extension OutputSpan<UInt8> {
  /// Appends any fixed-width number in network order.
  @inlinable
  public mutating func append(bigEndian word: some FixedWidthInteger) {
    var shift = type(of: word).bitWidth
    while shift > 0 {
      shift -= 8
      append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  /// Appends a MAC address' six octets, or any other 48-bit number, in network order.
  @inlinable
  public mutating func append(bigEndian48 word: UInt64) {
    append(bigEndian: UInt16(truncatingIfNeeded: word >> 32))
    append(bigEndian: UInt32(truncatingIfNeeded: word))
  }

  /// Appends borrowed octets.
  @inlinable
  public mutating func append(copying octets: Span<UInt8>) {
    for i in octets.indices { append(octets[i]) }
  }
}

extension Array {
  /// A copy of borrowed elements.
  ///
  /// Names and texts of packets go through here. `init(capacity:)` asks for the array's type at run
  /// time: 38 ns for sixteen octets, and 19 like this, in which only what the span holds is read.
  @inlinable
  public init(copying span: Span<Element>) {
    self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Appends borrowed elements.
  ///
  /// All printed text goes through here, half a kilobyte at a time. One by one into an `OutputSpan` up
  /// to 32 of them are copied for themselves: 110 instructions a line, and 35 like this, in which only
  /// what the span holds is read.
  @inlinable
  public mutating func append(copying span: Span<Element>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
