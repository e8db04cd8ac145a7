public import PacketWire

/// A conversation as a table shows it.
public struct Conversation: Sendable {
  /// What it speaks.
  public var protocolNumber: IPProtocol
  /// Its number among those of TCP, or of UDP, from 0; nil for other protocols.
  public var stream: Int?
  /// The outer VLAN identifier of its frames, if they are tagged.
  public var vlan: UInt16?
  /// Its packets came through a tunnel.
  public var isTunnelled = false
  /// Who sent the first packet that was seen: of TCP the client, if its SYN was.
  public var initiator: Endpoint
  /// The other end.
  public var responder: Endpoint
  /// What the initiator sent.
  public var sent: TrafficCount
  /// What the responder sent.
  public var answered: TrafficCount
  /// The first packet.
  public var first: WallInstant
  /// The last packet.
  public var last: WallInstant
  /// What is known of a connection of TCP.
  public var connection: ConnectionRecord?

  /// Both directions.
  public var total: TrafficCount { sent + answered }
  /// From the first to the last packet.
  public var duration: Nanoseconds { last - first }
}

/// What a table shows of a connection of TCP beside its packets.
public struct ConnectionRecord: Sendable {
  /// What was seen of it.
  public var completeness: TCPCompleteness
  /// How it stands.
  public var state: ConnectionState
  /// From the SYN to the handshake's last packet, if both were seen.
  public var initialRTT: Nanoseconds?
  /// What is to be said of the initiator's segments.
  public var sent: FindingCounts
  /// What is to be said of the responder's segments.
  public var answered: FindingCounts
}

/// How a connection stands at the end of a capture (RFC 9293 §3.3.2).
public enum ConnectionState: String, Hashable, Sendable, CaseIterable {
  /// A SYN that nobody answered.
  case unanswered
  /// A SYN that was answered by a RST.
  case refused
  /// A SYN and its answer, without the third packet: the client is gone, or never was there.
  case halfOpen = "half open"
  /// It stands, as far as the capture tells.
  case open
  /// One side has said all that it had to say.
  case closing
  /// Both sides have said all that they had to say.
  case closed
  /// Broken off by a RST.
  case reset
}

/// How often each thing was found of segments.
public struct FindingCounts: Hashable, Sendable {
  private var counts = InlineArray<16, UInt32>(repeating: 0)

  /// Nothing was found.
  public init() {}

  /// How many segments one of `findings` was made of, each time counted.
  public subscript(findings: TCPSegmentFindings) -> Int {
    var sum = 0
    var rest = findings.rawValue
    while rest != 0 {
      sum &+= Int(counts[rest.trailingZeroBitCount])
      rest &= rest &- 1
    }
    return sum
  }

  /// Counts the findings of one segment.
  mutating func add(_ findings: TCPSegmentFindings) {
    var rest = findings.rawValue
    while rest != 0 {
      counts[rest.trailingZeroBitCount] &+= 1
      rest &= rest &- 1
    }
  }

  /// Both together.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    for index in sum.counts.indices { sum.counts[index] &+= right.counts[index] }
    return sum
  }

  /// The same counts.
  public static func == (left: Self, right: Self) -> Bool {
    left.counts.indices.allSatisfy { left.counts[$0] == right.counts[$0] }
  }

  /// Feeds the counts to `hasher`.
  public func hash(into hasher: inout Hasher) {
    for index in counts.indices { hasher.combine(counts[index]) }
  }
}
