extension DNSMessage {
  /// The same message with its names compressed (RFC 1035 §4.1.4): what an earlier name ends with, in
  /// the same letters, is left to a pointer to it. In data, only names of the types of RFC 1035 are,
  /// for others may pass servers that do not know them (RFC 3597 §4).
  public func compressed() -> DNSMessage {
    var message = self
    var names = NameCompressor()
    var offset = Self.headerLength
    for index in message.questions.indices {
      names.compress(&message.questions[index].name, at: offset)
      offset += message.questions[index].length
    }
    for section in [\DNSMessage.answers, \.authorities, \.additionals] {
      for index in message[keyPath: section].indices {
        names.compress(&message[keyPath: section][index], at: offset)
        offset += message[keyPath: section][index].length
      }
    }
    return message
  }
}

/// Where names have been said before.
private struct NameCompressor {
  /// A pointer has 14 bits.
  private static let limit = 1 << 14

  /// By the labels from some label on.
  private var places: [ArraySlice<UInt8>: UInt16] = [:]

  mutating func compress(_ record: inout DNSRecord, at offset: Int) {
    compress(&record.name, at: offset)
    // Type, class, time to live and length.
    let start = offset + record.name.length + 10
    switch record.data {
    case .name(var name) where record.type != .dname:
      compress(&name, at: start)
      record.data = .name(name)
    case .mx(let preference, var exchange):
      compress(&exchange, at: start + 2)
      record.data = .mx(preference: preference, exchange: exchange)
    case .soa(var soa):
      compress(&soa.primaryServer, at: start)
      compress(&soa.mailbox, at: start + soa.primaryServer.length)
      record.data = .soa(soa)
    default: break
    }
  }

  mutating func compress(_ name: inout DNSName, at offset: Int) {
    var index = 0
    let wire = name.wire
    while index < wire.count {
      if let target = places[wire[index...]] {
        return name.compress(.init(literalCount: index, target: target))
      }
      if offset + index < Self.limit { places[wire[index...]] = UInt16(offset + index) }
      index += 1 + Int(wire[index])
    }
    name.compress(nil)
  }
}
