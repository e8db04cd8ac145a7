import PacketWire

/// Pairs echo replies with their requests.
struct EchoTable: Sendable {
  private struct Key: Hashable, Sendable {
    var asker: IPAddress
    var identifier: UInt16
    var sequenceNumber: UInt16
  }

  private struct Pending: Sendable {
    var target: IPAddress
    var request: PacketMark
    var reply: PacketMark?
  }

  private var pending: BoundedTable<Key, Pending>

  init(capacity: Int) { pending = BoundedTable(capacity: capacity) }

  var evicted: Int { pending.evicted }

  mutating func addRequest(
    from asker: IPAddress, to target: IPAddress, _ identifier: UInt16, _ sequenceNumber: UInt16,
    at mark: PacketMark
  ) -> ICMPFacts.Role {
    let key = Key(asker: asker, identifier: identifier, sequenceNumber: sequenceNumber)
    let before = pending[key]
    pending.set(key, Pending(target: target, request: mark))
    let isRepeat = before?.target == target && before?.reply == nil
    return .echoRequest(
      identifier: identifier, sequenceNumber: sequenceNumber,
      repeats: isRepeat ? before?.request : nil)
  }

  mutating func addReply(
    from target: IPAddress, to asker: IPAddress, _ identifier: UInt16, _ sequenceNumber: UInt16,
    at mark: PacketMark
  ) -> ICMPFacts.Role {
    let key = Key(asker: asker, identifier: identifier, sequenceNumber: sequenceNumber)
    var found = pending[key]
    // A group's members answer for themselves (RFC 1122 §3.2.2.6).
    if let request = found, request.target != target, !request.target.isMulticast { found = nil }
    if found != nil, found?.reply == nil { pending.update(key) { $0.reply = mark } }
    return .echoReply(
      identifier: identifier, sequenceNumber: sequenceNumber, to: found?.request,
      repeats: found.flatMap { $0.target.isMulticast ? nil : $0.reply })
  }

  /// The request that an error quotes.
  func request(
    from asker: IPAddress, _ identifier: UInt16, _ sequenceNumber: UInt16
  ) -> PacketMark? {
    pending[Key(asker: asker, identifier: identifier, sequenceNumber: sequenceNumber)]?.request
  }
}
