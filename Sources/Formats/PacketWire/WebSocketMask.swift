/// What the octets of a payload are combined with, one after the other (RFC 6455 §5.3).
public struct WebSocketMask: Hashable, Sendable {
  private var key: UInt32

  /// Without a key, octets stay as they are.
  public init(_ key: UInt32?) { self.key = key ?? 0 }

  /// Masks, or unmasks, the next octet.
  public mutating func apply(to octet: UInt8) -> UInt8 {
    turn()
    return octet ^ UInt8(truncatingIfNeeded: key)
  }

  /// Passes over octets that are not at hand.
  public mutating func skip(_ octets: Int64) {
    for _ in 0..<(octets & 3) { turn() }
  }

  private mutating func turn() { key = key << 8 | key >> 24 }
}
