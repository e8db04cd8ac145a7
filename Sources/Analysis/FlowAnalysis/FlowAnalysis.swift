public import PacketWire

/// Follows the flows of a capture packet by packet, in bounded memory.
///
/// Feed it every frame in the order of capture; each call says what is known of that packet from
/// itself and from those before it.
public struct FlowAnalysis: Sendable {
  /// How much may be remembered.
  public let limits: AnalysisLimits

  var shared: StreamShared
  var connections: FlowTable<TCPConnection>
  var conversations: FlowTable<UDPConversation>
  /// Tables of the kinds that share one shape, by `FlowKind`.
  var plain: InlineArray<4, FlowTable<PlainFlow>>
  var echoes: EchoTable
  var neighbors: NeighborTable
  var fragments = FragmentReassembler()
  /// Of packets that are not whole, the pieces that have come.
  var pieces: BoundedTable<PieceKey, PieceFacts>
  /// How many packets are read that are whole with a piece of the one around them.
  var wholeDepth = 0
  /// What the packet at hand comes through: the bits of its mark, 0 for no tunnel.
  var tunnel: UInt32 = 0

  /// An analysis that has seen nothing.
  ///
  /// - Parameters:
  ///   - limits: how much may be remembered.
  ///   - inflaters: what unpacks messages of WebSockets; without it they stay packed.
  public init(
    limits: AnalysisLimits = AnalysisLimits(), inflaters: MessageInflaterSource? = nil
  ) {
    self.limits = limits
    shared = StreamShared(limits: limits, inflaterSource: inflaters)
    connections = FlowTable(capacity: limits.connections)
    conversations = FlowTable(capacity: limits.conversations)
    plain = InlineArray(repeating: FlowTable(capacity: limits.otherFlows))
    pieces = BoundedTable(capacity: fragments.limits.packets)
    echoes = EchoTable(capacity: limits.pendingRequests)
    neighbors = NeighborTable(capacity: limits.pendingRequests)
  }

  /// What was given up and what was found missing so far.
  public var counts: AnalysisCounts {
    var counts = shared.counts
    counts.evictedFlows = connections.evicted + conversations.evicted
    for index in plain.indices { counts.evictedFlows += plain[index].evicted }
    counts.evictedRequests = shared.transactions.evicted + echoes.evicted + neighbors.evicted
    counts.evictedNames = shared.names.evicted
    return counts
  }

  /// Reads one frame.
  ///
  /// - Parameters:
  ///   - frame: the frame, decoded from `octets`.
  ///   - octets: what was captured of it.
  ///   - number: its place in the capture, from 1.
  ///   - time: its capture stamp.
  ///   - originalLength: how long it was on the wire, in octets; the captured length if not given.
  /// - Returns: what is known of it from itself and from the packets before it.
  public mutating func add(
    _ frame: Frame, octets: Span<UInt8>, number: Int, time: WallInstant,
    originalLength: Int? = nil
  ) -> PacketFacts {
    let mark = PacketMark(number: number, time: time)
    var facts = PacketFacts(
      mark: mark, length: originalLength ?? octets.count, frame.etherType)
    facts.describe(frame)
    readPacket(frame, octets, &facts)
    return facts
  }

  /// Reads a packet, or what it carries if it is a tunnel's.
  mutating func readPacket(_ frame: Frame, _ octets: Span<UInt8>, _ facts: inout PacketFacts) {
    if frame.mayBeTunnel, !frame.isFragment, readTunnelled(frame, octets, &facts) { return }
    read(frame, octets, &facts)
  }

  /// Reads a packet itself.
  mutating func read(_ frame: Frame, _ octets: Span<UInt8>, _ facts: inout PacketFacts) {
    // A frame that was not decoded from these octets has a payload elsewhere.
    let payload =
      frame.payload.upperBound <= octets.count ? octets.extracting(frame.payload) : Span()
    if !frame.isFragment {
      // Nearly all frames; a look at both headers at once would copy both.
      switch frame.transport {
      case .tcp(let header): return addTCP(header, frame, payload, &facts)
      case .udp(let header): return addUDP(header, frame, payload, &facts)
      default: break
      }
    }
    switch (frame.network, frame.transport) {
    case (.none, _): if let problem = frame.problem { facts.content = .unreadable(problem) }
    case (.arp(let packet), _): addARP(packet, frame, &facts)
    case _ where frame.isFragment: addFragment(frame, octets, &facts)
    case (_, .tcp), (_, .udp): break
    case (_, .icmpv4(let header)): addICMP(header, frame, payload, &facts)
    case (_, .icmpv6(let header)): addICMP(header, frame, payload, &facts)
    case (_, .other(let number)), (_, .laterFragment(let number)):
      addOther(number, frame, &facts)
    case (_, .udpLite), (_, .sctp), (_, .dccp), (_, .igmp), (_, .gre), (_, .esp):
      if let number = frame.protocolNumber { addOther(number, frame, &facts) }
    case (_, .none):
      noteEnds(of: frame, &facts)
      if let problem = frame.problem { facts.content = .unreadable(problem) }
    }
  }
}

extension PacketFacts {
  /// Sets what stands in headers; what a frame within a tunnel does not say remains.
  mutating func describe(_ frame: Frame) {
    vlan = frame.vlan?.identifier ?? vlan
    hopsLeft = frame.hopsLeft ?? hopsLeft
    if case .ethernet(let header) = frame.link { linkDestination = header.destination }
    cutOctets = frame.payloadLength - frame.payload.count
    if frame.problem != nil, case .tcp(let header) = frame.transport {
      cutOctets += Int(header.missingOptions)
    }
  }
}

extension Frame {
  fileprivate var hopsLeft: UInt8? {
    switch network {
    case .ipv4(let header): header.timeToLive
    case .ipv6(let header): header.hopLimit
    case .arp, .none: nil
    }
  }
}
