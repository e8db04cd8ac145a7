import PacketWire

extension FlowAnalysis {
  mutating func addUDP(
    _ header: UDPHeader, _ frame: Frame, _ payload: Span<UInt8>, _ facts: inout PacketFacts
  ) {
    noteEnds(of: frame, &facts)
    guard let source = facts.source, let destination = facts.destination else { return }
    let last = followUDP(header, frame, source, destination, &facts)
    var udp = UDPFacts(length: frame.payloadLength, service: .unknown, lastFromPeer: last)
    let ports = (header.sourcePort, header.destinationPort)
    if ApplicationProtocol.recognize(.udp, ports: ports, payload: payload)?.isDNS ?? false {
      var reader = PacketReader(payload, offset: frame.payload.lowerBound)
      do throws(PacketError) {
        let message = try DNSMessage(parsing: &reader)
        let dns = shared.transactions.add(
          message, from: source, to: destination, at: facts.mark)
        shared.names.learn(from: dns, number: facts.mark.number)
        facts.content = .dns(dns)
        return
      } catch {
        udp.service = .brokenDNS(error)
      }
    } else if let quic = payload.quicLongHeader {
      udp.service = quic
    }
    facts.content = .udp(udp)
  }

  /// Finds or begins the flow; the peer's last datagram.
  private mutating func followUDP(
    _ header: UDPHeader, _ frame: Frame, _ source: Endpoint, _ destination: Endpoint,
    _ facts: inout PacketFacts
  ) -> PacketMark? {
    let (key, sourceIsLow) = FlowKey.make(
      from: (source.address, header.sourcePort), to: (destination.address, header.destinationPort),
      protocolNumber: IPProtocol.udp.rawValue, vlans: frame.vlanBits, tunnel: tunnel)
    let place: Int
    if let found = conversations.slot(of: key) {
      place = found
    } else {
      facts.isFirstOfFlow = true
      // A capture that begins between question and answer shows the server first.
      let isAnswer = header.sourcePort < 1024 && header.destinationPort >= 1024
      let fresh = UDPConversation(initiatorIsLow: sourceIsLow != isAnswer)
      place = conversations.insert(key, fresh) { _ in }
    }
    facts.flow = FlowID(.udp, conversations.slots[place].ordinal)
    let isFromInitiator = conversations.slots[place].state.initiatorIsLow == sourceIsLow
    facts.isFromInitiator = isFromInitiator
    let signature = RecentDatagrams.Signature(
      identification: frame.ipv4Identification, checksum: header.checksum)
    conversations.slots[place].state.recent.append(signature, facts.mark)
    guard isFromInitiator else {
      conversations.slots[place].state.lastOfPeer = facts.mark
      return conversations.slots[place].state.lastOfInitiator
    }
    conversations.slots[place].state.lastOfInitiator = facts.mark
    return conversations.slots[place].state.lastOfPeer
  }
}

extension Frame {
  /// The identification of an IPv4 packet; 0 of any other.
  var ipv4Identification: UInt16 {
    if case .ipv4(let header) = network { header.identification } else { 0 }
  }
}

extension Span<UInt8> {
  /// QUIC's long header, told by its first bit and its version (RFC 8999 §5.1; the fixed bit of RFC
  /// 9000 §17.2 is set in every version that is in use).
  fileprivate var quicLongHeader: UDPFacts.Service? {
    guard count >= 7, self[0] & 0x80 != 0 else { return nil }
    let version = u32(at: 1)
    let type = self[0] >> 4 & 0b11
    switch version {
    case 0: return lengthsFit ? .quic(version: 0, type: .versionNegotiation) : nil
    case 1: return .quic(version: version, type: QUICPacketType(version1: type))
    case 0x6b33_43cf:
      return .quic(version: version, type: QUICPacketType(version1: (type &+ 3) & 0b11))
    case 0xff00_0000...0xff00_00ff: return .quic(version: version, type: .unknown)
    default: return nil
    }
  }

  /// Both connection identifiers stand before the end, with a list of versions behind them.
  private var lengthsFit: Bool {
    let source = 6 + Int(self[5])
    guard source < count else { return false }
    let list = source + 1 + Int(self[source])
    return list + 4 <= count && (count - list).isMultiple(of: 4)
  }
}

extension QUICPacketType {
  /// The type that two bits mean in version 1 (RFC 9000 §17.2).
  fileprivate init(version1 bits: UInt8) {
    self =
      switch bits {
      case 0: .initial
      case 1: .zeroRTT
      case 2: .handshake
      default: .retry
      }
  }
}
