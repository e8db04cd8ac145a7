/// One direction's sequence numbers, unwrapped: positions that grow for ever.
struct SequenceSpace: Sendable {
  /// The raw number of position 0, which is the SYN's.
  let origin: UInt32

  /// The position that is meant by `raw` when it is nearer than 2^31 to `position`, which is how
  /// sequence numbers compare (RFC 9293 §3.4).
  func position(of raw: UInt32, near position: Int64) -> Int64 {
    let expected = origin &+ UInt32(truncatingIfNeeded: position)
    return position &+ Int64(Int32(bitPattern: raw &- expected))
  }

  /// The largest window that scaling can give (RFC 7323 §2.3): what is further away is no part of
  /// the conversation.
  static let largestWindow: Int64 = 1 << 30
}
