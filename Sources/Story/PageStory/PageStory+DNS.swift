import FlowAnalysis
import PacketWire

extension PageStory {
  mutating func dns(_ dns: DNSFacts, _ facts: PacketFacts) -> Passage {
    var sentence = Sentence()
    races.note(dns, facts.mark)
    switch dns.role {
    case .query(let before):
      ask(dns, before, facts, &sentence)
      summary.ask(dns, facts.mark)
    case .answer(let query, let before):
      answer(dns, query, before, facts, &sentence)
      summary.answer(dns, facts.mark)
    }
    let name =
      switch dns.service {
      case .dns: "DNS"
      case .multicast: "mDNS"
      case .linkLocalMulticast: "LLMNR"
      }
    // What hosts of a link call out to each other is no part of a page's load.
    let phase = dns.service == .dns ? StoryPhase.nameLookup : .other
    var passage = Passage(.application, name, phase, sentence)
    passage.label = dns.message.questions.first.map { Words.name($0.name) } ?? ""
    return passage
  }

  private func ask(
    _ dns: DNSFacts, _ before: PacketMark?, _ facts: PacketFacts, _ sentence: inout Sentence
  ) {
    sentence.add("\(facts.source.map { "\($0.address)" } ?? "Someone") asks ")
    sentence.add(dns.audience(facts.destination))
    guard dns.message.opcode == 0 else {
      return sentence.add(" to do something else than to look up (opcode \(dns.message.opcode)).")
    }
    guard let question = dns.message.questions.first else { return sentence.add(" nothing.") }
    sentence.add(" for \(question.wish).")
    if dns.message.questions.count > 1 {
      sentence.add(ifRoom: " (And \(dns.message.questions.count - 1) more.)")
    }
    if let before {
      sentence.add(" It asks again, for \(sentence.refer(before)) has no answer")
      sentence.add(Words.after(before, facts.mark) + ".")
    } else if let answer = missingNames.answer(beforeExtensionOf: question, facts.source?.address) {
      sentence.add(ifRoom: " It has put a search domain behind the name")
      sentence.add(ifRoom: ", for \(sentence.refer(answer)) gave nothing.")
    }
  }

  private mutating func answer(
    _ dns: DNSFacts, _ query: DNSFacts.Query?, _ before: PacketMark?, _ facts: PacketFacts,
    _ sentence: inout Sentence
  ) {
    let sender =
      switch dns.service {
      case .dns: dns.message.recursionDesired ? "The resolver" : "The name server"
      case .multicast, .linkLocalMulticast: Words.who(facts.source)
      }
    if let query {
      sentence.add("\(sender) answers \(sentence.refer(query.last))")
      sentence.add(Words.after(query.last, facts.mark))
      if let before { sentence.add(", once more after \(sentence.refer(before))") }
      sentence.add(": ")
    } else if dns.service == .multicast {
      sentence.add("\(sender) tells the link: ")
    } else {
      sentence.add("\(sender) answers a query that is not in this capture: ")
    }
    guard let question = dns.message.questions.first, let result = dns.result else {
      return sentence.add(dns.announcement)
    }
    sentence.add(result.text(question))
    if let seconds = result.timeToLive, result.outcome == .found {
      sentence.add(ifRoom: ", valid for \(seconds) s")
    }
    sentence.add(".")
    switch result.outcome {
    case .noData, .noName, .failed:
      missingNames.note(question, facts.destination?.address, facts.mark.number)
    case .found, .referral, .truncated: break
    }
    if case .failed = result.outcome { summary.warn(.failedLookups, facts.mark.number) }
    if result.outcome == .noName { summary.warn(.missingNames, facts.mark.number) }
  }
}

extension DNSFacts {
  fileprivate func audience(_ end: Endpoint?) -> String {
    let address = end.map { "\($0.address)" } ?? "someone"
    switch service {
    case .dns:
      return message.recursionDesired ? "the resolver \(address)" : "the name server \(address)"
    case .multicast, .linkLocalMulticast: return "everyone on this link (\(address))"
    }
  }

  /// What an answer without a question says.
  fileprivate var announcement: String {
    guard let first = message.answers.first else { return "nothing." }
    let more = message.answers.count - 1
    let rest = more > 0 ? ", and \(Words.count(more, "more record"))" : ""
    return "\(first.type.words) of \(Words.name(first.name))\(first.value)\(rest)."
  }
}

extension DNSQuestion {
  /// What is asked for, with the name.
  var wish: String {
    if type == .ptr, let address = name.reverseAddress { return "the name of \(address) (PTR)" }
    return "\(type.words) of \(Words.name(name))"
  }
}

