import PacketWire

extension TraceProbe {
  /// Reads what a raw ICMP socket received.
  ///
  /// - Parameters:
  ///   - octets: the packet, or from its ICMP header on, as `framing` says.
  ///   - framing: how the socket hands it out.
  ///   - fields: the socket's word, for what no header at hand says.
  ///   - ledger: the probes that were sent.
  /// - Returns: what it means; nil when it is none of this trace's business.
  public func decode(
    _ octets: Span<UInt8>, framing: ArrivalFraming, fields: ArrivalFields, ledger: TraceLedger
  ) -> TraceArrival? {
    var (fields, start) = (fields, 0)
    if framing == .packet {
      let frame = Frame(decoding: octets, linkType: .raw)
      guard case .icmpv4(let header) = frame.transport, case .ipv4(let network) = frame.network
      else { return nil }
      fields = ArrivalFields(source: .v4(network.source), timeToLive: network.timeToLive)
      if header.type == .echoReply {
        return echoReply(header.rest, octets.extracting(frame.payload), fields, ledger)
      }
      start = frame.payload.lowerBound - ICMPv4Header.length
    } else {
      var reader = PacketReader(octets)
      // Both families' headers have the same form.
      guard let header = try? ICMPv4Header(parsing: &reader) else { return nil }
      let echoReply: UInt8 = target.family == .v4 ? 0 : 129
      if header.type.rawValue == echoReply {
        return self.echoReply(header.rest, reader.remaining, fields, ledger)
      }
    }
    guard let detail = ICMPErrorDetail(octets, framing: framing, family: target.family)
    else { return nil }
    let report = ICMPErrorReport(
      family: detail.family, type: detail.type, code: detail.code, source: fields.source,
      detail: octets.u32(at: start + 4), timeToLive: fields.timeToLive)
    return error(report, detail, octets.extracting(detail.quotation), ledger)
  }

  private func error(
    _ report: ICMPErrorReport, _ detail: ICMPErrorDetail, _ quotation: Span<UInt8>,
    _ ledger: TraceLedger
  ) -> TraceArrival? {
    var reader = PacketReader(quotation)
    guard let quoted = try? QuotedDatagram(parsing: &reader),
      let number = number(of: quoted, in: quotation, ledger), let entry = ledger[number]
    else { return nil }
    let alteration = try? ProbeAlteration(
      sent: try sent(entry.request, quotedAs: quoted), quotation: quotation,
      isTimeExceeded: detail.isTimeExceeded)
    return TraceArrival(
      number: number, answer: .error(TraceError(report, detail: detail, alteration: alteration)))
  }

  private func echoReply(
    _ rest: UInt32, _ body: Span<UInt8>, _ fields: ArrivalFields, _ ledger: TraceLedger
  ) -> TraceArrival? {
    guard case .icmp(let identifier) = method, UInt16(rest >> 16) == identifier,
      let number = markedNumber(in: body, ledger),
      TraceLedger.wireNumber(number) == UInt16(truncatingIfNeeded: rest)
    else { return nil }
    return reply(to: number, .echo, fields)
  }

  func reply(
    to number: Int, _ kind: TraceReply.Kind, _ fields: ArrivalFields
  ) -> TraceArrival {
    TraceArrival(
      number: number,
      answer: .reply(TraceReply(from: fields.source, timeToLive: fields.timeToLive, kind)))
  }

  /// Finds the probe that a socket's error queue gives back.
  ///
  /// - Parameters:
  ///   - octets: what the error quoted: from the ICMP header on for echo probes, from behind the
  ///     UDP header on for datagrams.
  ///   - destinationPort: where a datagram was going.
  ///   - error: the error itself.
  ///   - ledger: the probes that were sent.
  /// - Returns: the answer, or nil when it belongs to none of the probes.
  public func decode(
    queued octets: Span<UInt8>, destinationPort: UInt16, error: ICMPErrorReport,
    ledger: TraceLedger
  ) -> TraceArrival? {
    let found: Int?
    switch method {
    case .icmp(let identifier):
      var reader = PacketReader(octets)
      // ICMP and ICMPv6 echo headers differ in the type's number only.
      guard let header = try? ICMPv4Header(parsing: &reader), header.identifier == identifier
      else { return nil }
      found = ledger.number(onWire: header.sequenceNumber)
    case .udpRisingPort(let first, _): found = ledger.number(onPort: destinationPort, from: first)
    default: found = markedNumber(in: octets, ledger)
    }
    return found.map { TraceArrival(number: $0, answer: .error(TraceError(error))) }
  }
}

// MARK: - Whose quotation it is

