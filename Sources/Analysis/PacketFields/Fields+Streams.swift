import FlowAnalysis
import PacketText
import PacketWire

extension PacketField {
  /// What is known of a segment from those before it.
  static let tcpStreams: [PacketField] = [
    stream(
      "tcp.window_size", .unsigned(32), "window in octets, scaled where the scale is known",
      alsoQuoted: true
    ) {
      if $0.hasWindow { $1.append(decimal: $0.analysis.window, &$2) }
    },
    stream("tcp.stream", .unsigned(32), "number of the connection, from 0", alsoQuoted: true) {
      $1.append(decimal: $0.analysis.stream, &$2)
    },
    stream(
      "tcp.completeness", .unsigned(8),
      "seen before: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST",
      alsoQuoted: true
    ) { $1.append(decimal: $0.analysis.completeness.rawValue, &$2) },
    stream("tcp.seq", .unsigned(32), "sequence number, counted from the connection's first") {
      if let number = $0.number { $1.append(decimal: number, &$2) }
    },
    stream("tcp.nxtseq", .unsigned(32), "the number behind its last one, counted likewise") {
      if let number = $0.nextNumber { $1.append(decimal: number, &$2) }
    },
    stream("tcp.ack", .unsigned(32), "acknowledgment number, counted from the peer's first") {
      if let number = $0.acknowledgment { $1.append(decimal: number, &$2) }
    },
    stream("tcp.time_relative", .relativeTime, "seconds since the connection's first segment") {
      if let time = $0.sinceFirst { $1.append(seconds: time, &$2) }
    },
    stream("tcp.time_delta", .relativeTime, "seconds since its segment before") {
      if let time = $0.sincePrevious { $1.append(seconds: time, &$2) }
    },
    finding(
      "tcp.analysis.retransmission", "sent again",
      [
        .retransmission, .fastRetransmission, .spuriousRetransmission,
      ]),
    finding(
      "tcp.analysis.fast_retransmission", "sent again as duplicate acknowledgments asked for it",
      .fastRetransmission),
    finding(
      "tcp.analysis.spurious_retransmission", "sent again though it was acknowledged",
      .spuriousRetransmission),
    finding(
      "tcp.analysis.out_of_order", "overtaken by later segments", .outOfOrder),
    // tshark has the field twice: as the finding, and as the heading of its count.
    stream("tcp.analysis.duplicate_ack", .label, "acknowledges the same once more") {
      guard $0.analysis.findings.contains(.duplicateAcknowledgment) else { return }
      for _ in 0..<2 { $1.append(decimal: 1, &$2) }
    },
    finding(
      "tcp.analysis.lost_segment", "segments before it were not captured", .lostSegment),
    finding(
      "tcp.analysis.ack_lost_segment", "acknowledges segments that were not captured",
      .acknowledgesLostSegment),
    finding("tcp.analysis.keep_alive", "asks whether the peer still lives", .keepAlive),
    finding(
      "tcp.analysis.keep_alive_ack", "says that the peer still lives", .keepAliveAcknowledgment),
    finding("tcp.analysis.zero_window", "there is room for nothing more", .zeroWindow),
    finding(
      "tcp.analysis.zero_window_probe", "asks whether there is room again", .zeroWindowProbe),
    finding(
      "tcp.analysis.zero_window_probe_ack", "answers such a question",
      .zeroWindowProbeAcknowledgment),
    finding("tcp.analysis.window_full", "uses up the window", .windowFull),
    finding("tcp.analysis.window_update", "says only that the window changed", .windowUpdate),
    finding(
      "tcp.analysis.reused_ports", "begins another connection of the same ports", .portsReused),
    stream("tcp.analysis.acks_frame", .frameNumber, "the packet that it acknowledges") {
      if let packet = $0.analysis.acknowledges?.packet { $1.append(decimal: packet, &$2) }
    },
    stream("tcp.analysis.ack_rtt", .relativeTime, "how long ago that packet was, in seconds") {
      if let time = $0.analysis.acknowledges?.after, time != .zero { $1.append(seconds: time, &$2) }
    },
    stream("tcp.analysis.bytes_in_flight", .unsigned(32), "octets sent and not acknowledged") {
      if $0.analysis.octetsInFlight > 0 { $1.append(decimal: $0.analysis.octetsInFlight, &$2) }
    },
    stream(
      "tcp.analysis.push_bytes_sent", .unsigned(32), "octets since the last PSH, with its own"
    ) {
      if $0.octetsSincePush > 0 { $1.append(decimal: $0.octetsSincePush, &$2) }
    },
    stream("tcp.analysis.duplicate_ack_num", .unsigned(32), "how often it was repeated") {
      if let count = $0.analysis.duplicate?.count { $1.append(decimal: count, &$2) }
    },
    stream(
      "tcp.analysis.duplicate_ack_frame", .frameNumber,
      "the packet that acknowledged the same first"
    ) {
      if let packet = $0.analysis.duplicate?.of { $1.append(decimal: packet, &$2) }
    },
    stream(
      "tcp.analysis.initial_rtt", .relativeTime, "round trip time of the handshake, in seconds"
    ) {
      if $0.analysis.isTold, let time = $0.analysis.initialRTT, time != .zero {
        $1.append(seconds: time, &$2)
      }
    },
    stream(
      "tcp.analysis.rto", .relativeTime, "how long after it was sent first, in seconds",
      needs: [.connections, .retransmissions]
    ) {
      if let time = $0.retransmission?.after { $1.append(seconds: time, &$2) }
    },
    stream(
      "tcp.analysis.rto_frame", .frameNumber, "the packet in which it was sent first",
      needs: [.connections, .retransmissions]
    ) {
      if let packet = $0.retransmission?.of { $1.append(decimal: packet, &$2) }
    },
  ]

  typealias StreamFunction =
    @Sendable (SegmentFacts, inout FieldCell, inout TextBuffer) -> Void

  /// A field of the analysis. Of a segment that an error quotes only its stream is known.
  private static func stream(
    _ name: String, _ type: FieldType, _ meaning: String, alsoQuoted: Bool = false,
    needs: FieldNeeds = .connections, _ function: @escaping StreamFunction
  ) -> PacketField {
    .init(name, type, meaning, in: .tcp, needs: needs, .stream(alsoQuoted: alsoQuoted, function))
  }

  /// A field that is 1 where one of `findings` is made.
  private static func finding(
    _ name: String, _ meaning: String, _ findings: TCPSegmentFindings
  ) -> PacketField {
    stream(name, .label, meaning) {
      if !$0.analysis.findings.isDisjoint(with: findings) { $1.append(decimal: 1, &$2) }
    }
  }
}
