/// One question to a DNS server, and which datagrams are an answer to it.
///
/// What comes may come from anybody who guesses well: an answer has the identifier and the very question
/// of the query (RFC 5452 §9.1), beside the addresses and ports that the shell looks after.
public struct DNSInquiry: Hashable, Sendable {
  /// What datagrams are.
  public enum Verdict: Hashable, Sendable {
    /// The answer.
    case answer(DNSMessage)
    /// The answer was too long: it is to be asked for over TCP (RFC 7766 §5).
    case truncated(DNSMessage)
    /// The server does not know EDNS (RFC 6891 §7): it is to be asked without.
    case needsPlainQuery
    /// Nothing of ours, and why.
    case foreign(String)
  }

  /// The longest UDP payload that is asked for: it passes every IPv6 path unfragmented.
  public static let payloadLength: UInt16 = 1232

  /// The query.
  public let query: DNSMessage
  private let question: DNSQuestion
  /// Whether EDNS is used.
  public let usesEDNS: Bool

  /// Asks for one name and type of the Internet. `identifier` is to be random: nobody else may guess it.
  public init(_ name: DNSName, _ type: DNSType, identifier: UInt16, usesEDNS: Bool = true) {
    question = DNSQuestion(name, type)
    var query = DNSMessage(query: name, type, identifier: identifier)
    if usesEDNS {
      query.additionals = [
        DNSRecord(
          .root, .opt, timeToLive: 0, .options([]),
          recordClass: DNSClass(rawValue: Self.payloadLength))
      ]
    }
    (self.query, self.usesEDNS) = (query, usesEDNS)
  }

  /// The same question without EDNS.
  public var plain: DNSInquiry {
    DNSInquiry(question.name, question.type, identifier: query.identifier, usesEDNS: false)
  }

  /// What goes to the server.
  public var octets: [UInt8] { [UInt8](capacity: query.length) { query.write(to: &$0) } }

  /// Judges what has come.
  public func judge(_ octets: [UInt8]) -> Verdict {
    guard octets.count >= DNSMessage.headerLength else { return .foreign("too short") }
    guard octets.span.u16(at: 0) == query.identifier else { return .foreign("another identifier") }
    guard octets[2] & 0x80 != 0 else { return .foreign("no response") }
    let code = octets[3] & 0xf
    // FORMERR and NOTIMP of servers that are older than EDNS; they may repeat no question.
    if usesEDNS, code == 1 || code == 4, octets[2] & 0x02 == 0 { return .needsPlainQuery }
    var reader = PacketReader(octets.span)
    let message: DNSMessage
    do throws(PacketError) {
      message = try DNSMessage(parsing: &reader)
    } catch {
      // What is cut in the middle of a record is truncated all the same.
      guard octets[2] & 0x02 != 0 else { return .foreign("\(error)") }
      return .truncated(
        DNSMessage(
          identifier: query.identifier, flags: octets.span.u16(at: 2), questions: query.questions))
    }
    guard isSameQuestion(message) else { return .foreign("another question") }
    return message.isTruncated ? .truncated(message) : .answer(message)
  }

  /// A refusal may repeat nothing.
  private func isSameQuestion(_ message: DNSMessage) -> Bool {
    guard let repeated = message.questions.first else { return message.responseCode != 0 }
    return message.questions.count == 1 && repeated.name.isSame(as: question.name)
      && repeated.type == question.type && repeated.recordClass == question.recordClass
  }
}
