import PacketWire

/// Reads one direction of a TLS connection: record headers all the way, and the first message.
struct TLSStream: Sendable {
  /// Content type, version and length (RFC 8446 §5.1).
  private static let headerLength = 5
  /// The longest record that any version allows: 2^14 + 2048 (RFC 5246 §6.2.3).
  private static let maximumRecord = 16_384 + 2_048
  /// A hello is shorter than this, even with post-quantum keys.
  private static let maximumHello = 65_536

  /// The header in progress, big-endian, and how many octets of it are there.
  private var header: UInt64 = 0
  private var headerCount = 0
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
    header = header << 8 | UInt64(octet)
    headerCount += 1
    guard headerCount == Self.headerLength else { return }
    type = TLSRecordType(rawValue: UInt8(truncatingIfNeeded: header >> 32))
    remaining = Int(header & 0xffff)
    let isVersion = UInt8(truncatingIfNeeded: header >> 24) == 3
    (header, headerCount) = (0, 0)
    guard type != nil, isVersion, remaining <= Self.maximumRecord else {
      isLost = true
      return
    }
    count(Self.headerLength, &facts)
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
    guard let begun = hello, begun.count >= 4 else { return }
    let length = Int(begun[1]) << 16 | Int(begun[2]) << 8 | Int(begun[3])
    guard length <= Self.maximumHello - 4 else { return dropHello(&memory) }
    guard begun.count >= 4 + length else { return }
    let message = begun.span.extracting(4..<4 + length)
    switch begun[0] {
    case 1: facts.clientHello = TLSClientHello(message)
    case 2: facts.serverHello = TLSServerHello(message)
    default: break
    }
    dropHello(&memory)
  }

  private mutating func dropHello(_ memory: inout StreamMemory) {
    memory.used -= hello?.count ?? 0
    hello = nil
  }
}
