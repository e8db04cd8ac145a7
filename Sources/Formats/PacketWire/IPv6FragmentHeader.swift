/// The IPv6 fragment header (RFC 8200 §4.5).
///
///      0             8             16                  29  31  32
///     +-------------+-------------+--------------------+---+-+
///     | next header |  reserved   |  fragment offset   |res|M|
///     +-------------+-------------+--------------------+---+-+
///     |                    identification                    |
///     +------------------------------------------------------+
public struct IPv6FragmentHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 8

  /// What the fragmented part begins with.
  public var nextHeader: IPProtocol
  /// Must be zero; kept as it was.
  public var reserved: UInt8 = 0
  /// Thirteen bits of offset in units of eight octets, two reserved bits, and M.
  public var offsetAndFlags: UInt16
  /// The same in all fragments of one packet.
  public var identification: UInt32

  /// In octets; the wire counts in eights.
  public var fragmentOffset: Int { Int(offsetAndFlags & 0xfff8) }
  /// M: this is not the last one.
  public var moreFragments: Bool { offsetAndFlags & 1 != 0 }
  /// The packet is a part of another one; else it is whole, which RFC 6946 calls an atomic fragment.
  public var isFragment: Bool { fragmentOffset > 0 || moreFragments }

  /// A header from its fields; `fragmentOffset` is in octets, rounded down to a multiple of eight.
  public init(
    nextHeader: IPProtocol, fragmentOffset: UInt16, moreFragments: Bool, identification: UInt32
  ) {
    (self.nextHeader, self.identification) = (nextHeader, identification)
    offsetAndFlags = fragmentOffset & 0xfff8 | (moreFragments ? 1 : 0)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .ipv6Extension)
    nextHeader = IPProtocol(rawValue: fixed[0])
    reserved = fixed[1]
    offsetAndFlags = fixed.u16(at: 2)
    identification = fixed.u32(at: 4)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(nextHeader.rawValue)
    out.append(reserved)
    out.append(bigEndian: offsetAndFlags)
    out.append(bigEndian: identification)
  }
}
