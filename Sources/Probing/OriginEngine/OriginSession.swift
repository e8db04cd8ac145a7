public import AddressOrigins
public import PacketWire
public import ProbeEngine

/// Asks the DNS who runs addresses, beside a measurement: addresses in, queries out; answers in,
/// origins out. It reads no clock and opens no socket.
///
/// The queries are for TXT records of an `OriginZone`. An answer counts for all addresses of the prefix
/// that it names, and while a question is open nothing is asked about its neighbours (the same /24 or
/// /48: longer prefixes are not announced); so the hops of one prefix cost one question. A longer prefix
/// within one that is known already is not looked for.
public struct OriginSession: Sendable {
  /// What there is to ask, whom, and how hard.
  public struct Configuration: Sendable {
    /// The zone that knows.
    public var zone: OriginZone
    /// How many name servers there are; at least one. They are asked in turn.
    public var serverCount: Int
    /// How long to wait for each answer.
    public var patience = Nanoseconds.milliseconds(1500)
    /// How often to ask, all servers together.
    public var tries = 4
    /// So many questions are under way at once.
    public var parallel = 16
    /// So many more may wait.
    public var queueCapacity = 1024
    /// So many prefixes, names, and addresses without an origin are remembered.
    public var cacheCapacity = 8192

    /// Asks below `zone`.
    public init(zone: OriginZone = .cymru, serverCount: Int) {
      (self.zone, self.serverCount) = (zone, max(serverCount, 1))
    }
  }

  /// What the shell is to do.
  public enum Effect: Hashable, Sendable {
    /// Ask with a socket of its own, whose port nobody can know (RFC 5452 §9.2), in place of the one
    /// that the slot had.
    case ask([UInt8], server: Int, slot: Int)
    /// Close the slot's socket.
    case close(slot: Int)
  }

  /// What is known of an address.
  public enum Finding: Hashable, Sendable {
    /// Somebody announces it.
    case origin(AddressOrigin)
    /// Nobody does, or nobody could: private addresses are not asked for.
    case unannounced
    /// No server has given an answer.
    case unanswered
  }

  let configuration: Configuration
  let cookies: KeyedCookie
  var askedCount: UInt64 = 0
  /// Who answered last is asked first.
  var preferredServer = 0
  /// Questions under way, by slot.
  var open: [OpenQuestion?]
  /// Questions that wait for a slot, in order.
  var waiting: [Subject] = []
  /// Addresses that wait for the answer about a neighbour, by what they have in common.
  var neighbours: [IPPrefix: [IPAddress]] = [:]
  private var neighbourCount = 0

  var origins: BoundedCache<IPPrefix, AddressOrigin>
  /// Addresses without an origin.
  var others: BoundedCache<IPAddress, Finding>
  /// Nil: asked, and without an answer.
  var names: BoundedCache<UInt32, String?>

  /// A session in which nothing is known. Identifiers come from `cookies`, whose key comes from the
  /// system's random source.
  public init(_ configuration: Configuration, cookies: KeyedCookie) {
    (self.configuration, self.cookies) = (configuration, cookies)
    open = Array(repeating: nil, count: max(configuration.parallel, 1))
    origins = BoundedCache(capacity: configuration.cacheCapacity)
    others = BoundedCache(capacity: configuration.cacheCapacity)
    names = BoundedCache(capacity: configuration.cacheCapacity)
  }

  // MARK: What is known

  /// What is known of the address now; nil as long as that is nothing. Its name may come later.
  public func finding(of address: IPAddress) -> Finding? {
    if !address.isAnnounceable { return .unannounced }
    if let finding = others[address] { return finding }
    guard var origin = origin(holding: address) else { return nil }
    if let number = origin.numbers.first, let name = names[number] { origin.name = name }
    return .origin(origin)
  }

  /// There is nothing more to wait for: neither an origin nor the name of one.
  public func isSettled(_ address: IPAddress) -> Bool {
    switch finding(of: address) {
    case nil: false
    case .origin(let origin)?: origin.numbers.first.map { names[$0] != nil } ?? true
    case .unannounced?, .unanswered?: true
    }
  }

  /// When to call `timer`, if no answer comes before.
  public var wakeAt: MonotonicInstant? { open.compactMap { $0?.deadline }.min() }

  /// Nothing is asked and nothing waits.
  public var isIdle: Bool { waiting.isEmpty && open.allSatisfy { $0 == nil } }

  /// The longest prefix wins; there are at most 129 of them.
  private func origin(holding address: IPAddress) -> AddressOrigin? {
    for length in (0...address.family.width).reversed() {
      let network = IPPrefix(IPPrefix(address, length: length).first, length: length)
      if let origin = origins[network] { return origin }
    }
    return nil
  }

  // MARK: Events

  /// Asks about an address, unless that is known or being asked. What is too much is left out, and may
  /// be asked for again.
  public mutating func request(_ address: IPAddress, at now: MonotonicInstant) -> [Effect] {
    guard finding(of: address) == nil else { return [] }
    let group = address.neighbourhood
    if let waiting = neighbours[group] {
      guard !waiting.contains(address), neighbourCount < configuration.queueCapacity else {
        return []
      }
      neighbours[group] = waiting + [address]
      neighbourCount += 1
      return []
    }
    guard waiting.count < configuration.queueCapacity else { return [] }
    neighbours[group] = []
    waiting.append(.address(address))
    return fillSlots(at: now)
  }

  /// A question about `address` has come to its end: now its neighbours are known, or are asked for.
  mutating func releaseNeighbours(of address: IPAddress, at now: MonotonicInstant) -> [Effect] {
    guard let waiting = neighbours.removeValue(forKey: address.neighbourhood) else { return [] }
    neighbourCount -= waiting.count
    return waiting.flatMap { request($0, at: now) }
  }

  /// Time has passed: whoever has not answered is asked no more, and another one is.
  public mutating func timer(at now: MonotonicInstant) -> [Effect] {
    open.indices.flatMap { slot -> [Effect] in
      guard let question = open[slot], question.deadline <= now else { return [] }
      return tryAgain(slot, at: now)
    }
  }

  /// The slot's socket cannot be used, or its server says that it is none.
  public mutating func failed(slot: Int, at now: MonotonicInstant) -> [Effect] {
    guard open.indices.contains(slot), open[slot] != nil else { return [] }
    return tryAgain(slot, at: now)
  }

  /// A datagram has come to a slot's socket, from the server that it asked.
  public mutating func receive(
    _ octets: [UInt8], slot: Int, at now: MonotonicInstant
  ) -> [Effect] {
    guard open.indices.contains(slot), let question = open[slot] else { return [] }
    switch question.inquiry.judge(octets) {
    case .foreign, .needsPlainQuery: return []
    case .answer(let message), .truncated(let message):
      // What stands in a truncated answer is true; these answers are short (RFC 2181 §9 would have it
      // asked for over TCP).
      switch message.responseCode {
      case 0, 3: break
      default: return tryAgain(slot, at: now)
      }
      preferredServer = question.server
      return close(slot) + take(message, about: question.subject, at: now)
    }
  }
}
