public import PacketWire

/// A DNS message and how it belongs to others.
public struct DNSFacts: Sendable {
  /// Which of the protocols that share the message format.
  public enum Service: Hashable, Sendable {
    /// DNS proper (RFC 1035).
    case dns
    /// Multicast DNS (RFC 6762).
    case multicast
    /// Link-local multicast name resolution (RFC 4795).
    case linkLocalMulticast
  }

  /// The query packets that an answer belongs to; one if nothing was sent again.
  public struct Query: Hashable, Sendable {
    /// The first time that it was asked.
    public var first: PacketMark
    /// The last time before the answer.
    public var last: PacketMark
  }

  /// Query or answer.
  public enum Role: Sendable {
    /// A query; `repeats` is the last one with the same question, when that is still unanswered.
    case query(repeats: PacketMark?)
    /// An answer; `to` is nil when the capture does not hold its query, and `repeats` is an earlier
    /// answer to the same query.
    case answer(to: Query?, repeats: PacketMark?)
  }

  /// The message.
  public var message: DNSMessage
  /// Which protocol it belongs to.
  public var service: Service
  /// Query or answer, and to what.
  public var role: Role
  /// What the answer says to its first question, read when it is asked for; nil for queries and
  /// without a question.
  public var result: DNSResult? { answered.map { DNSResult(message, to: $0) } }
  /// How the answer to its first question ended; nil as `result` is.
  public var outcome: DNSResult.Outcome? {
    answered.map { question in
      var isFound = false
      message.forEachAnswer(to: question, alias: { _, _ in }, record: { _ in isFound = true })
      return DNSResult.outcome(of: message, isFound: isFound)
    }
  }

  /// The question that it answers.
  var answered: DNSQuestion? { message.isResponse ? message.questions.first : nil }
}

/// What an answer says to its question.
public struct DNSResult: Sendable {
  /// How it ended.
  public enum Outcome: Hashable, Sendable {
    /// There are records of the type that was asked for.
    case found
    /// The name exists, but not with this type (RFC 2308 §2.2).
    case noData
    /// There is no such name (RFC 8020).
    case noName
    /// Other servers are to be asked (RFC 1034 §4.3.1).
    case referral
    /// The answer is cut and is to be asked for over TCP (RFC 7766 §5).
    case truncated
    /// Any other response code.
    case failed(code: UInt8)
  }

  /// How it ended.
  public var outcome: Outcome
  /// The canonical names on the way from the name in the question, in order.
  public var aliases: [DNSName] = []
  /// The addresses found at the end of that way.
  public var addresses: [IPAddress] = []
  /// All records of the type asked for at the end of that way.
  public var records: [DNSRecord] = []
  /// How long all of this may be remembered, in seconds: the least time to live of what was used.
  public var timeToLive: UInt32?

  /// How many records, and how many aliases in a row, are looked at.
  fileprivate static let maximumRecords = 256
  fileprivate static let maximumAliases = 16

  /// Follows `question` through the answer section.
  init(_ message: DNSMessage, to question: DNSQuestion) {
    outcome = .noData
    message.forEachAnswer(to: question) { record, target in
      note(record)
      aliases.append(target)
    } record: { record in
      note(record)
      records.append(record)
      if let address = record.data.address { addresses.append(address) }
    }
    outcome = Self.outcome(of: message, isFound: !records.isEmpty)
  }

  private mutating func note(_ record: DNSRecord) {
    timeToLive = min(timeToLive ?? .max, record.timeToLive)
  }

  fileprivate static func outcome(of message: DNSMessage, isFound: Bool) -> Outcome {
    switch message.responseCode {
    case 0: break
    case 3: return .noName
    default: return .failed(code: message.responseCode)
    }
    if message.isTruncated { return .truncated }
    if isFound { return .found }
    let types = message.authorities.prefix(maximumRecords).map(\.type)
    // RFC 2308 §2.2.1: name servers without an SOA record are a referral.
    return types.contains(.ns) && !types.contains(.soa) ? .referral : .noData
  }
}

extension DNSMessage {
  /// Follows `question` through the answer section: first each alias on the way with where it leads,
  /// then the records at the end of the way that are of the type asked for.
  func forEachAnswer(
    to question: DNSQuestion, alias: (DNSRecord, DNSName) -> Void, record: (DNSRecord) -> Void
  ) {
    var name = question.name
    let places = answers.indices.prefix(DNSResult.maximumRecords)
    if question.type != .cname, question.type != .any {
      var aliases = 0
      while aliases < DNSResult.maximumAliases, let (found, target) = self.alias(of: name, places) {
        alias(found, target)
        aliases += 1
        name = target
      }
    }
    for place in places where question.type == .any || answers[place].type == question.type {
      if answers[place].name.isSame(as: name) { record(answers[place]) }
    }
  }

  private func alias(of name: DNSName, _ places: Range<Int>) -> (DNSRecord, DNSName)? {
    for place in places where answers[place].type == .cname {
      guard answers[place].name.isSame(as: name), case .name(let target) = answers[place].data
      else { continue }
      return (answers[place], target)
    }
    return nil
  }
}
