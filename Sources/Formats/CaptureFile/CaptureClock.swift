import PacketWire

/// How a pcapng interface's times count (if_tsresol and if_tsoffset of draft-ietf-opsawg-pcapng
/// §4.2).
public struct CaptureClock: Hashable, Sendable {
  /// Ticks in a second; never 0.
  public private(set) var ticksPerSecond: UInt64 = 1_000_000
  /// Seconds to be added to every time.
  public var offset: Int64 = 0
  /// Nanoseconds in a tick, or 0 when that is no whole number.
  private var nanosecondsPerTick: UInt64 = 1_000

  /// Nanoseconds since 1970.
  public static let nanoseconds = CaptureClock(ticksPerSecond: 1_000_000_000, nanosecondsPerTick: 1)

  private init(ticksPerSecond: UInt64, nanosecondsPerTick: UInt64) {
    (self.ticksPerSecond, self.nanosecondsPerTick) = (ticksPerSecond, nanosecondsPerTick)
  }

  /// Microseconds since 1970, what a file means that says nothing else.
  public init() {}

  /// The clock of an if_tsresol octet: a negative power of 10, or of 2 when the top bit is set; nil
  /// when a second has more ticks than a 64-bit number can count.
  public init?(resolution: UInt8) {
    let exponent = resolution & 0x7f
    if resolution & 0x80 != 0 {
      guard exponent < 64 else { return nil }
      ticksPerSecond = 1 << UInt64(exponent)
    } else {
      guard exponent < 20 else { return nil }
      ticksPerSecond = (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
    let (quotient, remainder) = UInt64(1_000_000_000).quotientAndRemainder(
      dividingBy: ticksPerSecond)
    nanosecondsPerTick = remainder == 0 ? quotient : 0
  }

  /// The instant of a tick count, rounded down to the nanosecond; the ends of `WallInstant`'s range
  /// (the years 1677 and 2262) stand for all that is beyond them.
  @inline(__always)
  func instant(ofTick tick: UInt64) -> WallInstant {
    let sinceOffset: Int128
    if nanosecondsPerTick != 0 {
      sinceOffset = Int128(tick) * Int128(nanosecondsPerTick)
    } else {
      let (seconds, rest) = tick.quotientAndRemainder(dividingBy: ticksPerSecond)
      let product = rest.multipliedFullWidth(by: 1_000_000_000)
      // `rest` is less than a second, so that the quotient is less than 10⁹ and cannot overflow.
      let fraction = ticksPerSecond.dividingFullWidth(product).quotient
      sinceOffset = Int128(seconds) * 1_000_000_000 + Int128(fraction)
    }
    return WallInstant(
      nanoseconds: Int64(clamping: sinceOffset + Int128(offset) * 1_000_000_000))
  }
}
