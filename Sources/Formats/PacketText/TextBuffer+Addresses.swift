public import PacketWire

extension TextBuffer {
  /// Appends an address of either family, as its `description` is.
  public mutating func append(_ address: IPAddress) {
    switch address {
    case .v4(let address): append(address)
    case .v6(let address): append(address)
    }
  }

  /// Appends dotted decimal, as `IPv4Address.description` is.
  public mutating func append(_ address: IPv4Address) {
    // The point behind the last number goes.
    end(at: put(address, at: begin(upTo: 16)) &- 1)
  }

  /// Writes dotted decimal with a point behind each number, 16 octets at the most. Returns where it ends.
  @inline(__always)
  mutating func put(_ address: IPv4Address, at index: Int) -> Int {
    putPair(address.bits, at: putPair(address.bits >> 16, at: index))
  }

  /// Writes the two lowest octets of `bits`, each with a point behind it: eight octets of text at the
  /// most. Returns where they end.
  @inline(__always)
  private mutating func putPair(_ bits: UInt32, at index: Int) -> Int {
    let (first, second) = (DecimalOctet(bits >> 8), DecimalOctet(bits))
    let text = UInt64(first.text) | UInt64(second.text) << UInt64(8 &* first.count)
    put(text, at: index)
    return index &+ 8 &- text.leadingZeroBitCount / 8
  }

  /// Appends the text of RFC 5952, as `IPv6Address.description` is.
  public mutating func append(_ address: IPv6Address) {
    end(at: put(address, at: begin(upTo: 40)))
  }

