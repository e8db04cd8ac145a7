public import PacketWire

/// Writes requests that are no echo requests, and proves the answers.
///
/// Each request holds a number made from the probe's keyed cookie, where its format has room for one:
///
/// | question | where the cookie is | keyed bits |
/// |---|---|---|
/// | timestamp | the originate timestamp, marked as no time of day (RFC 792) | 31 |
/// | address mask | nowhere: the answer repeats identifier and sequence number only | 0 |
/// | information | nowhere: neither message has anything behind its header (RFC 792) | 0 |
/// | node information | the nonce, behind the probe's sequence number | 48 |
/// | interface | behind the extension structure; not every host repeats it | 64 |
///
/// When a request was sent stands in the session's own table, as for an echo.
public struct QuestionProbe: Sendable {
  /// What is asked.
  public var question: ProbeQuestion
  /// Where requests go; of `question`'s family.
  public var target: IPAddress
  /// Where they come from; an ICMPv6 checksum covers it.
  public var source: IPAddress
  /// Names this session. Node information has no place for it.
  public var identifier: UInt16
  /// Of the first probe, as far as the format has room for it; the following ones count on and wrap.
  public var firstSequenceNumber: UInt16
  /// The ICMP code that requests get once they are written, which some hosts give back.
  public var code: UInt8 = 0
  let cookies: KeyedCookie

  /// A writer of requests.
  public init(
    _ question: ProbeQuestion, target: IPAddress, source: IPAddress, identifier: UInt16,
    firstSequenceNumber: UInt16 = 1, cookies: KeyedCookie
  ) {
    (self.question, self.target, self.source) = (question, target, source)
    (self.identifier, self.cookies) = (identifier, cookies)
    self.firstSequenceNumber = firstSequenceNumber
  }

  /// The sequence number of a probe, of which the format may have room for the low bits only.
  func sequenceNumber(of number: UInt64) -> UInt16 {
    firstSequenceNumber &+ UInt16(truncatingIfNeeded: number &- 1)
  }

  /// Probe `number`'s ICMP message: header with a filled-in checksum, then what the type asks for.
  public func message(number: UInt64) -> [UInt8] {
    let rest = UInt32(identifier) << 16 | UInt32(sequenceNumber(of: number))
    switch question {
    case .timestamp:
      let stamps = ICMPTimestamps(originate: originate(number: number))
      let payload = [UInt8](capacity: ICMPTimestamps.length) { stamps.write(to: &$0) }
      return message(ICMPv4Header(.timestampRequest, rest: rest), payload)
    case .addressMask:
      let payload = [UInt8](capacity: ICMPAddressMask.length) { ICMPAddressMask().write(to: &$0) }
      return message(ICMPv4Header(.addressMaskRequest, rest: rest), payload)
    case .information: return message(ICMPv4Header(.informationRequest, rest: rest), [])
    case .nodeInformation(let question): return message(question, number: number)
    case .interface(let question):
      let sequence = UInt32(UInt8(truncatingIfNeeded: sequenceNumber(of: number)))
      let rest = UInt32(identifier) << 16 | sequence << 8 | (question.isNeighbor ? 0 : 1)
      let payload = payload(question, number: number)
      if target.family == .v6 {
        return message(ICMPv6Header(.extendedEchoRequest, rest: rest), payload)
      }
      return message(ICMPv4Header(.extendedEchoRequest, rest: rest), payload)
    }
  }

  /// The same, to another target than `target`.
  public func message(number: UInt64, to target: IPAddress) -> [UInt8] {
    var probe = self
    probe.target = target
    return probe.message(number: number)
  }

  private func message(_ question: NodeQuestion, number: UInt64) -> [UInt8] {
    let subject = question.subject ?? target.subject
    let rest = UInt32(question.type.rawValue) << 16 | UInt32(question.flags.rawValue)
    let body = NodeInformation(nonce: nonce(number: number), data: subject.data)
    return message(
      ICMPv6Header(.nodeInformationQuery, code: subject.code, rest: rest),
      [UInt8](capacity: body.length) { body.write(to: &$0) })
  }

  private func message(_ header: ICMPv4Header, _ payload: [UInt8]) -> [UInt8] {
    var header = header
    header.fill(payload: payload.span)
    return [UInt8](capacity: ICMPv4Header.length + payload.count) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
  }

  private func message(_ header: ICMPv6Header, _ payload: [UInt8]) -> [UInt8] {
    var header = header
    if case (.v6(let source), .v6(let target)) = (source, target) {
      header.fill(payload: payload.span, from: source, to: target)
    }
    return [UInt8](capacity: ICMPv6Header.length + payload.count) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
  }
}

extension QuestionProbe {
  /// Hosts give an originate timestamp back as it is. Ours is no time of day, as RFC 792 allows: what
  /// the clock said stands in our own table, and nobody can guess this.
  func originate(number: UInt64) -> ICMPTimestamp {
    ICMPTimestamp(nonStandard: cookies.cookie(for: number))
  }

  /// Its sequence number before 48 bits of its cookie, so that an answer tells its probe.
  func nonce(number: UInt64) -> UInt64 {
    UInt64(sequenceNumber(of: number)) << 48 | cookies.cookie(for: number) & 0xffff_ffff_ffff
  }

  /// The extension structure, and the cookie as the data behind it (RFC 8335 §2).
  func payload(_ question: InterfaceQuestion, number: UInt64) -> [UInt8] {
    let structure = ICMPInterfaceIdentification(question.subject).structure()
    return [UInt8](capacity: structure.count + EchoRequest.cookieLength) { out in
      out.append(copying: structure.span)
      out.append(bigEndian: cookies.cookie(for: number))
    }
  }

  /// How sure it is that a reply answers probe `number`.
  public func proof(of reply: QuestionReply, number: UInt64) -> QuestionReply.Proof {
    let sequence = sequenceNumber(of: number) & question.sequenceMask
    guard reply.sequenceNumber == sequence else { return .none }
    let expected: UInt64? =
      switch question {
      case .timestamp: UInt64(originate(number: number).rawValue)
      case .addressMask, .information: nil
      case .nodeInformation: nonce(number: number)
      case .interface: cookies.cookie(for: number)
      }
    switch reply.returned {
    case .token(let token): return token == expected ? .keyed : .none
    // Without a key at least the address has to be the one that was asked.
    case .numbers: return reply.source == target ? .numbersOnly : .none
    case .somethingElse: return .none
    }
  }
}

extension IPAddress {
  /// The address itself as the one that a query is about.
  fileprivate var subject: NodeInformation.Subject {
    switch self {
    case .v4(let address): .ipv4(address)
    case .v6(let address): .ipv6(address)
    }
  }
}
