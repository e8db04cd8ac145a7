/// Version 2 of the "cooked" header of Linux captures on `any` (LINKTYPE_LINUX_SLL2), which also
/// names the interface.
///
///      0          2          4                 8        10    11    12        20
///     +----------+----------+-----------------+--------+-----+-----+---------+
///     | protocol | reserved | interface index | ARPHRD | pkt | len | address |
///     +----------+----------+-----------------+--------+-----+-----+---------+
public struct LinuxSLL2Header: Hashable, Sendable {
  /// In octets.
  public static let length = 20

  /// What follows.
  public var type: EtherType
  /// Must be zero; kept as it was.
  public var reserved: UInt16 = 0
  /// The capturing host's number for the interface.
  public var interfaceIndex: UInt32
  /// The interface's ARPHRD_ type: 1 Ethernet, 772 loopback, 65534 none.
  public var hardwareType: UInt16
  /// To whom the packet was going.
  public var packetType: LinuxPacketType
  /// The sender's link-layer address.
  public var address: LinuxLinkAddress

  /// A header from its fields; of the packet type and the address length the low octet counts.
  public init(
    type: EtherType, interfaceIndex: UInt32, hardwareType: UInt16, packetType: LinuxPacketType,
    address: LinuxLinkAddress
  ) {
    (self.type, self.interfaceIndex) = (type, interfaceIndex)
    (self.hardwareType, self.packetType, self.address) = (hardwareType, packetType, address)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .linuxSLL2)
    type = EtherType(rawValue: fixed.u16(at: 0))
    reserved = fixed.u16(at: 2)
    interfaceIndex = fixed.u32(at: 4)
    hardwareType = fixed.u16(at: 8)
    packetType = LinuxPacketType(rawValue: UInt16(fixed[10]))
    address = LinuxLinkAddress(length: UInt16(fixed[11]), bits: fixed.u64(at: 12))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: type.rawValue)
    out.append(bigEndian: reserved)
    out.append(bigEndian: interfaceIndex)
    out.append(bigEndian: hardwareType)
    out.append(UInt8(truncatingIfNeeded: packetType.rawValue))
    out.append(UInt8(truncatingIfNeeded: address.length))
    out.append(bigEndian: address.bits)
  }
}
