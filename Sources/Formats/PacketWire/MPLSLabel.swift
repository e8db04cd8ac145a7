/// One entry of an MPLS label stack (RFC 3032 §2.1; the traffic class: RFC 5462).
///
///      0                           20    23 24            32
///     +---------------------------+-----+-+-------------+
///     |           label           | TC  |S|     TTL     |
///     +---------------------------+-----+-+-------------+
public struct MPLSLabel: Hashable, Sendable {
  /// In octets.
  public static let length = 4

  /// The whole entry.
  public var bits: UInt32

  /// 20 bits; 0 to 15 have meanings of their own (RFC 3032 §2.1).
  public var label: UInt32 { bits >> 12 }
  /// 0 to 7.
  public var trafficClass: UInt8 { UInt8(bits >> 9 & 7) }
  /// S: what follows is what the stack carries.
  public var isBottomOfStack: Bool { bits & 0x100 != 0 }
  /// Hops left.
  public var timeToLive: UInt8 { UInt8(truncatingIfNeeded: bits) }

  /// An entry from its fields; `label` keeps its low 20 bits and `trafficClass` its low 3.
  public init(label: UInt32, trafficClass: UInt8 = 0, isBottomOfStack: Bool, timeToLive: UInt8) {
    bits =
      label << 12 | UInt32(trafficClass & 7) << 9 | (isBottomOfStack ? 0x100 : 0)
      | UInt32(timeToLive)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    bits = try reader.take(Self.length, for: .mpls).u32(at: 0)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) { out.append(bigEndian: bits) }
}
