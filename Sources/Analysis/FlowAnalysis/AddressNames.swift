public import PacketWire

/// What an address was asked for by, and the packet that told it.
public struct LearnedName: Hashable, Sendable {
  /// In the presentation form of RFC 1035 §5.1, without the final dot.
  public var text: String
  /// The number of the DNS answer that taught it.
  public var number: Int

  /// A name taught by packet `number`.
  public init(text: String, number: Int) { (self.text, self.number) = (text, number) }
}

extension DNSName {
  /// The presentation form without its final dot, as people write it; the root stays ".".
  public var textWithoutFinalDot: String {
    let text = description
    return text.utf8.count > 1 ? String(text.dropLast()) : text
  }
}

/// Addresses and the names for which DNS answers of this capture gave them.
struct AddressNames: Sendable {
  private struct Known: Sendable {
    var name: DNSName
    var learned: LearnedName
  }

  private var table: BoundedTable<IPAddress, Known>
  private let learns: Bool

  /// With room for no name, none is learned.
  init(capacity: Int) { (table, learns) = (BoundedTable(capacity: capacity), capacity > 0) }

  var evicted: Int { table.evicted }

  subscript(address: IPAddress) -> LearnedName? {
    table.count > 0 ? table[address]?.learned : nil
  }

  func endpoint(_ address: IPAddress, port: UInt16?) -> Endpoint {
    Endpoint(address, port: port, name: self[address])
  }

  /// The most addresses that one answer can teach.
  private static let maximumPerAnswer = 64

  /// Learns what `facts`, of the packet `number`, says of addresses. The last answer counts.
  mutating func learn(from facts: DNSFacts, number: Int) {
    guard learns, facts.message.isResponse else { return }
    guard let question = facts.answered else {
      return learnOwners(of: facts.message, number: number)
    }
    var left = Self.maximumPerAnswer
    facts.message.forEachAnswer(to: question, alias: { _, _ in }) { record in
      guard left > 0, let address = record.data.address else { return }
      learn(question.name, of: address, number: number)
      left -= 1
    }
  }

  /// The text of a name that is known already is not made again.
  private mutating func learn(_ name: DNSName, of address: IPAddress, number: Int) {
    let known = table[address]
    let text = known?.name == name ? known?.learned.text : nil
    let learned = LearnedName(text: text ?? name.textWithoutFinalDot, number: number)
    table.set(address, Known(name: name, learned: learned))
  }

  /// An answer without a question, as multicast DNS has it (RFC 6762 §6): each record for itself.
  private mutating func learnOwners(of message: DNSMessage, number: Int) {
    for record in message.answers.prefix(Self.maximumPerAnswer) {
      guard let address = record.data.address else { continue }
      learn(record.name, of: address, number: number)
    }
  }
}

extension DNSRecordData {
  /// The address of an A or AAAA record.
  var address: IPAddress? {
    switch self {
    case .a(let address): .v4(address)
    case .aaaa(let address): .v6(address)
    default: nil
    }
  }
}
