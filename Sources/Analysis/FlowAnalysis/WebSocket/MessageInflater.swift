/// Unpacks the messages that one end of a WebSocket connection has packed (RFC 7692 §7.2.2). Who
/// reads a capture brings it along, for this floor calls no library.
public protocol MessageInflater: AnyObject, Sendable {
  /// Takes in some of `input` and writes what it unpacks to at the start of `output`. Nothing taken
  /// in and nothing written means that more input is needed.
  ///
  /// - Returns: how many octets were taken in and written; nil when the data is damaged.
  func inflate(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) -> (consumed: Int, produced: Int)?

  /// Forgets what was unpacked before.
  func reset()
}

/// Makes an inflater whose messages refer so far back, as a power of two of octets; nil when there is
/// no memory for one.
public typealias MessageInflaterSource = @Sendable (_ windowBits: UInt8) -> (any MessageInflater)?

/// What unpacks one direction of a connection, as long as that can be.
struct MessageUnpacker: Sendable {
  /// zlib's window and tables; this much is counted where memory is.
  static let heldOctets = 48 << 10
  /// What the sender takes off the end of each message (RFC 7692 §7.2.1).
  private static let tail: [UInt8] = [0, 0, 0xff, 0xff]

  private let agreed: PermessageDeflate.Sender
  private var inflater: (any MessageInflater)?
  /// What was said before is not known, and what comes may refer to it.
  private(set) var isLost = false

  init(_ agreed: PermessageDeflate.Sender) { self.agreed = agreed }

  /// Makes ready for a message; false if it cannot be unpacked.
  mutating func begin(_ shared: inout StreamShared) -> Bool {
    if !agreed.keepsContext {
      isLost = false
      inflater?.reset()
    }
    guard !isLost else { return false }
    guard inflater == nil else { return true }
    guard let source = shared.inflaterSource,
      shared.memory.used + Self.heldOctets <= shared.memory.limit,
      let made = source(agreed.windowBits)
    else {
      isLost = true
      return false
    }
    inflater = made
    shared.memory.used += Self.heldOctets
    return true
  }

  /// Gives what the next octets of a message unpack to until `body` wants no more; false if they
  /// cannot be unpacked.
  mutating func unpack(
    _ octets: Span<UInt8>, _ shared: inout StreamShared, _ body: (Span<UInt8>) -> Bool
  ) -> Bool {
    guard !isLost, let inflater else { return false }
    var offset = 0
    while true {
      let rest = octets.extracting(offset..<octets.count)
      guard let (consumed, produced) = inflater.inflate(rest, into: &shared.unpacked) else {
        isLost = true
        return false
      }
      offset += consumed
      if produced > 0, !body(shared.unpacked.span.extracting(0..<produced)) {
        isLost = true
        return false
      }
      if consumed == 0, produced == 0 { return true }
    }
  }

  /// Gives the end of a message, which needs the octets that were taken off it.
  mutating func finish(
    _ shared: inout StreamShared, _ body: (Span<UInt8>) -> Bool
  ) -> Bool {
    unpack(Self.tail.span, &shared, body)
  }

  /// Octets are missing: only a message that refers to nothing can be unpacked from here on.
  mutating func lose() { isLost = true }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) {
    if inflater != nil { memory.used -= Self.heldOctets }
    (inflater, isLost) = (nil, true)
  }
}
