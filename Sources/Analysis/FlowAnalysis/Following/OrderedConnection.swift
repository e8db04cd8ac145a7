public import PacketWire

/// Both directions of a TCP connection, put in order: what came first counts where segments overlap,
/// what came early waits, and what never came is said to be missing.
public struct OrderedConnection: Sendable {
  /// What became known, in the order of the capture.
  public enum Event: Hashable, Sendable {
    /// Octets that are next in order.
    case octets
    /// So many octets that are next were not captured.
    case missing(Int64)
    /// The sender has said its last.
    case end
  }

  /// A segment with data, or one that tells what its sender has.
  public struct Segment: Sendable {
    /// Its sender is the one whose address and port are the lower ones.
    public var isFromLow: Bool
    /// The header's numbers.
    public var number: UInt32, acknowledgment: UInt32
    /// The control bits.
    public var flags: TCPHeader.Flags
    /// Octets of data on the wire, of which the capture may hold less.
    public var length: Int

    /// A segment from its parts.
    public init(
      isFromLow: Bool, number: UInt32, acknowledgment: UInt32, flags: TCPHeader.Flags, length: Int
    ) {
      (self.isFromLow, self.number, self.acknowledgment) = (isFromLow, number, acknowledgment)
      (self.flags, self.length) = (flags, length)
    }
  }

  private struct Direction: Sendable {
    var space: SequenceSpace?
    var reassembler = StreamReassembler()
    /// The highest position that the peer says it has.
    var acknowledged: Int64 = 0
    /// Where its FIN stands.
    var end: Int64?
    var hasEnded = false
  }

  private var low = Direction()
  private var high = Direction()
  private var memory: StreamMemory

  /// A connection that holds back so many octets at the most.
  public init(limits: AnalysisLimits = AnalysisLimits()) {
    memory = StreamMemory(
      limit: limits.heldOctetsPerStream, limitPerStream: limits.heldOctetsPerStream)
  }

  /// How many octets wait for what is before them.
  public var heldOctets: Int { memory.used }

  /// Reads a segment.
  ///
  /// - Parameters:
  ///   - segment: what its header says.
  ///   - octets: its data, as far as it was captured.
  ///   - body: is told what became known of whom, and the octets if it is octets.
  public mutating func add(
    _ segment: Segment, _ octets: Span<UInt8>, _ body: (Event, Bool, Span<UInt8>) -> Void
  ) {
    if segment.isFromLow {
      Self.add(segment, octets, &low, &high, &memory, body)
    } else {
      Self.add(segment, octets, &high, &low, &memory, body)
    }
  }

  /// Gives what waits, and says what was missing before it: nothing more will come.
  public mutating func finish(_ body: (Event, Bool, Span<UInt8>) -> Void) {
    while low.reassembler.isWaiting { Self.skipToHeld(&low, true, &memory, body) }
    while high.reassembler.isWaiting { Self.skipToHeld(&high, false, &memory, body) }
  }

  private static func add(
    _ segment: Segment, _ octets: Span<UInt8>, _ own: inout Direction, _ peer: inout Direction,
    _ memory: inout StreamMemory, _ body: (Event, Bool, Span<UInt8>) -> Void
  ) {
    let isSYN = segment.flags.contains(.syn)
    if own.space == nil {
      own.space = SequenceSpace(origin: isSYN ? segment.number : segment.number &- 1)
    }
    if segment.flags.contains(.ack), let space = peer.space {
      let position = space.position(of: segment.acknowledgment, near: peer.reassembler.next)
      peer.acknowledged = max(peer.acknowledged, position)
    }
    guard let space = own.space, !segment.flags.contains(.rst) else { return }
    let start = space.position(
      of: isSYN ? segment.number &+ 1 : segment.number, near: own.reassembler.next)
    guard abs(start - own.reassembler.next) < SequenceSpace.largestWindow else { return }
    if segment.flags.contains(.fin) { own.end = start + Int64(segment.length) }
    if segment.length > 0 {
      take(segment, octets, at: start, &own, &memory, body)
    }
    if let end = own.end, own.reassembler.next >= end, !own.hasEnded {
      own.hasEnded = true
      body(.end, segment.isFromLow, Span())
    }
  }

  private static func take(
    _ segment: Segment, _ octets: Span<UInt8>, at start: Int64, _ own: inout Direction,
    _ memory: inout StreamMemory, _ body: (Event, Bool, Span<UInt8>) -> Void
  ) {
    let side = segment.isFromLow
    // What the peer has and the capture has not will not come any more.
    while let held = own.reassembler.firstHeldPosition, held <= own.acknowledged {
      skipToHeld(&own, side, &memory, body)
    }
    let positions = start..<start + Int64(segment.length)
    switch own.reassembler.accept(positions, octets, &memory) {
    case .deliver:
      deliver(octets, positions, &own, side, body)
      drain(&own, side, &memory, body)
    case .heldWithoutRoom: skipToHeld(&own, side, &memory, body)
    case .held, .old: break
    }
  }

  private static func skipToHeld(
    _ own: inout Direction, _ side: Bool, _ memory: inout StreamMemory,
    _ body: (Event, Bool, Span<UInt8>) -> Void
  ) {
    guard let start = own.reassembler.firstHeldPosition else { return }
    if start > own.reassembler.next { body(.missing(start - own.reassembler.next), side, Span()) }
    own.reassembler.advance(to: start)
    drain(&own, side, &memory, body)
  }

  private static func drain(
    _ own: inout Direction, _ side: Bool, _ memory: inout StreamMemory,
    _ body: (Event, Bool, Span<UInt8>) -> Void
  ) {
    while let held = own.reassembler.takeReady(&memory) {
      deliver(held.octets.span, held.positions, &own, side, body)
    }
  }

  private static func deliver(
    _ octets: Span<UInt8>, _ positions: Range<Int64>, _ own: inout Direction, _ side: Bool,
    _ body: (Event, Bool, Span<UInt8>) -> Void
  ) {
    let next = own.reassembler.next
    let known = Int(next - positions.lowerBound)
    let captured = min(octets.count, positions.count)
    if known < captured { body(.octets, side, octets.extracting(known..<captured)) }
    let missing = positions.upperBound - max(next, positions.lowerBound + Int64(captured))
    if missing > 0 { body(.missing(missing), side, Span()) }
    own.reassembler.advance(to: positions.upperBound)
  }
}