  /// Writes the text of RFC 5952, 39 octets at the most and an octet for good. Returns where it ends.
  mutating func put(_ address: IPv6Address, at index: Int) -> Int {
    var end = index
    if let mapped = address.mappedIPv4 {
      end = put("::ffff:", at: end)
      return put(mapped, at: end) &- 1
    }
    let zeros = address.longestZeroRun ?? 8..<8
    if zeros.lowerBound == 0 { end = put(octet: 0x3a, at: end) }
    for index in 0..<zeros.lowerBound { end = put(group: address.group(index), at: end) }
    if !zeros.isEmpty { end = put(octet: 0x3a, at: end) }
    for index in zeros.upperBound..<8 { end = put(group: address.group(index), at: end) }
    // The colon behind the last group goes.
    return zeros.upperBound == 8 && !zeros.isEmpty ? end : end &- 1
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

  /// The lowest octet of `number`. To look it up costs a third of working it out.
  @inline(__always)
  init(_ number: UInt32) { text = Self.texts[Int(number & 0xff)] }

  // Written down, it stands in the program as it is. A table that is made at its first use is asked
  // for each address whether it is there, which is a sixth of the address.
  private static let texts: InlineArray<256, UInt32> = [
    0x00002e30, 0x00002e31, 0x00002e32, 0x00002e33, 0x00002e34, 0x00002e35, 0x00002e36, 0x00002e37,
    0x00002e38, 0x00002e39, 0x002e3031, 0x002e3131, 0x002e3231, 0x002e3331, 0x002e3431, 0x002e3531,
    0x002e3631, 0x002e3731, 0x002e3831, 0x002e3931, 0x002e3032, 0x002e3132, 0x002e3232, 0x002e3332,
    0x002e3432, 0x002e3532, 0x002e3632, 0x002e3732, 0x002e3832, 0x002e3932, 0x002e3033, 0x002e3133,
    0x002e3233, 0x002e3333, 0x002e3433, 0x002e3533, 0x002e3633, 0x002e3733, 0x002e3833, 0x002e3933,
    0x002e3034, 0x002e3134, 0x002e3234, 0x002e3334, 0x002e3434, 0x002e3534, 0x002e3634, 0x002e3734,
    0x002e3834, 0x002e3934, 0x002e3035, 0x002e3135, 0x002e3235, 0x002e3335, 0x002e3435, 0x002e3535,
    0x002e3635, 0x002e3735, 0x002e3835, 0x002e3935, 0x002e3036, 0x002e3136, 0x002e3236, 0x002e3336,
    0x002e3436, 0x002e3536, 0x002e3636, 0x002e3736, 0x002e3836, 0x002e3936, 0x002e3037, 0x002e3137,
    0x002e3237, 0x002e3337, 0x002e3437, 0x002e3537, 0x002e3637, 0x002e3737, 0x002e3837, 0x002e3937,
    0x002e3038, 0x002e3138, 0x002e3238, 0x002e3338, 0x002e3438, 0x002e3538, 0x002e3638, 0x002e3738,
    0x002e3838, 0x002e3938, 0x002e3039, 0x002e3139, 0x002e3239, 0x002e3339, 0x002e3439, 0x002e3539,
    0x002e3639, 0x002e3739, 0x002e3839, 0x002e3939, 0x2e303031, 0x2e313031, 0x2e323031, 0x2e333031,
    0x2e343031, 0x2e353031, 0x2e363031, 0x2e373031, 0x2e383031, 0x2e393031, 0x2e303131, 0x2e313131,
    0x2e323131, 0x2e333131, 0x2e343131, 0x2e353131, 0x2e363131, 0x2e373131, 0x2e383131, 0x2e393131,
    0x2e303231, 0x2e313231, 0x2e323231, 0x2e333231, 0x2e343231, 0x2e353231, 0x2e363231, 0x2e373231,
    0x2e383231, 0x2e393231, 0x2e303331, 0x2e313331, 0x2e323331, 0x2e333331, 0x2e343331, 0x2e353331,
    0x2e363331, 0x2e373331, 0x2e383331, 0x2e393331, 0x2e303431, 0x2e313431, 0x2e323431, 0x2e333431,
    0x2e343431, 0x2e353431, 0x2e363431, 0x2e373431, 0x2e383431, 0x2e393431, 0x2e303531, 0x2e313531,
    0x2e323531, 0x2e333531, 0x2e343531, 0x2e353531, 0x2e363531, 0x2e373531, 0x2e383531, 0x2e393531,
    0x2e303631, 0x2e313631, 0x2e323631, 0x2e333631, 0x2e343631, 0x2e353631, 0x2e363631, 0x2e373631,
    0x2e383631, 0x2e393631, 0x2e303731, 0x2e313731, 0x2e323731, 0x2e333731, 0x2e343731, 0x2e353731,
    0x2e363731, 0x2e373731, 0x2e383731, 0x2e393731, 0x2e303831, 0x2e313831, 0x2e323831, 0x2e333831,
    0x2e343831, 0x2e353831, 0x2e363831, 0x2e373831, 0x2e383831, 0x2e393831, 0x2e303931, 0x2e313931,
    0x2e323931, 0x2e333931, 0x2e343931, 0x2e353931, 0x2e363931, 0x2e373931, 0x2e383931, 0x2e393931,
    0x2e303032, 0x2e313032, 0x2e323032, 0x2e333032, 0x2e343032, 0x2e353032, 0x2e363032, 0x2e373032,
    0x2e383032, 0x2e393032, 0x2e303132, 0x2e313132, 0x2e323132, 0x2e333132, 0x2e343132, 0x2e353132,
    0x2e363132, 0x2e373132, 0x2e383132, 0x2e393132, 0x2e303232, 0x2e313232, 0x2e323232, 0x2e333232,
    0x2e343232, 0x2e353232, 0x2e363232, 0x2e373232, 0x2e383232, 0x2e393232, 0x2e303332, 0x2e313332,
    0x2e323332, 0x2e333332, 0x2e343332, 0x2e353332, 0x2e363332, 0x2e373332, 0x2e383332, 0x2e393332,
    0x2e303432, 0x2e313432, 0x2e323432, 0x2e333432, 0x2e343432, 0x2e353432, 0x2e363432, 0x2e373432,
    0x2e383432, 0x2e393432, 0x2e303532, 0x2e313532, 0x2e323532, 0x2e333532, 0x2e343532, 0x2e353532,
  ]
}
