import PacketWire

extension QuestionProbe {
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
    switch framing {
    case .packet:
      let frame = Frame(decoding: octets, linkType: .raw)
      guard case .icmpv4(let header) = frame.transport, case .ipv4(let network) = frame.network
      else { return nil }
      return decode(
        header, octets.extracting(frame.payload),
        ArrivalFields(
          source: .v4(network.source), timeToLive: network.timeToLive,
          typeOfService: network.typeOfService))
    case .message:
      var reader = PacketReader(octets)
      if target.family == .v4 {
        guard let header = try? ICMPv4Header(parsing: &reader) else { return nil }
        return decode(header, reader.remaining, fields)
      }
      guard let header = try? ICMPv6Header(parsing: &reader) else { return nil }
      return decode(header, reader.remaining, fields)
    }
  }

  private func decode(
    _ header: ICMPv4Header, _ payload: Span<UInt8>, _ fields: ArrivalFields
  ) -> EchoArrival? {
    if header.type.isError {
      return quotedProbe(
        in: payload,
        ICMPErrorReport(
          family: .v4, type: header.type.rawValue, code: header.code, source: fields.source,
          detail: header.rest, timeToLive: fields.timeToLive))
    }
    guard header.identifier == identifier else { return nil }
    var reader = PacketReader(payload)
    var reply = QuestionReply(
      sequenceNumber: header.sequenceNumber, source: fields.source,
      timeToLive: fields.timeToLive, length: ICMPv4Header.length + payload.count,
      isChecksumValid: header.checksum == header.computedChecksum(payload: payload),
      content: .addressMask(ICMPAddressMask()), returned: .numbers)
    switch (question, header.type) {
    case (.timestamp, .timestampReply):
      guard let stamps = try? ICMPTimestamps(parsing: &reader) else { return nil }
      reply.content = .timestamps(stamps)
      reply.returned = .token(UInt64(stamps.originate.rawValue))
    case (.addressMask, .addressMaskReply):
      guard let mask = try? ICMPAddressMask(parsing: &reader) else { return nil }
      reply.content = .addressMask(mask)
    case (.information, .informationReply):
      reply.content = .information
      // There is no more to hold against it than that it is as RFC 792 draws it.
      let isPlain = payload.isEmpty && (header.code == 0 || header.code == code)
      if !isPlain { reply.returned = .somethingElse }
    case (.interface(let asked), .extendedEchoReply):
      reply.sequenceNumber = UInt16(header.probeSequenceNumber)
      reply.content = .interface(code: header.code, header.interfaceState)
      reply.returned = returned(payload, asked)
    default: return nil
    }
    return .answer(reply)
  }

  private func decode(
    _ header: ICMPv6Header, _ payload: Span<UInt8>, _ fields: ArrivalFields
  ) -> EchoArrival? {
    if header.type.isError {
      return quotedProbe(
        in: payload,
        ICMPErrorReport(
          family: .v6, type: header.type.rawValue, code: header.code, source: fields.source,
          detail: header.rest, timeToLive: fields.timeToLive))
    }
    // The kernel has checked an ICMPv6 checksum before a raw socket sees it (RFC 3542 §3.1).
    var reply = QuestionReply(
      sequenceNumber: UInt16(header.probeSequenceNumber), source: fields.source,
      timeToLive: fields.timeToLive, length: ICMPv6Header.length + payload.count,
      isChecksumValid: true, content: .node(.nothing), returned: .numbers)
    switch (question, header.type) {
    case (.nodeInformation(let asked), .nodeInformationReply):
      var reader = PacketReader(payload)
      guard let body = try? NodeInformation(parsing: &reader),
        header.informationType == asked.type
      else { return nil }
      reply.sequenceNumber = UInt16(truncatingIfNeeded: body.nonce >> 48)
      reply.content = .node(NodeAnswer(header, body))
      reply.returned = .token(body.nonce)
    case (.interface(let asked), .extendedEchoReply) where header.identifier == identifier:
      reply.content = .interface(code: header.code, header.interfaceState)
      reply.returned = returned(payload, asked)
    default: return nil
    }
    return .answer(reply)
  }

  /// What an extended echo reply repeats of the request's payload: nothing, as RFC 8335 §3 draws it,
  /// or all of it, as Linux does.
  private func returned(
    _ payload: Span<UInt8>, _ asked: InterfaceQuestion
  ) -> QuestionReply.Returned {
    if payload.isEmpty { return .numbers }
    let start = self.payload(asked, number: 0).count - EchoRequest.cookieLength
    guard payload.count == start + EchoRequest.cookieLength else { return .somethingElse }
    return .token(payload.u64(at: start))
  }

  /// An error is ours when the quoted datagram asks our question. Whether it asks our target, the
  /// session knows.
  private func quotedProbe(
    in octets: Span<UInt8>, _ error: ICMPErrorReport
  ) -> EchoArrival? {
    var reader = PacketReader(octets)
    guard let quoted = try? QuotedDatagram(parsing: &reader) else { return nil }
    switch quoted.transport {
    case .icmpv4, .icmpv6:
      let start = quoted.payload.lowerBound - ICMPv4Header.length
      return sequenceNumber(ofRequest: octets.extracting(start..<quoted.payload.upperBound))
        .map { .error(sequenceNumber: $0, target: quoted.destination, error) }
    default: return nil
    }
  }

  /// The low bits of the number of one of our requests, of which there may be only the start; `nil`
  /// if it is none of ours. ICMP and ICMPv6 have the same places for everything here.
  private func sequenceNumber(ofRequest octets: Span<UInt8>) -> UInt16? {
    var reader = PacketReader(octets)
    guard let header = try? ICMPv4Header(parsing: &reader), header.type.rawValue == requestType
    else { return nil }
    switch question {
    case .timestamp, .addressMask, .information:
      return header.identifier == identifier ? header.sequenceNumber : nil
    case .interface:
      return header.identifier == identifier ? UInt16(header.probeSequenceNumber) : nil
    case .nodeInformation: return reader.available >= 8 ? reader.remaining.u16(at: 0) : nil
    }
  }

  /// The ICMP or ICMPv6 type of a request.
  private var requestType: UInt8 { question.requestType(target.family) }

  /// The ICMP or ICMPv6 type of an answer: each follows that of its request.
  public var replyType: UInt8 { requestType + 1 }

  /// Answers give the session's identifier back.
  public var repeatsIdentifier: Bool {
    if case .nodeInformation = question { false } else { true }
  }
}

extension NodeAnswer {
  /// Reads the data of a reply as its header says.
  init(_ header: ICMPv6Header, _ body: NodeInformation) {
    switch NodeInformation.ReplyCode(rawValue: header.code) {
    case .refused: self = .refused
    case .unknownType: self = .unknownType
    case nil: self = .unknown(code: header.code, type: header.informationType)
    case .success:
      do throws(PacketError) {
        self = try Self.read(body, header.informationType, header.informationFlags)
      } catch {
        self = .malformed(error)
      }
    }
  }

  private static func read(
    _ body: NodeInformation, _ type: NodeInformation.QueryType, _ flags: NodeInformation.Flags
  ) throws(PacketError) -> NodeAnswer {
    switch type {
    case .noOperation: return .nothing
    case .nodeName:
      let (timeToLive, names) = try body.names()
      return .names(names, timeToLive: timeToLive)
    case .nodeAddresses, .ipv4Addresses:
      return .addresses(
        try body.addresses(of: type), isTruncated: flags.contains(.truncated))
    default: return .unknown(code: 0, type: type)
    }
  }
}
