public import PacketWire

extension TextBuffer {
  /// Appends an address of either family, as its `description` is.
  public mutating func append(_ address: IPAddress) {
    switch address {
    case .v4(let address): append(address)
    case .v6(let address): append(address)
    }
  }

  // Numbers and groups begin where the ones before end: through a stored property a line would take
  // two in a hundred longer.

  /// Appends dotted decimal, as `IPv4Address.description` is.
  public mutating func append(_ address: IPv4Address) {
    reserve(16)
    var end = Int(used)
    end = putPair(address.bits >> 16, at: end)
    end = putPair(address.bits, at: end)
    // The point behind the last number goes.
    used = UInt16(truncatingIfNeeded: end &- 1)
  }

  /// Writes the two lowest octets of `bits` at `index`, each with a point behind it: eight octets of
  /// text at the most. Returns where they end.
  @inline(__always)
  private mutating func putPair(_ bits: UInt32, at index: Int) -> Int {
    let (first, second) = (DecimalOctet(bits >> 8), DecimalOctet(bits))
    let text = UInt64(first.text) | UInt64(second.text) << UInt64(8 &* first.count)
    put(text, at: index)
    return index &+ 8 &- text.leadingZeroBitCount / 8
  }

  /// Appends the text of RFC 5952, as `IPv6Address.description` is.
  public mutating func append(_ address: IPv6Address) {
    if let mapped = address.mappedIPv4 {
      append("::ffff:")
      return append(mapped)
    }
    let zeros = address.longestZeroRun ?? 8..<8
    // Eight groups, of which the last is written with more octets than it has.
    reserve(48)
    var end = Int(used)
    if zeros.lowerBound == 0 { end = put(octet: 0x3a, at: end) }
    for index in 0..<zeros.lowerBound { end = put(group: address.group(index), at: end) }
    if !zeros.isEmpty { end = put(octet: 0x3a, at: end) }
    for index in zeros.upperBound..<8 { end = put(group: address.group(index), at: end) }
    // The colon behind the last group goes.
    used = UInt16(truncatingIfNeeded: zeros.upperBound == 8 && !zeros.isEmpty ? end : end &- 1)
  }

  @inline(__always)
  private mutating func put(octet: UInt8, at index: Int) -> Int {
    block[index] = octet
    return index &+ 1
  }

  /// Writes a group in hex without zeros before it, and a colon. Returns where they end.
  @inline(__always)
  private mutating func put(group: UInt16, at index: Int) -> Int {
    // A nibble in each octet, the first one lowest.
    let halves = UInt64(group >> 8) | UInt64(group & 0xff) << 16
    let nibbles = (halves >> 4 & 0x000f_000f) | (halves & 0x000f_000f) << 8
    // Six more than a nibble has a fifth bit if it is a letter.
    let letters = (nibbles &+ 0x0606_0606) >> 4 & 0x0101_0101
    let text = (nibbles | 0x3a_3030_3030) &+ letters &* 0x27
    // A bit in the last digit ends the count there.
    let zeros = (nibbles | 1 << 24).trailingZeroBitCount / 8
    put(text >> UInt64(8 &* zeros), at: index)
    return index &+ 5 &- zeros
  }

  /// Appends six lower-case hex octets with colons, as `MACAddress.description` is.
  public mutating func append(_ address: MACAddress) {
    reserve(17)
    var index = Int(used)
    used &+= 17
    for shift in stride(from: 40, through: 0, by: -8) {
      let octet = UInt8(truncatingIfNeeded: address.bits >> UInt64(shift))
      block[index] = Self.hexDigit(octet >> 4)
      block[index &+ 1] = Self.hexDigit(octet & 15)
      if shift > 0 { block[index &+ 2] = 0x3a }
      index &+= 3
    }
  }
}

/// A number below 256 in decimal, with a point behind it.
private struct DecimalOctet {
  /// Two to four octets, the first one lowest.
  var text: UInt32

  var count: Int { 4 &- text.leadingZeroBitCount / 8 }

  private init(spelling value: UInt32) {
    let digits = value / 100 | (value / 10 % 10) << 8 | (value % 10) << 16
    let zeros: UInt32 = value >= 100 ? 0 : value >= 10 ? 1 : 2
    text = (digits | 0x2e30_3030) >> (8 &* zeros)
  }

  /// The lowest octet of `number`. To look it up costs a third of working it out.
  @inline(__always)
  init(_ number: UInt32) { self = Self.all[Int(number & 0xff)] }

  private static let all = InlineArray<256, DecimalOctet> { DecimalOctet(spelling: UInt32($0)) }
}