extension TraceProbe {
  /// The probe that a quotation is of.
  ///
  /// A cookie proves it, whatever else was changed on the way. Without one, where a router quotes eight
  /// octets of what IP carries and no more, addresses and ports must be ours, and the number is that of
  /// the method's own sequence number or of the IPv4 identification.
  func number(
    of quoted: QuotedDatagram, in quotation: Span<UInt8>, _ ledger: TraceLedger
  ) -> Int? {
    let payload = quotation.extracting(quoted.payload)
    if let proven = provenNumber(of: quoted, payload, ledger) { return proven }
    guard isAimedAtTarget(quoted.destination), !isDisproved(quoted, payload) else { return nil }
    switch (quoted.transport, method) {
    case (.icmpv4(let header), .icmp(let identifier))
    where header.type == .echoRequest && header.identifier == identifier:
      return ledger.number(onWire: header.sequenceNumber)
    case (.icmpv6(let header), .icmp(let identifier))
    where header.type == .echoRequest && header.identifier == identifier:
      return ledger.number(onWire: header.sequenceNumber)
    case (.udp(let header), .udpRisingPort(let first, let source))
    where source == 0 || header.sourcePort == source:
      return ledger.number(onPort: header.destinationPort, from: first)
    case (.udp(let header), _):
      return identifiedNumber(of: quoted, (header.sourcePort, header.destinationPort), ledger)
    case (.other(protocolNumber), .other):
      return identifiedNumber(of: quoted, nil, ledger)
    case (.other(protocolNumber), _) where payload.count >= 4:
      return identifiedNumber(of: quoted, (payload.u16(at: 0), payload.u16(at: 2)), ledger)
    default: return nil
    }
  }

  /// There is room for a mark, but it is none of ours; a router that fills up with zeros quotes none.
  private func isDisproved(_ quoted: QuotedDatagram, _ payload: Span<UInt8>) -> Bool {
    switch quoted.transport {
    case .udp, .icmpv4, .icmpv6:
      payload.count >= 10 && !(0..<10).allSatisfy { payload[$0] == 0 }
    default: false
    }
  }

  /// The router that the packet was going to may be any of a source route's.
  private func isAimedAtTarget(_ destination: IPAddress) -> Bool {
    destination == target || headers.gateways.contains { .v4($0) == destination }
  }

  private func provenNumber(
    of quoted: QuotedDatagram, _ payload: Span<UInt8>, _ ledger: TraceLedger
  ) -> Int? {
    switch (quoted.transport, method) {
    case (.tcp(let header), .tcp):
      return number(onSequence: header.sequenceNumber, ledger)
    case (.tcpStart(_, _, let sequenceNumber), .tcp):
      return number(onSequence: sequenceNumber, ledger)
    case (.icmpv4, .icmp), (.icmpv6, .icmp), (.udp, .udp), (.udp, .udpRisingPort):
      return markedNumber(in: payload, ledger)
    case (.udp, .dns):
      guard payload.count >= DNSProbe.length else { return nil }
      return checked(
        ledger.number(onWire: payload.u16(at: 0)), payload.u64(at: DNSProbe.length - 8), ledger)
    case (.udp, .quic):
      guard payload.count >= 17 else { return nil }
      return checked(ledger.number(onWire: payload.u16(at: 15)), payload.u64(at: 6), ledger)
    case (.other(protocolNumber), .udpLite) where payload.count >= UDPHeader.length:
      return markedNumber(
        in: payload.extracting(UDPHeader.length..<payload.count), ledger)
    case (.other(protocolNumber), .dccp) where payload.count >= 16:
      return number(onSequence: payload.u32(at: 12), ledger)
    case (.other(protocolNumber), .sctp) where payload.count >= 32:
      return number(onSequence: payload.u32(at: 28), ledger)
    case (.other(protocolNumber), .other): return markedNumber(in: payload, ledger)
    default: return nil
    }
  }

  private func checked(_ number: Int?, _ cookie: UInt64, _ ledger: TraceLedger) -> Int? {
    guard let number, cookie == self.cookie(of: number) else { return nil }
    return number
  }

  /// By the IPv4 identification, which some routers quote with its octets in the wrong order.
  private func identifiedNumber(
    of quoted: QuotedDatagram, _ ports: (source: UInt16, destination: UInt16)?,
    _ ledger: TraceLedger
  ) -> Int? {
    guard case .ipv4(let header) = quoted.network else { return nil }
    for wire in [header.identification, header.identification.byteSwapped] {
      guard let number = ledger.number(onWire: wire), let entry = ledger[number] else { continue }
      guard let ports else { return number }
      if let own = method.ports(of: entry.request), own == ports { return number }
    }
    return nil
  }

  /// The probe whose cookie and number stand at the front of `payload`.
  func markedNumber(in payload: Span<UInt8>, _ ledger: TraceLedger) -> Int? {
    guard payload.count >= 10 else { return nil }
    return checked(ledger.number(onWire: payload.u16(at: 8)), payload.u64(at: 0), ledger)
  }

  /// The probe with that sequence number, half of which is cookie.
  func number(onSequence sequenceNumber: UInt32, _ ledger: TraceLedger) -> Int? {
    guard
      let number = ledger.number(onWire: UInt16(truncatingIfNeeded: sequenceNumber)),
      self.sequenceNumber(of: number) == sequenceNumber
    else { return nil }
    return number
  }
}

extension TraceLedger {
  /// The latest probe that went to `port`, if the first went to `first` and each to the next one, and behind
  /// the last port there is to the first again.
  func number(onPort port: UInt16, from first: UInt16) -> Int? {
    guard port >= first, count > 0 else { return nil }
    let period = Int(UInt16.max - first) + 1
    let behind = (count - 1 - Int(port - first)) % period
    let number = count - 1 - (behind < 0 ? behind + period : behind)
    return numbers.contains(number) ? number : nil
  }
}
