import PacketWire
public import ProbeEngine

extension TraceRequest {
  /// The request that a recorded probe was; nil for what is none.
  public init?(_ event: EvidenceEvent) {
    guard let probe = event.probe, let number = Int(exactly: probe.number), number > 0
    else { return nil }
    let timeToLive: UInt8
    var length: Int? = event.packet.octets.count
    switch Frame(decoding: event.packet.octets.span, linkType: .raw).network {
    case .ipv4(let header):
      timeToLive = header.timeToLive
      if header.moreFragments || header.fragmentOffset > 0 { length = nil }
    case .ipv6(let header):
      timeToLive = header.hopLimit
      if header.nextHeader == .fragment { length = nil }
    case .arp, .none: return nil
    }
    self.init(number: number - 1, timeToLive: timeToLive, flow: probe.flow, length: length)
  }
}

extension TraceProbe {
  /// What a recorded packet means, read as it was when it came.
  ///
  /// - Parameters:
  ///   - packet: what came.
  ///   - ledger: the probes that had been sent.
  /// - Returns: nil when it is no answer to one of them.
  public func arrival(_ packet: EvidencePacket, _ ledger: TraceLedger) -> TraceArrival? {
    guard let reception = packet.reception else { return nil }
    let fields = ArrivalFields(
      source: reception.source, timeToLive: reception.hopLimit,
      typeOfService: reception.trafficClass)
    let isWhole = packet.header == .whole && target.family == .v4
    let octets = isWhole ? packet.octets : reception.message
    let framing: ArrivalFraming = isWhole ? .packet : .message
    switch Frame(decoding: packet.octets.span, linkType: .raw).transport {
    case .icmpv4, .icmpv6:
      let arrival = decode(octets.span, framing: framing, fields: fields, ledger: ledger)
      // The error queue told no more than this.
      guard packet.header == .rebuilt(knowsHopLimit: false),
        case .error(let error)? = arrival?.answer
      else { return arrival }
      return arrival.map {
        TraceArrival(number: $0.number, answer: .error(TraceError(error.report)))
      }
    case .udp where protocolNumber == .udp:
      let payload = reception.message.span.extracting(droppingFirst: UDPHeader.length)
      return decode(datagram: payload, fields: fields, ledger: ledger)
    default:
      return decode(answer: octets.span, framing: framing, fields: fields, ledger: ledger)
    }
  }
}

extension SentDatagram {
  /// A recorded probe.
  public init(_ packet: EvidencePacket) {
    self.init(
      octets: packet.octets,
      unknown: packet.header == .whole
        ? [] : [.init(.identification), .init(.headerChecksum), .init(.flowLabel)])
  }
}
