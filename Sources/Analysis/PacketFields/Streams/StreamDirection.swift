import FlowAnalysis
import PacketWire

/// One direction of a connection: what waits for later segments, and where messages ended.
struct StreamDirection: Sendable {
  var pending: PendingMessage?
  /// How far the chunks of the pending body were read.
  var chunks: HTTPChunks?
  var chunksRead = 0
  /// Handshake messages of TLS as far as they came.
  var handshake = TLSHandshakeAssembler()
  /// What follows is enciphered.
  var isEnciphered = false
  /// The last messages that were put together, as sequence numbers: what comes of them again was read.
  private var ranges: [(start: UInt32, count: Int)] = []
  private static let maximumRanges = 16

  var heldOctets: Int { (pending?.heldOctets ?? 0) &+ handshake.heldOctets }

  /// Remembers that a message was read.
  mutating func note(_ message: PendingMessage, upTo count: Int) {
    if ranges.count == Self.maximumRanges { ranges.removeFirst() }
    ranges.append((message.start, count))
  }

  /// Octets from `number` on repeat the start of a message that was, or is being, put together.
  func repeatsStart(_ number: UInt32, _ count: Int) -> Bool {
    if let pending, pending.start == number, count <= pending.end { return true }
    return ranges.contains { $0.start == number && count <= $0.count }
  }

  /// How many octets from `number` on were part of a message that was put together.
  func readBefore(_ number: UInt32) -> Int? {
    for range in ranges.reversed() {
      let offset = Int(Int32(bitPattern: number &- range.start))
      if offset >= 0, offset < range.count { return range.count &- offset }
    }
    return nil
  }

  /// Forgets what is held.
  mutating func removeAll() {
    pending = nil
    chunks = nil
    handshake.removeAll()
  }
}
