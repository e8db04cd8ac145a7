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
    if Integer.bitWidth <= 16 {
      appendDigits(UInt16(truncatingIfNeeded: value.magnitude))
    } else if Integer.bitWidth <= 64 {
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

  /// A port, a length, a count: half of the numbers of a line.
  @usableFromInline
  mutating func appendDigits(_ value: UInt16) {
    let (word, count) = Self.digits(of: value)
    append(word: word, count: count)
  }

  /// A number in decimal, the first digit lowest, and how many digits that are.
  @inline(__always)
  static func digits(of value: UInt16) -> (word: UInt64, count: Int) {
    let first = UInt64(value) / 10_000
    let all = first | fourDigits(UInt64(value) &- first &* 10_000) << 8
    // A bit in the last digit ends the count of zeros there.
    let zeros = (all | 1 << 32).trailingZeroBitCount / 8
    return ((all | zeroDigits >> 24) >> UInt64(8 &* zeros), 5 &- zeros)
  }

  @usableFromInline
  mutating func appendDigits(_ value: UInt64) {
    guard let short = UInt32(exactly: value) else {
      appendDigits(value / 100_000_000)
      return append(padded: UInt32(truncatingIfNeeded: value % 100_000_000), digits: 8)
    }
    end(at: put(decimal: short, at: begin(upTo: 10)))
  }

  @usableFromInline
  mutating func appendDigits(wide value: UInt128) {
    guard value > UInt128(UInt64.max) else {
      return appendDigits(UInt64(truncatingIfNeeded: value))
    }
    appendDigits(wide: value / 100_000_000)
    append(padded: UInt32(truncatingIfNeeded: value % 100_000_000), digits: 8)
  }

  /// Eight times `0`.
  static var zeroDigits: UInt64 { 0x3030_3030_3030_3030 }

  /// The eight decimal digits of a number below 10^8, the first one in the lowest octet. All are worked
  /// out side by side in one word: two halves of four digits, then four pairs, then eight digits. That
  /// is half the instructions of a loop that divides.
  @inline(__always)
  static func eightDigits(_ value: UInt32) -> UInt64 {
    let upper = UInt64(value / 10_000)
    let halves = split(UInt64(value), upper, by: 10_000, width: 32)
    // 10 486 ÷ 2^20 is a hundredth of a number below 10 000, and 103 ÷ 2^10 a tenth of one below 100.
    let hundreds = (halves &* 10_486) >> 20 & 0x0000_007f_0000_007f
    let pairs = split(halves, hundreds, by: 100, width: 16)
    let tens = (pairs &* 103) >> 10 & 0x000f_000f_000f_000f
    return split(pairs, tens, by: 10, width: 8)
  }

  /// The four decimal digits of a number below 10^4, likewise.
  @inline(__always)
  private static func fourDigits(_ value: UInt64) -> UInt64 {
    let hundreds = (value &* 10_486) >> 20
    let pairs = split(value, hundreds, by: 100, width: 16)
    let tens = (pairs &* 103) >> 10 & 0x000f_000f
    return split(pairs, tens, by: 10, width: 8)
  }

  /// Puts the remainders of numbers side by side behind their quotients, `width` bits further up:
  /// `quotient + (number - quotient * divisor) << width`, with one multiplication and no more.
  @inline(__always)
  static func split(
    _ numbers: UInt64, _ quotients: UInt64, by divisor: UInt64, width: UInt64
  ) -> UInt64 {
    numbers << width &- quotients &* (divisor << width &- 1)
  }

  /// A point, the six decimals of a count below 10^6, and a blank.
  @inline(__always)
  static func decimals(ofMicroseconds count: UInt32) -> UInt64 {
    eightDigits(count) >> 8 | 0x2030_3030_3030_302e
  }

  /// Appends exactly `digits` decimal digits, the last ones of `value`; 1 to 9.
  @inline(__always)
  mutating func append(padded value: UInt32, digits: Int) {
    var left = digits
    if left > 8 {
      append(octet: 0x30 &+ UInt8(truncatingIfNeeded: value / 100_000_000 % 10))
      left = 8
    }
    let word = Self.eightDigits(value % 100_000_000) | Self.zeroDigits
    append(word: word >> UInt64(8 &* (8 &- left)), count: left)
  }
}
