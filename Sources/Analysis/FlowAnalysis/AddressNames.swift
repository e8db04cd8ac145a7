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
  private var table: BoundedTable<IPAddress, LearnedName>
  /// Changes whenever anything is learned, so that flows know when to look again.
  private(set) var version = 0

  init(capacity: Int) { table = BoundedTable(capacity: capacity) }

  var evicted: Int { table.evicted }

  subscript(address: IPAddress) -> LearnedName? { table[address] }

  /// The most addresses that one answer can teach.
  private static let maximumPerAnswer = 64

  /// Learns what `facts`, of the packet `number`, says of addresses. The last answer counts.
  mutating func learn(from facts: DNSFacts, number: Int) {
    guard let result = facts.result, let question = facts.message.questions.first else {
      return learnOwners(of: facts.message, number: number)
    }
    guard !result.addresses.isEmpty else { return }
    let name = LearnedName(text: question.name.textWithoutFinalDot, number: number)
    for address in result.addresses.prefix(Self.maximumPerAnswer) { table.set(address, name) }
    version &+= 1
  }

  /// An answer without a question, as multicast DNS has it (RFC 6762 §6): each record for itself.
  private mutating func learnOwners(of message: DNSMessage, number: Int) {
    guard message.isResponse else { return }
    for record in message.answers.prefix(Self.maximumPerAnswer) {
      guard let address = record.data.address else { continue }
      table.set(address, LearnedName(text: record.name.textWithoutFinalDot, number: number))
      version &+= 1
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
