import PacketWire

extension Conversations.Connection {
  mutating func note(_ found: TCPSegmentFindings, fromLow: Bool) {
    var ends = findings.value ?? Conversations.FindingsOfEnds()
    if fromLow { ends.fromLow.add(found) } else { ends.fromHigh.add(found) }
    findings.value = ends
  }
}

extension Conversations {
  /// The segment that waits longest for its acknowledgment, of the sender of the one that `analysis` is
  /// about, which counts too.
  public func longestUnacknowledged(_ analysis: TCPSegmentAnalysis) -> PacketMark? {
    let queue = connections.slots[analysis.slot].state.tcp.waiting(fromLow: analysis.isFromLow)
    return waiting.first(of: queue).map { PacketMark(number: $0.packet, time: $0.time) }
  }

  /// The conversations that are remembered, in the order in which they began: those of TCP, of UDP,
  /// and the others.
  public var all: [Conversation] {
    Self.inOrder(connections).map { Self.conversation(connections.slots[$0]) }
      + Self.inOrder(exchanges).map { Self.conversation(exchanges.slots[$0], isUDP: true) }
      + Self.inOrder(others).map { Self.conversation(others.slots[$0], isUDP: false) }
  }

  /// Calls `body` with each conversation that is remembered, in no order.
  public func forEach(_ body: (Conversation) -> Void) {
    for slot in connections.slots { body(Self.conversation(slot)) }
    for slot in exchanges.slots { body(Self.conversation(slot, isUDP: true)) }
    for slot in others.slots { body(Self.conversation(slot, isUDP: false)) }
  }

  private static func inOrder<State>(_ table: FlowTable<State>) -> [Int] {
    table.slots.indices.sorted { table.slots[$0].ordinal < table.slots[$1].ordinal }
  }

  private static func conversation(_ slot: FlowTable<Connection>.Slot) -> Conversation {
    let state = slot.state
    let initiatorIsLow = state.tcp.lowIsClient ?? state.traffic.lowBegan
    var conversation = Conversation(slot.key, state.traffic, initiatorIsLow: initiatorIsLow)
    conversation.stream = slot.ordinal - 1
    let findings = state.findings.value ?? FindingsOfEnds()
    conversation.connection = ConnectionRecord(
      completeness: state.tcp.completeness, state: state.tcp.state,
      initialRTT: state.tcp.initialRTT,
      sent: initiatorIsLow ? findings.fromLow : findings.fromHigh,
      answered: initiatorIsLow ? findings.fromHigh : findings.fromLow)
    return conversation
  }

  private static func conversation(
    _ slot: FlowTable<TrafficOfEnds>.Slot, isUDP: Bool
  ) -> Conversation {
    var conversation = Conversation(
      slot.key, slot.state, initiatorIsLow: slot.state.lowBegan)
    if isUDP { conversation.stream = slot.ordinal - 1 }
    return conversation
  }
}

extension Conversation {
  fileprivate init(_ key: FlowKey, _ traffic: TrafficOfEnds, initiatorIsLow: Bool) {
    protocolNumber = key.protocolNumber
    vlan = key.vlan
    isTunnelled = key.tunnel != 0
    (initiator, responder) =
      initiatorIsLow ? (key.lowEnd, key.highEnd) : (key.highEnd, key.lowEnd)
    (sent, answered) =
      initiatorIsLow ? (traffic.fromLow, traffic.fromHigh) : (traffic.fromHigh, traffic.fromLow)
    (first, last) = (traffic.first, traffic.last)
  }
}
