import PacketWire

/// Reads one direction of a TLS connection: record headers all the way, and the first message.
struct TLSStream: Sendable {
  /// A hello is shorter than this, even with post-quantum keys.
  private static let maximumHello = 65_536

  /// The header in progress.
  private var header: [UInt8] = []
  /// What is left of the record's body.
  private var remaining = 0
  private var type: TLSRecordType?
  /// The first message as far as it came; nil when it was read or will not be.
  private var hello: [UInt8]? = []
  private var isLost = false
  private var isEnciphered = false

  /// Reads octets that are next in order.
  mutating func consume(_ octets: Span<UInt8>, _ memory: inout StreamMemory) -> TLSFacts {
    var facts = TLSFacts()
    facts.isEnciphered = isEnciphered
    var offset = 0
    while offset < octets.count, !isLost {
      if remaining > 0 {
        let count = min(remaining, octets.count - offset)
        read(octets.extracting(offset..<offset + count), &memory, &facts)
        remaining -= count
        offset += count
      } else {
        readHeader(octets[offset], &facts)
        offset += 1
      }
    }
    facts.lastRecord = type
    facts.isLost = isLost
    return facts
  }

  /// Octets are missing: inside of a record they can be jumped over.
  mutating func skip(_ missing: Int64, _ memory: inout StreamMemory) {
    dropHello(&memory)
    if missing <= Int64(remaining) { remaining -= Int(missing) } else { isLost = true }
  }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) { dropHello(&memory) }

  private mutating func readHeader(_ octet: UInt8, _ facts: inout TLSFacts) {
    header.append(octet)
    guard header.count == TLSRecordHeader.length else { return }
    var reader = PacketReader(header.span)
    let read = try? TLSRecordHeader(parsing: &reader)
    header.removeAll(keepingCapacity: true)
    type = read?.type
    remaining = Int(read?.bodyLength ?? 0)
    guard let read, type != nil, read.version >> 8 == 3,
      remaining <= TLSRecordHeader.maximumBodyLength
    else {
      isLost = true
      return
    }
    count(TLSRecordHeader.length, &facts)
    if type == .changeCipherSpec || type == .applicationData { isEnciphered = true }
  }

  private func count(_ octets: Int, _ facts: inout TLSFacts) {
    switch type {
    case .handshake: facts.handshakeOctets += octets
    case .applicationData, .heartbeat: facts.dataOctets += octets
    case .changeCipherSpec: facts.changeCipherOctets += octets
    case .alert: facts.alertOctets += octets
    case nil: break
    }
  }

  private mutating func read(
    _ body: Span<UInt8>, _ memory: inout StreamMemory, _ facts: inout TLSFacts
  ) {
    count(body.count, &facts)
    guard type == .handshake, hello != nil else { return }
    let kept = min(body.count, Self.maximumHello - (hello?.count ?? 0))
    for index in 0..<kept { hello?.append(body[index]) }
    memory.used += kept
    guard let begun = hello else { return }
    var reader = PacketReader(begun.span)
    guard let header = try? TLSHandshakeHeader(parsing: &reader) else { return }
    let length = Int(header.bodyLength)
    guard length <= Self.maximumHello - TLSHandshakeHeader.length else {
      return dropHello(&memory)
    }
    guard reader.available >= length else { return }
    let message = reader.remaining.extracting(first: length)
    switch header.type {
    case ClientHello.handshakeType: facts.clientHello = TLSClientHello(message)
    case ServerHello.handshakeType: facts.serverHello = TLSServerHello(message)
    default: break
    }
    dropHello(&memory)
  }

  private mutating func dropHello(_ memory: inout StreamMemory) {
    memory.used -= hello?.count ?? 0
    hello = nil
  }
}
