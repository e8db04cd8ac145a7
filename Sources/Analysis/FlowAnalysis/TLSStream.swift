import PacketWire

/// Reads one direction of a TLS connection: record headers all the way, and the messages of the
/// handshake while they are in the clear.
struct TLSStream: Sendable {
  /// The header in progress.
  private var header: [UInt8] = []
  /// What is left of the record's body.
  private var remaining = 0
  private var bodyLength = 0
  private var type: TLSRecordType?
  /// No more messages of a segment are named.
  private static let maximumMessages = 16

  /// Messages of the handshake as far as they came; nil when what follows is enciphered or lost.
  private var handshake: TLSHandshakeAssembler? = TLSHandshakeAssembler()
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
        if remaining == 0, type == .applicationData { facts.dataRecords.note(bodyLength) }
      } else {
        readHeader(octets[offset], &facts)
        if isEnciphered { dropHandshake(&memory) }
        offset += 1
      }
    }
    facts.lastRecord = type
    facts.isLost = isLost
    return facts
  }

  /// Octets are missing: inside of a record they can be jumped over.
  mutating func skip(_ missing: Int64, _ memory: inout StreamMemory) {
    dropHandshake(&memory)
    if missing <= Int64(remaining) { remaining -= Int(missing) } else { isLost = true }
  }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) { dropHandshake(&memory) }

  private mutating func readHeader(_ octet: UInt8, _ facts: inout TLSFacts) {
    header.append(octet)
    guard header.count == TLSRecordHeader.length else { return }
    var reader = PacketReader(header.span)
    let read = try? TLSRecordHeader(parsing: &reader)
    header.removeAll(keepingCapacity: true)
    type = read?.type
    remaining = Int(read?.bodyLength ?? 0)
    bodyLength = remaining
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
    guard type == .handshake, var handshake else { return }
    // Not copied when it is appended to.
    self.handshake = nil
    memory.used -= handshake.heldOctets
    handshake.append(body)
    while let message = handshake.next() {
      guard note(message, &facts) else { return }
    }
    guard !handshake.isLost else { return }
    memory.used += handshake.heldOctets
    self.handshake = handshake
  }

  /// Takes what a story needs of a message; false when no other in the clear can follow.
  private func note(_ message: TLSHandshakeAssembler.Message, _ facts: inout TLSFacts) -> Bool {
    guard facts.messages.count < Self.maximumMessages else { return true }
    facts.messages.append(message.type)
    switch message.type {
    case ClientHello.handshakeType: facts.clientHello = TLSClientHello(message.body.span)
    case ServerHello.handshakeType:
      let hello = TLSServerHello(message.body.span)
      facts.serverHello = hello
      // What follows in TLS 1.3 is enciphered (RFC 8446 §4.3), unless another hello is asked for.
      return hello.map { $0.version < 0x0304 || $0.isRetryRequest } ?? false
    case TLSCertificates.handshakeType: facts.certificate = TLSCertificate(message.body.span)
    default: break
    }
    return true
  }

  private mutating func dropHandshake(_ memory: inout StreamMemory) {
    memory.used -= handshake?.heldOctets ?? 0
    handshake = nil
  }
}