extension DNSType {
  /// The type in plain words, with its own in brackets.
  var words: String {
    switch self {
    case .a: "the IPv4 address (A)"
    case .aaaa: "the IPv6 address (AAAA)"
    case .ns: "the name servers (NS)"
    case .cname: "the canonical name (CNAME)"
    case .soa: "the start of authority (SOA)"
    case .ptr: "the name behind the address (PTR)"
    case .mx: "the mail exchanges (MX)"
    case .txt: "the text (TXT)"
    case .https: "the web service parameters (HTTPS)"
    case .any: "all records (ANY)"
    case .srv: "the service locations (SRV)"
    case DNSType(rawValue: 43): "the delegation signer (DS)"
    case DNSType(rawValue: 48): "the zone keys (DNSKEY)"
    default: "the records of type \(rawValue)"
    }
  }
}

extension DNSResult {
  /// What the answer says of the name that was asked for.
  func text(_ question: DNSQuestion) -> String {
    let name =
      question.type == .ptr
      ? question.name.reverseAddress.map { "\($0)" } ?? Words.name(question.name)
      : Words.name(question.name)
    let way = aliases.last.map { "\(name) is an alias of \(Words.name($0))" }
    switch outcome {
    case .noName: return (way.map { $0 + ", and " } ?? "") + "there is no name \(name) (NXDOMAIN)"
    case .noData:
      return (way.map { $0 + ", which" } ?? name) + " exists, but \(question.type.lack)"
    case .referral: return "other servers must be asked for \(name)"
    case .truncated: return "the answer for \(name) is cut off, and must be asked for over TCP"
    case .failed(let code): return "no answer for \(name) (\(Self.name(ofCode: code)))"
    case .found: break
    }
    return (way.map { $0 + ", which" } ?? name) + " has " + records.text(of: question.type)
  }

  /// RFC 1035 §4.1.1, RFC 2136 §2.2.
  fileprivate static func name(ofCode code: UInt8) -> String {
    switch code {
    case 1: "FORMERR: it did not understand the query"
    case 2: "SERVFAIL: it or a server behind it failed"
    case 4: "NOTIMP: it cannot do that"
    case 5: "REFUSED: it does not want to"
    default: "code \(code)"
    }
  }
}

extension DNSType {
  /// What a name without records of this type lacks.
  fileprivate var lack: String {
    switch self {
    case .a: "has no IPv4 address (A)"
    case .aaaa: "has no IPv6 address (AAAA)"
    default: "has no record of that kind"
    }
  }
}

extension [DNSRecord] {
  /// What the records of one kind say.
  fileprivate func text(of type: DNSType) -> String {
    let contents = map(\.content)
    let several = count > 1
    switch type {
    case .a: return "the IPv4 address\(several ? "es" : "") \(Words.list(contents))"
    case .aaaa: return "the IPv6 address\(several ? "es" : "") \(Words.list(contents, limit: 2))"
    case .ptr: return "the name\(several ? "s" : "") \(Words.list(contents))"
    case .ns: return "the name server\(several ? "s" : "") \(Words.list(contents))"
    case .mx: return "the mail exchange\(several ? "s" : "") \(Words.list(contents))"
    case .txt: return "the text \(Words.list(contents, limit: 1))"
    default: return Words.count(count, "record") + " of that kind"
    }
  }
}

extension DNSRecord {
  /// The record's content, short and safe.
  fileprivate var content: String {
    switch data {
    case .a(let address): "\(address)"
    case .aaaa(let address): "\(address)"
    case .name(let name): Words.name(name)
    case .mx(_, let exchange): Words.name(exchange)
    case .txt(let strings):
      "\"" + Words.safe(Array(strings.joined()), 40) + "\""
    default: Words.count(data.length, "byte")
    }
  }

  /// " is 192.0.2.1", for contents that can be told.
  fileprivate var value: String {
    switch data {
    case .a, .aaaa, .name, .mx: " is \(content)"
    default: ""
    }
  }
}

extension DNSName {
  /// The address that a name below in-addr.arpa or ip6.arpa stands for (RFC 1035 §3.5, RFC 3596
  /// §2.5).
  var reverseAddress: IPAddress? {
    let labels = self.labels
    guard let domain = DNSName(labels: labels.suffix(2).map { Array($0) }) else { return nil }
    let parts = labels.dropLast(2).reversed().map { String(decoding: $0, as: UTF8.self) }
    if domain.isSame(as: Self.inAddrArpa) {
      return IPv4Address(parts.joined(separator: ".")).map { .v4($0) }
    }
    guard domain.isSame(as: Self.ip6Arpa), parts.count == 32 else { return nil }
    var bits: UInt128 = 0
    for part in parts {
      guard part.utf8.count == 1, let digit = UInt128(part, radix: 16) else { return nil }
      bits = bits << 4 | digit
    }
    return .v6(IPv6Address(bits: bits))
  }

  private static let inAddrArpa = DNSName("in-addr.arpa") ?? .root
  private static let ip6Arpa = DNSName("ip6.arpa") ?? .root
}
