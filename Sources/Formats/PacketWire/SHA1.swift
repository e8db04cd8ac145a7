/// The Secure Hash Algorithm 1 (FIPS 180-4 §6.1, RFC 3174), taken in piece by piece.
///
/// Collisions of it can be made, so it proves nothing about who wrote something. It is here for what
/// others have built on it as a mere fingerprint, such as the WebSocket handshake (RFC 6455 §4.2.2).
public struct SHA1: Sendable {
  private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
    0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0
  )
  /// What does not make a block of 64 octets yet.
  private var rest: [UInt8] = []
  /// Octets taken in.
  private var length: UInt64 = 0

  /// The hash of nothing so far.
  public init() {}

  /// The 20 octets of the hash of `octets`.
  public static func digest(of octets: some Sequence<UInt8>) -> [UInt8] {
    var hash = SHA1()
    hash.update(octets)
    return hash.digest()
  }

  /// Takes octets in.
  public mutating func update(_ octets: some Sequence<UInt8>) {
    for octet in octets {
      rest.append(octet)
      length &+= 1
      if rest.count == 64 { takeBlock() }
    }
  }

  /// The 20 octets of the hash of all that was taken in.
  public consuming func digest() -> [UInt8] {
    let bits = length &* 8
    var padding: [UInt8] = [0x80]
    // One bit, zeros, and the length in eight octets fill the last block (FIPS 180-4 §5.1.1).
    let zeros = (119 &- rest.count) % 64
    padding += [UInt8](repeating: 0, count: zeros)
    padding += [UInt8](capacity: 8) { $0.append(bigEndian: bits) }
    update(padding)
    return [UInt8](capacity: 20) { out in
      for word in [state.0, state.1, state.2, state.3, state.4] { out.append(bigEndian: word) }
    }
  }

  private mutating func takeBlock() {
    var words = [UInt32](repeating: 0, count: 80)
    for index in 0..<16 { words[index] = rest.span.u32(at: index * 4) }
    for index in 16..<80 {
      let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
      words[index] = Self.rotate(mixed, by: 1)
    }
    rest.removeAll(keepingCapacity: true)
    var (a, b, c, d, e) = state
    for index in 0..<80 {
      let (function, constant): (UInt32, UInt32) =
        switch index {
        case ..<20: (b & c | ~b & d, 0x5a82_7999)
        case ..<40: (b ^ c ^ d, 0x6ed9_eba1)
        case ..<60: (b & c | b & d | c & d, 0x8f1b_bcdc)
        default: (b ^ c ^ d, 0xca62_c1d6)
        }
      let next = Self.rotate(a, by: 5) &+ function &+ e &+ constant &+ words[index]
      (e, d, c, b, a) = (d, c, Self.rotate(b, by: 30), a, next)
    }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
  }

  private static func rotate(_ word: UInt32, by bits: UInt32) -> UInt32 {
    word << bits | word >> (32 &- bits)
  }
}
