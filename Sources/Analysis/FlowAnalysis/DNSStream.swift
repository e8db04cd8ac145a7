import PacketWire

/// Reads one direction of DNS over TCP: messages with their length before them (RFC 7766 §8).
struct DNSStream: Sendable {
  private var buffer: [UInt8] = []

  /// Reads octets that are next in order and gives each whole message to `body`; nil stands for one
  /// that cannot be read.
  mutating func consume(
    _ octets: Span<UInt8>, _ memory: inout StreamMemory, _ body: (DNSMessage?) -> Void
  ) {
    // Two octets of length and the longest message bound the buffer.
    var offset = 0
    while offset < octets.count {
      let needed = buffer.count < 2 ? 2 : 2 + (Int(buffer[0]) << 8 | Int(buffer[1]))
      let count = min(needed - buffer.count, octets.count - offset)
      for index in offset..<offset + count { buffer.append(octets[index]) }
      memory.used += count
      offset += count
      guard buffer.count >= 2, buffer.count == 2 + (Int(buffer[0]) << 8 | Int(buffer[1])) else {
        continue
      }
      var reader = PacketReader(buffer.span.extracting(2..<buffer.count))
      body(try? DNSMessage(parsing: &reader))
      removeAll(&memory)
    }
  }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) {
    memory.used -= buffer.count
    buffer = []
  }
}
