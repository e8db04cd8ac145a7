public import PacketWire

extension EchoRequest {
  /// Reads what a socket received.
  ///
  /// - Parameters:
  ///   - octets: the packet, or from its ICMP header on, as `framing` says.
  ///   - framing: how the socket hands it out.
  ///   - fields: what the socket says about it; used when there is no IP header.
  /// - Returns: what it means; `nil` when it is none of this session's business.
  public func decode(
    _ octets: Span<UInt8>, framing: ArrivalFraming, fields: ArrivalFields
  ) -> EchoArrival? {
    if let reply = reply(in: octets, framing: framing, fields: fields) { return .reply(reply) }
    switch framing {
    case .packet:
      var reader = PacketReader(octets)
      guard let network = try? IPv4Header(parsing: &reader), network.protocolNumber == .icmp,
        !network.isFragment, let header = try? ICMPv4Header(parsing: &reader)
      else { return nil }
      // What the link added behind the packet, or a card before the kernel cut it, is not payload.
      let length = Int(network.totalLength) - network.length - ICMPv4Header.length
      guard length >= 0 else { return nil }
      return decode(
        header, payload: reader.remaining.extracting(first: min(length, reader.available)),
        ArrivalFields(
          source: .v4(network.source), timeToLive: network.timeToLive,
          typeOfService: network.typeOfService))
    case .message:
      var reader = PacketReader(octets)
      if family == .v4 {
        guard let header = try? ICMPv4Header(parsing: &reader) else { return nil }
        return decode(header, payload: reader.remaining, fields)
      }
      guard let header = try? ICMPv6Header(parsing: &reader) else { return nil }
      return decode(header, payload: reader.remaining, fields)
    }
  }

  /// Reads an IP packet that came to the host that pings, whatever it carries: for who has whole packets,
  /// from a TUN device, a capture or a simulation.
  ///
  /// - Parameter packet: from the IP header on.
  /// - Returns: what it means; `nil` when it is none of this session's business.
  public func decode(packet: Span<UInt8>) -> EchoArrival? {
    let frame = Frame(decoding: packet, linkType: .raw)
    guard frame.isICMP, let view = SocketView(frame, of: family) else { return nil }
    return decode(packet.extracting(view.range), framing: view.framing, fields: view.fields)
  }

  /// Reads the probe that a socket's error queue gives back, from its ICMP header on, and was sent to
  /// `target`.
  public func decode(
    queued octets: Span<UInt8>, target: IPAddress, error: ICMPErrorReport
  ) -> EchoArrival? {
    var reader = PacketReader(octets)
    // ICMP and ICMPv6 echo headers differ in the type's number only.
    guard let header = try? ICMPv4Header(parsing: &reader), header.identifier == identifier
    else { return nil }
    return .error(sequenceNumber: header.sequenceNumber, target: target, error)
  }

  private func decode(
    _ header: ICMPv4Header, payload: Span<UInt8>, _ fields: ArrivalFields
  ) -> EchoArrival? {
    guard header.type.isError else { return nil }
    return quotedProbe(
      in: payload,
      ICMPErrorReport(
        family: .v4, type: header.type.rawValue, code: header.code, source: fields.source,
        detail: header.rest, timeToLive: fields.timeToLive))
  }

  private func decode(
    _ header: ICMPv6Header, payload: Span<UInt8>, _ fields: ArrivalFields
  ) -> EchoArrival? {
    guard header.type.isError else { return nil }
    return quotedProbe(
      in: payload,
      ICMPErrorReport(
        family: .v6, type: header.type.rawValue, code: header.code, source: fields.source,
        detail: header.rest, timeToLive: fields.timeToLive))
  }

  /// An error is ours when the quoted datagram has the type of our probes and our identifier. Whether its
  /// target is that of the probe, the session knows.
  private func quotedProbe(in octets: Span<UInt8>, _ error: ICMPErrorReport) -> EchoArrival? {
    var reader = PacketReader(octets)
    guard let quoted = try? QuotedDatagram(parsing: &reader) else { return nil }
    switch quoted.transport {
    case .icmpv4(let header)
    where header.type.rawValue == type && header.identifier == identifier:
      return .error(
        sequenceNumber: header.sequenceNumber, target: quoted.destination, error)
    case .icmpv6(let header)
    where header.type.rawValue == type && header.identifier == identifier:
      return .error(
        sequenceNumber: header.sequenceNumber, target: quoted.destination, error)
    default: return nil
    }
  }

  /// The reply carries the cookie of the probe with this serial number, as far as its payload of
  /// `length` octets had room for it.
  func isAuthentic(_ reply: EchoReply, serial: UInt64, length: Int) -> Bool {
    if trustsAnswers { return true }
    let expected = min(length, Self.cookieLength)
    guard reply.cookieLength >= expected else { return false }
    guard expected > 0 else { return true }
    let shift = UInt64(64 - 8 * expected)
    return reply.cookie >> shift == cookies.cookie(for: serial) >> shift
  }
}
