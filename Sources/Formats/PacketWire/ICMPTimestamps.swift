/// What a timestamp request or reply holds behind its `ICMPv4Header` (RFC 792, "Timestamp or
/// Timestamp Reply Message").
///
///      0             8             16                          32
///     +-------------------------------------------------------+
///     |       originate: when the request was sent            |
///     +-------------------------------------------------------+
///     |       receive: when it came in                        |
///     +-------------------------------------------------------+
///     |       transmit: when the reply was sent               |
///     +-------------------------------------------------------+
public struct ICMPTimestamps: Hashable, Sendable {
  /// In octets.
  public static let length = 12

  /// By the asking host, which gets it back as it sent it.
  public var originate: ICMPTimestamp
  /// By the answering host; zero in a request.
  public var receive: ICMPTimestamp
  /// By the answering host; zero in a request.
  public var transmit: ICMPTimestamp

  /// Timestamps from their fields.
  public init(
    originate: ICMPTimestamp, receive: ICMPTimestamp = ICMPTimestamp(rawValue: 0),
    transmit: ICMPTimestamp = ICMPTimestamp(rawValue: 0)
  ) {
    (self.originate, self.receive, self.transmit) = (originate, receive, transmit)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .icmpv4)
    originate = ICMPTimestamp(rawValue: fixed.u32(at: 0))
    receive = ICMPTimestamp(rawValue: fixed.u32(at: 4))
    transmit = ICMPTimestamp(rawValue: fixed.u32(at: 8))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    for stamp in [originate, receive, transmit] { out.append(bigEndian: stamp.rawValue) }
  }
}

/// A time of day as ICMP tells it (RFC 792): milliseconds since midnight UT, or, with the first bit
/// set, anything that its host counts.
public struct ICMPTimestamp: RawRepresentable, Hashable, Sendable {
  /// The 32 bits on the wire.
  public var rawValue: UInt32

  /// How many milliseconds a day has.
  public static let millisecondsPerDay: UInt32 = 86_400_000

  /// Any value, standard or not.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The time of day at an instant, rounded down.
  public init(_ instant: WallInstant) {
    let day = Int64(Self.millisecondsPerDay)
    let milliseconds = (instant.nanoseconds / 1_000_000) % day
    // A clock before 1970 is behind midnight too.
    rawValue = UInt32(milliseconds < 0 ? milliseconds + day : milliseconds)
  }

  /// A value that is no time of day: the low 31 bits of `number`.
  public init(nonStandard number: UInt64) {
    rawValue = 0x8000_0000 | UInt32(truncatingIfNeeded: number)
  }

  /// Milliseconds since midnight UT; `nil` if it counts something else, or is past a day's end.
  public var milliseconds: UInt32? { rawValue < Self.millisecondsPerDay ? rawValue : nil }
}
