public import PacketWire

/// What a packet from the network means for a trace.
public struct TraceArrival: Hashable, Sendable {
  /// Which probe it answers.
  public var number: Int
  /// What came.
  public var answer: Answer

  /// An arrival from its fields.
  public init(number: Int, answer: Answer) { (self.number, self.answer) = (number, answer) }

  /// The ways in which a probe can be answered.
  public enum Answer: Hashable, Sendable {
    /// The target's own echo reply.
    case echoReply(from: IPAddress, timeToLive: UInt8?)
    /// An ICMP error, from a router or the target.
    case error(ICMPErrorReport)
  }
}

extension TraceProbe {
  /// Reads what a raw ICMP socket received.
  ///
  /// - Parameters:
  ///   - octets: the packet, or from its ICMPv6 header on, as `framing` says.
  ///   - framing: how the socket hands it out.
  ///   - source: who sent it, by the socket's word; used when there is no IP header.
  ///   - timeToLive: TTL or hop limit by the socket's word; used when there is no IP header.
  ///   - probeCount: how many probes were sent; an answer to any other is none.
  /// - Returns: what it means; `nil` when it is none of this trace's business.
  public func decode(
    _ octets: Span<UInt8>, framing: ArrivalFraming, source: IPAddress, timeToLive: UInt8?,
    probeCount: Int
  ) -> TraceArrival? {
    switch framing {
    case .packet:
      let frame = Frame(decoding: octets, linkType: .raw)
      guard case .icmpv4(let header) = frame.transport, case .ipv4(let network) = frame.network
      else { return nil }
      let body = octets.extracting(frame.payload)
      return decodeV4(
        header, body, source: .v4(network.source), timeToLive: network.timeToLive, probeCount)
    case .message:
      var reader = PacketReader(octets)
      if target.family == .v4 {
        guard let header = try? ICMPv4Header(parsing: &reader) else { return nil }
        return decodeV4(
          header, reader.remaining, source: source, timeToLive: timeToLive, probeCount)
      }
      guard let header = try? ICMPv6Header(parsing: &reader) else { return nil }
      return decodeV6(header, reader.remaining, source: source, timeToLive: timeToLive, probeCount)
    }
  }

  /// Finds the probe that a socket's error queue gives back.
  ///
  /// - Parameters:
  ///   - octets: what the error quoted: from the ICMP header on for echo probes, from behind the
  ///     UDP header on for datagrams.
  ///   - destinationPort: where a datagram was going.
  ///   - error: the error itself.
  ///   - probeCount: how many probes were sent.
  /// - Returns: the answer, or `nil` when it belongs to none of the probes.
  public func decode(
    queued octets: Span<UInt8>, destinationPort: UInt16, error: ICMPErrorReport, probeCount: Int
  ) -> TraceArrival? {
    let number: Int
    switch method {
    case .icmp(let identifier):
      var reader = PacketReader(octets)
      // ICMP and ICMPv6 echo headers differ in the type's number only.
      guard let header = try? ICMPv4Header(parsing: &reader), header.identifier == identifier
      else { return nil }
      number = Int(header.sequenceNumber)
    case .udpRisingPort(let first): number = Int(destinationPort &- first)
    case .udp:
      guard let marked = markedNumber(in: octets) else { return nil }
      number = marked
    }
    return number < probeCount ? TraceArrival(number: number, answer: .error(error)) : nil
  }

  private func decodeV4(
    _ header: ICMPv4Header, _ body: Span<UInt8>, source: IPAddress, timeToLive: UInt8?,
    _ probeCount: Int
  ) -> TraceArrival? {
    if header.type == .echoReply {
      return echoReply(
        header.identifier, header.sequenceNumber, body, source, timeToLive, probeCount)
    }
    guard header.type.isError else { return nil }
    let report = ICMPErrorReport(
      family: .v4, type: header.type.rawValue, code: header.code, source: source,
      detail: header.rest, timeToLive: timeToLive)
    return quotedProbe(in: body, report, probeCount)
  }

  private func decodeV6(
    _ header: ICMPv6Header, _ body: Span<UInt8>, source: IPAddress, timeToLive: UInt8?,
    _ probeCount: Int
  ) -> TraceArrival? {
    if header.type == .echoReply {
      return echoReply(
        header.identifier, header.sequenceNumber, body, source, timeToLive, probeCount)
    }
    guard header.type.isError else { return nil }
    let report = ICMPErrorReport(
      family: .v6, type: header.type.rawValue, code: header.code, source: source,
      detail: header.rest, timeToLive: timeToLive)
    return quotedProbe(in: body, report, probeCount)
  }

  private func echoReply(
    _ identifier: UInt16, _ sequenceNumber: UInt16, _ body: Span<UInt8>, _ source: IPAddress,
    _ timeToLive: UInt8?, _ probeCount: Int
  ) -> TraceArrival? {
    guard case .icmp(identifier) = method, Int(sequenceNumber) < probeCount,
      markedNumber(in: body) == Int(sequenceNumber)
    else { return nil }
    return TraceArrival(
      number: Int(sequenceNumber), answer: .echoReply(from: source, timeToLive: timeToLive))
  }

  private func quotedProbe(
    in octets: Span<UInt8>, _ report: ICMPErrorReport, _ probeCount: Int
  ) -> TraceArrival? {
    var reader = PacketReader(octets)
    guard let quoted = try? QuotedDatagram(parsing: &reader), quoted.destination == target,
      let number = number(of: quoted, payload: octets.extracting(quoted.payload), probeCount),
      number < probeCount
    else { return nil }
    return TraceArrival(number: number, answer: .error(report))
  }

  /// An echo probe is told by its sequence number. A datagram by the mark in its payload, if that
  /// much was quoted; if not, by its checksum, which differs from probe to probe and which we
  /// computed ourselves, so that no card can have filled it in later.
  private func number(
    of quoted: QuotedDatagram, payload: Span<UInt8>, _ probeCount: Int
  ) -> Int? {
    switch (quoted.transport, method) {
    case (.icmpv4(let header), .icmp(let identifier))
    where header.type == .echoRequest && header.identifier == identifier:
      return Int(header.sequenceNumber)
    case (.icmpv6(let header), .icmp(let identifier))
    where header.type == .echoRequest && header.identifier == identifier:
      return Int(header.sequenceNumber)
    case (.udp(let header), .udp(let sourcePort, let destinationPort))
    where header.sourcePort == sourcePort && header.destinationPort == destinationPort:
      if let number = markedNumber(in: payload) { return number }
      return (0..<probeCount).first { checksum(of: $0) == header.checksum }
    case (.udp(let header), .udpRisingPort(let first)):
      return Int(header.destinationPort &- first)
    default: return nil
    }
  }

  private func checksum(of number: Int) -> UInt16? {
    guard let message = try? message(of: number) else { return nil }
    return message.span.u16(at: 6)
  }

  /// The probe whose cookie and number stand at the front of `payload`.
  private func markedNumber(in payload: Span<UInt8>) -> Int? {
    guard payload.count >= 10 else { return nil }
    let number = payload.u16(at: 8)
    guard payload.u64(at: 0) == cookies.cookie(for: UInt64(number)) else { return nil }
    return Int(number)
  }
}
