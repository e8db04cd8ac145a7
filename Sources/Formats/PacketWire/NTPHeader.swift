/// The header of an NTP message between clocks (RFC 5905 §7.3, RFC 1059 §3); control messages share
/// the first octet only.
///
///      0  2    5    8            16            24            32
///     +--+----+----+-------------+-------------+-------------+
///     |LI| VN |mode|   stratum   |    poll     |  precision  |
///     +--+----+----+-------------+-------------+-------------+
///     |                    root delay                        |
///     |                    root dispersion                   |
///     |                    reference identifier              |
///     |      reference, origin, receive and transmit         |
///     |                  timestamps, 64 bits each            |
///     +------------------------------------------------------+
public struct NTPHeader: Hashable, Sendable {
  /// In octets; extensions and the authentication code stand behind it.
  public static let length = 48

  /// Leap indicator, version and mode.
  public var first: UInt8
  /// How far from a reference clock: 0 unspecified, 1 primary, 2 to 15 secondary.
  public var stratum: UInt8
  /// How often it asks, as a power of two seconds.
  public var poll: Int8
  /// How exact its clock is, as a power of two seconds.
  public var precision: Int8
  /// To the primary clock and back, in 1/65536 seconds.
  public var rootDelay: UInt32
  /// How wrong it may be, in 1/65536 seconds.
  public var rootDispersion: UInt32
  /// Four letters of stratum 1, a kiss code of stratum 0 (§7.4), else of the server's own address.
  public var referenceIdentifier: UInt32
  /// When its clock was last set.
  public var reference: NTPTimestamp
  /// When the client sent the request.
  public var origin: NTPTimestamp
  /// When the request came.
  public var receive: NTPTimestamp
  /// When this was sent.
  public var transmit: NTPTimestamp

  /// What the last minute of the day will have.
  public var leapIndicator: UInt8 { first >> 6 }
  /// 1 to 4.
  public var version: UInt8 { first >> 3 & 7 }
  /// Which part the sender plays.
  public var mode: NTPMode { NTPMode(rawValue: first & 7) }

  /// A message of that mode with nothing else in it.
  public init(_ mode: NTPMode, version: UInt8 = 4) {
    first = (version & 7) << 3 | mode.rawValue & 7
    (stratum, poll, precision) = (0, 0, 0)
    (rootDelay, rootDispersion, referenceIdentifier) = (0, 0, 0)
    let none = NTPTimestamp(bits: 0)
    (reference, origin, receive, transmit) = (none, none, none, none)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .ntp)
    (first, stratum) = (fixed[0], fixed[1])
    poll = Int8(truncatingIfNeeded: fixed[2])
    precision = Int8(truncatingIfNeeded: fixed[3])
    (rootDelay, rootDispersion) = (fixed.u32(at: 4), fixed.u32(at: 8))
    referenceIdentifier = fixed.u32(at: 12)
    reference = NTPTimestamp(bits: fixed.u64(at: 16))
    origin = NTPTimestamp(bits: fixed.u64(at: 24))
    receive = NTPTimestamp(bits: fixed.u64(at: 32))
    transmit = NTPTimestamp(bits: fixed.u64(at: 40))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(first)
    out.append(stratum)
    out.append(bigEndian: poll)
    out.append(bigEndian: precision)
    for number in [rootDelay, rootDispersion, referenceIdentifier] {
      out.append(bigEndian: number)
    }
    for time in [reference, origin, receive, transmit] { out.append(bigEndian: time.bits) }
  }
}

/// Which part the sender of an NTP message plays (RFC 5905 figure 10).
public struct NTPMode: RawRepresentable, Hashable, Sendable {
  /// Three bits.
  public var rawValue: UInt8

  /// Any value.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Asks a server.
  public static let client = NTPMode(rawValue: 3)
  /// Answers a client.
  public static let server = NTPMode(rawValue: 4)
  /// Asks or tells about the server itself (RFC 9327).
  public static let control = NTPMode(rawValue: 6)
}

/// Seconds since 1900, and 1/2^32 of a second (RFC 5905 §6).
public struct NTPTimestamp: Hashable, Sendable {
  /// Seconds in the upper half.
  public var bits: UInt64

  /// A time from its two halves.
  public init(bits: UInt64) { self.bits = bits }

  /// Seconds since the start of an era.
  public var seconds: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
  /// In nanoseconds, cut off.
  public var nanoseconds: UInt32 {
    UInt32(truncatingIfNeeded: ((bits & 0xffff_ffff) &* 1_000_000_000) >> 32)
  }

  /// Seconds since 1970; a time whose first bit is not set is one of the era that begins in 2036
  /// (RFC 4330 §3).
  public var unixSeconds: Int64 {
    let era: Int64 = seconds & 0x8000_0000 == 0 ? 1 << 32 : 0
    return Int64(seconds) + era - 2_208_988_800
  }
}
