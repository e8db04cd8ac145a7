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
    reserve(16)
    // Each number begins where the one before ends: through a stored property a line would take two
    // in a hundred longer.
    var end = Int(used)
    end = put(DecimalOctet(address.bits >> 24), at: end)
    end = put(DecimalOctet(address.bits >> 16), at: end)
    end = put(DecimalOctet(address.bits >> 8), at: end)
    end = put(DecimalOctet(address.bits), at: end)
    // The point behind the last number goes.
    used = UInt16(truncatingIfNeeded: end &- 1)
  }

  /// Writes a number and its point at `index`, where there is room for four octets: where they end.
  @inline(__always)
  private mutating func put(_ octet: DecimalOctet, at index: Int) -> Int {
    for place in 0..<4 {
      block[index &+ place] = UInt8(truncatingIfNeeded: octet.text >> UInt32(8 &* place))
    }
    return index &+ octet.count
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
