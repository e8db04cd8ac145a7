public import FlowAnalysis
public import PacketWire

/// What the connections of a capture have in common.
public struct TCPStatistics: Sendable {
  /// How many connections there are in each state.
  public var states: [(state: ConnectionState, count: Int)]
  /// Round trip times of handshakes, sorted.
  public var handshakes: [Nanoseconds]
  /// Segments of all connections.
  public var segments: Int
  /// What was found of them.
  public var findings: FindingCounts
  /// How many connections each finding is of.
  public var affected: [(finding: TCPSegmentFindings, connections: Int)]

  /// Sums up `conversations`.
  public init(_ conversations: Conversations) {
    var states: [ConnectionState: Int] = [:]
    var affected: [UInt16: Int] = [:]
    var handshakes: [Nanoseconds] = []
    var segments = 0
    var findings = FindingCounts()
    conversations.forEach { conversation in
      guard let connection = conversation.connection else { return }
      states[connection.state, default: 0] += 1
      segments += conversation.total.packets
      if connection.state != .refused, let time = connection.initialRTT { handshakes.append(time) }
      let both = connection.sent + connection.answered
      findings = findings + both
      for finding in TCPSegmentFindings.named where both[finding] > 0 {
        affected[finding.rawValue, default: 0] += 1
      }
    }
    self.handshakes = handshakes.sorted()
    (self.segments, self.findings) = (segments, findings)
    self.states = ConnectionState.allCases.compactMap { state in
      states[state].map { (state, $0) }
    }
    self.affected = TCPSegmentFindings.named.compactMap { finding in
      affected[finding.rawValue].map { (finding, $0) }
    }
  }

  /// The handshake time below which `share` (0 to 1) of the handshakes lie; nil without handshakes.
  public func handshake(share: Double) -> Nanoseconds? {
    guard !handshakes.isEmpty else { return nil }
    let place = Int((Double(handshakes.count - 1) * share).rounded())
    return handshakes[min(max(place, 0), handshakes.count - 1)]
  }
}

extension TCPSegmentFindings {
  /// Every finding, the weightiest first.
  public static let named: [TCPSegmentFindings] = [
    .retransmission, .fastRetransmission, .spuriousRetransmission, .outOfOrder, .lostSegment,
    .acknowledgesLostSegment, .duplicateAcknowledgment, .zeroWindow, .windowFull,
    .zeroWindowProbe, .zeroWindowProbeAcknowledgment, .keepAlive, .keepAliveAcknowledgment,
    .windowUpdate, .portsReused,
  ]

  /// What a single finding is called.
  public var name: String {
    switch self {
    case .retransmission: "retransmission"
    case .fastRetransmission: "fast retransmission"
    case .spuriousRetransmission: "spurious retransmission"
    case .outOfOrder: "out of order"
    case .lostSegment: "previous segment not captured"
    case .acknowledgesLostSegment: "acknowledges a segment that was not captured"
    case .duplicateAcknowledgment: "duplicate acknowledgment"
    case .zeroWindow: "zero window"
    case .windowFull: "window full"
    case .zeroWindowProbe: "zero window probe"
    case .zeroWindowProbeAcknowledgment: "zero window probe acknowledgment"
    case .keepAlive: "keep-alive"
    case .keepAliveAcknowledgment: "keep-alive acknowledgment"
    case .windowUpdate: "window update"
    case .portsReused: "ports reused"
    default: "several findings"
    }
  }
}
