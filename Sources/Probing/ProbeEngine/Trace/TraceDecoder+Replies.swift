import PacketWire

// What a target itself answers to what is no echo request.
extension TraceProbe {
  /// Reads what a raw socket of the probes' own protocol received: TCP, UDP-Lite, DCCP, SCTP or another.
  ///
  /// - Parameters:
  ///   - octets: the packet, or from its transport header on, as `framing` says.
  ///   - framing: how the socket hands it out.
  ///   - fields: the socket's word, for what no header at hand says.
  ///   - ledger: the probes that were sent.
  /// - Returns: what it means; nil when it is none of this trace's business.
  public func decode(
    answer octets: Span<UInt8>, framing: ArrivalFraming, fields: ArrivalFields,
    ledger: TraceLedger
  ) -> TraceArrival? {
    var (fields, start) = (fields, 0)
    if framing == .packet {
      var reader = PacketReader(octets)
      guard let header = try? IPv4Header(parsing: &reader), header.protocolNumber == protocolNumber
      else { return nil }
      fields = ArrivalFields(source: .v4(header.source), timeToLive: header.timeToLive)
      start = header.length
    }
    // Nobody else can answer: an error has a form of its own.
    guard fields.source == target, start <= octets.count else { return nil }
    let message = octets.extracting(start..<octets.count)
    switch method {
    case .tcp: return segmentReply(message, fields, ledger)
    case .sctp: return chunkReply(message, fields, ledger)
    case .dccp: return dccpReply(message, fields, ledger)
    case .other(let number):
      return markedNumber(in: message, ledger).map { reply(to: $0, .other(number), fields) }
    default: return nil
    }
  }

  /// Reads what came to the port that datagrams go out from. A server that does not know what to make of
  /// a probe may still begin its answer with the first two octets of it, as DNS servers do.
  public func decode(
    datagram octets: Span<UInt8>, fields: ArrivalFields, ledger: TraceLedger
  ) -> TraceArrival? {
    guard fields.source == target else { return nil }
    let found: Int?
    switch method {
    case .quic:
      // Our own identifier stands where the server puts whom it answers.
      found =
        octets.count >= 8 && octets[5] == 2 ? ledger.number(onWire: octets.u16(at: 6)) : nil
    case .dns: found = octets.count >= 12 ? ledger.number(onWire: octets.u16(at: 0)) : nil
    default:
      found = markedNumber(in: octets, ledger) ?? numberBegun(by: octets, ledger)
    }
    return found.map { reply(to: $0, .datagram(octets.count), fields) }
  }

  private func numberBegun(by octets: Span<UInt8>, _ ledger: TraceLedger) -> Int? {
    guard octets.count >= 2 else { return nil }
    let start = octets.u16(at: 0)
    return ledger.numbers.suffix(1_024).last { UInt16(cookie(of: $0) >> 48) == start }
  }

  /// A SYN's answer acknowledges it; an ACK's comes with what it acknowledged as its sequence number
  /// (RFC 9293 §3.10.7.1, §3.10.7.4).
  private func segmentReply(
    _ message: Span<UInt8>, _ fields: ArrivalFields, _ ledger: TraceLedger
  ) -> TraceArrival? {
    var reader = PacketReader(message)
    guard let header = try? TCPHeader(parsing: &reader), case .tcp(_, _, let form) = method
    else { return nil }
    let used: UInt32 =
      (form.flags.contains(.syn) ? 1 : 0) &+ (form.flags.contains(.fin) ? 1 : 0)
    let found =
      (header.flags.contains(.ack)
        ? number(onSequence: header.acknowledgmentNumber &- used, ledger)
          ?? number(onSequence: header.acknowledgmentNumber, ledger) : nil)
      ?? number(onSequence: header.sequenceNumber &- form.acknowledgmentNumber, ledger)
    guard let found, let entry = ledger[found],
      let ports = method.ports(of: entry.request), header.sourcePort == ports.destination,
      header.destinationPort == ports.source
    else { return nil }
    return reply(to: found, .segment(header), fields)
  }

  /// An answer carries the tag that we asked for (RFC 9260 §8.5).
  private func chunkReply(
    _ message: Span<UInt8>, _ fields: ArrivalFields, _ ledger: TraceLedger
  ) -> TraceArrival? {
    guard message.count > SCTPHeader.length else { return nil }
    let tag = message.u32(at: 4)
    guard let found = ledger.numbers.suffix(1_024).last(where: { initiateTag(of: $0) == tag })
    else { return nil }
    return reply(to: found, .chunk(message[SCTPHeader.length]), fields)
  }

  /// A response or a reset acknowledges the request's number (RFC 4340 §5.3, §5.6).
  private func dccpReply(
    _ message: Span<UInt8>, _ fields: ArrivalFields, _ ledger: TraceLedger
  ) -> TraceArrival? {
    guard message.count >= 24, message[8] & 1 == 1 else { return nil }
    guard let found = number(onSequence: message.u32(at: 20), ledger) else { return nil }
    return reply(to: found, .dccp(message[8] >> 1 & 15), fields)
  }
}
