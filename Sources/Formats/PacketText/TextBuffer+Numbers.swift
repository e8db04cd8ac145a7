public import PacketWire

/// What a length of time is counted in.
public enum TimeUnit: Sendable, CaseIterable {
  case seconds
  case milliseconds
  case microseconds

  /// How many decimals of this unit a nanosecond is away.
  var decimalsToNanosecond: Int {
    switch self {
    case .seconds: 9
    case .milliseconds: 6
    case .microseconds: 3
    }
  }
}

/// What happens to the decimals that are not printed.
public enum DecimalRounding: Sendable {
  /// To the nearest number that can be printed; halves go away from zero.
  case nearest
  /// They are dropped, as in time stamps: a second that is not over is not counted.
  case towardZero
}

extension TextBuffer {
  /// Appends a whole number in decimal, `-` before negative ones, no grouping.
  @inlinable
  public mutating func append<Integer: FixedWidthInteger>(decimal value: Integer) {
    if Integer.isSigned, value < 0 { append(octet: 0x2d) }
    if Integer.bitWidth <= 64 {
      appendDigits(UInt64(truncatingIfNeeded: value.magnitude))
    } else {
      appendDigits(wide: UInt128(value.magnitude))
    }
  }

  /// Appends a whole number in lower-case hex with zeros before it up to `digits` digits, and with
  /// more digits if the number needs them: no octet is ever hidden. Without `digits`, the full width
  /// of the type.
  @inlinable
  public mutating func append<Integer: FixedWidthInteger & UnsignedInteger>(
    hex value: Integer, digits: Int = Integer.bitWidth / 4
  ) {
    let needed = (Integer.bitWidth &- value.leadingZeroBitCount &+ 3) / 4
    var shift = 4 &* min(max(digits, needed, 1), Self.blockSize)
    reserve(shift / 4)
    var index = Int(used)
    while shift > 0 {
      shift &-= 4
      block[index] = Self.hexDigit(UInt8(truncatingIfNeeded: value >> shift) & 15)
      index &+= 1
    }
    used = UInt16(truncatingIfNeeded: index)
  }

  /// The lower-case digit for 0 to 15.
  @inlinable @inline(__always)
  static func hexDigit(_ value: UInt8) -> UInt8 { value &+ (value < 10 ? 0x30 : 0x57) }

  /// Appends `value` ÷ 10^`places` with exactly `places` (0 to 18) decimals, with a point and no
  /// rounding: 1234 and 3 give `1.234`.
  public mutating func append(fixedPoint value: Int64, places: Int) {
    precondition((0...18).contains(places), "0 to 18 decimals, not \(places)")
    if value < 0 { append(octet: 0x2d) }
    append(magnitude: value.magnitude, places: places)
  }

  /// Appends a time in `unit` with exactly `decimals` (0 to 9) decimals, with a point and without
  /// the unit's name. What is rounded to zero has no sign.
  public mutating func append(
    _ time: Nanoseconds, in unit: TimeUnit, decimals: Int, rounding: DecimalRounding = .nearest
  ) {
    precondition((0...9).contains(decimals), "0 to 9 decimals, not \(decimals)")
    let kept = min(decimals, unit.decimalsToNanosecond)
    let step = Self.powerOfTen(unit.decimalsToNanosecond &- kept)
    // A magnitude is at most 2^63 and a half step at most 5 × 10^8: the sum fits.
    let half = rounding == .nearest ? step / 2 : 0
    let value = (time.count.magnitude &+ half) / step
    if time.count < 0, value != 0 { append(octet: 0x2d) }
    append(magnitude: value, places: kept)
    append(repeating: 0x30, count: decimals &- kept)
  }

  private mutating func append(magnitude value: UInt64, places: Int) {
    guard places > 0 else { return appendDigits(value) }
    let scale = Self.powerOfTen(places)
    let whole = value / scale
    let fraction = value &- whole &* scale
    appendDigits(whole)
    append(octet: 0x2e)
    if places > 9 {
      let low = Self.powerOfTen(9)
      append(padded: UInt32(truncatingIfNeeded: fraction / low), digits: places &- 9)
      append(padded: UInt32(truncatingIfNeeded: fraction % low), digits: 9)
    } else {
      append(padded: UInt32(truncatingIfNeeded: fraction), digits: places)
    }
  }

  /// 10^`exponent`, for 0 to 18.
  static func powerOfTen(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power &*= 10 }
    return power
  }

  @usableFromInline
  mutating func appendDigits(_ value: UInt64) {
    guard value > UInt64(UInt32.max) else {
      let small = UInt32(truncatingIfNeeded: value)
      return append(padded: small, digits: Self.digitCount(small))
    }
    appendDigits(value / 1_000_000_000)
    append(padded: UInt32(truncatingIfNeeded: value % 1_000_000_000), digits: 9)
  }

  @usableFromInline
  mutating func appendDigits(wide value: UInt128) {
    guard value > UInt128(UInt64.max) else {
      return appendDigits(UInt64(truncatingIfNeeded: value))
    }
    appendDigits(wide: value / 1_000_000_000)
    append(padded: UInt32(truncatingIfNeeded: value % 1_000_000_000), digits: 9)
  }

  /// How many decimal digits a number has; zero has one.
  @inline(__always)
  static func digitCount(_ value: UInt32) -> Int {
    if value < 100_000 {
      if value < 100 { return value < 10 ? 1 : 2 }
      return value < 1000 ? 3 : value < 10_000 ? 4 : 5
    }
    if value < 10_000_000 { return value < 1_000_000 ? 6 : 7 }
    return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10
  }

  /// Appends exactly `digits` decimal digits, the last ones of `value`; at most 20. Two at a time: a
  /// division costs more than the rest.
  @inline(__always)
  mutating func append(padded value: UInt32, digits: Int) {
    reserve(digits)
    var rest = value
    let start = Int(used)
    var index = start &+ digits
    used = UInt16(truncatingIfNeeded: index)
    while index &- start > 1 {
      index &-= 2
      let quotient = rest / 100
      let pair = rest &- quotient &* 100
      // A tenth of a number below 100.
      let tens = (pair &* 103) >> 10
      block[index] = 0x30 &+ UInt8(truncatingIfNeeded: tens)
      block[index &+ 1] = 0x30 &+ UInt8(truncatingIfNeeded: pair &- tens &* 10)
      rest = quotient
    }
    if index > start { block[start] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10) }
  }
}
