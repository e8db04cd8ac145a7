import PacketWire

/// Pairs DNS answers with their queries.
struct DNSTransactions: Sendable {
  /// What an answer must repeat of its query to be believed (RFC 5452 §9.1), but for the question.
  private struct Key: Hashable, Sendable {
    var client: IPAddress
    var server: IPAddress
    var port: UInt16
    var identifier: UInt16

    init(_ message: DNSMessage, client: Endpoint, server: Endpoint) {
      (self.client, port) = (client.address, client.port ?? 0)
      identifier = message.identifier
      // A link-local multicast query goes to a group; a member of it answers (RFC 4795 §2.3).
      let isGroup = server.port == DNSPort.linkLocalMulticast
      self.server = isGroup ? client.address : server.address
    }

    /// Feeds what differs most: servers are few.
    func hash(into hasher: inout Hasher) {
      hasher.combine(client)
      hasher.combine(UInt32(port) << 16 | UInt32(identifier))
    }
  }

  private struct Pending: Sendable {
    var question: DNSQuestion?
    var query: DNSFacts.Query
    var answer: PacketMark?
  }

  /// A question of one client, whatever the server, port and identifier: a stub resolver that gets
  /// no answer asks the next server.
  private struct Wish: Hashable, Sendable {
    var client: IPAddress
    var name: DNSName
    var type: DNSType

    init?(_ client: IPAddress, _ question: DNSQuestion?) {
      guard let question else { return nil }
      (self.client, name, type) = (client, question.name, question.type)
    }

    static func == (left: Self, right: Self) -> Bool {
      left.client == right.client && left.type == right.type && left.name.isSame(as: right.name)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(client)
      hasher.combine(type.rawValue)
      name.hashSame(into: &hasher)
    }
  }

  private var pending: BoundedTable<Key, Pending>
  private var wishes: BoundedTable<Wish, PacketMark>

  init(capacity: Int) {
    pending = BoundedTable(capacity: capacity)
    wishes = BoundedTable(capacity: capacity)
  }

  var evicted: Int { pending.evicted }

  /// What is known of `message`, sent at `mark` between these ends.
  mutating func add(
    _ message: DNSMessage, from source: Endpoint, to destination: Endpoint, at mark: PacketMark
  ) -> DNSFacts {
    let service = Self.service(source.port, destination.port)
    var facts = DNSFacts(message: message, service: service, role: .query(repeats: nil))
    if message.isResponse {
      facts.role = .answer(to: nil, repeats: nil)
    }
    // RFC 6762 §18.1: identifiers of multicast queries are zero and pair nothing.
    guard service != .multicast else { return facts }
    facts.role =
      message.isResponse
      ? noteAnswer(message, from: source, to: destination, at: mark)
      : noteQuery(message, from: source, to: destination, at: mark)
    return facts
  }

  private static func service(_ source: UInt16?, _ destination: UInt16?) -> DNSFacts.Service {
    switch (source, destination) {
    case (DNSPort.multicast, _), (_, DNSPort.multicast): .multicast
    case (DNSPort.linkLocalMulticast, _), (_, DNSPort.linkLocalMulticast): .linkLocalMulticast
    default: .dns
    }
  }

  private mutating func noteQuery(
    _ message: DNSMessage, from client: Endpoint, to server: Endpoint, at mark: PacketMark
  ) -> DNSFacts.Role {
    let key = Key(message, client: client, server: server)
    let question = message.questions.first
    var query = DNSFacts.Query(first: mark, last: mark)
    var repeated: PacketMark?
    if let before = pending.set(key, Pending(question: question, query: query)),
      before.answer == nil, Self.same(before.question, question)
    {
      (query.first, repeated) = (before.query.first, before.query.last)
      pending.update(key) { $0.query = query }
    }
    if let wish = Wish(client.address, question) {
      let last = wishes.set(wish, mark)
      repeated = repeated ?? last
    }
    return .query(repeats: repeated)
  }

  private mutating func noteAnswer(
    _ message: DNSMessage, from server: Endpoint, to client: Endpoint, at mark: PacketMark
  ) -> DNSFacts.Role {
    let key = Key(message, client: client, server: server)
    let question = message.questions.first
    let role = pending.update(key) { found -> DNSFacts.Role? in
      guard question == nil || Self.same(found.question, question) else { return nil }
      let before = found.answer
      if before == nil { found.answer = mark }
      return .answer(to: found.query, repeats: before)
    }
    guard let role = role ?? nil else { return .answer(to: nil, repeats: nil) }
    if let wish = Wish(client.address, question) { wishes.remove(wish) }
    return role
  }

  private static func same(_ left: DNSQuestion?, _ right: DNSQuestion?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return left.type == right.type && left.recordClass == right.recordClass
      && left.name.isSame(as: right.name)
  }
}

/// The ports that tell one kind of name resolution from another (RFC 6762 §3, RFC 4795 §2).
enum DNSPort {
  static let multicast: UInt16 = 5353
  static let linkLocalMulticast: UInt16 = 5355
}
