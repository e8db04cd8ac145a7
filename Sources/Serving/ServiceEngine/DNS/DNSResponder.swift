public import PacketWire

/// Answers DNS queries from zones that it has whole: octets in, octets out.
public struct DNSResponder: Sendable {
  /// How a query came, which sets how long the answer may be.
  public enum Transport: Sendable {
    /// In a datagram.
    case udp
    /// On a connection.
    case tcp
  }

  /// The most that is sent over UDP, whatever the client would take, in octets: it passes every
  /// IPv6 path unfragmented, and is too little for an attack by reflection to be worth while.
  static let maximumUDPLength = 1232
  /// The most without EDNS (RFC 1035 §2.3.4).
  static let plainUDPLength = 512
  /// An alias of an alias of an alias: more steps than this are taken for a loop.
  static let maximumAliases = 8

  private let zones: DNSZones

  /// A server for the zones that begin at the SOA records among `records`.
  public init(records: [DNSRecord]) { zones = DNSZones(records) }

  /// The answer to a query; `nil` if the octets are no query at all, for an answer to an answer, or
  /// to somebody's noise, only makes more of it.
  public func answer(to octets: [UInt8], over transport: Transport) -> [UInt8]? {
    guard octets.count >= DNSMessage.headerLength, octets[2] & 0x80 == 0 else { return nil }
    let flags = Flag.response | octets.span.u16(at: 2) & Flag.copied | Flag.recursionAvailable
    var reply = DNSMessage(identifier: octets.span.u16(at: 0), flags: flags, questions: [])
    var edns: EDNS?
    let code = fill(&reply, &edns, from: octets)
    reply.flags |= code.rawValue & 0xf
    if let edns { reply.additionals = [edns.record(extendedCode: code.rawValue >> 4)] }
    return fit(reply, into: edns, transport)
  }

  private enum Flag {
    static let response: UInt16 = 0x8000
    static let authoritative: UInt16 = 0x0400
    static let truncated: UInt16 = 0x0200
    /// All names that there are here are resolved, so a stub resolver needs no other server.
    static let recursionAvailable: UInt16 = 0x0080
    /// Opcode, RD and CD (RFC 1035 §4.1.1, RFC 4035 §3.1.6).
    static let copied: UInt16 = 0x7910
  }

  private enum ResponseCode: UInt16 {
    case noError = 0
    case formatError = 1
    case serverFailure = 2
    case noSuchName = 3
    case notImplemented = 4
    case refused = 5
    /// RFC 6891 §6.1.3; its upper bits stand in the OPT record.
    case badVersion = 16
  }

  private func fill(
    _ reply: inout DNSMessage, _ edns: inout EDNS?, from octets: [UInt8]
  ) -> ResponseCode {
    guard reply.opcode == 0 else { return .notImplemented }
    var reader = PacketReader(octets.span)
    guard let query = try? DNSMessage(parsing: &reader), query.questions.count == 1,
      let question = query.questions.first
    else { return .formatError }
    // Written anew, for the client's own may be compressed.
    let name = DNSName(labels: question.name.labels.map { Array($0) }) ?? .root
    reply.questions = [DNSQuestion(name, question.type, question.recordClass)]
    let options = query.additionals.filter { $0.type == .opt }
    // One at most, and the root's (RFC 6891 §6.1.1, §6.1.2).
    guard options.count <= 1, options.allSatisfy({ $0.name == .root }) else { return .formatError }
    edns = options.first.map { EDNS(request: $0) }
    guard edns?.version ?? 0 == 0 else { return .badVersion }
    return resolve(reply.questions[0], into: &reply)
  }

  /// Fills in the answer and authority sections. The code is that of the last name of a chain of
  /// aliases (RFC 6604 §3).
  private func resolve(_ question: DNSQuestion, into reply: inout DNSMessage) -> ResponseCode {
    // Zone transfers (RFC 5936, RFC 1995) and other classes are not for strangers.
    guard question.recordClass == .internet, question.type.rawValue != 251,
      question.type.rawValue != 252
    else { return .refused }
    var name = question.name
    for step in 0...Self.maximumAliases {
      switch zones.find(name, question.type) {
      case .foreign:
        // An alias that leads away is an answer; the client goes on by itself.
        return step == 0 ? .refused : .noError
      case .noData(let zone):
        reply.flags |= Flag.authoritative
        reply.authorities = [zone]
        return .noError
      case .noName(let zone):
        reply.flags |= Flag.authoritative
        reply.authorities = [zone]
        return .noSuchName
      case .records(let records):
        reply.flags |= Flag.authoritative
        reply.answers += records
        return .noError
      case .alias(let record, let target):
        reply.flags |= Flag.authoritative
        reply.answers.append(record)
        name = target
      }
    }
    reply.answers = []
    return .serverFailure
  }

  /// Writes the reply, without its records if it would be too long: then the client asks again over
  /// TCP (RFC 2181 §9, RFC 7766 §5).
  private func fit(_ reply: DNSMessage, into edns: EDNS?, _ transport: Transport) -> [UInt8] {
    var reply = reply.compressed()
    let limit =
      switch transport {
      case .tcp: 65_535
      case .udp: min(max(edns?.payloadLength ?? 0, Self.plainUDPLength), Self.maximumUDPLength)
      }
    if reply.length > limit {
      (reply.answers, reply.authorities) = ([], [])
      reply.flags |= Flag.truncated
      // Its pointers may have led into what is not there any more.
      reply = reply.compressed()
    }
    return [UInt8](capacity: reply.length) { reply.write(to: &$0) }
  }
}

/// The fields of an OPT record (RFC 6891 §6.1).
private struct EDNS {
  /// The longest UDP payload that the sender takes, in octets.
  let payloadLength: Int
  let version: UInt8
  /// DO: an answer has the same (RFC 3225 §3).
  let wantsSignatures: Bool

  init(request: DNSRecord) {
    payloadLength = Int(request.recordClass.rawValue)
    version = UInt8(truncatingIfNeeded: request.timeToLive >> 16)
    wantsSignatures = request.timeToLive & 0x8000 != 0
  }

  /// What a reply to it carries.
  func record(extendedCode: UInt16) -> DNSRecord {
    DNSRecord(
      .root, .opt, timeToLive: UInt32(extendedCode) << 24 | (wantsSignatures ? 0x8000 : 0),
      .options([]), recordClass: DNSClass(rawValue: UInt16(DNSResponder.maximumUDPLength)))
  }
}
