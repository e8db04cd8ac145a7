/// The header of Cisco's HDLC framing (LINKTYPE_C_HDLC; RFC 1547 §4.3.1 describes it).
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |   address   |   control   |         protocol          |
///     +-------------+-------------+---------------------------+
public struct CiscoHDLCHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 4

  /// 0x0f for one receiver, 0x8f for all.
  public var address: UInt8
  /// 0.
  public var control: UInt8 = 0
  /// What follows: an EtherType, or a number of Cisco's own.
  public var type: EtherType

  /// A header from its fields.
  public init(address: UInt8 = 0x0f, type: EtherType) {
    (self.address, self.type) = (address, type)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .ciscoHDLC)
    (address, control) = (fixed[0], fixed[1])
    type = EtherType(rawValue: fixed.u16(at: 2))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(address)
    out.append(control)
    out.append(bigEndian: type.rawValue)
  }
}
