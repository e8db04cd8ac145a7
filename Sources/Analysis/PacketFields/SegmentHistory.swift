import FlowAnalysis
import PacketWire

/// What is known of a segment from those before it.
struct SegmentFacts: Sendable {
  var analysis: TCPSegmentAnalysis
  /// Its header goes as far as its window.
  var hasWindow = true
  /// Since the first segment of its connection, and since the one before it.
  var sinceFirst: Nanoseconds?, sincePrevious: Nanoseconds?
  /// Its numbers, counted from those before each side's first octet.
  var number: UInt32?, acknowledgment: UInt32?
  /// Behind its last number.
  var nextNumber: UInt32?
  /// Octets since the last segment with a PSH, its own counted.
  var octetsSincePush = 0
  /// Of a retransmission: the packet that it repeats, and how long ago that was.
  var retransmission: (of: Int, after: Nanoseconds)?

  init(_ analysis: TCPSegmentAnalysis) { self.analysis = analysis }
}

/// What connections have to remember for that, beside `Conversations`.
struct SegmentHistory: Sendable {
  private struct Side: Sendable {
    var origin: UInt32?
    var octetsSincePush = 0
    var hasPushed = false
    /// Behind the highest number sent, and the packet that said so first.
    var next: UInt32?
    var advanced: PacketMark?
  }

  private struct Connection: Sendable {
    var stream: Int
    var first: WallInstant
    var last: WallInstant
    var low = Side(), high = Side()
  }

  /// By the place that a connection has among those that are remembered.
  private var connections: [Connection?] = []

  /// Reads a segment, of which `analysis` is known.
  mutating func add(
    _ segment: TCPSegment, _ analysis: TCPSegmentAnalysis, at time: WallInstant
  ) -> SegmentFacts {
    var facts = SegmentFacts(analysis)
    while connections.count <= analysis.slot { connections.append(nil) }
    var connection = Connection(stream: analysis.stream, first: time, last: time)
    if let known = connections[analysis.slot], known.stream == analysis.stream {
      connection = known
    }
    (facts.sinceFirst, facts.sincePrevious) = (time - connection.first, time - connection.last)
    connection.last = time
    var (own, peer) =
      analysis.isFromLow
      ? (connection.low, connection.high) : (connection.high, connection.low)
    Self.number(segment, &own, &peer, &facts)
    if segment.length > 0, analysis.octetsInFlight > 0 {
      own.octetsSincePush = (own.hasPushed ? 0 : own.octetsSincePush) &+ segment.length
      own.hasPushed = segment.flags.contains(.psh)
      facts.octetsSincePush = own.octetsSincePush
    }
    if analysis.isFromLow {
      (connection.low, connection.high) = (own, peer)
    } else {
      (connection.high, connection.low) = (own, peer)
    }
    connections[analysis.slot] = connection
    return facts
  }

  /// Follows how far senders have come, behind `add`; what a retransmission repeats.
  ///
  /// That is the segment that waits longest for its acknowledgment, whatever is in it; else the last one
  /// that brought something new.
  mutating func follow(
    _ segment: TCPSegment, _ analysis: TCPSegmentAnalysis, _ mark: PacketMark,
    _ conversations: borrowing Conversations
  ) -> (of: Int, after: Nanoseconds)? {
    guard var connection = connections[analysis.slot] else { return nil }
    var own = analysis.isFromLow ? connection.low : connection.high
    var repeated: PacketMark?
    if analysis.findings.contains(.retransmission) {
      repeated = conversations.longestUnacknowledged(analysis)
      if repeated?.number == mark.number { repeated = own.advanced }
    }
    let end = segment.end
    if !analysis.findings.contains(.zeroWindowProbe),
      own.next.map({ Int32(bitPattern: end &- $0) > 0 }) ?? true
    {
      (own.next, own.advanced) = (end, mark)
    }
    if analysis.isFromLow { connection.low = own } else { connection.high = own }
    connections[analysis.slot] = connection
    guard let repeated, mark.time != repeated.time else { return nil }
    return (repeated.number, mark.time - repeated.time)
  }

  /// Numbers count from a SYN's; without one, so that the first octet seen is number 1.
  private static func number(
    _ segment: TCPSegment, _ own: inout Side, _ peer: inout Side, _ facts: inout SegmentFacts
  ) {
    let isSYN = segment.flags.contains(.syn)
    let origin = own.origin ?? (isSYN ? segment.sequenceNumber : segment.sequenceNumber &- 1)
    own.origin = origin
    facts.number = segment.sequenceNumber &- origin
    facts.nextNumber = segment.end &- origin
    guard segment.flags.contains(.ack) else {
      facts.acknowledgment = 0
      return
    }
    let other = peer.origin ?? (segment.acknowledgmentNumber &- 1)
    peer.origin = other
    facts.acknowledgment = segment.acknowledgmentNumber &- other
  }
}
