/// The Ethernet II header (IEEE 802.3 §3.2; RFC 894).
///
///      0                   6                  12          14
///     +-------------------+-------------------+-----------+
///     |    destination    |      source       | EtherType |
///     +-------------------+-------------------+-----------+
public struct EthernetHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 14

  /// Whom the frame is for.
  public var destination: MACAddress
  /// Who sent it.
  public var source: MACAddress
  /// What follows; a value under 1536 is the length of an 802.3 frame instead.
  public var type: EtherType

  /// A header from its fields.
  public init(from source: MACAddress, to destination: MACAddress, type: EtherType) {
    (self.destination, self.source, self.type) = (destination, source, type)
  }

  /// Reads `length` octets.
  @inline(__always)
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .ethernet)
    // Eight octets are read at once, and six one by one.
    destination = MACAddress(bits: fixed.u64(at: 0) >> 16)
    source = MACAddress(bits: fixed.u64(at: 6) >> 16)
    type = EtherType(rawValue: fixed.u16(at: 12))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian48: destination.bits)
    out.append(bigEndian48: source.bits)
    out.append(bigEndian: type.rawValue)
  }
}
