import CommandLineKit
import PacketWire
import ProbeEngine

/// What the values of `-N` say together, word for word as in iputils.
struct NodeQuestionArguments: Hashable, Sendable {
  /// Whom a query is about, as it was typed: addresses may be names, which are looked up later.
  enum Subject: Hashable, Sendable {
    case ipv6(String)
    case ipv4(String)
    case name(NodeInformation.Name)
  }

  private(set) var type: NodeInformation.QueryType?
  private(set) var flags: NodeInformation.Flags = []
  private(set) var subject: Subject?

  /// What `-N help` prints.
  static var help: String {
    """
    ping -6 -N <nodeinfo opt>
    Help:
      help
    Query:
      name
      ipv6
      ipv6-all
      ipv6-compatible
      ipv6-global
      ipv6-linklocal
      ipv6-sitelocal
      ipv4
      ipv4-all
    Subject:
      subject-ipv6=addr
      subject-ipv4=addr
      subject-name=name
      subject-fqdn=name

    """
  }

  /// Reads one value; `help` is the caller's.
  mutating func add(_ word: String) throws(UsageError) {
    switch word {
    case "name", "fqdn": try ask(.nodeName, for: word)
    case "ipv6": try ask(.nodeAddresses, for: word)
    case "ipv6-all": try ask(.nodeAddresses, .all, for: word)
    case "ipv6-compatible": try ask(.nodeAddresses, .compatible, for: word)
    case "ipv6-global": try ask(.nodeAddresses, .global, for: word)
    case "ipv6-linklocal": try ask(.nodeAddresses, .linkLocal, for: word)
    case "ipv6-sitelocal": try ask(.nodeAddresses, .siteLocal, for: word)
    case "ipv4": try ask(.ipv4Addresses, for: word)
    case "ipv4-all": try ask(.ipv4Addresses, .all, for: word)
    default: try addSubject(word)
    }
  }

  private mutating func ask(
    _ type: NodeInformation.QueryType, _ flags: NodeInformation.Flags = [], for word: String
  ) throws(UsageError) {
    guard self.type ?? type == type else {
      throw UsageError(
        "'\(word)' and what was said before ask for different things: say one of them")
    }
    self.type = type
    self.flags.formUnion(flags)
  }

  private mutating func addSubject(_ word: String) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count == 2 ? String(parts[1]) : ""
    let subject: Subject
    switch parts[0] {
    case "subject-ipv6" where !value.isEmpty: subject = .ipv6(value)
    case "subject-ipv4" where !value.isEmpty: subject = .ipv4(value)
    // As in iputils a name with a dot in it counts as a whole one.
    case "subject-name" where !value.isEmpty:
      subject = try .name(Self.name(value, isFullyQualified: value.utf8.contains(0x2e)))
    case "subject-fqdn" where !value.isEmpty:
      subject = try .name(Self.name(value, isFullyQualified: true))
    default:
      throw UsageError(
        "\(UsageError.quoted(word)) is none of its words: '-N help' lists them")
    }
    switch (self.subject, subject) {
    case (nil, _), (.ipv6, .ipv6), (.ipv4, .ipv4), (.name, .name): self.subject = subject
    default: throw UsageError("two kinds of subject are given: say one of them")
    }
  }

  private static func name(
    _ text: String, isFullyQualified: Bool
  ) throws(UsageError) -> NodeInformation.Name {
    guard let name = DNSName(text.lowercased()), name != .root else {
      throw UsageError("\(UsageError.quoted(text)) is no name of a host")
    }
    return NodeInformation.Name(name, isFullyQualified: isFullyQualified)
  }

  /// The question, once names may be looked up.
  ///
  /// - Parameter address: looks a host up in a family.
  /// - Returns: what is to be asked.
  /// - Throws: `UsageError` if nothing is asked for, or what `address` throws.
  func question(
    address: (String, IPFamily) throws -> IPAddress
  ) throws -> NodeQuestion {
    guard let type else {
      throw UsageError("option '-N': say what is asked for, too: name, ipv6 or ipv4")
    }
    var question = NodeQuestion(type, flags: flags)
    switch subject {
    case .ipv6(let host):
      if case .v6(let address) = try address(host, .v6) { question.subject = .ipv6(address) }
    case .ipv4(let host):
      if case .v4(let address) = try address(host, .v4) { question.subject = .ipv4(address) }
    case .name(let name): question.subject = .name(name)
    case nil: break
    }
    return question
  }
}
