import PacketWire

extension TraceProbe {
  /// Reads an IP packet that came to the host that traces, whatever it carries: for who has whole
  /// packets, from a TUN device, a capture or a simulation. What sockets hand out, the other functions
  /// read.
  ///
  /// - Parameters:
  ///   - packet: from the IP header on.
  ///   - ledger: the probes that were sent.
  /// - Returns: what it means; nil when it is none of this trace's business.
  public func decode(packet: Span<UInt8>, ledger: TraceLedger) -> TraceArrival? {
    let frame = Frame(decoding: packet, linkType: .raw)
    guard frame.problem == nil, let fields = ArrivalFields(frame),
      fields.source.family == target.family, frame.transportOffset > 0,
      frame.transportOffset <= frame.payload.upperBound
    else { return nil }
    // What is behind the packet is not its own.
    let isV4 = target.family == .v4
    let octets = packet.extracting((isV4 ? 0 : frame.transportOffset)..<frame.payload.upperBound)
    let framing: ArrivalFraming = isV4 ? .packet : .message
    switch frame.transport {
    case .icmpv4, .icmpv6:
      return decode(octets, framing: framing, fields: fields, ledger: ledger)
    case .udp where protocolNumber == .udp:
      return decode(datagram: packet.extracting(frame.payload), fields: fields, ledger: ledger)
    default: return decode(answer: octets, framing: framing, fields: fields, ledger: ledger)
    }
  }
}

extension ArrivalFields {
  /// What the IP header says; nil where there is none.
  fileprivate init?(_ frame: Frame) {
    switch frame.network {
    case .ipv4(let header):
      self.init(
        source: .v4(header.source), timeToLive: header.timeToLive,
        typeOfService: header.typeOfService)
    case .ipv6(let header):
      self.init(
        source: .v6(header.source), timeToLive: header.hopLimit, typeOfService: header.trafficClass)
    case .arp, .none: return nil
    }
  }
}
