/// One option of a TCP header (RFC 9293 §3.2; IANA "TCP Option Kind Numbers").
public enum TCPOption: Hashable, Sendable {
  /// Kind 0: what follows is padding.
  case endOfList
  /// Kind 1.
  case noOperation
  /// Kind 2: the largest segment that the sender takes, in octets.
  case maximumSegmentSize(UInt16)
  /// Kind 3: how far to shift every later window (RFC 7323 §2.2).
  case windowScale(UInt8)
  /// Kind 4 (RFC 2018 §2).
  case sackPermitted
  /// Kind 5 (RFC 2018 §3): pairs of left and right edge.
  case sack(SACKBlocks)
  /// Kind 8 (RFC 7323 §3.2).
  case timestamps(value: UInt32, echoReply: UInt32)
  /// Any other kind, or one of the above with an unusual length: where its value stands in the
  /// header's option octets.
  case other(kind: UInt8, value: Range<Int>)

  /// Up to four blocks of received data (RFC 2018 §3), held in place.
  public struct SACKBlocks: Hashable, Sendable {
    private var edges = InlineArray<4, UInt64>(repeating: 0)
    /// One to four.
    public let count: Int

    /// Blocks from their edges; nil for none, and for more than four.
    public init?(_ blocks: [(left: UInt32, right: UInt32)]) {
      guard (1...4).contains(blocks.count) else { return nil }
      for (index, block) in blocks.enumerated() {
        edges[index] = UInt64(block.left) << 32 | UInt64(block.right)
      }
      count = blocks.count
    }

    /// Reads `count` blocks, at most four, at `offset`.
    init(_ octets: Span<UInt8>, at offset: Int, count: Int) {
      for index in 0..<count { edges[index] = octets.u64(at: offset + 8 * index) }
      self.count = count
    }

    /// The block at `index`, which must be less than `count`: its first sequence number and the
    /// one just behind it.
    public subscript(index: Int) -> (left: UInt32, right: UInt32) {
      precondition(index < count)
      return (UInt32(edges[index] >> 32), UInt32(truncatingIfNeeded: edges[index]))
    }

    /// The same blocks in the same order.
    public static func == (left: Self, right: Self) -> Bool {
      left.count == right.count
        && left.edges.indices.allSatisfy { left.edges[$0] == right.edges[$0] }
    }

    /// Feeds the edges to `hasher`.
    public func hash(into hasher: inout Hasher) {
      for index in edges.indices { hasher.combine(edges[index]) }
    }
  }
}

extension TCPHeader {
  /// Calls `body` for each option in order, the end of the list included; stops at an option whose
  /// length cannot be (RFC 9293 §3.2) and throws where it stands, counted from the header's start.
  public func forEachOption(_ body: (TCPOption) -> Void) throws(PacketError) {
    var index = 0
    while index < options.count {
      let kind = options[index]
      if kind < 2 {
        body(kind == 0 ? .endOfList : .noOperation)
        if kind == 0 { return }
        index += 1
        continue
      }
      let length = index + 1 < options.count ? Int(options[index + 1]) : 0
      guard length >= 2, index + length <= options.count else {
        throw PacketError(
          .tcp, at: Self.minimumLength + index, .badOptionLength(kind: kind, length: length))
      }
      body(option(kind: kind, value: index + 2..<index + length))
      index += length
    }
  }

  private func option(kind: UInt8, value: Range<Int>) -> TCPOption {
    let octets = options.span
    switch (kind, value.count) {
    case (2, 2): return .maximumSegmentSize(octets.u16(at: value.lowerBound))
    case (3, 1): return .windowScale(octets[value.lowerBound])
    case (4, 0): return .sackPermitted
    case (5, 8), (5, 16), (5, 24), (5, 32):
      return .sack(.init(octets, at: value.lowerBound, count: value.count / 8))
    case (8, 8):
      return .timestamps(
        value: octets.u32(at: value.lowerBound), echoReply: octets.u32(at: value.lowerBound + 4))
    default: return .other(kind: kind, value: value)
    }
  }
}
