/// A VLAN tag after its tag protocol identifier (IEEE 802.1Q §9.6), which is the EtherType of the
/// header before it.
///
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5  16              32
///     +-----+-+-----------------------+----------------+
///     | PCP |D|          VID          |   EtherType    |
///     +-----+-+-----------------------+----------------+
public struct VLANTag: Hashable, Sendable {
  /// In octets.
  public static let length = 4

  /// Tag control information: priority, drop eligibility and VLAN identifier.
  public var control: UInt16
  /// What follows.
  public var type: EtherType

  /// PCP, 0 (best effort) to 7.
  public var priority: UInt8 { UInt8(control >> 13) }
  /// DEI: the frame may be dropped first when there is congestion.
  public var isDropEligible: Bool { control & 0x1000 != 0 }
  /// VID: 0 means "priority only", 4095 is reserved.
  public var identifier: UInt16 { control & 0x0fff }

  /// A tag from its fields; `priority` keeps its low 3 bits and `identifier` its low 12.
  public init(
    identifier: UInt16, priority: UInt8 = 0, isDropEligible: Bool = false, type: EtherType
  ) {
    control =
      UInt16(priority & 7) << 13 | (isDropEligible ? 0x1000 : 0) | identifier & 0x0fff
    self.type = type
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .vlan)
    control = fixed.u16(at: 0)
    type = EtherType(rawValue: fixed.u16(at: 2))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: control)
    out.append(bigEndian: type.rawValue)
  }
}
