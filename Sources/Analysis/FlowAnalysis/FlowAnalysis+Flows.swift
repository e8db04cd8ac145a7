import PacketWire

extension FlowAnalysis {
  /// The kinds of flows that share one shape, by their place in `plain`.
  enum PlainKind: Int {
    case arp, neighborDiscovery, icmp, ip

    var flowKind: FlowKind {
      switch self {
      case .arp: .arp
      case .neighborDiscovery: .neighborDiscovery
      case .icmp: .icmp
      case .ip: .ip
      }
    }
  }

  /// Sets who sent the packet and whom it is for, with the names learned so far. If this only read,
  /// all that is stored here, a kilobyte, would be copied for each call (Swift 6.3).
  mutating func noteEnds(of frame: Frame, _ facts: inout PacketFacts) {
    guard let addresses = frame.addresses else { return }
    let ports = frame.ports
    facts.source = shared.names.endpoint(addresses.source, port: ports?.source)
    facts.destination = shared.names.endpoint(addresses.destination, port: ports?.destination)
  }

  func endpoint(_ address: IPAddress, port: UInt16?) -> Endpoint {
    shared.names.endpoint(address, port: port)
  }

  /// Finds or begins the flow of a packet without connection state, and notes it in `facts`.
  @discardableResult
  mutating func follow(
    _ kind: PlainKind, from source: IPAddress, to destination: IPAddress,
    ports: (source: UInt16, destination: UInt16) = (0, 0), protocolNumber: UInt8 = 0,
    _ frame: Frame, _ facts: inout PacketFacts
  ) -> Int {
    let (key, sourceIsLow) = FlowKey.make(
      from: (source, ports.source), to: (destination, ports.destination),
      protocolNumber: protocolNumber, vlans: frame.vlanBits, tunnel: tunnel)
    let place: Int
    if let found = plain[kind.rawValue].slot(of: key) {
      place = found
    } else {
      facts.isFirstOfFlow = true
      place = plain[kind.rawValue].insert(key, PlainFlow(initiatorIsLow: sourceIsLow)) { _ in }
    }
    let slot = plain[kind.rawValue].slots[place]
    facts.flow = FlowID(kind.flowKind, slot.ordinal)
    facts.isFromInitiator = slot.state.initiatorIsLow == sourceIsLow
    return place
  }

  mutating func addARP(_ packet: ARPPacket, _ frame: Frame, _ facts: inout PacketFacts) {
    let (sender, target) = (IPAddress.v4(packet.senderAddress), IPAddress.v4(packet.targetAddress))
    facts.source = endpoint(sender, port: nil)
    facts.destination = endpoint(target, port: nil)
    facts.content = .arp(neighbors.add(packet, at: facts.mark))
    follow(.arp, from: sender, to: target, frame, &facts)
  }

  mutating func addOther(_ number: IPProtocol, _ frame: Frame, _ facts: inout PacketFacts) {
    noteEnds(of: frame, &facts)
    facts.content = .other(number)
    guard let addresses = frame.addresses else { return }
    follow(
      .ip, from: addresses.source, to: addresses.destination, protocolNumber: number.rawValue,
      frame, &facts)
  }

  mutating func addTCP(
    _ header: TCPHeader, _ frame: Frame, _ payload: Span<UInt8>, _ facts: inout PacketFacts
  ) {
    noteEnds(of: frame, &facts)
    guard let source = facts.source, let destination = facts.destination else { return }
    let (key, sourceIsLow) = FlowKey.make(
      from: (source.address, header.sourcePort), to: (destination.address, header.destinationPort),
      protocolNumber: IPProtocol.tcp.rawValue, vlans: frame.vlanBits, tunnel: tunnel)
    let place = connection(of: key, header, sourceIsLow: sourceIsLow, &facts)
    // A stored field is read in place; calling a method to read it would copy the whole connection.
    let clientIsLow = connections.slots[place].state.clientIsLow
    var side = sourceIsLow == clientIsLow ? TCPSide.client : .server
    if connections.slots[place].state.roles != .certain,
      connections.slots[place].state.settleRoles(payload, from: side)
    {
      side = side.peer
    }
    facts.flow = FlowID(.tcp, connections.slots[place].ordinal)
    facts.isFromInitiator = side == .client
    let ends = StreamConversation.Ends(side: side, source: source, destination: destination)
    var tcp = TCPFacts(header, from: side, connections.slots[place].state.roles)
    connections.slots[place].state.add(
      header, payload, wireLength: frame.payloadLength, ends, at: facts.mark, &shared, into: &tcp)
    facts.hasEvents = tcp.hasEvents
    facts.content = .tcp(consume tcp)
  }

  private mutating func connection(
    of key: FlowKey, _ header: TCPHeader, sourceIsLow: Bool, _ facts: inout PacketFacts
  ) -> Int {
    guard let place = connections.slot(of: key) else {
      facts.isFirstOfFlow = true
      let fresh = TCPConnection(first: header, sourceIsLow: sourceIsLow)
      return connections.insert(key, fresh) { $0.state.release(&shared) }
    }
    if header.flags.intersection([.syn, .ack]) == .syn,
      connections.slots[place].state.isReplaced(by: header, sourceIsLow: sourceIsLow)
    {
      facts.isFirstOfFlow = true
      let fresh = TCPConnection(first: header, sourceIsLow: sourceIsLow)
      connections.restart(place, fresh) { $0.state.release(&shared) }
    }
    return place
  }
}
