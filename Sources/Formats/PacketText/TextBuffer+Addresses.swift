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
    append(group: UInt8(truncatingIfNeeded: address.bits >> 24))
    append(group: UInt8(truncatingIfNeeded: address.bits >> 16))
    append(group: UInt8(truncatingIfNeeded: address.bits >> 8))
    append(group: UInt8(truncatingIfNeeded: address.bits))
    // The point behind the last group.
    used &-= 1
  }

  /// Appends one of the four numbers of an address, and a point.
  @inline(__always)
  private mutating func append(group: UInt8) {
    let value = UInt64(group)
    // 41 ÷ 2^12 is a hundredth of a number below 256, and 103 ÷ 2^10 a tenth of one below 100.
    let hundreds = (value &* 41) >> 12
    let rest = value &- hundreds &* 100
    let tens = (rest &* 103) >> 10
    let digits = hundreds | tens << 8 | (rest &- tens &* 10) << 16
    let zeros = value >= 100 ? 0 : value >= 10 ? 1 : 2
    append(word: (digits | 0x2e30_3030) >> UInt64(8 &* zeros), count: 4 &- zeros)
  }

  /// Appends the text of RFC 5952, as `IPv6Address.description` is.
  public mutating func append(_ address: IPv6Address) {
    if let mapped = address.mappedIPv4 {
      append("::ffff:")
      return append(mapped)
    }
    let zeros = address.longestZeroRun ?? 8..<8
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound {
        append(octet: 0x3a)
        append(octet: 0x3a)
        index = zeros.upperBound
        continue
      }
      if index > 0, index != zeros.upperBound { append(octet: 0x3a) }
      let group = UInt16(truncatingIfNeeded: address.bits >> UInt128(112 &- 16 &* index))
      append(hex: group, digits: 1)
      index &+= 1
    }
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
