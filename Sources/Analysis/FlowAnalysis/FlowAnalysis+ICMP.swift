import PacketWire

extension FlowAnalysis {
  /// What both versions of ICMP tell apart in the same way.
  private enum Purpose {
    case echoRequest, echoReply, error, other
  }

  mutating func addICMP(
    _ header: ICMPv4Header, _ frame: Frame, _ payload: Span<UInt8>, _ facts: inout PacketFacts
  ) {
    let purpose: Purpose =
      switch header.type {
      case .echoRequest: .echoRequest
      case .echoReply: .echoReply
      case let type where type.isError: .error
      default: .other
      }
    addMessage(
      .v4(header), purpose, echo: (header.identifier, header.sequenceNumber), frame, payload,
      &facts)
  }

  mutating func addICMP(
    _ header: ICMPv6Header, _ frame: Frame, _ payload: Span<UInt8>, _ facts: inout PacketFacts
  ) {
    if addNeighbor(header, frame, payload, &facts) { return }
    let purpose: Purpose =
      switch header.type {
      case .echoRequest: .echoRequest
      case .echoReply: .echoReply
      case let type where type.isError: .error
      default: .other
      }
    addMessage(
      .v6(header), purpose, echo: (header.identifier, header.sequenceNumber), frame, payload,
      &facts)
  }

  private mutating func addMessage(
    _ header: ICMPFacts.Header, _ purpose: Purpose,
    echo: (identifier: UInt16, sequenceNumber: UInt16), _ frame: Frame, _ payload: Span<UInt8>,
    _ facts: inout PacketFacts
  ) {
    noteEnds(of: frame, &facts)
    guard let (source, destination) = frame.addresses else { return }
    let role: ICMPFacts.Role
    var identifier: UInt16 = 0
    switch purpose {
    case .echoRequest:
      identifier = echo.identifier
      role = echoes.addRequest(
        from: source, to: destination, identifier, echo.sequenceNumber, at: facts.mark)
    case .echoReply:
      identifier = echo.identifier
      role = echoes.addReply(
        from: source, to: destination, identifier, echo.sequenceNumber, at: facts.mark)
    case .error: role = .error(about: quoted(payload, frame))
    case .other: role = .other
    }
    facts.content = .icmp(
      ICMPFacts(header: header, bodyLength: frame.payloadLength, role: role))
    follow(
      .icmp, from: source, to: destination, ports: (identifier, identifier), frame, &facts)
  }

  /// True when the message was one of neighbour discovery.
  private mutating func addNeighbor(
    _ header: ICMPv6Header, _ frame: Frame, _ payload: Span<UInt8>, _ facts: inout PacketFacts
  ) -> Bool {
    guard case .ipv6(let packet) = frame.network,
      let neighbor = neighbors.add(
        header, body: payload, from: packet.source, to: packet.destination, at: facts.mark)
    else { return false }
    noteEnds(of: frame, &facts)
    facts.content = .neighbor(neighbor)
    // The flow is about the pair of asker and target, whatever group the question was sent to.
    var (source, destination) = (IPAddress.v6(packet.source), IPAddress.v6(packet.destination))
    switch neighbor.role {
    case .solicitation(let target, _), .duplicateAddressDetection(let target):
      destination = .v6(target)
    case .advertisement(let target, _): source = .v6(target)
    case .routerSolicitation, .routerAdvertisement: break
    }
    follow(.neighborDiscovery, from: source, to: destination, frame, &facts)
    return true
  }

  /// The packet that an error quotes, as far as the quotation and this capture tell.
  private func quoted(_ payload: Span<UInt8>, _ frame: Frame) -> QuotedPacketFacts? {
    var reader = PacketReader(payload, offset: frame.payload.lowerBound)
    guard let quoted = try? QuotedDatagram(parsing: &reader) else { return nil }
    var facts = QuotedPacketFacts(
      source: endpoint(quoted.source, port: nil),
      destination: endpoint(quoted.destination, port: nil), protocolNumber: quoted.protocolNumber)
    switch quoted.transport {
    case .udp(let header): findDatagram(header, quoted, frame, &facts)
    case .tcp(let header):
      findSegment(
        header.sourcePort, header.destinationPort, header.sequenceNumber, frame, &facts)
    case .tcpStart(let source, let destination, let sequenceNumber):
      findSegment(source, destination, sequenceNumber, frame, &facts)
    case .icmpv4(let header):
      findEcho(header.identifier, header.sequenceNumber, frame, &facts)
    case .icmpv6(let header):
      findEcho(header.identifier, header.sequenceNumber, frame, &facts)
    case .other: break
    }
    return facts
  }

  private func key(
    _ facts: QuotedPacketFacts, _ frame: Frame, _ source: UInt16, _ destination: UInt16,
    _ number: UInt8
  ) -> (key: FlowKey, sourceIsLow: Bool) {
    FlowKey.make(
      from: (facts.source.address, source), to: (facts.destination.address, destination),
      protocolNumber: number, vlans: frame.vlanBits, tunnel: tunnel)
  }

  private func findDatagram(
    _ header: UDPHeader, _ quoted: QuotedDatagram, _ frame: Frame,
    _ facts: inout QuotedPacketFacts
  ) {
    (facts.source.port, facts.destination.port) = (header.sourcePort, header.destinationPort)
    let (key, _) = key(
      facts, frame, header.sourcePort, header.destinationPort, IPProtocol.udp.rawValue)
    guard let place = conversations.peek(key) else { return }
    facts.flow = FlowID(.udp, conversations.slots[place].ordinal)
    var identification: UInt16 = 0
    if case .ipv4(let packet) = quoted.network { identification = packet.identification }
    facts.packet = conversations.slots[place].state.recent.find(
      RecentDatagrams.Signature(identification: identification, checksum: header.checksum))
  }

  private func findSegment(
    _ source: UInt16, _ destination: UInt16, _ sequenceNumber: UInt32, _ frame: Frame,
    _ facts: inout QuotedPacketFacts
  ) {
    (facts.source.port, facts.destination.port) = (source, destination)
    let (key, sourceIsLow) = key(facts, frame, source, destination, IPProtocol.tcp.rawValue)
    guard let place = connections.peek(key) else { return }
    facts.flow = FlowID(.tcp, connections.slots[place].ordinal)
    let connection = connections.slots[place].state
    let isFromClient = connection.side(sourceIsLow: sourceIsLow) == .client
    let half = isFromClient ? connection.client : connection.server
    guard let space = half.space else { return }
    let position = space.position(of: sequenceNumber, near: half.highest)
    facts.packet = position == 0 ? half.syn : half.sent.original(of: position)
  }

  private func findEcho(
    _ identifier: UInt16, _ sequenceNumber: UInt16, _ frame: Frame,
    _ facts: inout QuotedPacketFacts
  ) {
    let (key, _) = key(facts, frame, identifier, identifier, 0)
    let table = PlainKind.icmp.rawValue
    if let place = plain[table].peek(key) {
      facts.flow = FlowID(.icmp, plain[table].slots[place].ordinal)
    }
    facts.packet = echoes.request(from: facts.source.address, identifier, sequenceNumber)
  }
}

extension QuotedDatagram {
  /// What the quoted packet carried.
  fileprivate var protocolNumber: IPProtocol {
    switch (transport, network) {
    case (.udp, _): .udp
    case (.tcp, _), (.tcpStart, _): .tcp
    case (.icmpv4, _): .icmp
    case (.icmpv6, _): .icmpv6
    case (.other(let number), _): number
    }
  }
}
