public import PacketWire

extension EchoRequest {
  /// Reads what a socket received.
  ///
  /// - Parameters:
  ///   - octets: the packet, or from its ICMP header on, as `framing` says.
  ///   - framing: how the socket hands it out.
  ///   - source: who sent it, by the socket's word; used when there is no IP header.
  ///   - timeToLive: the TTL or hop limit by the socket's word; used when there is no IP header.
  /// - Returns: what it means; `nil` when it is none of this session's business.
  public func decode(
    _ octets: Span<UInt8>, framing: ArrivalFraming, source: IPAddress, timeToLive: UInt8?
  ) -> EchoArrival? {
    switch framing {
    case .packet:
      let frame = Frame(decoding: octets, linkType: .raw)
      guard case .icmpv4(let header) = frame.transport, case .ipv4(let network) = frame.network
      else { return nil }
      return decode(
        header, payload: octets.extracting(frame.payload), source: .v4(network.source),
        timeToLive: network.timeToLive)
    case .message:
      var reader = PacketReader(octets)
      if target.family == .v4 {
        guard let header = try? ICMPv4Header(parsing: &reader) else { return nil }
        return decode(header, payload: reader.remaining, source: source, timeToLive: timeToLive)
      }
      guard let header = try? ICMPv6Header(parsing: &reader) else { return nil }
      return decode(header, payload: reader.remaining, source: source, timeToLive: timeToLive)
    }
  }

  /// Reads the probe that a socket's error queue gives back: from its ICMP header on.
  public func decode(queued octets: Span<UInt8>, error: ICMPErrorReport) -> EchoArrival? {
    var reader = PacketReader(octets)
    // ICMP and ICMPv6 echo headers differ in the type's number only.
    guard let header = try? ICMPv4Header(parsing: &reader), header.identifier == identifier
    else { return nil }
    return .error(sequenceNumber: header.sequenceNumber, error)
  }

  private func decode(
    _ header: ICMPv4Header, payload: Span<UInt8>, source: IPAddress, timeToLive: UInt8?
  ) -> EchoArrival? {
    if header.type == .echoReply, header.identifier == identifier {
      let isValid = header.checksum == header.computedChecksum(payload: payload)
      return .reply(
        reply(header.sequenceNumber, payload, source, timeToLive, isChecksumValid: isValid))
    }
    guard header.type.isError else { return nil }
    return quotedProbe(
      in: payload,
      ICMPErrorReport(
        family: .v4, type: header.type.rawValue, code: header.code, source: source,
        detail: header.rest, timeToLive: timeToLive))
  }

  private func decode(
    _ header: ICMPv6Header, payload: Span<UInt8>, source: IPAddress, timeToLive: UInt8?
  ) -> EchoArrival? {
    if header.type == .echoReply, header.identifier == identifier {
      // The kernel has checked an ICMPv6 checksum before a raw socket sees it (RFC 3542 §3.1).
      return .reply(
        reply(header.sequenceNumber, payload, source, timeToLive, isChecksumValid: true))
    }
    guard header.type.isError else { return nil }
    return quotedProbe(
      in: payload,
      ICMPErrorReport(
        family: .v6, type: header.type.rawValue, code: header.code, source: source,
        detail: header.rest, timeToLive: timeToLive))
  }

  private func reply(
    _ sequenceNumber: UInt16, _ payload: Span<UInt8>, _ source: IPAddress, _ timeToLive: UInt8?,
    isChecksumValid: Bool
  ) -> EchoReply {
    var cookie: UInt64 = 0
    let cookieLength = min(payload.count, Self.cookieLength)
    for index in 0..<cookieLength { cookie |= UInt64(payload[index]) << UInt64(56 - 8 * index) }
    var damage: EchoReply.DamagedOctet?
    for index in cookieLength..<min(payload.count, max(payloadLength, cookieLength)) {
      let expected = Self.octet(at: index, cookie: 0)
      guard payload[index] != expected else { continue }
      damage = .init(offset: index, expected: expected, seen: payload[index])
      break
    }
    return EchoReply(
      sequenceNumber: sequenceNumber, source: source, timeToLive: timeToLive,
      length: ICMPv4Header.length + payload.count, cookie: cookie, cookieLength: cookieLength,
      damage: damage, isChecksumValid: isChecksumValid)
  }

  /// An error is ours when the quoted datagram is an echo request with our identifier to our
  /// target; its cookie is checked as far as it was quoted, which may be not at all.
  private func quotedProbe(in octets: Span<UInt8>, _ error: ICMPErrorReport) -> EchoArrival? {
    var reader = PacketReader(octets)
    guard let quoted = try? QuotedDatagram(parsing: &reader), quoted.destination == target
    else { return nil }
    switch quoted.transport {
    case .icmpv4(let header)
    where header.type == .echoRequest && header.identifier == identifier:
      return .error(sequenceNumber: header.sequenceNumber, error)
    case .icmpv6(let header)
    where header.type == .echoRequest && header.identifier == identifier:
      return .error(sequenceNumber: header.sequenceNumber, error)
    default: return nil
    }
  }

  /// The reply carries probe `number`'s cookie, as far as the payload has room for it.
  func isAuthentic(_ reply: EchoReply, number: UInt64) -> Bool {
    let expected = min(payloadLength, Self.cookieLength)
    guard reply.cookieLength >= expected else { return false }
    guard expected > 0 else { return true }
    let shift = UInt64(64 - 8 * expected)
    return reply.cookie >> shift == cookies.cookie(for: number) >> shift
  }
}
