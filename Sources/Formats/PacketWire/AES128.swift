/// AES with a key of 128 bits (FIPS 197), enciphering only, and the mode with which QUIC opens its first
/// packets (NIST SP 800-38D). Their keys are no secret, so nothing here hides its timing.
struct AES128 {
  /// Eleven keys of 16 octets behind each other.
  private var roundKeys: [UInt8]

  /// `key` is 16 octets; fewer are filled with zeros.
  init(_ key: [UInt8]) {
    roundKeys = Array((key + [UInt8](repeating: 0, count: 16)).prefix(16))
    var constant: UInt8 = 1
    for word in 4..<44 {
      var last = Array(roundKeys[word * 4 - 4..<word * 4])
      if word % 4 == 0 {
        last = [last[1], last[2], last[3], last[0]].map { Self.substitutes[Int($0)] }
        last[0] ^= constant
        constant = Self.doubled(constant)
      }
      for place in 0..<4 { roundKeys.append(roundKeys[word * 4 - 16 + place] ^ last[place]) }
    }
  }

  /// The 16 octets of `block`, enciphered.
  func encipher(_ block: [UInt8]) -> [UInt8] {
    var state = (0..<16).map { block[$0] ^ roundKeys[$0] }
    for round in 1...10 {
      // SubBytes and ShiftRows at once: columns stand behind each other.
      var mixed = (0..<16).map { Self.substitutes[Int(state[($0 + 4 * ($0 % 4)) % 16])] }
      if round < 10 {
        for column in stride(from: 0, to: 16, by: 4) {
          let old = Array(mixed[column..<column + 4])
          let all = old[0] ^ old[1] ^ old[2] ^ old[3]
          for row in 0..<4 {
            mixed[column + row] = old[row] ^ all ^ Self.doubled(old[row] ^ old[(row + 1) % 4])
          }
        }
      }
      for place in 0..<16 { state[place] = mixed[place] ^ roundKeys[round * 16 + place] }
    }
    return state
  }

  /// Opens what was sealed by AES-GCM with a nonce of 12 octets; nil where the tag, the last 16 octets of
  /// `sealed`, is not right, or where they are more than a datagram holds: the blocks of those are
  /// counted in two octets.
  func open(_ sealed: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8]? {
    guard (16...0xffff).contains(sealed.count), nonce.count == 12 else { return nil }
    let text = Array(sealed.dropLast(16))
    var hash = GHASH(key: encipher([UInt8](repeating: 0, count: 16)))
    hash.absorb(associated)
    hash.absorb(text)
    hash.absorbLengths(associated.count, text.count)
    let mask = encipher(nonce + [0, 0, 0, 1])
    let tag = hash.octets.enumerated().map { $1 ^ mask[$0] }
    guard tag == Array(sealed.suffix(16)) else { return nil }
    var plain = text
    for start in stride(from: 0, to: text.count, by: 16) {
      let counter = start / 16 + 2
      let key = encipher(nonce + [0, 0, UInt8(counter >> 8), UInt8(counter & 0xff)])
      for place in start..<min(start + 16, text.count) { plain[place] ^= key[place - start] }
    }
    return plain
  }

  /// Twice the number in the field of FIPS 197 §4.2.
  private static func doubled(_ octet: UInt8) -> UInt8 {
    octet << 1 ^ (octet & 0x80 == 0 ? 0 : 0x1b)
  }

  /// The S-box (§5.1.1): the inverse in the field, and a mixing of its bits. 3 generates all but zero.
  private static let substitutes: [UInt8] = {
    var box = [UInt8](repeating: 0x63, count: 256)
    var power: UInt8 = 1
    var inverse: UInt8 = 1
    for _ in 0..<255 {
      var bits = inverse
      for count in 1...4 { bits ^= inverse << UInt8(count) | inverse >> UInt8(8 - count) }
      box[Int(power)] = bits ^ 0x63
      power ^= doubled(power)
      // Divided by 3: 0xf6 is its inverse.
      inverse = product(inverse, 0xf6)
    }
    return box
  }()

  private static func product(_ first: UInt8, _ second: UInt8) -> UInt8 {
    var (result, power, rest) = (UInt8(0), first, second)
    while rest > 0 {
      if rest & 1 == 1 { result ^= power }
      power = doubled(power)
      rest >>= 1
    }
    return result
  }
}

/// The hash of SP 800-38D §6.4.
private struct GHASH {
  private let key: UInt128
  private var state: UInt128 = 0

  init(key: [UInt8]) { self.key = Self.number(key[...]) }

  var octets: [UInt8] {
    stride(from: 120, through: 0, by: -8).map { UInt8(truncatingIfNeeded: state >> UInt128($0)) }
  }

  /// Takes in octets, filled up to blocks with zeros.
  mutating func absorb(_ octets: [UInt8]) {
    for start in stride(from: 0, to: octets.count, by: 16) {
      absorb(Self.number(octets[start..<min(start + 16, octets.count)]))
    }
  }

  /// Takes in the lengths of both parts, given in octets.
  mutating func absorbLengths(_ first: Int, _ second: Int) {
    absorb(UInt128(UInt64(first) &* 8) << 64 | UInt128(UInt64(second) &* 8))
  }

  private mutating func absorb(_ block: UInt128) {
    var (result, power): (UInt128, UInt128) = (0, key)
    let factor = state ^ block
    for bit in 0..<128 {
      if factor >> UInt128(127 - bit) & 1 == 1 { result ^= power }
      power = power >> 1 ^ (power & 1 == 1 ? 0xe1 << 120 : 0)
    }
    state = result
  }

  private static func number(_ octets: ArraySlice<UInt8>) -> UInt128 {
    var number: UInt128 = 0
    for octet in octets { number = number << 8 | UInt128(octet) }
    return number << UInt128(8 * (16 - octets.count))
  }
}
