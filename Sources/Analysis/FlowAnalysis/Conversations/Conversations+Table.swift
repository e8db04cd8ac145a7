import PacketWire

extension Conversations.Connection {
  mutating func note(_ findings: TCPSegmentFindings, fromLow: Bool) {
    if fromLow { self.fromLow.add(findings) } else { fromHigh.add(findings) }
  }
}

extension Conversations {
  /// The conversations that are remembered, in the order in which they began: those of TCP, of UDP,
  /// and the others.
  public var all: [Conversation] {
    let byOrdinal = { (left: (Int, Conversation), right: (Int, Conversation)) in left.0 < right.0 }
    let tcp = connections.slots.map { ($0.ordinal, Self.conversation($0)) }.sorted(by: byOrdinal)
    let udp = exchanges.slots.map { ($0.ordinal, Self.conversation($0, isUDP: true)) }
      .sorted(by: byOrdinal)
    let rest = others.slots.map { ($0.ordinal, Self.conversation($0, isUDP: false)) }
      .sorted(by: byOrdinal)
    return (tcp + udp + rest).map { $0.1 }
  }

  private static func conversation(_ slot: FlowTable<Connection>.Slot) -> Conversation {
    let state = slot.state
    let initiatorIsLow = state.tcp.lowIsClient ?? state.traffic.lowBegan
    var conversation = Conversation(slot.key, state.traffic, initiatorIsLow: initiatorIsLow)
    conversation.stream = slot.ordinal - 1
    conversation.connection = ConnectionRecord(
      completeness: state.tcp.completeness, state: state.tcp.state,
      initialRTT: state.tcp.initialRTT,
      sent: initiatorIsLow ? state.fromLow : state.fromHigh,
      answered: initiatorIsLow ? state.fromHigh : state.fromLow)
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
    (initiator, responder) =
      initiatorIsLow ? (key.lowEnd, key.highEnd) : (key.highEnd, key.lowEnd)
    (sent, answered) =
      initiatorIsLow ? (traffic.fromLow, traffic.fromHigh) : (traffic.fromHigh, traffic.fromLow)
    (first, last) = (traffic.first, traffic.last)
  }
}
