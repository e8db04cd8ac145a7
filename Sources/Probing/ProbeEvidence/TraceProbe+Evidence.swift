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
    guard var arrival = decode(packet: packet.octets.span, ledger: ledger) else { return nil }
    guard packet.header == .rebuilt(knowsHopLimit: false) else { return arrival }
    switch arrival.answer {
    case .error(let error):
      // The error queue told no more than this.
      var report = error.report
      report.timeToLive = nil
      arrival.answer = .error(TraceError(report))
    case .reply(var reply):
      reply.timeToLive = nil
      arrival.answer = .reply(reply)
    }
    return arrival
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
